#!/usr/bin/env node
/**
 * Starts the command line. Loading a hundred TypeScript files one by one takes longer than all of the work, so they are bundled
 * into one file that is kept until a source changes. Where nothing can be kept (a read-only checkout), tsx runs the sources.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const entry = join(root, 'generators', 'cli.ts');
const cache = join(root, 'node_modules', '.cache', 'azimuth');

/** One name for the contents of all sources and dependencies. */
function signature() {
  const hash = createHash('sha256').update(process.version);
  const sources = readdirSync(join(root, 'generators'), { recursive: true }).filter((file) => file.endsWith('.ts'));
  for (const file of [...sources.map((name) => join('generators', name)).toSorted(), 'package-lock.json']) {
    hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function bundle(outfile) {
  const { build } = await import('esbuild');
  mkdirSync(cache, { recursive: true });
  const unfinished = `${outfile}.${process.pid}`;
  await build({
    entryPoints: [entry],
    outfile: unfinished,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minify: true,
    keepNames: true,
    // Only needed for configurations in TypeScript.
    external: ['tsx'],
    // Some dependencies are CommonJS and ask for Node's modules by require.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'silent',
  });
  renameSync(unfinished, outfile);
  // Bundles of older sources are of no use; another process may still be writing one of its own, which has no .mjs ending.
  const older = readdirSync(cache).filter((name) => name.endsWith('.mjs') && join(cache, name) !== outfile);
  for (const name of older) rmSync(join(cache, name), { force: true });
}

async function start() {
  try {
    const file = join(cache, `${signature()}.mjs`);
    if (!existsSync(file)) await bundle(file);
    return pathToFileURL(file).href;
  } catch {
    const { register } = await import('tsx/esm/api');
    register();
    return pathToFileURL(entry).href;
  }
}

await import(await start());
