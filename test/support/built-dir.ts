import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from './run-main.ts';
import { inTempDir } from './temp-dir.ts';

/** Writes a file, and the folders above it, into a folder. */
export async function put(dir: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true });
  await writeFile(join(dir, path), text);
}

/** Writes a configuration into a folder and builds it there. @throws Error when that fails. */
export async function buildIn(dir: string, config = ''): Promise<void> {
  await put(dir, 'azimuth.yaml', config);
  const { code, stderr } = await run(dir, 'build');
  if (code !== 0) throw new Error(stderr);
}

/** Runs `use` with a folder in which a configuration, unless told the default one, is built. */
export const built = async (use: (dir: string) => Promise<void>, config = ''): Promise<void> =>
  inTempDir(async (dir) => {
    await buildIn(dir, config);
    await use(dir);
  });
