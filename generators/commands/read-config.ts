import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { setSourceMapsEnabled } from 'node:process';
import { pathToFileURL } from 'node:url';
import { parseYaml, tooLong } from '../config/load.ts';
import type { Catalogue } from '../config/schema.ts';
import { MAX_YAML_BYTES } from '../schema/bounds.ts';
import { completeFleet, type Fleet, isFleet, merged } from '../fleet/index.ts';
import { messageOf, type Problem, ProblemError, show, suggestion } from '../schema/problems.ts';
import { extraOf } from '../extra/index.ts';
import { extraPaths } from '../extra/settings.ts';
import { type Extra, NO_EXTRA } from '../model/extra.ts';
import type { Config } from '../registry.ts';
import { isMissing, refused } from '../output-dir/folders.ts';
import { isMapping } from '../settings/section.ts';
import { readExtra } from './extra-files.ts';
import { ownPackage } from './own-package.ts';
import { sentenceOf, userPlace } from './trace.ts';

/** Default of --config. */
export const DEFAULTS = { config: 'azimuth.yaml' } as const;

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

/** Files that one configuration may extend, one after the other. */
const MAX_EXTENDED = 10;

/** What one file says, and its name for messages. */
interface Layer {
  readonly file: string;
  readonly given: unknown;
}

/** What a file says. */
async function givenIn(cwd: string, file: string): Promise<unknown> {
  const text = await textOf(cwd, file);
  return /\.m?[jt]s$/.test(file) ? importConfig(cwd, file) : parseYaml(file, text);
}

/**
 * The files of a configuration: the one that is asked for, then what it extends, then what that extends.
 * @throws ProblemError for a file that cannot be read, a circle, and `extends` that is no path.
 */
async function layersOf(cwd: string, file: string): Promise<readonly Layer[]> {
  const layers: Layer[] = [];
  let next: string | undefined = file;
  while (next !== undefined) {
    const given = await givenIn(cwd, next);
    layers.push({ file: next, given });
    const base: unknown = isMapping(given) ? given['extends'] : undefined;
    if (base === undefined || base === null) return layers;
    const wrongBase = (message: string): ProblemError =>
      new ProblemError(layers.at(-1)?.file ?? file, [{ path: 'extends', message }]);
    if (typeof base !== 'string' || base === '') {
      throw wrongBase(`got ${show(base)}, expected the path of a configuration, from the folder of this file`);
    }
    const path: string = relative(cwd, resolve(cwd, dirname(next), base)) || '.';
    const circle: Layer | undefined = layers.find((layer) => resolve(cwd, layer.file) === resolve(cwd, path));
    if (circle !== undefined) throw wrongBase(`got ${show(base)}, which extends this file in turn`);
    if (layers.length > MAX_EXTENDED)
      throw wrongBase(`is one of more than ${MAX_EXTENDED} files that extend each other`);
    next = path;
  }
  return layers;
}

/** How many keys of a path a tree has. */
function depthIn(tree: unknown, path: readonly string[]): number {
  let [at, depth] = [tree, 0];
  for (const key of path) {
    if (!isMapping(at) || !(key in at)) return depth;
    at = at[key];
    depth += 1;
  }
  return depth;
}

/** Problems, each with the file that says what is wrong, if it is not the one that was asked for. */
const located = (problems: readonly Problem[], layers: readonly Layer[]): readonly Problem[] =>
  problems.map((one) => {
    const keys = one.path.replaceAll(/\[\d+\]/g, '').split('.');
    const depths = layers.map(({ given }) => depthIn(given, keys));
    const deepest = depths.indexOf(Math.max(...depths));
    return deepest <= 0 ? one : { ...one, message: `${one.message} (in ${layers[deepest]?.file ?? ''})` };
  });

/** What a command reads: a configuration or a fleet, and the rules and dashboards of the user's own. */
export interface ReadConfiguration {
  readonly read: Config | Fleet;
  readonly extra: Extra;
}

/** Settings of a layer, with the paths of own files as they are from the current folder. */
function fromHere(cwd: string, { file, given }: Layer): unknown {
  if (!isMapping(given) || !isMapping(given['extra'])) return given;
  const moved = Object.entries(given['extra']).map(([kind, paths]) => [
    kind,
    Array.isArray(paths)
      ? paths.map((path: unknown) =>
          typeof path === 'string' && path !== '' ? relative(cwd, resolve(cwd, dirname(file), path)) || '.' : path,
        )
      : paths,
  ]);
  return { ...given, extra: Object.fromEntries(moved) as unknown };
}

/**
 * Reads, checks and completes the configuration, which may extend others and may be a fleet, and the own files that it names.
 * @throws ProblemError with all problems at once.
 */
export async function readConfiguration(cwd: string, file: string, catalogue: Catalogue): Promise<ReadConfiguration> {
  const layers = await layersOf(cwd, file);
  const trees = layers.toReversed().map((layer) => fromHere(cwd, layer));
  const other = layers.find(({ given }) => !isMapping(given));
  if (layers.length > 1 && other !== undefined) {
    throw wrong(other.file, `got ${show(other.given)}, expected a mapping of settings`);
  }
  const [only] = layers;
  // As it came: what a program gives may be no plain data.
  if (layers.length === 1 && !(isMapping(only?.given) && Object.hasOwn(only.given, 'extra'))) {
    return { read: completeFleet(file, only?.given, catalogue), extra: NO_EXTRA };
  }
  const { extends: _base, extra: named, ...given } = (trees as Readonly<Record<string, unknown>>[]).reduce(merged);
  const { paths, problems } = extraPaths(named);
  try {
    const read = completeFleet(file, given, catalogue);
    if (problems.length > 0) throw new ProblemError(file, problems);
    const { rules, dashboards } = await readExtra(cwd, file, paths, (path) => textOf(cwd, path));
    return { read, extra: extraOf(file, rules, dashboards, catalogue) };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    // Of the settings and of `extra`, at once.
    const all = [
      ...new Map([...error.problems, ...problems].map((one) => [`${one.path}\0${one.message}`, one])).values(),
    ];
    throw new ProblemError(error.file, layers.length === 1 ? all : located(all, layers));
  }
}

/**
 * The settings of a command that looks at one cluster, or at a whole store.
 * @param cluster the cluster of a fleet; without one, the settings that its clusters share.
 * @throws ProblemError as `readConfiguration` does, and for a name that the fleet does not have.
 */
export async function readConfig(cwd: string, file: string, catalogue: Catalogue, cluster?: string): Promise<Config> {
  return chosenCluster(file, (await readConfiguration(cwd, file, catalogue)).read, cluster);
}

/** One cluster of what was read. @throws ProblemError for a name that the fleet does not have. */
export function chosenCluster(file: string, read: Config | Fleet, cluster: string | undefined): Config {
  if (!isFleet(read)) {
    if (cluster === undefined) return read;
    throw wrong(file, `has no clusters, so --cluster ${show(cluster)} names none`);
  }
  if (cluster === undefined) return read.common;
  const found = read.clusters.find(({ name }) => name === cluster);
  if (found !== undefined) return found.config;
  const names = read.clusters.map(({ name }) => name);
  throw new ProblemError(file, [
    { path: 'clusters', message: `has no ${show(cluster)}, as --cluster says; ${suggestion(cluster, names)}` },
  ]);
}
