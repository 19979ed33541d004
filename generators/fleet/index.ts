import { makeBundle } from '../build/bundle.ts';
import { draftsOf, outputsOf, type Outputs } from '../build/drafts.ts';
import { type Build, clusterNames, KINDS, recordedBuild, schemaDraft } from '../build/index.ts';
import { isRead, type Read } from '../build/recorder.ts';
import { type Catalogue, namedSchema, schemaAt } from '../config/schema.ts';
import type { Draft } from '../model/artifact.ts';
import type { Bundle } from '../model/bundle.ts';
import { type Extra, NO_EXTRA } from '../model/extra.ts';
import type { Warning } from '../model/report.ts';
import type { RuleFile } from '../model/rules.ts';
import { type LockEntry, versioned } from '../output-dir/lock.ts';
import { type Config, OUTPUTS } from '../registry.ts';
import { listed, ProblemError } from '../schema/problems.ts';
import { verify } from '../verify/index.ts';
import type { Cluster, Fleet } from './expand.ts';
import { type Made, reusing } from './reuse.ts';
import { sharedRules, type Unshared, unsharedRecords } from './rules.ts';

export { completeFleet, isFleet, type Cluster, type Fleet } from './expand.ts';
export { merged } from './merge.ts';

/** Folders of a fleet, below the output folder. */
const CLUSTERS = 'clusters';
const SHARED = 'shared';
export const FLEET_FOLDERS: readonly string[] = [CLUSTERS, SHARED];

/** Outputs that write rules as they are; what loads them evaluates all clusters where they are shared. */
const RULES: ReadonlySet<string> = new Set(['prometheus', 'prometheus-operator', 'amp']);

const below = (folder: string, draft: Draft): Draft => ({ ...draft, path: `${folder}/${draft.path}` });

/** A draft that is rendered once for each version: clusters that agree share it. */
const rendered = (draft: Draft): Draft => {
  const texts = new Map<number, string>();
  return {
    ...draft,
    render: (version) => {
      const text = texts.get(version) ?? draft.render(version);
      texts.set(version, text);
      return text;
    },
  };
};

/** A bundle with other parts. Its own are built when they are asked for, as before. */
const withParts = (bundle: Bundle, parts: Partial<Bundle>): Bundle =>
  Object.create(bundle, Object.getOwnPropertyDescriptors(parts)) as Bundle;

/** A bundle without the parts that outputs do not write, for its checks: they need not be built, nor what they depend on be read. */
function partsOf(bundle: Bundle, outputs: Outputs): Bundle {
  const ids = new Set<string>(outputs.map(({ id }) => id));
  const isIn = (folder: string): boolean => outputs.some((output) => output.folder.startsWith(folder));
  const hasStack = ids.has('kube-prometheus-stack');
  return withParts(bundle, {
    ...(!isIn('dashboards') && { dashboards: [] }),
    ...(!isIn('rules') && !hasStack && { ruleFiles: [] }),
    ...(!ids.has('helm-values') && { helmValues: [] }),
    ...(!hasStack && { valuesWithRules: [] }),
  });
}

/** The files of a configuration for some outputs: built, rendered and verified. */
function filesOf(config: Config, bundle: Bundle, outputs: Outputs): readonly Draft[] {
  const drafts = draftsOf(config, bundle, outputs).map(rendered);
  verify(
    partsOf(bundle, outputs),
    drafts.map(({ render, ...draft }) => ({ ...draft, text: render(1) })),
    KINDS,
  );
  return drafts;
}

/** Settings of a cluster that none of its files depends on. */
function unusedChanges(
  { name, config, changes }: Cluster,
  isUsed: (path: readonly string[]) => boolean,
  isCommon: (path: readonly string[]) => boolean,
  shared: readonly string[],
  catalogue: Catalogue,
): readonly Warning[] {
  const schema = namedSchema(catalogue);
  const unused = changes.filter((path) => schemaAt(schema, path)['note'] !== true && !isUsed(path));
  const warning = (paths: readonly (readonly string[])[], reason: string): readonly Warning[] =>
    paths.length === 0
      ? []
      : [{ kind: 'no effect', settings: paths.map((path) => ['clusters', name, ...path].join('.')), reason }];
  const written = outputsOf(config)
    .map(({ id }) => id)
    .filter((id) => shared.includes(id));
  return [
    ...warning(
      unused.filter(isCommon),
      `${listed(written, 'and')} ${written.length === 1 ? 'is' : 'are'} shared, and built of the settings beside clusters`,
    ),
    ...warning(
      unused.filter((path) => !isCommon(path)),
      'no file of this cluster depends on it',
    ),
  ];
}

/** @throws ProblemError for clusters whose settings record what the shared ruler does not: their alerts would read nothing. */
function requireSharedRecords(
  file: string,
  clusters: readonly { readonly cluster: Cluster; readonly unshared: Unshared }[],
): void {
  const problems = clusters.flatMap(({ cluster, unshared: { missing } }) =>
    missing.length === 0
      ? []
      : [
          {
            path: `clusters.${cluster.name}`,
            message: `its settings record ${missing[0] ?? ''}${others(missing)}, which shared rules do not: set what leads to it beside clusters, or take the rules out of fleet.shared`,
          },
        ],
  );
  if (problems.length > 0) throw new ProblemError(file, problems);
}

