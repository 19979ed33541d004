import { makeBundle, once } from '../build/bundle.ts';
import { draftsOf, outputsOf, type Outputs } from '../build/drafts.ts';
import { type Build, KINDS, recordedBuild, schemaDraft } from '../build/index.ts';
import { isRead } from '../build/recorder.ts';
import { type Catalogue, namedSchema, schemaAt } from '../config/schema.ts';
import type { Draft } from '../model/artifact.ts';
import type { Bundle } from '../model/bundle.ts';
import { type Extra, NO_EXTRA } from '../model/extra.ts';
import type { Warning } from '../model/report.ts';
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

const isStack = ({ id }: Outputs[number]): boolean => id === 'kube-prometheus-stack';

/** The parts of a bundle that outputs write, for its checks: what is not written need not be built, nor what it depends on be read. */
function partsOf(bundle: Bundle, outputs: Outputs): Bundle {
  const has = (is: (output: Outputs[number]) => boolean) => (outputs.some(is) ? {} : undefined);
  const none = { value: [] };
  return Object.create(bundle, {
    ...(has(({ folder }) => folder.startsWith('dashboards')) ?? { dashboards: none }),
    ...(has((output) => output.folder.startsWith('rules') || isStack(output)) ?? { ruleFiles: none }),
    ...(has(({ id }) => id === 'helm-values') ?? { helmValues: none }),
    ...(has(isStack) ?? { valuesWithRules: none }),
  }) as Bundle;
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

/**
 * Generates the files of a fleet: `clusters/NAME/...` for each cluster, and `shared/...` for the outputs that are written once. Pure, as `build`. What clusters agree in is built once.
 * @param lock of all files of the fleet.
 * @param extra rules and dashboards of the user's own: rules for every cluster, dashboards once where those are shared.
 * @returns the common configuration and its bundle, with shared rules as they are written, and all files.
 * @throws ProblemError as `build` does.
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
  const hasRules = together.some(({ id }) => RULES.has(id));

  // Also for its warnings, and for what it reads.
  const { built: usual, read } = recordedBuild(common, catalogue, [], extra);
  const rulesOf = reusing((config) => {
    const { ruleFiles } = makeBundle(config, extra);
    // Texts are made when they are asked for, and what they are made of is read then.
    JSON.stringify(ruleFiles);
    return ruleFiles;
  });
  const rules = once(() => rulesOf(common).value);
  // One output at a time, as what one reads is mostly the same in all clusters: rules do not depend on the name of a cluster, values do.
  const filesBy = new Map(
    OUTPUTS.map((output) => [output.id, reusing((config) => filesOf(config, makeBundle(config, extra), [output]))]),
  );
  const ownOf = (config: Config): readonly Made<readonly Draft[]>[] =>
    outputsOf(config)
      .filter((output) => !isShared(output))
      .flatMap(({ id }) => filesBy.get(id)?.(config) ?? []);

  const bundle = makeBundle(common, extra);
  const all = clusters.map((cluster) => ({
    cluster,
    own: ownOf(cluster.config),
    ...(hasRules && { rules: rulesOf(cluster.config) }),
  }));
  const sharedBundle: Bundle = hasRules
    ? (Object.create(bundle, {
        ruleFiles: {
          value: sharedRules(
            common.cluster.label ?? '',
            rules(),
            all.map(({ cluster, rules: made }) => ({
              cluster: cluster.config.cluster.name,
              ruleFiles: made?.value ?? [],
            })),
          ),
        },
      }) as Bundle)
    : bundle;
  const drafts = [
    ...filesOf(common, sharedBundle, together).map((draft) => below(SHARED, draft)),
    ...all.flatMap(({ cluster, own }) =>
      own.flatMap(({ value }) => value).map((draft) => below(`${CLUSTERS}/${cluster.name}`, draft)),
    ),
    schemaDraft(catalogue),
  ];
  const names = clusters.map(({ config }) => config.cluster.name);
  const unshared = all.flatMap(({ cluster, rules: made }) =>
    made === undefined ? [] : [{ cluster, unshared: unsharedRecords(rules(), made.value) }],
  );
  requireSharedRecords(fleet.file, unshared);
  const warnings = all.flatMap(({ cluster, own, rules: made }) => [
    ...unusedChanges(
      cluster,
      (path) => [...own, ...(made === undefined ? [] : [made])].some((one) => isRead(one.read, path)),
      // A part of a mapping that the common settings do not have is asked for as a whole.
      (path) => isRead(read, path) || path.some((_, index) => read.has(path.slice(0, index + 1).join('.'))),
      shared,
      catalogue,
    ),
  ]);
  return {
    ...usual,
    bundle: sharedBundle,
    artifacts: versioned(drafts, lock, names),
    warnings: [
      ...usual.warnings,
      ...warnings,
      ...unshared.flatMap((one) => otherRecordsWarning(one.cluster, common, one.unshared)),
    ],
  };
}
