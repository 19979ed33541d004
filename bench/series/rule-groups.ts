import type { MetricFamily } from '../model.ts';
import { constant, family, growing } from './family.ts';

/** How the evaluations of a group go. */
export interface GroupState {
  /** Evaluations that fail, per second. */
  readonly failures?: number;
  /** Evaluations that are skipped, per second. */
  readonly missed?: number;
  /** Seconds of the last evaluation. */
  readonly seconds?: number;
}

export const RULE_GROUPS: readonly string[] = [
  'azimuth-identity',
  'azimuth-network-flows',
  'azimuth-ena-allowances',
  'azimuth-dns-servers',
  'azimuth-flow-agents',
];
const INTERVAL = 60;
const USUAL_SECONDS = 0.4;

/** What Prometheus exposes about its groups of rules; upstream: prometheus/prometheus, rules/manager.go. */
export function ruleGroupFamilies(states: Readonly<Record<string, GroupState>> = {}): MetricFamily[] {
  const groups = RULE_GROUPS.map((name) => ({
    labels: { rule_group: `/etc/prometheus/rules/azimuth.yaml;${name}` },
    ...states[name],
  }));
  return [
    family(
      'prometheus_rule_evaluation_failures_total',
      'counter',
      'The total number of rule evaluation failures.',
      groups.map(({ labels, failures = 0 }) => growing(labels, failures)),
    ),
    family(
      'prometheus_rule_group_iterations_missed_total',
      'counter',
      'The total number of rule group evaluations missed due to slow rule group evaluation.',
      groups.map(({ labels, missed = 0 }) => growing(labels, missed)),
    ),
    family(
      'prometheus_rule_group_last_duration_seconds',
      'gauge',
      'The duration of the last rule group evaluation.',
      groups.map(({ labels, seconds = USUAL_SECONDS }) => constant(labels, seconds)),
    ),
    family(
      'prometheus_rule_group_interval_seconds',
      'gauge',
      'The interval of a rule group.',
      groups.map(({ labels }) => constant(labels, INTERVAL)),
    ),
  ];
}