const others = ({ length }: readonly string[]): string => (length === 1 ? '' : ` and ${length - 1} more`);

const sources = ({ flows, ethtool }: Config): string => JSON.stringify([flows.source, ethtool.exporter]);

/** Records that a cluster asks for otherwise. Another source is no reason: the common settings then name all of them. */
function otherRecordsWarning({ name, config }: Cluster, common: Config, { other }: Unshared): readonly Warning[] {
  const [first] = other;
  if (first === undefined || sources(config) !== sources(common)) return [];
  return [
    {
      kind: 'doubtful',
      settings: [`clusters.${name}`],
      reason: `its settings change the recording rule ${first}${others(other)}, and the shared ruler evaluates those of the settings beside clusters`,
    },
  ];
}

/** A cluster, its own files, and its rules where those are shared. */
interface BuiltCluster {
  readonly cluster: Cluster;
  /** By output. */
  readonly own: readonly Made<readonly Draft[]>[];
  readonly rules: Made<readonly RuleFile[]> | undefined;
}

/** Builds what is a cluster's own. Clusters that agree in what an output reads share its files. */
function clusterBuilder(
  isShared: (output: Outputs[number]) => boolean,
  rulesOf: ((config: Config) => Made<readonly RuleFile[]>) | undefined,
  extra: Extra,
): (cluster: Cluster) => BuiltCluster {
  // One output at a time: rules do not depend on the name of a cluster, values do.
  const filesBy = new Map(
    OUTPUTS.map((output) => [output.id, reusing((config) => filesOf(config, makeBundle(config, extra), [output]))]),
  );
  return (cluster) => ({
    cluster,
    own: outputsOf(cluster.config)
      .filter((output) => !isShared(output))
      .flatMap(({ id }) => filesBy.get(id)?.(cluster.config) ?? []),
    rules: rulesOf?.(cluster.config),
  });
}

/** Rules of configurations, each made once; all of their texts, as what these are made of is read then. */
const rulesMaker = (extra: Extra) =>
  reusing((config) => {
    const { ruleFiles } = makeBundle(config, extra);
    JSON.stringify(ruleFiles);
    return ruleFiles;
  });

/** Whether a setting was read, or a mapping around it that the common settings do not have. */
const isAsked = (read: Read, path: readonly string[]): boolean =>
  isRead(read, path) || path.some((_, index) => read.has(path.slice(0, index + 1).join('.')));

/**
 * Generates the files of a fleet: `clusters/NAME/...` for each cluster, and `shared/...` for the outputs that are written once. Pure, as `build`. What clusters agree in is built once.
 * @param lock of all files of the fleet.
 * @param extra rules and dashboards of the user's own: rules for every cluster, dashboards once where those are shared.
 * @returns the common configuration and its bundle, with shared rules as they are written, and all files.
 * @throws ProblemError as `build` does, and for a cluster whose settings record what shared rules do not.
 */
export function buildFleet(
  fleet: Fleet,
  catalogue: Catalogue,
  lock: readonly LockEntry[],
  extra: Extra = NO_EXTRA,
): Build {
  const { common, clusters, shared } = fleet;
  const isShared = ({ id }: Outputs[number]): boolean => shared.some((other) => other === id);
  const together = outputsOf(common).filter(isShared);
  const rulesOf = together.some(({ id }) => RULES.has(id)) ? rulesMaker(extra) : undefined;
  // The common settings as a whole: for their warnings, and for what they read.
  const { built: usual, read } = recordedBuild(common, catalogue, [], extra);
  const rules = rulesOf?.(common).value ?? [];
  const all = clusters.map(clusterBuilder(isShared, rulesOf, extra));
  const unshared = all.map((one) => ({ ...one, unshared: unsharedRecords(rules, one.rules?.value ?? rules) }));
  requireSharedRecords(fleet.file, unshared);
  const rulesBy = all.map(({ cluster, rules: made }) => ({
    cluster: cluster.config.cluster.name,
    ruleFiles: made?.value ?? rules,
  }));
  const bundle =
    rulesOf === undefined
      ? usual.bundle
      : withParts(usual.bundle, { ruleFiles: sharedRules(common.cluster.label ?? '', rules, rulesBy) });
  const drafts = [
    ...filesOf(common, bundle, together).map((draft) => below(SHARED, draft)),
    ...all.flatMap(({ cluster, own }) =>
      own.flatMap(({ value }) => value.map((draft) => below(`${CLUSTERS}/${cluster.name}`, draft))),
    ),
    schemaDraft(catalogue),
  ];
  const warnings = unshared.flatMap(({ cluster, own, rules: made, unshared: records }) => [
    ...unusedChanges(
      cluster,
      (path) => own.some((one) => isRead(one.read, path)) || (made !== undefined && isRead(made.read, path)),
      (path) => isAsked(read, path),
      shared,
      catalogue,
    ),
    ...otherRecordsWarning(cluster, common, records),
  ]);
  return {
    ...usual,
    bundle,
    artifacts: versioned(
      drafts,
      lock,
      clusters.flatMap(({ config }) => clusterNames(config)),
    ),
    warnings: [...usual.warnings, ...warnings],
  };
}
