import type { AlertingRule, Severity } from '../model/rules.ts';
import { longer, type Query } from '../promql/index.ts';
import { type CLUSTER, clusterLabels, type RULES } from '../settings/general.ts';
import type { GRAFANA } from '../settings/grafana.ts';
import type { ALERTS, DASHBOARDS } from '../settings/overrides.ts';
import type { Slice } from '../settings/section.ts';

/** The sections that every alert reads: its changes, and what its links and labels are made of. */
export type AlertConfig = Slice<{
  cluster: typeof CLUSTER;
  rules: typeof RULES;
  grafana: typeof GRAFANA;
  alerts: typeof ALERTS;
  dashboards: typeof DASHBOARDS;
}>;

/** Labels of alerts, whatever they are about: their own, and those of the target that they are about. */
export const ALERT_LABELS: readonly string[] = ['alertname', 'alertstate', 'severity', 'instance', 'job'];

/** When a tier of an alert fires. */
export interface Tier {
  readonly severity: Severity;
  /** In the unit of the alert: packets per window, or a ratio. */
  readonly threshold: number;
  readonly for: string;
  readonly keepFiringFor: string;
}

/** An alert as its domain defines it: independent of any configuration, every text written once. */
export interface AlertSpec<C> {
  readonly alert: string;
  /** Whether the threshold is a ratio between 0 and 1. */
  readonly ratio: boolean;
  /** Whether one burst must not fire: then `for` is at least the window, which the burst stays in. */
  readonly sustained: boolean;
  readonly tier: Tier;
  /** A second tier under the same name; its severity is always critical. */
  readonly escalation?: Tier & { readonly severity: 'critical' };
  /** A static sentence: what is wrong. */
  readonly summary: string;
  /** What is happening, where, how much, and what to do first; a Prometheus template. */
  readonly description: (config: C) => string;
  /** The condition; a series for each thing that is wrong. */
  readonly expr: (config: C, threshold: number) => Query;
  /** Why the alert cannot be had under a configuration; undefined where it can. */
  readonly without?: (config: C) => string | undefined;
  /** Why the condition and the tiers are as they are. */
  readonly comment: string;
  /** Uid of the dashboard to open first, and the labels that become its variables. */
  readonly dashboard: { readonly uid: string; readonly variables: readonly string[] };
}

/** The tier with the parts that are given; parts that are absent keep their default. */
const changed = (tier: Tier, { threshold, for: pending, keepFiringFor, severity }: Partial<Tier>): Tier => ({
  severity: severity ?? tier.severity,
  threshold: threshold ?? tier.threshold,
  for: pending ?? tier.for,
  keepFiringFor: keepFiringFor ?? tier.keepFiringFor,
});

/** The tiers of an alert after the configuration's changes; empty when it is switched off. */
function tiersOf<C extends AlertConfig>(config: C, spec: AlertSpec<C>): readonly Tier[] {
  const change = config.alerts[spec.alert] ?? {};
  if (change === false || spec.without?.(config) !== undefined) return [];
  const defaults = (tier: Tier): Tier =>
    spec.sustained ? { ...tier, for: longer(tier.for, config.rules.window) } : tier;
  const first = changed(defaults(spec.tier), change);
  if (spec.escalation === undefined || change.escalation === false) return [first];
  return [first, changed(defaults(spec.escalation), change.escalation ?? {})];
}

/** The annotation with a link to the dashboard; none where the dashboard is switched off. */
function dashboardLink<C extends AlertConfig>(config: C, { dashboard }: AlertSpec<C>): Record<string, string> {
  const { grafana, dashboards } = config;
  if (dashboards[dashboard.uid] === false) return {};
  const labels = [...clusterLabels(config), ...dashboard.variables];
  const query = labels.map((label) => `{{ with $labels.${label} }}&var-${label}={{ . | urlquery }}{{ end }}`);
  const url = `${grafana.url.replace(/\/$/, '')}/d/${dashboard.uid}?from=now-3h&to=now${query.join('')}`;
  return { dashboard_url: url };
}

/** The alerting rules of several alerts: a rule for each tier, with the links that every alert carries. */
export const alertsFor = <C extends AlertConfig>(config: C, specs: readonly AlertSpec<C>[]): readonly AlertingRule[] =>
  specs.flatMap((spec) =>
    tiersOf(config, spec).map((tier) => ({
      alert: spec.alert,
      expr: spec.expr(config, tier.threshold),
      for: tier.for,
      keepFiringFor: tier.keepFiringFor,
      labels: { ...config.rules.labels, severity: tier.severity },
      annotations: {
        summary: spec.summary,
        description: spec.description(config),
        runbook_url: `${config.rules.runbookBaseUrl.replace(/\/$/, '')}/${spec.alert}.md`,
        ...dashboardLink(config, spec),
      },
      comment: spec.comment,
    })),
  );

/** "Node ip-10-0-1-2 of cluster production" as a Prometheus template; the instance stands in where no node is known. */
export function onNode(clusterLabel: string | null): string {
  const node = 'Node {{ with $labels.node }}{{ . }}{{ else }}{{ $labels.instance }}{{ end }}';
  return clusterLabel === null ? node : `${node}{{ with $labels.${clusterLabel} }} of cluster {{ . }}{{ end }}`;
}

/** "Cluster production: " as a Prometheus template; nothing where there is no cluster label. */
export const ofCluster = (clusterLabel: string | null): string =>
  clusterLabel === null ? '' : `{{ with $labels.${clusterLabel} }}Cluster {{ . }}: {{ end }}`;
