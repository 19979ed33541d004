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

/**
 * Why the words of a runbook are not the condition of an alert's expression: they begin with the threshold, as a number or in percent, and
 * name no other time than one of the expression. Undefined where they are.
 */
export function wrongCondition(words: string, expr: string, window: string): string | undefined {
  const [, comparison = '', threshold = ''] = / ([<>]) ([0-9.]+)(?=,?\n|$)/.exec(expr) ?? [];
  const percent = `${Number((Number(threshold) * 100).toPrecision(6))} %`;
  const first = comparison === '<' ? 'less than' : 'more than';
  if (![threshold, percent].some((limit) => `${words} `.startsWith(`${first} ${limit} `))) {
    return `expected "${first} ${threshold}" or "${first} ${percent}" first`;
  }
  const [, time] = / within (\w+)/.exec(words) ?? [];
  return time === undefined || time === window || expr.includes(`[${time}]`)
    ? undefined
    : `${time} is not in the expression`;
}
