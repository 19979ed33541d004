/** A metric of Cilium that rules, panels or scripts of Azimuth read. */
export interface CiliumMetric {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** Labels of its series, without those of the scrape target. */
  readonly labels: readonly string[];
  /** The program that exposes it. */
  readonly by: 'agent' | 'operator' | 'hubble' | 'envoy';
  /** The first and the last minor version that has it, of 1.16 to 1.19; the last is absent where it still is there. */
  readonly since: '1.16' | '1.17' | '1.18' | '1.19';
  readonly until?: '1.16' | '1.17' | '1.18';
  /** Whether it is off unless the value `prometheus.metrics` of the chart turns it on. */
  readonly isOff?: true;
  /** The file of cilium/cilium that defines it, as of 1.19.0 (1.16.0 for what is gone). */
  readonly source: string;
}

const AGENT = 'pkg/metrics/metrics.go';
const STATUS = 'pkg/metrics/status.go';
const FEATURES = 'pkg/metrics/features/metrics.go';
const IPAM = 'pkg/ipam/metrics/metrics.go';
const SLICES = 'operator/pkg/ciliumendpointslice/metrics.go';
const ENVOY = 'install/kubernetes/cilium/files/cilium-envoy/configmap/bootstrap-config.yaml';

type Kind = CiliumMetric['type'];
type More = Partial<Pick<CiliumMetric, 'since' | 'until' | 'isOff'>>;

const of =
  (by: CiliumMetric['by'], source: string) =>
  (type: Kind, labels: readonly string[] = [], more: More = {}): CiliumMetric => ({
    type,
    labels,
    by,
    since: '1.16',
    ...more,
    source,
  });

const agent = of('agent', AGENT);
const status = of('agent', STATUS);
const feature = (labels: readonly string[] = []): CiliumMetric =>
  of('agent', FEATURES)('gauge', labels, { since: '1.17' });
const ipam = of('operator', IPAM);
const slices = of('operator', SLICES);
const reconciler = of('agent', 'pkg/hive/reconciler_metrics.go');

/**
 * Every metric of Cilium that Azimuth reads, by its name: the only place that knows names, types, labels and versions. Rules and panels take names from
 * here, the synthetic cluster exposes these, and docs/compatibility.md lists them. Read at the tags v1.16.0, v1.17.0, v1.18.0 and v1.19.0; of a
 * histogram, the name without `_bucket`, `_sum` and `_count`.
 */
export const CILIUM_METRICS = {
  cilium_bpf_map_pressure: agent('gauge', ['map_name']),
  cilium_drop_count_total: of('agent', 'pkg/maps/metricsmap/metricsmap.go')('counter', ['reason', 'direction']),
  cilium_forward_count_total: of('agent', 'pkg/maps/metricsmap/metricsmap.go')('counter', ['direction']),
  cilium_datapath_conntrack_gc_entries: agent('gauge', ['family', 'protocol', 'status']),
  cilium_datapath_conntrack_gc_runs_total: agent('counter', ['family', 'protocol', 'status']),
  cilium_datapath_conntrack_gc_duration_seconds: agent('histogram', ['family', 'protocol', 'status']),
  cilium_datapath_signals_handled_total: agent('counter', ['signal', 'data', 'status']),
  cilium_process_start_time_seconds: of('agent', 'pkg/metrics/metrics.go')('gauge'),
  cilium_endpoint: of('agent', 'pkg/endpointmanager/manager.go')('gauge'),
  cilium_endpoint_regenerations_total: agent('counter', ['outcome']),
  cilium_endpoint_regeneration_time_stats_seconds: agent('histogram', ['scope', 'status']),
  cilium_identity: agent('gauge', ['type']),
  cilium_policy: agent('gauge'),
  cilium_policy_change_total: agent('counter', ['outcome']),
  cilium_controllers_failing: status('gauge'),
  cilium_unreachable_nodes: status('gauge'),
  cilium_unreachable_health_endpoints: status('gauge'),
  cilium_ip_addresses: status('gauge', ['family']),
  cilium_ipam_capacity: agent('gauge', ['family']),
  cilium_api_limiter_wait_duration_seconds: agent('gauge', ['api_call', 'value']),
  cilium_api_limiter_processed_requests_total: agent('counter', ['api_call', 'outcome', 'return_code']),
  cilium_k8s_client_api_latency_time_seconds: agent('histogram', ['path', 'method']),
  // Without labels since 1.19.
  cilium_k8s_client_rate_limiter_duration_seconds: agent('histogram', ['path', 'method']),
  cilium_kvstore_operations_duration_seconds: agent('histogram', ['scope', 'kind', 'action', 'outcome']),
  cilium_hive_status: of('agent', 'pkg/hive/health/metrics.go')('gauge', ['status']),
  cilium_hive_degraded_status: of('agent', 'pkg/hive/health/metrics.go')('gauge', ['module'], {
    since: '1.17',
    isOff: true,
  }),
  cilium_reconciler_errors_current: reconciler('gauge', ['module_id'], { since: '1.17', isOff: true }),
  cilium_reconciler_incremental_errors_current: reconciler('gauge', ['module_id'], { until: '1.16', isOff: true }),
  cilium_ipsec_xfrm_error: of('agent', 'pkg/datapath/linux/ipsec/xfrm_collector.go')('gauge', ['type', 'error']),
  cilium_feature_controlplane_ipam: feature(['mode']),
  cilium_feature_controlplane_cilium_endpoint_slices_enabled: feature(),
  cilium_feature_datapath_network: feature(['mode']),
  cilium_feature_datapath_config: feature(['mode']),
  cilium_feature_adv_connect_and_lb_kube_proxy_replacement_enabled: feature(),
  cilium_feature_adv_connect_and_lb_bandwidth_manager_enabled: feature(),
  cilium_feature_adv_connect_and_lb_big_tcp_enabled: feature(['address_family']),
  cilium_feature_adv_connect_and_lb_transparent_encryption: feature([
    'mode',
    'node2node_enabled',
    'strict_mode_enabled',
  ]),
  cilium_operator_ipam_available_ips: ipam('gauge', ['target_node']),
  cilium_operator_ipam_used_ips: ipam('gauge', ['target_node']),
  cilium_operator_ipam_needed_ips: ipam('gauge', ['target_node']),
  cilium_operator_ipam_available_ips_per_subnet: ipam('gauge', ['subnet_id', 'availability_zone']),
  cilium_operator_number_of_ceps_per_ces: slices('histogram'),
  // With failure_type since 1.19.
  cilium_operator_ces_sync_total: slices('counter', ['outcome']),
  // With queue since 1.17.
  cilium_operator_ces_queueing_delay_seconds: slices('histogram'),
  hubble_lost_events_total: of('hubble', 'pkg/hubble/metrics/metrics.go')('counter', ['source']),
  envoy_cluster_upstream_rq_xx: of('envoy', ENVOY)('counter', ['envoy_cluster_name', 'envoy_response_code_class']),
  envoy_cluster_upstream_cx_connect_fail: of('envoy', ENVOY)('counter', ['envoy_cluster_name']),
} as const satisfies Readonly<Record<string, CiliumMetric>>;

/** The name of a metric of Cilium. */
export type CiliumMetricName = keyof typeof CILIUM_METRICS;

/** Metrics that must be turned on, as the chart's value `prometheus.metrics` spells them. Agents ignore names that their version lacks. */
export const TURNED_ON: readonly string[] = Object.entries(
  CILIUM_METRICS as Readonly<Record<string, CiliumMetric>>,
).flatMap(([name, { isOff }]) => (isOff === true ? [`+${name}`] : []));
