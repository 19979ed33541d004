/** A metric that others export, by the versions in which it is the same. */
interface Metric {
  readonly metric: string;
  readonly type: 'counter' | 'gauge' | 'summary';
  /** Labels of its own that are read. */
  readonly labels: readonly string[];
  /** Who exports it. */
  readonly of: string;
  /** Versions whose code was read: it is the same in each, so in those between them. */
  readonly versions: string;
  readonly upstream: string;
}

const row = (
  metric: string,
  type: Metric['type'],
  labels: string,
  [of, versions, upstream]: readonly [of: string, versions: string, upstream: string],
): Metric => ({ metric, type, labels: labels === '' ? [] : labels.split(' '), of, versions, upstream });

const SCRAPES = ['Prometheus', '2.55.1', 'scrape/scrape.go'] as const;
const GROUPS = ['Prometheus', '2.55.1', 'github.com/prometheus/prometheus/rules, group.go'] as const;
const CORTEX = ['Cortex, Mimir', 'main', 'pkg/ruler/manager_metrics.go'] as const;
const VMALERT = ['vmalert', 'main', 'app/vmalert/rule/group.go'] as const;
const HUBBLE = (file: string) => ['Cilium, Retina', '1.16.0, 1.19.4', `cilium pkg/hubble/metrics/${file}`] as const;
const RETINA = (file: string) =>
  ['Retina, standard mode', 'v1.0.0, v1.2.0, v1.2.6', `pkg/module/metrics/${file}`] as const;

/**
 * All metrics that the rules and panels of the flow pipeline read, but for what rules record. Those of losses are read by rules of the traffic. The
 * adapters of the sources, the simulator and the guide are held against it.
 */
export const METRICS: readonly Metric[] = [
  row('up', 'gauge', 'job instance', SCRAPES),
  row('scrape_samples_scraped', 'gauge', 'job instance', SCRAPES),
  row('scrape_series_added', 'gauge', 'job instance', SCRAPES),
  row('kube_node_info', 'gauge', 'node os_image', ['kube-state-metrics', 'v2.20.0', 'internal/store/node.go']),
  row('prometheus_rule_evaluation_failures_total', 'counter', 'rule_group', GROUPS),
  row('prometheus_rule_group_iterations_missed_total', 'counter', 'rule_group', GROUPS),
  row('prometheus_rule_group_last_duration_seconds', 'gauge', 'rule_group', GROUPS),
  row('prometheus_rule_group_interval_seconds', 'gauge', 'rule_group', GROUPS),
  row('cortex_prometheus_rule_evaluation_failures_total', 'counter', 'user rule_group', CORTEX),
  row('cortex_prometheus_rule_group_iterations_missed_total', 'counter', 'user rule_group', CORTEX),
  row('cortex_prometheus_rule_group_last_duration_seconds', 'gauge', 'user rule_group', CORTEX),
  row('cortex_prometheus_rule_group_interval_seconds', 'gauge', 'user rule_group', CORTEX),
  row('vmalert_recording_rules_errors_total', 'counter', 'group file', VMALERT),
  row('vmalert_alerting_rules_errors_total', 'counter', 'group file', VMALERT),
  row('vmalert_iteration_missed_total', 'counter', 'group file', VMALERT),
  row('vmalert_iteration_duration_seconds_sum', 'summary', 'group file', VMALERT),
  row('vmalert_iteration_duration_seconds_count', 'summary', 'group file', VMALERT),
  row('vmalert_iteration_interval_seconds', 'gauge', 'group file', VMALERT),
  row('hubble_drop_total', 'counter', 'reason', HUBBLE('drop/handler.go')),
  row('hubble_tcp_flags_total', 'counter', 'flag', HUBBLE('tcp/handler.go')),
  row('networkobservability_adv_drop_count', 'gauge', 'reason', RETINA('drops.go')),
  row('networkobservability_adv_tcpflags_count', 'gauge', 'flag', RETINA('tcpflags.go')),
  row('networkobservability_adv_tcpretrans_count', 'gauge', '', RETINA('tcpretrans.go')),
  row('netobserv_agent_buffer_size', 'gauge', 'name', [
    "NetObserv's agent",
    '1.6.0, 1.7.0, 1.8.0, 1.12.0',
    'pkg/metrics/metrics.go, pkg/tracer/tracer.go',
  ]),
];
