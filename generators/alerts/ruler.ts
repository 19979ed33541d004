import { clusterLabels } from '../config/cluster.ts';
import type { Config } from '../config/schema.ts';
import { labels, matches, promql, selector, type Query } from '../promql/index.ts';
import type { AlertSpec } from './spec.ts';
import { ON_DASHBOARD, withoutFlows } from './units.ts';

const warning = (threshold: number, pending: string) =>
  ({ severity: 'warning', threshold, for: pending, keepFiringFor: '0s' }) as const;

/** Prometheus names a group by its file and its name. */
const OUR_GROUPS = { rule_group: matches('.*;(azimuth-.*|inter_az_traffic_analysis[.]rules)') };

const ruler = (metric: string): Query => selector(metric, OUR_GROUPS);

/** Every cluster's Prometheus may call itself localhost:9090. */
const perGroup = (config: Config) => labels(...clusterLabels(config), 'instance', 'rule_group');

/** "Prometheus 10.0.1.2:9090 of cluster production" as a template. */
const onPrometheus = ({ cluster }: Config): string =>
  `Prometheus {{ $labels.instance }}${cluster.label === null ? '' : `{{ with $labels.${cluster.label} }} of cluster {{ . }}{{ end }}`}`;

/** Alerts on the evaluation of the rules themselves. */
export const rulerAlerts: readonly AlertSpec[] = [
  {
    alert: 'RuleEvaluationFailing',
    ratio: false,
    sustained: false,
    tier: { ...warning(0, '0s'), keepFiringFor: '15m' },
    summary: 'A rule of Azimuth fails, and what it records stands still.',
    description: (config) =>
      `${onPrometheus(config)}: {{ $value | humanize }} evaluations of group {{ $labels.rule_group }} failed in the last 15 minutes. ` +
      'A failing rule keeps its last value for minutes: do not ' +
      'trust figures of this group. First: the page Rules of Prometheus shows the error.',
    expr: (config, threshold) => promql`
      sum by (${perGroup(config)}) (increase(${ruler('prometheus_rule_evaluation_failures_total')}[15m])) > ${threshold}`,
    without: withoutFlows,
    comment: 'Dashboards do not show that a rule fails: the recorded series keeps its last value until it goes stale.',
    dashboard: ON_DASHBOARD,
  },
  {
    alert: 'RuleGroupSlow',
    ratio: false,
    sustained: false,
    tier: warning(0.8, '15m'),
    summary: 'A rule group of Azimuth takes almost as long as its interval.',
    description: (config) =>
      `${onPrometheus(config)}: group {{ $labels.rule_group }} takes {{ $value | humanizePercentage }} of its interval. ` +
      'Above 100 % evaluations are skipped. ' +
      'First: lower flows.granularity, lengthen rules.interval, or switch off rules.compatibilityRecords.',
    expr: (config, threshold) => promql`
      max by (${perGroup(config)}) (
        ${ruler('prometheus_rule_group_last_duration_seconds')} / ${ruler('prometheus_rule_group_interval_seconds')}
      ) > ${threshold}`,
    without: withoutFlows,
    comment: 'Skipped evaluations leave holes in every record of the group.',
    dashboard: ON_DASHBOARD,
  },
];
