import type { Cilium, CiliumAgent, CiliumFeatures } from '../model/cilium.ts';
import type { Cluster, Labels, MetricFamily, Node } from '../model.ts';
import { constant, family, growing, type Sample } from './family.ts';
import { classicHistogram, DEFAULT_BUCKETS } from './histogram.ts';

const V4 = { family: 'ipv4' };

/** A sample for each entry of a record. */
const each = <T>(values: Readonly<Record<string, T>>, of: (key: string, value: T) => Sample): readonly Sample[] =>
  Object.entries(values).map(([key, value]) => of(key, value));

/** The agent of a node. @throws TypeError without Cilium. */
export function agentOf({ cilium, nodes }: Cluster, node: Node): CiliumAgent {
  if (cilium === undefined) throw new TypeError('the cluster has no Cilium');
  return cilium.agent(node, nodes.indexOf(node));
}

/**
 * What an agent exposes at port 9962, of that what rules and panels read. Upstream: cilium/cilium, pkg/metrics, Documentation/observability/metrics.rst.
 */
export function agentFamilies(cluster: Cluster, node: Node): MetricFamily[] {
  const agent = agentOf(cluster, node);
  const { version, features } = cluster.cilium as Cilium;
  return [
    family('cilium_process_start_time_seconds', 'gauge', 'Start time of the process since unix epoch in seconds.', [
      constant({}, agent.startedAt),
    ]),
    ...datapathFamilies(agent),
    ...workFamilies(agent, version),
    ...requestFamilies(agent),
    ...(version === '1.16' ? [] : featureFamilies(features, cluster.cilium?.operator.slices !== null)),
  ];
}

function datapathFamilies({
  maps,
  drops,
  forwards,
  connections,
  signals,
  unreachable,
  addresses,
  ...agent
}: CiliumAgent) {
  const collected = [
    { ...V4, protocol: 'TCP' },
    { ...V4, protocol: 'non-TCP' },
  ] as const;
  return [
    family(
      'cilium_bpf_map_pressure',
      'gauge',
      'Fill percentage of map, tagged by map name',
      each(maps, (map_name, share) => constant({ map_name }, share)),
    ),
    family(
      'cilium_drop_count_total',
      'counter',
      'Total dropped packets, tagged by drop reason and ingress/egress direction',
      each(drops, (reason, rate) => growing({ reason, direction: 'INGRESS' }, rate)),
    ),
    family('cilium_forward_count_total', 'counter', 'Total forwarded packets, tagged by ingress/egress direction', [
      growing({ direction: 'INGRESS' }, forwards.ingress),
      growing({ direction: 'EGRESS' }, forwards.egress),
    ]),
    family(
      'cilium_datapath_conntrack_gc_entries',
      'gauge',
      'The number of alive and deleted conntrack entries at the end of a garbage collector run labeled by datapath family.',
      collected.flatMap((labels, index) => [
        constant({ ...labels, status: 'alive' }, index === 0 ? connections.tcp : connections.other),
        constant({ ...labels, status: 'deleted' }, 120),
      ]),
    ),
    family(
      'cilium_datapath_conntrack_gc_runs_total',
      'counter',
      'Number of times that the conntrack garbage collector process was run labeled by completion status',
      collected.map((labels) => growing({ ...labels, status: 'completed' }, connections.gcRate)),
    ),
    classicHistogram(
      'cilium_datapath_conntrack_gc_duration_seconds',
      'Duration in seconds of the garbage collector process labeled by datapath family and completion status',
      DEFAULT_BUCKETS,
      collected.map((labels) => ({
        labels: { ...labels, status: 'completed' },
        rate: connections.gcRate,
        mean: connections.gcSeconds,
      })),
    ),
    family(
      'cilium_datapath_signals_handled_total',
      'counter',
      'Number of times that the datapath signal handler process was run labeled by signal type, data and completion status',
      each(signals, (signal, rate) => growing({ signal, data: 'ipv4', status: 'handled' }, rate)),
    ),
    family('cilium_unreachable_nodes', 'gauge', 'Number of nodes that cannot be reached', [
      constant({}, unreachable.nodes),
    ]),
    family('cilium_unreachable_health_endpoints', 'gauge', 'Number of health endpoints that cannot be reached', [
      constant({}, unreachable.endpoints),
    ]),
    family('cilium_ip_addresses', 'gauge', 'Number of allocated IP addresses', [constant(V4, addresses.used)]),
    family('cilium_ipam_capacity', 'gauge', 'Total number of IPs in the IPAM pool', [constant(V4, addresses.capacity)]),
    ...(agent.ipsecErrors === null
      ? []
      : [
          family('cilium_ipsec_xfrm_error', 'gauge', 'Total number of xfrm errors.', [
            constant({ type: 'inbound', error: 'no_state' }, agent.ipsecErrors),
            constant({ type: 'outbound', error: 'other' }, 0),
          ]),
        ]),
  ];
}

