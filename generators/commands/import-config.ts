import { resolve } from 'node:path';
import { setSourceMapsEnabled } from 'node:process';
import { pathToFileURL } from 'node:url';
import { messageOf, ProblemError } from '../schema/problems.ts';
import { ownPackage } from './own-package.ts';
import { wrong } from './read-text.ts';
import { sentenceOf, userPlace } from './trace.ts';

/** The default export of a module; a module loaded as CommonJS wraps it once more. */
function defaultExport(module: unknown): unknown {
  const { default: outer } = module as { default?: unknown };
  const isWrapped = typeof outer === 'object' && outer !== null && '__esModule' in outer && 'default' in outer;
  return isWrapped ? outer.default : outer;
}

/** tsx, which runs TypeScript; undefined where it is not installed. */
async function tsx(): Promise<typeof import('tsx/esm/api') | undefined> {
  try {
    return await import('tsx/esm/api');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return undefined;
  }
}

/** Imports a module in TypeScript or JavaScript. @throws ProblemError if that takes a package which is not installed. */
async function importModule(file: string, url: string): Promise<unknown> {
  const api = await tsx();
  // For the places of errors; tsx does the same while it imports.
  setSourceMapsEnabled(true);
  if (api !== undefined) return api.tsImport(url, import.meta.url);
  if (/\.m?js$/.test(file)) return import(url);
  const { name, peerDependencies } = ownPackage();
  throw wrong(
    file,
    `is TypeScript, which takes a package beside ${name}: npm install --save-dev "tsx@${peerDependencies.tsx}"`,
  );
}

/** A configuration in TypeScript: the default export of the module. Its errors are the user's, so they have no stack trace. */
export async function importConfig(cwd: string, file: string): Promise<unknown> {
  let config: unknown;
  try {
    config = defaultExport(await importModule(file, pathToFileURL(resolve(cwd, file)).href));
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    // After "Transform failed with 1 error:", the next line has the position and the reason.
    const [first = '', second = ''] = messageOf(error).split('\n');
    const place = await userPlace(error, cwd);
    const reason = first.endsWith(':') ? second : sentenceOf(error);
    const message = `cannot be run: ${reason}${place === undefined ? '' : ` (${place})`}`;
    throw new ProblemError(file, [{ path: '', message }]);
  }
  if (config === undefined) {
    throw new ProblemError(file, [{ path: '', message: 'has no default export; expected `export default { ... }`' }]);
  }
  return config;
}
