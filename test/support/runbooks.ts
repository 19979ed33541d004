/** Metrics that runbooks and guides may ask beside our records, by who exports them. */
export const EXPORTED: ReadonlySet<string> = new Set([
  // Retina with Hubble metrics
  'hubble_flows_processed_total',
  'hubble_lost_events_total',
  'hubble_tcp_flags_total',
  'hubble_dns_queries_total',
  // kube-state-metrics
  'kube_node_info',
  'kube_node_labels',
  'kube_pod_info',
  // ethtool exporter
  'node_net_ethtool',
  // kubelet
  'container_cpu_usage_seconds_total',
  'container_cpu_cfs_periods_total',
  'container_cpu_cfs_throttled_periods_total',
  'container_network_receive_bytes_total',
  'container_network_transmit_bytes_total',
  'container_network_receive_packets_total',
  'container_network_transmit_packets_total',
  // node_exporter
  'node_netstat_Tcp_RetransSegs',
  // Cilium
  'cilium_bpf_map_pressure',
  'cilium_drop_count_total',
  'cilium_endpoint_regenerations_total',
  'cilium_k8s_client_api_latency_time_seconds_bucket',
  // CoreDNS
  'coredns_cache_hits_total',
  'coredns_cache_requests_total',
  'coredns_nodecache_setup_errors_total',
  'coredns_proxy_request_duration_seconds_count',
  // Prometheus
  'up',
  'prometheus_rule_evaluation_failures_total',
  'prometheus_rule_group_interval_seconds',
  'prometheus_rule_group_iterations_missed_total',
  'prometheus_rule_group_last_duration_seconds',
]);

const percent = (ratio: number): string => `${Number((ratio * 100).toPrecision(6))} %`;

/** In words, when an alert on the data itself fires, by its threshold. */
const CONDITIONS: Readonly<Record<string, (threshold: number, window: string) => string>> = {
  ConntrackAllowanceLow: (threshold) => `less than ${percent(threshold)} is available`,
  TrafficLost: (threshold) => `more than ${percent(threshold)} is lost`,
  TrafficUnattributed: (threshold) => `more than ${percent(threshold)} has no zone`,
  TrafficCountedTwice: (factor) =>
    `more than ${factor} times as much, or less than ${Number((1 / factor).toPrecision(4))} times it`,
  FlowSourceSilent: (threshold) => `more than ${threshold} nodes and no flow data`,
  IdentitySourceSilent: (threshold) => `more than ${threshold} endpoints and no pod at all`,
  FlowEventsLost: (threshold, window) => `more than ${threshold} events within ${window}`,
  RuleEvaluationFailing: (threshold) => `more than ${threshold} evaluations within 15m`,
  RuleGroupSlow: (threshold) => `more than ${percent(threshold)} of the interval`,
};

/** The condition of an alert's expression as its runbook must state it: by default, packets over an allowance. */
export function conditionOf(alert: string, expr: string, window: string): string {
  const [, threshold] = / [<>] ([0-9.]+)(?=,?\n|$)/.exec(expr) ?? [];
  const say = CONDITIONS[alert] ?? ((packets: number) => `more than ${packets} packets within ${window}`);
  return say(Number(threshold), window);
}