function workFamilies(agent: CiliumAgent, version: Cilium['version']): MetricFamily[] {
  const { regenerations, policyChanges } = agent;
  const errors = each(agent.reconcilers, (module_id, count) => constant({ module_id }, count));
  const help = 'The number of objects currently failing to be reconciled';
  return [
    family('cilium_endpoint', 'gauge', 'Number of endpoints managed by this agent', [constant({}, agent.endpoints)]),
    family('cilium_identity', 'gauge', 'Number of identities currently allocated', [
      constant({ type: 'cluster_local' }, agent.identities),
      constant({ type: 'reserved' }, 10),
    ]),
    family('cilium_policy', 'gauge', 'Number of policies currently loaded', [constant({}, agent.policies)]),
    family('cilium_controllers_failing', 'gauge', 'Number of failing controllers', [
      constant({}, agent.controllersFailing),
    ]),
    family(
      'cilium_endpoint_regenerations_total',
      'counter',
      'Count of all endpoint regenerations that have completed, tagged by outcome',
      [growing({ outcome: 'success' }, regenerations.rate), growing({ outcome: 'fail' }, regenerations.failing)],
    ),
    classicHistogram(
      'cilium_endpoint_regeneration_time_stats_seconds',
      'Endpoint regeneration time stats labeled by the scope',
      DEFAULT_BUCKETS,
      [
        { labels: { scope: 'total', status: 'success' }, rate: regenerations.rate, mean: regenerations.mean },
        { labels: { scope: 'mapSync', status: 'success' }, rate: regenerations.rate, mean: 0.001 },
      ],
    ),
    family('cilium_policy_change_total', 'counter', 'Number of policy changes by outcome', [
      growing({ outcome: 'success' }, policyChanges.success),
      growing({ outcome: 'fail' }, policyChanges.fail),
    ]),
    family('cilium_hive_status', 'gauge', 'Counts of health status levels of Hive components', [
      constant({ status: 'ok' }, 110 - agent.degraded.length),
      constant({ status: 'degraded' }, agent.degraded.length),
      constant({ status: 'stopped' }, 12),
    ]),
    ...(version === '1.16'
      ? [family('cilium_reconciler_incremental_errors_current', 'gauge', help, errors)]
      : [
          family('cilium_reconciler_errors_current', 'gauge', help, errors),
          family(
            'cilium_hive_degraded_status',
            'gauge',
            'Counts degraded health status levels of Hive components labeled by modules',
            agent.degraded.map((module) => constant({ module }, 1)),
          ),
        ]),
  ];
}

