import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
};

/** A file to serve. */
export interface Asset {
  readonly type: string;
  readonly body: Buffer;
}

/** Files of a folder by their path in it, with slashes. */
export interface Assets {
  has(path: string): boolean;
  /** The file at a path such as `chunks/a.js`, or undefined. */
  read(path: string): Promise<Asset | undefined>;
}

/**
 * The files of a folder as it is now. Paths are only ever looked up in their list, so none can lead out of the folder.
 */
export async function listAssets(folder: string): Promise<Assets> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [relative(folder, file).split(sep).join('/'), file]),
  );
  return {
    has: (path) => files.has(path),
    async read(path) {
      const file = files.get(path);
      if (file === undefined) return undefined;
      try {
        return { type: TYPES[extname(file)] ?? 'application/octet-stream', body: await readFile(file) };
      } catch {
        // Another process has built the app anew since.
        return undefined;
      }
    },
  };
}
