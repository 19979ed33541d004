/**
 * Loads programs of this repository. Loading a hundred TypeScript files one by one takes longer than all of the work, so they are
 * bundled into one file that is kept until a source changes. Where nothing can be kept (a read-only checkout), tsx runs the sources.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleOptions } from './options.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, 'node_modules', '.cache', 'azimuth');

/** Folders whose sources go into the bundle. Code that shows dashboards is a chunk of its own, loaded only by commands that need it. */
const FOLDERS = ['generators', 'demo', 'bench', join('preview', 'host'), join('preview', 'app', 'model')];

/** Length of a signature. */
const SIGNATURE = 16;

/** A hash of all sources and of the versions of all dependencies. */
function signature(entry) {
  const hash = createHash('sha256').update(process.version);
  const sources = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, file)),
  );
  for (const file of [
    entry,
    ...sources.toSorted((a, b) => (a < b ? -1 : 1)),
    'package-lock.json',
    join('bin', 'bundle.mjs'),
    join('bin', 'options.mjs'),
  ]) {
    hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex').slice(0, SIGNATURE);
}

async function bundle(entry, folder) {
  const { build } = await import('esbuild');
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  await build(bundleOptions(root, { [basename(entry, '.ts')]: entry }, unfinished));
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // Another process was faster.
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  // Removes bundles of older sources, but not the unfinished bundle of another process, whose name ends with a process id.
  const name = basename(folder).slice(0, -SIGNATURE);
  const older = readdirSync(cache).filter(
    (each) => each.startsWith(name) && /^[0-9a-f]+$/.test(each.slice(name.length)) && join(cache, each) !== folder,
  );
  for (const each of older) rmSync(join(cache, each), { recursive: true, force: true });
}

/**
 * The URL of a module of this repository, ready to be imported.
 * @param entry its source, such as generators/cli.ts
 */
export async function bundled(entry) {
  const name = basename(entry, '.ts');
  try {
    const folder = join(cache, `${name}-${signature(entry)}`);
    if (!existsSync(folder)) await bundle(entry, folder);
    return pathToFileURL(join(folder, `${name}.mjs`)).href;
  } catch (error) {
    // A mistake in a source, which tsx would report with a stack trace.
    if (Array.isArray(error?.errors) && error.errors.length > 0) {
      const lines = error.errors.map(
        ({ text, location }) => `  ${location?.file}:${location?.line}:${location?.column}: ${text}`,
      );
      process.stderr.write(`azimuth: the sources cannot be bundled\n${lines.join('\n')}\n`);
      process.exit(1);
    }
    const { register } = await import('tsx/esm/api');
    register();
    return pathToFileURL(join(root, entry)).href;
  }
}