function requestFamilies({ calls, requests, clientWait, kvstore }: CiliumAgent): MetricFamily[] {
  const sent = Object.values(requests).reduce((sum, { rate }) => sum + rate, 0);
  return [
    family(
      'cilium_api_limiter_wait_duration_seconds',
      'gauge',
      'Current wait time for api calls',
      Object.entries(calls).flatMap(([api_call, { mean }]) => [
        constant({ api_call, value: 'mean' }, mean),
        constant({ api_call, value: 'max' }, 15),
        constant({ api_call, value: 'min' }, 0),
      ]),
    ),
    family(
      'cilium_api_limiter_processed_requests_total',
      'counter',
      'Total number of API requests processed',
      Object.entries(calls).flatMap(([api_call, { rate, refused }]) => [
        growing({ api_call, outcome: 'success', return_code: '200' }, rate),
        growing({ api_call, outcome: 'fail-limit-wait', return_code: '429' }, refused),
      ]),
    ),
    classicHistogram(
      'cilium_k8s_client_api_latency_time_seconds',
      'Duration of processed API calls labeled by path and method.',
      DEFAULT_BUCKETS,
      Object.entries(requests).map(([method, timed]) => ({ labels: { path: '/apis/cilium.io/v2', method }, ...timed })),
    ),
    classicHistogram(
      'cilium_k8s_client_rate_limiter_duration_seconds',
      'Kubernetes client rate limiter latency in seconds.',
      DEFAULT_BUCKETS,
      [{ labels: {}, rate: sent, mean: clientWait }],
    ),
    classicHistogram(
      'cilium_kvstore_operations_duration_seconds',
      'Duration in seconds of kvstore operations',
      DEFAULT_BUCKETS,
      Object.entries(kvstore).map(([action, timed]) => ({
        labels: { scope: 'identities', kind: 'etcd', action, outcome: 'success' },
        ...timed,
      })),
    ),
  ];
}

const featureGauge = (name: string, samples: readonly Sample[]) =>
  family(name, 'gauge', 'A feature of the agent', samples);

const flag = (name: string, isOn: boolean) => featureGauge(name, [constant({}, isOn ? 1 : 0)]);

const mode = (name: string, value: string | null, label = 'mode', more: Labels = {}) =>
  featureGauge(name, value === null ? [] : [constant({ [label]: value, ...more }, 1)]);

function featureFamilies(features: CiliumFeatures, slices: boolean): MetricFamily[] {
  const lb = 'cilium_feature_adv_connect_and_lb_';
  return [
    mode('cilium_feature_controlplane_ipam', features.ipam),
    flag('cilium_feature_controlplane_cilium_endpoint_slices_enabled', slices),
    mode('cilium_feature_datapath_network', features.network),
    mode('cilium_feature_datapath_config', features.device),
    flag(`${lb}kube_proxy_replacement_enabled`, features.kubeProxyReplacement),
    flag(`${lb}bandwidth_manager_enabled`, features.bandwidthManager),
    mode(`${lb}big_tcp_enabled`, features.bigTcp, 'address_family'),
    mode(`${lb}transparent_encryption`, features.encryption, 'mode', {
      node2node_enabled: 'false',
      strict_mode_enabled: 'false',
    }),
  ];
}

/** What Hubble adds about events that it lost, at its own port. */
export const hubbleLostFamilies = ({ hubbleLost }: CiliumAgent): MetricFamily[] =>
  Object.keys(hubbleLost).length === 0
    ? []
    : [
        family(
          'hubble_lost_events_total',
          'counter',
          'Number of lost events',
          each(hubbleLost, (source, rate) => growing({ source }, rate)),
        ),
      ];

/** What the Envoy of a node exposes at port 9964, of that what panels read. Upstream: Envoy, docs, cluster statistics. */
export function envoyFamilies(cluster: Cluster, node: Node): MetricFamily[] {
  const { answers, connectFailures } = agentOf(cluster, node);
  const envoy_cluster_name = 'shop/web:8080';
  return [
    family(
      'envoy_cluster_upstream_rq_xx',
      'counter',
      'Aggregate HTTP response codes',
      each(answers, (envoy_response_code_class, rate) =>
        growing({ envoy_cluster_name, envoy_response_code_class }, rate),
      ),
    ),
    family('envoy_cluster_upstream_cx_connect_fail', 'counter', 'Total connection failures', [
      growing({ envoy_cluster_name }, connectFailures),
    ]),
  ];
}
