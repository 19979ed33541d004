import type { Build } from '../build/index.ts';
import { readingsOf } from '../build/readings.ts';
import type { Catalogue } from '../config/schema.ts';
import type { AlertingRule, RecordingRule } from '../model/rules.ts';
import { partName } from '../model/report.ts';
import { DOMAINS } from '../registry.ts';
import { exporterOf } from './exporters.ts';
import { type Graph, graphOf, type NamedPanel, queriesOf, type Placed, type Readers } from './graph.ts';
import { explainedSetting, type ExplainedSetting, settingNames } from './settings.ts';
import { type ExplainedArtifact, explainedArtifact } from './artifacts.ts';

export type { ExplainedArtifact } from './artifacts.ts';
export type { ExplainedSetting } from './settings.ts';
export type { Readers } from './graph.ts';

/** What a query reads, down to the metrics that somebody exports. */
export interface Reading {
  readonly name: string;
  readonly kind: 'record' | 'metric';
  /** Who exports a metric, in words; undefined for records, and for metrics of the user's own. */
  readonly by?: string;
  /** Whether what it reads stands further up in the tree already. */
  readonly isRepeated?: true;
  readonly reads: readonly Reading[];
}

/** Where a rule is evaluated. */
interface Place {
  /** Name of the rule file. */
  readonly file: string;
  readonly group: string;
  /** How often, as a Prometheus duration; empty where the ruler decides. */
  readonly interval: string;
}

/** A rule of a name: its expression, and what it reads. */
interface ExplainedRule extends Place {
  readonly expr: string;
  readonly reads: readonly Reading[];
}

/** A recording rule. Several rules may write one record. */
interface ExplainedRecord {
  readonly kind: 'record';
  readonly name: string;
  readonly meaning: string;
  /** Such as `bytes/s` or `USD/s`; empty for records of the user's own. */
  readonly unit: string;
  readonly labels: readonly string[];
  /** Expected number of series, in words. */
  readonly cardinality: string;
  readonly rules: readonly ExplainedRule[];
  readonly readers: Readers;
  /** Alerts that depend on it, through any number of records: their runbooks say what to do when it is wrong. */
  readonly watchedBy: readonly string[];
}

/** One tier of an alert. */
interface ExplainedTier extends ExplainedRule {
  readonly severity: string;
  readonly for: string;
  readonly keepFiringFor: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** An alert with its tiers. */
interface ExplainedAlert {
  readonly kind: 'alert';
  readonly name: string;
  readonly meaning: string;
  readonly description: string;
  /** Why it fires where it does. */
  readonly why: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly tiers: readonly ExplainedTier[];
}

/** A panel with its queries. */
interface ExplainedPanel {
  readonly kind: 'panel';
  /** Uid of the dashboard, a slash, and the key of the panel. */
  readonly name: string;
  readonly title: string;
  readonly dashboard: string;
  readonly meaning: string;
  readonly queries: readonly { readonly expr: string; readonly legend: string }[];
  readonly reads: readonly Reading[];
}

/** A dashboard and its panels. */
interface ExplainedDashboard {
  readonly kind: 'dashboard';
  readonly name: string;
  readonly title: string;
  readonly meaning: string;
  readonly panels: readonly { readonly name: string; readonly title: string }[];
}

/** A metric that an exporter has, and that rules or panels read. */
interface ExplainedMetric {
  readonly kind: 'metric';
  readonly name: string;
  readonly by?: string;
  readonly readers: Readers;
  readonly watchedBy: readonly string[];
}

/** A part that the configuration does not have. */
interface ExplainedAbsence {
  readonly kind: 'left out';
  readonly name: string;
  readonly reason: string;
}

/** What a name stands for. */
export type Explanation =
  | ExplainedRecord
  | ExplainedAlert
  | ExplainedPanel
  | ExplainedDashboard
  | ExplainedMetric
  | ExplainedSetting
  | ExplainedArtifact
  | ExplainedAbsence;

/** The tree of what queries read. A record that was met before is not followed again. */
function treeOf(build: Build, graph: Graph, names: readonly string[], met: Set<string>): readonly Reading[] {
  return names.map((name): Reading => {
    const rules = graph.records.get(name);
    if (rules === undefined) {
      const by = exporterOf(build.config, name);
      return { name, kind: 'metric', ...(by !== undefined && { by }), reads: [] };
    }
    const below = graph.readBy(rules.map(({ rule }) => rule.expr)).filter((read) => read !== name);
    if (met.has(name) && below.length > 0) return { name, kind: 'record', isRepeated: true, reads: [] };
    met.add(name);
    return { name, kind: 'record', reads: treeOf(build, graph, below, met) };
  });
}

/** Alerts that depend on a record or a metric, through any number of records. */
function watchersOf(graph: Graph, name: string): readonly string[] {
  const alerts = new Set<string>();
  const seen = new Set<string>();
  const queue = [name];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const readers = graph.readersOf(next);
    for (const alert of readers.alerts) alerts.add(alert);
    queue.push(...readers.records);
  }
  return [...alerts];
}

const ruleOf = (
  build: Build,
  graph: Graph,
  { rule, file, group, interval }: Placed<RecordingRule> | Placed<AlertingRule>,
): ExplainedRule => ({
  file,
  group,
  interval,
  expr: rule.expr.text,
  reads: treeOf(build, graph, graph.readBy([rule.expr]), new Set()),
});

