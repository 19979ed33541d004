import { type Catalogue, defaultsOf, editorSchema, namedSchema } from '../config/schema.ts';
import { type Artifact, type Draft, MARK } from '../model/artifact.ts';
import { requireOwnNames } from '../extra/index.ts';
import type { Bundle } from '../model/bundle.ts';
import { type Extra, NO_EXTRA } from '../model/extra.ts';
import type { Warning } from '../model/report.ts';
import { type LockEntry, versioned } from '../output-dir/lock.ts';
import { COMPONENTS, type Config, DOMAINS, OUTPUTS } from '../registry.ts';
import type { Kinds } from '../schema/objects.ts';
import { withValue } from '../settings/section.ts';
import { sourceLabels } from '../traffic/index.ts';
import { verify } from '../verify/index.ts';
import { makeBundle, once } from './bundle.ts';
import { draftsOf } from './drafts.ts';
import { allExporters, allFlowSources, readingsOf } from './readings.ts';
import { type Read, recorder } from './recorder.ts';
import { unusedSettings } from './unused.ts';

/** Kinds of objects that components and outputs write. */
export const KINDS: Kinds = Object.assign({}, ...[...COMPONENTS, ...OUTPUTS].map(({ kinds }) => kinds)) as Kinds;

/** The schema for editors, as an artifact. */
export const schemaDraft = (catalogue: Catalogue): Draft => ({
  path: 'azimuth.schema.json',
  kind: 'schema',
  format: 'json',
  document: 'syntax',
  render: () => {
    const schema = { $comment: `${MARK}; do not edit.`, ...editorSchema(catalogue) };
    return `${JSON.stringify(schema, null, 2)}\n`;
  },
});

/** The cluster that the files of a configuration are for; none where its metrics have no cluster label. */
export const clusterNames = ({ cluster: { label, name } }: Config): readonly string[] => (label === null ? [] : [name]);

/** The result of a build. */
export interface Build {
  readonly config: Config;
  readonly bundle: Bundle;
  /** All files in the order of their paths, the lock last. */
  readonly artifacts: readonly Artifact[];
  /** Settings that are probably a mistake. */
  readonly warnings: readonly Warning[];
}

/**
 * Generates all files of a configuration and verifies them. Pure: nothing is read or written, and the same input gives the same bytes.
 * @param config a complete configuration, from `loadConfig` or `completeConfig`.
 * @param catalogue the names that the configuration may use, from `makeCatalogue`.
 * @param lock the committed lock, from `parseLock`; it determines the versions. `[]` starts all versions at 1.
 * @param extra rules and dashboards of the user's own, from `extraOf`.
 * @throws ProblemError if a generated query is not valid PromQL, or if Prometheus, Grafana, Kubernetes or Helm would reject a file.
 * @example
 * const catalogue = makeCatalogue();
 * const { artifacts } = build(loadConfig('azimuth.yaml', text, catalogue), catalogue, parseLock(lockText));
 * for (const { path, text } of artifacts) await writeFile(join(out, path), text);
 */
export const build = (
  config: Config,
  catalogue: Catalogue,
  lock: readonly LockEntry[],
  extra: Extra = NO_EXTRA,
): Build => recordedBuild(config, catalogue, lock, extra).built;

/** A build, and the settings that it read. */
export function recordedBuild(
  config: Config,
  catalogue: Catalogue,
  lock: readonly LockEntry[],
  extra: Extra,
): { readonly built: Build; readonly read: Read } {
  const recording = recorder(config);
  const bundle = makeBundle(recording.config, extra);
  requireOwnNames(bundle, extra);
  const artifacts = versioned(
    [...draftsOf(recording.config, bundle), schemaDraft(catalogue)],
    lock,
    clusterNames(config),
  );
  const read = recording.stop();
  verify(bundle, artifacts, KINDS);
  const warnings = [
    ...unusedSettings(config, catalogue, read, bundle),
    ...COMPONENTS.flatMap((component) => component.bind(config).warnings()),
  ];
  return { built: { config, bundle, artifacts, warnings }, read };
}

/** The catalogue of names that a configuration may use: all alerts, dashboards and panels, whatever the flow source is. */
export function makeCatalogue(): Catalogue {
  const defaults = defaultsOf(namedSchema({ alerts: {}, dashboards: {} })) as Config;
  // What the default flow source has no dashboard for, another one has: money needs bytes, the health of Cilium needs Cilium.
  const sources = allFlowSources(defaults).map(({ id }) => withValue(defaults, ['flows', 'source'], id) as Config);
  const candidates = [defaults, ...sources].map((config) => ({ config, readings: once(() => readingsOf(config)) }));
  const panels = DOMAINS.flatMap((domain) =>
    domain.dashboards.map((uid): readonly [string, readonly string[]] => {
      for (const { config, readings } of candidates) {
        const dashboard = domain.bind(config, readings()).dashboard(uid, () => true);
        if (dashboard === undefined || 'reason' in dashboard) continue;
        // Those that this configuration lacks, too, such as panels of a budget.
        const others = (dashboard.skipped ?? []).flatMap(({ panel }) => panel ?? []);
        return [uid, [...dashboard.sections.flatMap(({ panels: placed }) => placed.map(({ key }) => key)), ...others]];
      }
      return [uid, []];
    }),
  );
  return {
    alerts: Object.fromEntries(
      DOMAINS.flatMap(({ alerts }) => alerts.map(({ alert, ...traits }) => [alert, traits] as const)),
    ),
    dashboards: Object.fromEntries(panels),
    // `inf` and `nan` are numbers in PromQL; Prometheus reserves names that start with two underscores.
    labels: [
      'inf',
      'nan',
      '__*',
      ...DOMAINS.flatMap(({ labels }) => labels),
      ...allFlowSources(defaults).flatMap(sourceLabels),
      ...Object.values(allExporters()).flatMap(({ interfaceLabel, labels }) => [interfaceLabel, ...labels]),
    ],
  };
}
