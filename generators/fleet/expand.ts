import { completeConfig } from '../config/load.ts';
import { plainCopy } from '../config/plain.ts';
import { type Catalogue, namedSchema } from '../config/schema.ts';
import type { Config, OutputName } from '../registry.ts';
import { listed, type Problem, ProblemError, show } from '../schema/problems.ts';
import { ruleLoaders } from '../settings/general.ts';
import { isMapping, valueAt } from '../settings/section.ts';
import { merged, pathsOf } from './merge.ts';
import { fleetOf, type Given, type GivenFleet } from './settings.ts';

/** One cluster of a fleet. */
export interface Cluster {
  /** Its name in the configuration, and that of its folder. */
  readonly name: string;
  /** All of its settings. */
  readonly config: Config;
  /** Paths of the settings that it changes. */
  readonly changes: readonly (readonly string[])[];
}

/** A fleet: the settings that clusters share, and those of each. */
export interface Fleet {
  /** The name of the configuration, for messages. */
  readonly file: string;
  /** The settings beside `clusters`, as they stand. What is shared is built of them. */
  readonly common: Config;
  readonly clusters: readonly Cluster[];
  /** Outputs that are written once for all. */
  readonly shared: readonly OutputName[];
}

/** Whether a configuration is a fleet. */
export const isFleet = (config: Config | Fleet): config is Fleet => 'clusters' in config;

/** Settings of AMP that decide in which workspace rules are, and those of what a workspace has once. */
const WORKSPACE = ['amp.workspaceId', 'amp.workspace'] as const;
const OF_WORKSPACE = [...WORKSPACE, 'amp.namespace', 'amp.alertmanager'] as const;

/** The settings of a cluster, whose name is that of its entry unless it says otherwise. */
const settingsOf = (common: Given, name: string, changes: Given): Given =>
  merged(merged(common, { cluster: { name } }), changes);

/** Completes settings; problems instead of an error. */
function completed(
  file: string,
  given: unknown,
  catalogue: Catalogue,
): { config?: Config; problems: readonly Problem[] } {
  try {
    return { config: completeConfig(file, given, catalogue), problems: [] };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { problems: error.problems };
  }
}

/** Problems of what clusters have together: the names that tell their series apart, and the one workspace of shared rules. */
function togetherProblems(fleet: Fleet): readonly Problem[] {
  const { common, clusters, shared } = fleet;
  const problems: Problem[] = [];
  if (common.cluster.label === null && clusters.length > 1) {
    problems.push({
      path: 'cluster.label',
      message:
        'got null, expected a label: without one, the series of clusters in one store or one Grafana cannot be told apart',
    });
  }
  const names = new Map<string, string>();
  for (const { name, config } of clusters) {
    const other = names.get(config.cluster.name);
    if (other !== undefined) {
      problems.push({
        path: `clusters.${name}.cluster.name`,
        message: `got ${show(config.cluster.name)}, which is that of ${other} too; expected a name of its own`,
      });
    }
    names.set(config.cluster.name, name);
    if (config.cluster.label !== common.cluster.label) {
      problems.push({
        path: `clusters.${name}.cluster.label`,
        message: `got ${show(config.cluster.label)}, expected ${show(common.cluster.label)} as in all clusters: rules and dashboards read one label`,
      });
    }
    const targets = (ids: Config['targets']): string => shared.filter((id) => ids.includes(id)).join(', ');
    if (targets(config.targets) !== targets(common.targets)) {
      problems.push({
        path: `clusters.${name}.targets`,
        message: `got ${show(config.targets)}, expected the shared outputs of all clusters among them (${targets(common.targets) || 'none'}): they are written once`,
      });
    }
  }
  return [...problems, ...doubleRules(fleet), ...workspaceProblems(fleet)];
}

/** Plain rules that one ruler loads for all, while the values of kube-prometheus-stack bring the same to each cluster. */
function doubleRules({ common: { targets }, clusters, shared }: Fleet): readonly Problem[] {
  if (!shared.includes('prometheus') || !targets.includes('prometheus')) return [];
  const twice = clusters.filter(
    ({ config }) => config.targets.includes('kube-prometheus-stack') && ruleLoaders(config).length === 0,
  );
  if (twice.length === 0) return [];
  return [
    {
      path: 'fleet.shared',
      message: `has prometheus, and the values of kube-prometheus-stack bring the same rules to ${listed(
        twice.map(({ name }) => name),
        'and',
      )}: add prometheus-operator to targets and to fleet.shared, then they leave them out; load shared/rules in one of the two forms`,
    },
  ];
}

