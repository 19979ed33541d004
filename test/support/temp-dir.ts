import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs `use` with an empty folder that is removed afterwards. */
export async function inTempDir<T>(use: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'azimuth-test-'));
  try {
    return await use(dir);
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** Paths of all files below a folder, with forward slashes, in order. Hidden ones too: a leftover is a finding. */
export async function filesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(dir.length + 1)
        .replaceAll('\\', '/'),
    )
    .toSorted();
}

/** The text of every file below a folder, by path. */
export async function treeOf(dir: string): Promise<Record<string, string>> {
  const paths = await filesIn(dir);
  const texts = await Promise.all(paths.map(async (path) => [path, await readFile(join(dir, path), 'utf8')] as const));
  return Object.fromEntries(texts);
}

/** When every file below a folder was last written, by path: equal times mean that nothing was written, not even the same. */
export async function timesOf(dir: string): Promise<Record<string, bigint>> {
  const paths = await filesIn(dir);
  const times = await Promise.all(
    paths.map(async (path) => [path, (await stat(join(dir, path), { bigint: true })).mtimeNs] as const),
  );
  return Object.fromEntries(times);
}

/** Runs something in a temporary folder with these files. */
export const inFolder = (files: Readonly<Record<string, string>>, use: (dir: string) => Promise<void>): Promise<void> =>
  inTempDir(async (dir) => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(dir, path, '..'), { recursive: true });
      await writeFile(join(dir, path), text);
    }
    await use(dir);
  });
