import type { AlertingRule, Severity } from '../model/rules.ts';
import {
  conditionsOn,
  duration,
  labels,
  longer,
  type Matchers,
  not,
  promql,
  type Query,
  seconds,
  selector,
} from '../promql/index.ts';
import { type CLUSTER, clusterLabels, type RULES } from '../settings/general.ts';
import type { GRAFANA } from '../settings/grafana.ts';
import type { ALERTS, DASHBOARDS } from '../settings/overrides.ts';
import type { Slice } from '../settings/section.ts';

/** Sections that every alert reads, for its overrides, links and labels. */
type AlertConfig = Slice<{
  cluster: typeof CLUSTER;
  rules: typeof RULES;
  grafana: typeof GRAFANA;
  alerts: typeof ALERTS;
  dashboards: typeof DASHBOARDS;
}>;

/** Labels that any alert may have: its own, and those of the scrape target. */
export const ALERT_LABELS: readonly string[] = ['alertname', 'alertstate', 'severity', 'instance', 'job'];

/** One tier of an alert: its severity, and when it fires. */
export interface Tier {
  readonly severity: Severity;
  /** In the unit of the alert: packets per window, or a ratio. */
  readonly threshold: number;
  readonly for: string;
  readonly keepFiringFor: string;
}

/** An alert as its domain defines it, independent of a configuration. */
export interface AlertSpec<C> {
  readonly alert: string;
  /** Whether the threshold is a ratio between 0 and 1. */
  readonly ratio: boolean;
  /** Whether a single burst must not fire: `for` is then at least two windows, as a burst of a window's length is seen that long. */
  readonly sustained: boolean;
  readonly tier: Tier;
  /** A second tier under the same name; its severity is always critical. */
  readonly escalation?: Tier & { readonly severity: 'critical' };
  /** The problem, in one static sentence. */
  readonly summary: string;
  /** The problem, its place and size, and the first step; a Prometheus template. */
  readonly description: (config: C) => string;
  /** The condition; one series for each problem. */
  readonly expr: (config: C, threshold: number) => Query;
  /** Why a configuration cannot have the alert; undefined if it can. */
  readonly without?: (config: C) => string | undefined;
  /** The reason for the condition and the tiers. */
  readonly comment: string;
  /** Uid of the dashboard to open first, and the labels that become its variables. */
  readonly dashboard: { readonly uid: string; readonly variables: readonly string[] };
}

/** The tier with its overrides; the rest keeps its default. */
const changed = (tier: Tier, { threshold, for: pending, keepFiringFor, severity }: Partial<Tier>): Tier => ({
  severity: severity ?? tier.severity,
  threshold: threshold ?? tier.threshold,
  for: pending ?? tier.for,
  keepFiringFor: keepFiringFor ?? tier.keepFiringFor,
});

/** The tiers of an alert with the overrides of the configuration; none if it is switched off. */
function tiersOf<C extends AlertConfig>(config: C, spec: AlertSpec<C>): readonly Tier[] {
  const change = config.alerts[spec.alert] ?? {};
  if (change === false || spec.without?.(config) !== undefined) return [];
  const defaults = (tier: Tier): Tier =>
    spec.sustained ? { ...tier, for: longer(tier.for, `${2 * seconds(config.rules.window)}s`) } : tier;
  const first = changed(defaults(spec.tier), change);
  if (spec.escalation === undefined || change.escalation === false) return [first];
  return [first, changed(defaults(spec.escalation), change.escalation ?? {})];
}

/** The annotation with the link to the dashboard; none if the dashboard is switched off. */
function dashboardLink<C extends AlertConfig>(config: C, { dashboard }: AlertSpec<C>): Record<string, string> {
  const { grafana, dashboards } = config;
  if (dashboards[dashboard.uid] === false) return {};
  const variables = [...clusterLabels(config), ...dashboard.variables];
  const query = variables.map((label) => `{{ with $labels.${label} }}&var-${label}={{ . | urlquery }}{{ end }}`);
  const url = `${grafana.url.replace(/\/$/, '')}/d/${dashboard.uid}?from=now-3h&to=now${query.join('')}`;
  return { dashboard_url: url };
}

/** Labels and annotations that the configuration gives the alert. */
function ownTexts<C extends AlertConfig>(config: C, { alert }: AlertSpec<C>) {
  const change = config.alerts[alert];
  return change === undefined || change === false ? {} : change;
}

/** The alerting rules of several alerts: one for each tier, with the links to runbook and dashboard. */
export const alertsFor = <C extends AlertConfig>(config: C, specs: readonly AlertSpec<C>[]): readonly AlertingRule[] =>
  specs.flatMap((spec) =>
    tiersOf(config, spec).map((tier) => ({
      alert: spec.alert,
      expr: spec.expr(config, tier.threshold),
      for: tier.for,
      keepFiringFor: config.rules.keepFiringFor ? tier.keepFiringFor : '0s',
      labels: { ...config.rules.labels, ...ownTexts(config, spec).labels, severity: tier.severity },
      annotations: {
        summary: spec.summary,
        description: spec.description(config),
        runbook_url: `${config.rules.runbookBaseUrl.replace(/\/$/, '')}/${spec.alert}.md`,
        ...dashboardLink(config, spec),
        ...ownTexts(config, spec).annotations,
      },
      comment: spec.comment,
    })),
  );

/** "Node ip-10-0-1-2 of cluster production" as a Prometheus template, with the instance if there is no node label. */
export function onNode(clusterLabel: string | null): string {
  const node = 'Node {{ with $labels.node }}{{ . }}{{ else }}{{ $labels.instance }}{{ end }}';
  return clusterLabel === null ? node : `${node}{{ with $labels.${clusterLabel} }} of cluster {{ . }}{{ end }}`;
}

/** "Cluster production: " as a Prometheus template; empty without a cluster label. */
export const ofCluster = (clusterLabel: string | null): string =>
  clusterLabel === null ? '' : `{{ with $labels.${clusterLabel} }}Cluster {{ . }}: {{ end }}`;

/**
 * Matchers of series that have the cluster label. Alerts that expect something wherever kube-state-metrics reports a cluster read only
 * these: a store may hold series of others. Series without the label raise ClusterLabelMissing, once.
 */
export const ofAnyCluster = ({ cluster }: Slice<{ cluster: typeof CLUSTER }>): Matchers =>
  cluster.label === null ? {} : { [cluster.label]: not('') };

/**
 * The number of nodes in each cluster that has the cluster label; `where` adds matchers. Nodes are remembered for one window, like a rate,
 * so that a restart of kube-state-metrics does not reset the `for` of an alert.
 */
export function nodesByCluster(
  config: Slice<{ cluster: typeof CLUSTER; rules: typeof RULES }>,
  where: Matchers = {},
): Query {
  const cluster = clusterLabels(config);
  const any = Object.entries(ofAnyCluster(config)).map(([label, condition]) => [
    label,
    [...conditionsOn(where[label]), ...conditionsOn(condition)],
  ]);
  const nodes = selector('kube_node_info', { ...where, ...Object.fromEntries(any) });
  return promql`
    count by (${labels(...cluster)}) (
      count by (${labels(...cluster, 'node')}) (
        last_over_time(${nodes}[${duration(config.rules.window)}])
      )
    )`;
}
