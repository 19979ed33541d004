import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { setSourceMapsEnabled } from 'node:process';
import { pathToFileURL } from 'node:url';
import { completeConfig, loadConfig, tooLong } from '../config/load.ts';
import type { Catalogue } from '../config/schema.ts';
import { MAX_YAML_BYTES } from '../schema/bounds.ts';
import { messageOf, ProblemError } from '../schema/problems.ts';
import type { Config } from '../registry.ts';
import { isMissing, refused } from '../output-dir/folders.ts';
import { ownPackage } from './own-package.ts';
import { sentenceOf, userPlace } from './trace.ts';

/** Defaults of --config and --out. */
export const DEFAULTS = { config: 'azimuth.yaml', out: '.' } as const;

const EXPECTED = 'expected a configuration in YAML, or a .ts file';

const wrong = (file: string, message: string): ProblemError => new ProblemError(file, [{ path: '', message }]);

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
async function importConfig(cwd: string, file: string): Promise<unknown> {
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

/**
 * The bytes of a file, at most one more than a configuration may have: devices have no end. Undefined if it does not exist.
 * @throws the error of the system.
 */
async function bytesOf(path: string): Promise<Buffer | undefined> {
  try {
    const parts: Buffer[] = [];
    for await (const part of createReadStream(path, { end: MAX_YAML_BYTES })) parts.push(part as Buffer);
    return Buffer.concat(parts);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The text of the configuration file. @throws ProblemError if it is missing, a folder, too large or not UTF-8. */
async function textOf(cwd: string, file: string): Promise<string> {
  const path = resolve(cwd, file);
  let bytes: Buffer | undefined;
  try {
    bytes = await bytesOf(path);
  } catch (error) {
    const isFolder = (error as NodeJS.ErrnoException).code === 'EISDIR';
    const inside = `${file.replace(/\/+$/, '')}/${DEFAULTS.config}`;
    throw isFolder ? wrong(file, `is a folder, expected a file such as ${inside}`) : refused(file, error);
  }
  if (bytes === undefined) {
    const hint =
      file === DEFAULTS.config ? 'create it (an empty file is complete) or name another' : 'name an existing file';
    throw wrong(file, `not found in ${cwd}; ${hint} with --config FILE`);
  }
  if (bytes.length > MAX_YAML_BYTES) throw tooLong(file);
  if (!isUtf8(bytes) || bytes.includes(0)) throw wrong(file, `is no text in UTF-8, ${EXPECTED}`);
  return bytes.toString('utf8');
}

/** Reads, checks and completes the configuration. @throws ProblemError with all problems at once. */
export async function readConfig(cwd: string, file: string, catalogue: Catalogue): Promise<Config> {
  const text = await textOf(cwd, file);
  return /\.m?[jt]s$/.test(file)
    ? completeConfig(file, await importConfig(cwd, file), catalogue)
    : loadConfig(file, text, catalogue);
}
