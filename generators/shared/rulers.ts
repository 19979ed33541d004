import { duration, either, labels, matches, promql, type Query, selector } from '../promql/index.ts';
import { clusterLabels, type CLUSTER, type RULES } from '../settings/general.ts';
import type { Slice } from '../settings/section.ts';

/** An engine that evaluates the rules, and its own metrics about that. */
interface Ruler {
  /** Its name in front of the instance, as texts show it. */
  readonly name: string;
  /** Labels that tell its groups apart, besides cluster and instance. */
  readonly labels: readonly string[];
  /** The group, as a Prometheus template. */
  readonly group: string;
  /** Where the error of a rule is shown, after "find the error". */
  readonly errors: string;
  /** Failed evaluations of Azimuth's groups within a range, by rule or by group. */
  readonly failures: (range: string) => Query;
  /** How long a group takes, relative to its interval. */
  readonly load: Query;
  /** Evaluations of Azimuth's groups that were skipped within a range, as the one before was not done. */
  readonly missed: (range: string) => Query;
}

/** Name of a group of ours, as a regular expression. */
const OURS = 'azimuth-.*|inter_az_traffic_analysis[.]rules';

/** Metrics of Prometheus' rule manager, which all but vmalert embed. It names a group `<file>;<group>`. Upstream: rules/group.go. */
function manager(prefix: string): Pick<Ruler, 'failures' | 'load' | 'missed'> {
  const metric = (name: string) => selector(`${prefix}_${name}`, { rule_group: matches(`.*;(${OURS})`) });
  return {
    failures: (range) => promql`increase(${metric('rule_evaluation_failures_total')}[${duration(range)}])`,
    load: promql`${metric('rule_group_last_duration_seconds')} / ${metric('rule_group_interval_seconds')}`,
    missed: (range) => promql`increase(${metric('rule_group_iterations_missed_total')}[${duration(range)}])`,
  };
}

const FILE_AND_GROUP = { labels: ['rule_group'], group: '{{ $labels.rule_group }}' };

/** Cortex and Mimir keep one rule manager for each tenant and add the tenant as `user`. Upstream: pkg/ruler/manager_metrics.go of both. */
const TENANTS = { ...FILE_AND_GROUP, labels: ['user', 'rule_group'], ...manager('cortex_prometheus') };

const VMALERT_GROUPS = { group: matches(OURS) };
const vmalertRate = (metric: string) => promql`rate(${selector(metric, VMALERT_GROUPS)}[15m])`;

/**
 * vmalert counts errors by rule, and the time that a group takes in a summary without a last value: the mean of 15 minutes replaces it.
 * Upstream: app/vmalert/rule/group.go, recording.go, alerting.go.
 */
const VMALERT: Ruler = {
  name: 'vmalert',
  labels: ['group', 'file'],
  group: '{{ $labels.group }} ({{ $labels.file }})',
  errors: 'on the Groups page of vmalert',
  failures: (range) =>
    either(
      ...['recording', 'alerting'].map(
        (kind) =>
          promql`increase(${selector(`vmalert_${kind}_rules_errors_total`, VMALERT_GROUPS)}[${duration(range)}])`,
      ),
    ),
  load: promql`
    ${vmalertRate('vmalert_iteration_duration_seconds_sum')} / ${vmalertRate('vmalert_iteration_duration_seconds_count')}
    / ${selector('vmalert_iteration_interval_seconds', VMALERT_GROUPS)}`,
  missed: (range) =>
    promql`increase(${selector('vmalert_iteration_missed_total', VMALERT_GROUPS)}[${duration(range)}])`,
};

type RulesConfig = Slice<{ cluster: typeof CLUSTER; rules: typeof RULES }>;
type RulerId = RulesConfig['rules']['ruler'];

const API = 'under lastError in its API, /prometheus/api/v1/rules';

/**
 * All rulers of `rules.ruler` with metrics. Amazon Managed Service for Prometheus keeps none in the workspace. Upstream: AMP user guide,
 * "Troubleshoot rule evaluations".
 */
const RULERS: Readonly<Record<Exclude<RulerId, 'amp'>, Ruler>> = {
  prometheus: {
    ...FILE_AND_GROUP,
    ...manager('prometheus'),
    name: 'Prometheus',
    errors: 'on the Rules page of Prometheus',
  },
  // It adds a label `strategy`, and each group has one. Upstream: pkg/rules/manager.go.
  thanos: {
    ...FILE_AND_GROUP,
    ...manager('prometheus'),
    name: 'Thanos Ruler',
    errors: 'on the Rules page of Thanos Ruler',
  },
  cortex: { ...TENANTS, name: 'The Cortex ruler', errors: API },
  mimir: { ...TENANTS, name: 'The Mimir ruler', errors: API },
  vmalert: VMALERT,
};

/** Labels that tell groups of the chosen ruler apart in alerts; none if there are no alerts on it. */
export const rulerLabels = ({ ruler }: Pick<RulesConfig['rules'], 'ruler'>): readonly string[] =>
  ruler === 'amp' ? [] : RULERS[ruler].labels;

/** The same of all rulers: the cluster label must not be one of them. */
export const RULER_LABELS: readonly string[] = [...new Set(Object.values(RULERS).flatMap((ruler) => ruler.labels))];

/** Why there are no alerts on the ruler; undefined if there are. */
export const noRulerMetrics = ({ rules }: Pick<RulesConfig, 'rules'>): string | undefined =>
  rules.ruler === 'amp' ? 'rules.ruler is amp, which has no metrics that a rule can read' : undefined;

/** The chosen ruler. @throws TypeError for amp, which has no metrics. */
export function rulerOf({ rules: { ruler } }: Pick<RulesConfig, 'rules'>): Ruler {
  if (ruler === 'amp') throw new TypeError('amp has no metrics of rules');
  return RULERS[ruler];
}

/**
 * The labels of one group of one instance. The instance alone is not unique: the Prometheus of every cluster may call itself
 * localhost:9090.
 */
export const perGroup = (config: RulesConfig) =>
  labels(...clusterLabels(config), 'instance', ...rulerOf(config).labels);

/** "Prometheus 10.0.1.2:9090 of cluster production" as a template. */
export const onRuler = (config: RulesConfig): string => {
  const { label } = config.cluster;
  const cluster = label === null ? '' : `{{ with $labels.${label} }} of cluster {{ . }}{{ end }}`;
  return `${rulerOf(config).name} {{ $labels.instance }}${cluster}`;
};
