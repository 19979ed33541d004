import { dirname, relative, resolve } from 'node:path';
import { parseYaml } from '../config/load.ts';
import type { Catalogue } from '../config/schema.ts';
import { extraOf } from '../extra/index.ts';
import { extraPaths } from '../extra/settings.ts';
import { completeFleet, type Fleet, isFleet, merged } from '../fleet/index.ts';
import { type Extra, NO_EXTRA } from '../model/extra.ts';
import type { Config } from '../registry.ts';
import { type Problem, ProblemError, show, suggestion } from '../schema/problems.ts';
import { isMapping } from '../settings/section.ts';
import { type Transform, transformed } from '../transform/index.ts';
import { readExtra } from './extra-files.ts';
import { importConfig } from './import-config.ts';
import { CONFIGURATION, EXTENDED, OWN, textOf, type Wanted, wrong } from './read-text.ts';

/** Files that one configuration may extend, one after the other. */
const MAX_EXTENDED = 10;

/** What one file says, and its name for messages. */
interface Layer {
  readonly file: string;
  readonly given: unknown;
}

/** What a file says. */
async function givenIn(cwd: string, file: string, wanted: Wanted): Promise<unknown> {
  const text = await textOf(cwd, file, wanted);
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
    const given = await givenIn(cwd, next, layers.length === 0 ? CONFIGURATION : EXTENDED);
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
    const keys = one.path.split('.');
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
  const all = await layersOf(cwd, file);
  const found = await readLayers(
    cwd,
    file,
    catalogue,
    all.map((layer) => ({ ...layer, given: withoutTransform(layer) })),
  );
  const transform = transformsOf(all);
  return transform === undefined ? found : { ...found, extra: { ...found.extra, transform } };
}

/** Settings without `transform`, which is no setting. @throws ProblemError where it is no function. */
function withoutTransform({ file, given }: Layer): unknown {
  if (!isMapping(given) || !Object.hasOwn(given, 'transform')) return given;
  const { transform, ...settings } = given;
  if (typeof transform === 'function' || transform === undefined) return settings;
  const message = `got ${show(transform)}, expected a function, which only a configuration in TypeScript or JavaScript can have`;
  throw new ProblemError(file, [{ path: 'transform', message }]);
}

/** The changes of all files, the extended ones first. */
function transformsOf(layers: readonly Layer[]): Extra['transform'] {
  const all = layers.toReversed().flatMap(({ given }) => {
    const own: unknown = isMapping(given) && Object.hasOwn(given, 'transform') ? given['transform'] : undefined;
    return typeof own === 'function' ? [own as Transform] : [];
  });
  if (all.length === 0) return undefined;
  return (parts, config) => all.reduce((before, one) => transformed(one, before, config as Config), parts);
}

async function readLayers(
  cwd: string,
  file: string,
  catalogue: Catalogue,
  layers: readonly Layer[],
): Promise<ReadConfiguration> {
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
    const { rules, dashboards } = await readExtra(cwd, file, paths, (path) => textOf(cwd, path, OWN));
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
