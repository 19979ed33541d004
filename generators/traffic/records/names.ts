import type { RULES } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';
import { SIDES, type Side } from '../source.ts';
import type { FlowInput } from '../input.ts';

type Rules = Slice<{ rules: typeof RULES }>;

/** Names of the info series: value 1, exactly one series for each combination of the labels before the first colon. */
export const NODE_ZONE = 'cluster_node:zone:info';
export const CONTROLLER_WORKLOAD = 'cluster_namespace_controller:workload:info';
export const POD_IDENTITY = 'cluster_namespace_pod:identity:info';
export const ADDRESS_IDENTITY = 'cluster_ip:identity:info';
/** Every incarnation of every pod; the value is the time at which it was created. */
export const INCARNATION = 'cluster_namespace_pod_uid:identity:created';

/** What the records tell of a workload at one end, and where it is. */
export const WORKLOAD_FIELDS = ['namespace', 'workload_type', 'workload'] as const;

/** The labels of an end that is a workload in a zone. */
export const workloadLabels = (side: Side): readonly string[] =>
  [...WORKLOAD_FIELDS, 'zone'].map((field) => `${side}_${field}`);

/** The labels of a pair of zones. */
export const ZONE_LABELS = SIDES.map((side) => `${side}_zone`);

/** Where two ends lie: in one zone, in two, or one of them nobody knows where. */
export const LOCALITIES = ['same_zone', 'cross_zone', 'unknown'] as const;

/** Why nobody knows the zone of an end. */
export const REASONS = ['external', 'service_ip', 'gone', 'no_zone_label', 'no_peer'] as const;

/** Namespace, kind and name under which all nodes are one workload: traffic of kubelets and of pods on the host's network. */
export const NODES = { namespace: '_nodes_', workload_type: 'Node', workload: 'nodes' } as const;

/** Names of the records of one input: traffic per second, and what tells whether it can be trusted. */
export const trafficNames = ({ rules }: Rules, { unit }: Pick<FlowInput, 'unit'>) => ({
  /** What each end of one side sends or receives. */
  endpoint: (side: string) => `${side}_endpoint:${unit}:rate${rules.window}`,
  /** Who and where each of those ends is. */
  identity: (side: string) => `${side}_endpoint:${unit}_identity:info`,
  /** The finest pairs before their locality is known; read by the next rules only. */
  unclassified: (level: string) => `${level}_pair:${unit}_unclassified:rate${rules.window}`,
  podPair: `pod_pair:${unit}:rate${rules.window}`,
  workloadPair: `workload_pair:${unit}:rate${rules.window}`,
  zonePair: `zone_pair:${unit}:rate${rules.window}`,
  cluster: `cluster:${unit}:rate${rules.window}`,
  unattributed: `cluster:${unit}_unattributed:ratio_rate${rules.window}`,
  lost: `cluster:${unit}_lost:rate${rules.window}`,
  countedTwice: `cluster:${unit}_initiator_over_receiver:ratio_rate${rules.window}`,
});

/** Names of the records of money, in currency per second, and of what zone-aware routing could save. */
export const costNames = ({ rules }: Rules) => ({
  workloadPair: `workload_pair:network_cost:rate${rules.window}`,
  zonePair: `zone_pair:network_cost:rate${rules.window}`,
  cluster: `cluster:network_cost:rate${rules.window}`,
  monthly: 'cluster:network_cost_monthly:avg1d',
  zoneShare: 'workload:zone_pods:ratio',
  random: `workload_pair:network_bytes_cross_zone_at_random:rate${rules.window}`,
  avoidableBytes: `workload_pair:network_bytes_avoidable:rate${rules.window}`,
  avoidableCost: `workload_pair:network_cost_avoidable:rate${rules.window}`,
});

/** Labels that the rules and the dashboard use; those that end in `*` stand for all that begin so. */
export const TRAFFIC_LABELS: readonly string[] = [
  // Pods, nodes, Services and controllers, as kube-state-metrics describes them.
  ['namespace', 'pod', 'uid', 'node', 'service', 'phase', 'type', 'provider_id', 'label_*', 'replicaset', 'job_name'],
  ['ip', 'pod_ip', 'host_ip', 'internal_ip', 'cluster_ip', 'address', 'host_network'],
  ['owner_kind', 'owner_name', 'owner_is_controller', 'created_by_kind', 'created_by_name'],
  // What is recorded of an end, of a pair and of the cluster.
  ['zone', 'workload_type', 'workload', 'kind', 'reason', 'locality', 'direction', 'source_*', 'destination_*'],
  // Names on the way there.
  ['name', 'named_zone', 'workload_namespace', 'workload_pod', 'native_*', 'resolved_*'],
  // Flows of the compatibility records.
  ['protocol', 'verdict', 'traffic_direction'],
  // Alerts, and the variables of the dashboard.
  ['unit', 'source', 'rule_group', 'pods_namespace'],
].flat();
