/** Starts a program of Azimuth, and reports what nothing caught: its bugs, and mistakes in a configuration that is a program. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { TRACE } from './options.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Folders of sources that run without a bundle where none can be kept. */
const SOURCES = new Set(['bench', 'bin', 'demo', 'docs', 'generators', 'preview']);
const isOurs = (file) => SOURCES.has(relative(root, file).split(sep)[0]);

/** The URL of a program: bundled from the sources in the repository, compiled in the package, which has neither sources nor a bundler. */
async function programOf(entry) {
  if (!existsSync(join(root, 'bin', 'bundle.mjs'))) {
    const compiled = join(root, 'dist', `${basename(entry, '.ts')}.mjs`);
    if (existsSync(compiled)) return pathToFileURL(compiled).href;
    process.stderr.write('azimuth: this package was packed before it was compiled: pack it with npm run package\n');
    process.exit(1);
  }
  const { bundled } = await import('./bundle.mjs');
  return bundled(entry);
}

let isReported = false;

async function report(error, program) {
  if (isReported) return;
  isReported = true;
  let text = 'azimuth: this is a bug of Azimuth, please report it\n';
  try {
    const trace = program.endsWith('.mjs') ? new URL('trace.mjs', program) : pathToFileURL(join(root, TRACE));
    const { uncaughtReport } = await import(trace.href);
    text = await uncaughtReport(error, { cwd: process.cwd(), isOurs });
  } catch {
    // The bundle is gone, as the sources have changed since.
    text += `${error?.name ?? 'something was thrown'}, at a place that is not known, as the sources have changed since\n`;
  }
  process.stderr.write(text);
  // The listeners of "exit" end the children.
  process.exit(1);
}

/**
 * Runs a program to its end. Node itself would print the line in which an error was thrown, which is all of a minified bundle.
 * @param entry its source, such as generators/cli.ts
 */
export async function start(entry) {
  const program = await programOf(entry);
  process.on('uncaughtException', (error) => void report(error, program));
  try {
    await import(program);
  } catch (error) {
    await report(error, program);
  }
}
