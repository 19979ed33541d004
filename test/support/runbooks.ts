/** Metrics that runbooks and guides may ask beside our records, by who exports them. */
export const EXPORTED: ReadonlySet<string> = new Set([
  // Retina with Hubble metrics
  'hubble_flows_processed_total',
  'hubble_lost_events_total',
  'controlplane_networkobservability_lost_events_counter',
  'controlplane_networkobservability_parsed_packets_counter',
  'hubble_tcp_flags_total',
  'hubble_dns_queries_total',
  // OpenTelemetry eBPF Instrumentation
  'obi_network_flow_bytes_total',
  'obi_bpf_network_ignored_packets_total',
  'obi_bpf_network_packets_total',
  // NetObserv's agent
  'netobserv_agent_dropped_flows_total',
  'netobserv_agent_evicted_flows_total',
  // kube-state-metrics
  'kube_node_info',
  'kube_node_labels',
  'kube_pod_created',
  'kube_pod_info',
  // CloudWatch agent
  'ethtool_pps_allowance_exceeded',
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
  'cilium_endpoint',
  'cilium_operator_ipam_available_ips_per_subnet',
  'cilium_operator_ipam_needed_ips',
  // CoreDNS
  'coredns_cache_hits_total',
  'coredns_cache_requests_total',
  'coredns_nodecache_setup_errors_total',
  'coredns_proxy_request_duration_seconds_count',
  // Prometheus
  'up',
  'process_start_time_seconds',
  'prometheus_rule_evaluation_failures_total',
  'prometheus_rule_group_interval_seconds',
  'prometheus_rule_group_iterations_missed_total',
  'prometheus_rule_group_last_duration_seconds',
]);

/** When an alert fires: its thresholds in their order, such as "more than 0.1", and the time over which it counts. */
interface Condition {
  readonly limits: readonly string[];
  readonly within: string | undefined;
}

/** The condition that a runbook states, such as "more than 10 % of b": a threshold is a number or in percent, and comes first. */
export const statedCondition = (words: string): Condition => ({
  limits: Array.from(
    words.matchAll(/(?:^|, or )(less|more) than ([\d.]+)( %)?(?= |$)/g),
    ([, than, limit, percent]) => {
      const ratio = percent === undefined ? limit : Number((Number(limit) / 100).toPrecision(6));
      return `${than} than ${ratio}`;
    },
  ),
  within: / within (\w+)$/.exec(words)?.[1],
});

/** The condition of an alert's expression. A comparison with 0 in parentheses only prevents a division by it. */
export const conditionOf = (expr: string, window: string): Condition => ({
  limits: Array.from(
    expr.matchAll(/ ([<>]) (?!0\))([\d.]+)(?=[,)]*(?:\n|$))/g),
    ([, comparison, limit]) => `${comparison === '<' ? 'less' : 'more'} than ${limit}`,
  ),
  within: / \* \d+ [<>] /.test(expr) ? window : /\bincrease\(.*?\[(\d\w*)\]/.exec(expr)?.[1],
});