/** The workspace of a cluster, as a text. */
const place = (config: Config): string => JSON.stringify(WORKSPACE.map((path) => valueAt(config, path.split('.'))));

/** Rules that AMP evaluates: shared ones have one workspace, and others one each, as names of namespaces are unique in a workspace. */
function workspaceProblems({ common, clusters, shared }: Fleet): readonly Problem[] {
  if (shared.includes('amp')) {
    if (!common.targets.includes('amp')) return [];
    return clusters.flatMap(({ name, changes }) =>
      changes
        .map((path) => path.join('.'))
        .filter((path) => OF_WORKSPACE.some((setting) => path === setting || path.startsWith(`${setting}.`)))
        .map((path) => ({
          path: `clusters.${name}.${path}`,
          message:
            'is set for one cluster, and fleet.shared has amp, which has one workspace for all: set it beside clusters, or take amp out of fleet.shared',
        })),
    );
  }
  const places = new Map<string, string[]>();
  for (const { name, config } of clusters) {
    if (!config.targets.includes('amp')) continue;
    places.set(place(config), [...(places.get(place(config)) ?? []), name]);
  }
  return [...places.values()]
    .filter((names) => names.length > 1)
    .map((names) => ({
      path: 'fleet.shared',
      message: `has no amp, and ${listed(names, 'and')} have one workspace: their rule groups namespaces would replace each other; add amp to fleet.shared, or give each a workspace`,
    }));
}

function expanded(file: string, { common: given, clusters, shared }: GivenFleet, catalogue: Catalogue): Fleet {
  const common = completed(file, given, catalogue);
  const known = new Set(common.problems.map(({ path, message }) => `${path}\0${message}`));
  const problems = [...common.problems];
  const complete = clusters.flatMap(({ name, changes }): readonly Cluster[] => {
    const found = completed(file, settingsOf(given, name, changes), catalogue);
    problems.push(
      ...found.problems
        .filter(({ path, message }) => !known.has(`${path}\0${message}`))
        .map(({ path, message }) => ({ path: path === '' ? `clusters.${name}` : `clusters.${name}.${path}`, message })),
    );
    return found.config === undefined ? [] : [{ name, config: found.config, changes: pathsOf(changes) }];
  });
  if (problems.length > 0 || common.config === undefined) throw new ProblemError(file, problems);
  const fleet: Fleet = { file, common: common.config, clusters: complete, shared };
  const together = togetherProblems(fleet);
  if (together.length > 0) throw new ProblemError(file, together);
  return fleet;
}

/**
 * Checks and completes a configuration that may be a fleet.
 * @param file its name for messages.
 * @param given what was read, with `extends` followed already.
 * @returns a configuration, or a fleet where it has `clusters`.
 * @throws ProblemError with all problems at once; those of one cluster have a path such as `clusters.prod.flows.source`.
 * @example completeFleet('azimuth.yaml', { clusters: { prod: null, staging: { rules: { window: '10m' } } } }, makeCatalogue())
 */
export function completeFleet(file: string, given: unknown, catalogue: Catalogue): Config | Fleet {
  if (!isMapping(given) || !('clusters' in given || 'fleet' in given)) return completeConfig(file, given, catalogue);
  const schema = namedSchema(catalogue);
  const entries = { type: 'object', additionalProperties: true };
  const { copy, problems: unreadable } = plainCopy(given, {
    ...schema,
    properties: { ...(schema['properties'] as object), clusters: entries, fleet: entries },
  });
  if (unreadable.length > 0) throw new ProblemError(file, unreadable);
  const { fleet, problems } = fleetOf(copy as Given);
  if (problems.length > 0) {
    // Settings beside a fleet of the wrong shape are checked nevertheless.
    const { clusters: _clusters, fleet: _fleet, ...common } = copy as Given;
    throw new ProblemError(file, [...completed(file, common, catalogue).problems, ...problems]);
  }
  if (fleet === undefined) return completeConfig(file, given, catalogue);
  return expanded(file, fleet, catalogue);
}