function recordOf(build: Build, graph: Graph, name: string): readonly Explanation[] {
  const placed = graph.records.get(name) ?? [];
  const [first] = placed;
  if (first === undefined) return [];
  const { comment, unit, cardinality, labels } = first.rule;
  return [
    {
      kind: 'record',
      name,
      meaning: comment,
      unit,
      labels,
      cardinality,
      rules: placed.map((one) => ruleOf(build, graph, one)),
      readers: graph.readersOf(name),
      watchedBy: watchersOf(graph, name),
    },
  ];
}

function alertOf(build: Build, graph: Graph, name: string): readonly Explanation[] {
  const placed = graph.alerts.get(name) ?? [];
  const [first] = placed;
  if (first === undefined) return [];
  const { summary, description, ...annotations } = first.rule.annotations;
  return [
    {
      kind: 'alert',
      name,
      meaning: summary,
      description,
      why: first.rule.comment,
      annotations,
      tiers: placed.map((one) => ({
        ...ruleOf(build, graph, one),
        severity: one.rule.labels.severity,
        for: one.rule.for,
        keepFiringFor: one.rule.keepFiringFor,
        labels: one.rule.labels,
      })),
    },
  ];
}

const panelOf = (build: Build, graph: Graph, panel: NamedPanel): Explanation => ({
  kind: 'panel',
  name: panel.name,
  title: panel.placed.panel.title,
  dashboard: panel.dashboard.title,
  meaning: panel.placed.panel.description,
  queries: queriesOf(panel).map((expr, index) => ({
    expr: expr.text,
    legend: panel.placed.panel.targets[index]?.legend ?? '',
  })),
  reads: treeOf(build, graph, graph.readBy(queriesOf(panel)), new Set()),
});

const dashboardOf = ({ bundle }: Build, graph: Graph, uid: string): readonly Explanation[] =>
  bundle.dashboards
    .filter((dashboard) => dashboard.uid === uid)
    .map(({ title, description }) => ({
      kind: 'dashboard',
      name: uid,
      title,
      meaning: description,
      panels: [...graph.panels.values()]
        .filter(({ dashboard }) => dashboard.uid === uid)
        .map(({ name, placed }) => ({ name, title: placed.panel.title })),
    }));

function metricOf(build: Build, graph: Graph, name: string): readonly Explanation[] {
  if (!graph.metrics.has(name)) return [];
  const by = exporterOf(build.config, name);
  return [
    {
      kind: 'metric',
      name,
      ...(by !== undefined && { by }),
      readers: graph.readersOf(name),
      watchedBy: watchersOf(graph, name),
    },
  ];
}

/** Alerts and dashboards of domains that record nothing, with the reason. */
function ofDomainsThatAreOff({ config }: Build): readonly ExplainedAbsence[] {
  const readings = readingsOf(config);
  return DOMAINS.flatMap((domain) => {
    const reason = domain.bind(config, readings).enabled();
    if (reason === true) return [];
    return [...domain.alerts.map(({ alert }) => alert), ...domain.dashboards].map((name) => ({
      kind: 'left out' as const,
      name,
      reason,
    }));
  });
}

/** What the configuration does not have, each once. */
function absencesOf(build: Build, graph: Graph): readonly ExplainedAbsence[] {
  const skipped = build.bundle.skipped.flatMap((part): readonly ExplainedAbsence[] => {
    const name = partName(part);
    return name === undefined ? [] : [{ kind: 'left out', name, reason: part.reason }];
  });
  const built = new Set([...graph.alerts.keys(), ...build.bundle.dashboards.map(({ uid }) => uid)]);
  const all = [...skipped, ...ofDomainsThatAreOff(build)].filter(({ name }) => !built.has(name));
  return all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index);
}

/**
 * Explains names of a build: a record, an alert, a panel (`uid/key`), a dashboard, a metric, a setting (`cost.groupBy`) or the path of an
 * artifact.
 * @returns a function that gives one explanation for each thing of a name; without any, all names that there are.
 * @example explainer(build(config, catalogue, []), catalogue)('zone_pair:network_flows:rate5m').found
 */
export function explainer(
  build: Build,
  catalogue: Catalogue,
): (name: string) => { readonly found: readonly Explanation[]; readonly known: readonly string[] } {
  const graph = graphOf(build.bundle);
  const absent = absencesOf(build, graph);
  const names = (): readonly string[] => [
    ...graph.records.keys(),
    ...graph.alerts.keys(),
    ...graph.panels.keys(),
    ...build.bundle.dashboards.map(({ uid }) => uid),
    ...absent.map((part) => part.name),
    ...graph.metrics,
    ...settingNames(catalogue),
    ...build.artifacts.map(({ path }) => path),
  ];
  return (name) => {
    const panel = graph.panels.get(name);
    const found: readonly Explanation[] = [
      ...recordOf(build, graph, name),
      ...alertOf(build, graph, name),
      ...(panel === undefined ? [] : [panelOf(build, graph, panel)]),
      ...dashboardOf(build, graph, name),
      ...metricOf(build, graph, name),
      ...explainedSetting(build, catalogue, name),
      ...explainedArtifact(build, name),
      ...absent.filter((part) => part.name === name),
    ];
    return { found, known: found.length > 0 ? [] : names() };
  };
}
