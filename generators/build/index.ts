import { type Catalogue, defaultsOf, editorSchema, namedSchema } from '../config/schema.ts';
import type { Warning } from '../model/report.ts';
import { type Artifact, type Draft, MARK } from '../model/artifact.ts';
import type { Bundle } from '../model/bundle.ts';
import { type LockEntry, versioned } from '../output-dir/lock.ts';
import { COMPONENTS, type Config, DOMAINS, OUTPUTS } from '../registry.ts';
import type { Kinds } from '../schema/objects.ts';
import { sourceLabels } from '../traffic/index.ts';
import { verify } from '../verify/index.ts';
import { makeBundle } from './bundle.ts';
import { allFlowSources, readingsOf } from './readings.ts';
import { recorder } from './recorder.ts';
import { outputsOf, unusedSettings } from './unused.ts';

/** Kinds of objects that any part writes. */
const KINDS: Kinds = Object.assign({}, ...[...COMPONENTS, ...OUTPUTS].map(({ kinds }) => kinds)) as Kinds;

/** The schema for editors, published beside the artifacts. */
const schemaDraft = (catalogue: Catalogue): Draft => ({
  path: 'azimuth.schema.json',
  kind: 'schema',
  format: 'json',
  document: 'syntax',
  render: () => {
    const schema = { $comment: `${MARK}; do not edit.`, ...editorSchema(catalogue) };
    return `${JSON.stringify(schema, null, 2)}\n`;
  },
});

/** Everything that one configuration generates. */
export interface Build {
  readonly config: Config;
  readonly bundle: Bundle;
  readonly artifacts: readonly Artifact[];
  /** Settings that are probably a mistake. */
  readonly warnings: readonly Warning[];
}

/**
 * From a configuration and the committed lock to files. Pure: the same input gives the same bytes.
 * @throws ProblemError when a generated query is not PromQL, or when the reader of an artifact would refuse it.
 */
export function build(config: Config, catalogue: Catalogue, lock: readonly LockEntry[]): Build {
  const recording = recorder(config);
  const bundle = makeBundle(recording.config);
  const drafts = outputsOf(config).flatMap((output) => output.bind(recording.config).emit(bundle));
  const artifacts = versioned([...drafts, schemaDraft(catalogue)], lock);
  const read = recording.stop();
  verify(bundle, artifacts, KINDS);
  const warnings = [
    ...unusedSettings(config, catalogue, read, bundle.skipped),
    ...COMPONENTS.flatMap((component) => component.bind(config).warnings()),
  ];
  return { config, bundle, artifacts, warnings };
}

/** The names that a configuration may refer to: those of every alert, dashboard and panel under the default configuration. */
export function makeCatalogue(): Catalogue {
  const defaults = defaultsOf(namedSchema({ alerts: {}, dashboards: {} })) as Config;
  const readings = readingsOf(defaults);
  const panels = DOMAINS.flatMap((domain) =>
    domain.dashboards.map((uid): readonly [string, readonly string[]] => {
      const dashboard = domain.bind(defaults, readings).dashboard(uid);
      const sections = dashboard === undefined || 'reason' in dashboard ? [] : dashboard.sections;
      return [uid, sections.flatMap((section) => section.panels.map(({ key }) => key))];
    }),
  );
  return {
    alerts: Object.fromEntries(
      DOMAINS.flatMap(({ alerts }) => alerts.map(({ alert, ...traits }) => [alert, traits] as const)),
    ),
    dashboards: Object.fromEntries(panels),
    // `inf` and `nan` are numbers to PromQL; names that begin with two underscores are Prometheus' own.
    labels: [
      'inf',
      'nan',
      '__*',
      ...DOMAINS.flatMap(({ labels }) => labels),
      ...allFlowSources(defaults).flatMap(sourceLabels),
    ],
  };
}
