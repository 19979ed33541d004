import { WORKLOAD_FIELDS } from '../../identity/index.ts';
import type { RULES } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';
import {
  clusterTrafficName,
  countedTwiceName,
  endpointName,
  eventLostName,
  eventLostShareName,
  trafficLostName,
  unattributedName,
  workloadPairName,
} from '../../shared/record-names.ts';
import { RULER_LABELS } from '../../shared/rulers.ts';
import { SIDES, type Side } from '../source.ts';
import type { FlowInput } from '../input.ts';

type Rules = Slice<{ rules: typeof RULES }>;

/** Names of the info series of addresses. The value is 1; there is exactly one series for each combination of the labels before the first colon. */
export const ADDRESS_IDENTITY = 'cluster_ip:identity:info';
export const POD_CIDR = 'cluster_pod_cidr:node:info';
/** The value is the number of pods. */
export const PODS_BY_CIDR = 'cluster_node_pod_cidr:pods:count';
/** Clusters whose pods kube-state-metrics describes; no series for the others. */
export const PODS_DESCRIBED = 'cluster:identity:info';
/** The node of each pod with an address of its own, by that address. */
export const POD_NODE = 'cluster_namespace_pod_ip:node:info';

/** Zones of the nodes that entries of `nodes.addresses` name. */
export const RANGE_NODE_ZONE = 'cluster_range_node:zone:info';

/** The labels of a pair for these fields of one side. */
export const sideLabels = (side: Side, fields: readonly string[]): readonly string[] =>
  fields.map((field) => `${side}_${field}`);

/** The labels of an end that is a workload in a zone. */
export const workloadLabels = (side: Side): readonly string[] => sideLabels(side, [...WORKLOAD_FIELDS, 'zone']);

/** The labels of a pair of zones. */
export const ZONE_LABELS = SIDES.map((side) => `${side}_zone`);

/**
 * Classes of traffic with an end that is in no zone of the cluster, as `reason` has them, the one that counts first. The zone of that end is the
 * region, `internet` or `storage`.
 */
export const BEYOND = ['internet', 'cross_region'] as const;

/** The zones of ends of the class `internet`: public addresses, and object storage, which may be reached by an endpoint that is free. */
export const INTERNET = 'internet';
export const STORAGE = 'storage';

/** Localities of a pair: both ends in one zone, in two zones, in two regions, one on the internet, or with an unknown zone. */
export const LOCALITIES = ['same_zone', 'cross_zone', 'cross_region', 'internet', 'unknown'] as const;
export type Locality = (typeof LOCALITIES)[number];

/** Localities of which the share of cross-zone traffic is taken: both ends are in zones of the cluster, or one is in none that is known. */
export const ZONED_LOCALITIES: readonly Locality[] = ['same_zone', 'cross_zone', 'unknown'];

/** Reasons for an unknown zone. */
export const REASONS = [
  'outside',
  'unplaced',
  'service_ip',
  'gone',
  'no_zone_label',
  'invalid_zone',
  'no_peer',
] as const;

/** All nodes count as one workload of this name: the traffic of kubelets and of pods on the host network. */
export const NODES = { namespace: '_nodes_', workload_type: 'Node', workload: 'nodes' } as const;

/** The workload of ends beyond the cluster that no entry of `flows.external` names. */
export const UNNAMED_EXTERNAL = 'external';

/** The namespace and the type of workloads of `flows.external`. */
export const EXTERNAL = { namespace: '_external_', workload_type: 'External' } as const;

/** Names of the records of one input: traffic per second, and the checks of its quality. */
export const trafficNames = ({ rules }: Rules, { unit }: Pick<FlowInput, 'unit'>) => ({
  /** Traffic of each endpoint of one side. */
  endpoint: (side: string) => endpointName(side, unit, rules.window),
  /** Traffic of each endpoint in the pairs that are counted by name or address, and the largest report of any agent on it. */
  paired: (side: string) => `${side}_endpoint:${unit}_paired:rate${rules.window}`,
  reported: (side: string) => `${side}_endpoint:${unit}_reported:rate${rules.window}`,
  /** What each agent reports of named ends with ends that it does not name. */
  halfNamed: `agent_endpoint_pair:${unit}_half_named:rate${rules.window}`,
  /** Traffic that the selection misses. */
  completed: `endpoint_pair:${unit}_completed:rate${rules.window}`,
  /** Traffic with ends that no agent names. */
  unnamed: `endpoint_pair:${unit}_unnamed:rate${rules.window}`,
  /** What nodes that masquerade have with the outside themselves. */
  ofNodes: `endpoint_pair:${unit}_of_nodes:rate${rules.window}`,
  /** Identity and zone of each of these endpoints. */
  identity: (side: string) => `${side}_endpoint:${unit}_identity:info`,
  /** Zones of addresses by the pod CIDR that they are in. */
  podCidr: `cluster_ip:${unit}_pod_cidr:info`,
  /** Places of addresses in configured ranges. */
  range: `cluster_ip:${unit}_range:info`,
  rangePart: (part: number) => `cluster_ip:${unit}_range_part${part}:info`,
  /** 1 for a cluster whose traffic can be placed; 0 where that traffic is withheld. */
  placed: `cluster:${unit}_identity:usable`,
  /** The finest pairs before their locality is known; only later rules read them. */
  unclassified: (level: string) => `${level}_pair:${unit}_unclassified:rate${rules.window}`,
  podPair: `pod_pair:${unit}:rate${rules.window}`,
  workloadPair: workloadPairName(unit, rules.window),
  zonePair: `zone_pair:${unit}:rate${rules.window}`,
  cluster: clusterTrafficName(unit, rules.window),
  unattributed: unattributedName(unit, rules.window),
  lost: trafficLostName(unit, rules.window),
  /** The peer view over the view that is read. By default these are the initiator's and the receiver's, hence the name. */
  countedTwice: countedTwiceName(unit, rules.window),
});

/** Names of the records of what each agent lost and handled, per second, and of the share that is lost. */
export const eventNames = ({ rules }: Rules) => ({
  lost: eventLostName(rules.window),
  seen: `cluster_instance:flow_events_seen:rate${rules.window}`,
  lostShare: eventLostShareName(rules.window),
});

/** Names of the records of cost, in currency per second, and of avoidable traffic. */
export const costNames = ({ rules }: Rules) => ({
  workloadPair: `workload_pair:network_cost:rate${rules.window}`,
  zonePair: `zone_pair:network_cost:rate${rules.window}`,
  /** What a workload pays for traffic with an end beyond the cluster. */
  external: `workload_external:network_cost:rate${rules.window}`,
  cluster: `cluster:network_cost:rate${rules.window}`,
  monthly: 'cluster:network_cost_monthly:avg1d',
  zoneShare: 'workload:zone_pods:ratio',
  random: `workload_pair:network_bytes_cross_zone_at_random:rate${rules.window}`,
  avoidableBytes: `workload_pair:network_bytes_avoidable:rate${rules.window}`,
  avoidableCost: `workload_pair:network_cost_avoidable:rate${rules.window}`,
  /** Prices of a gigabyte, with their date. */
  price: 'cluster:network_price:gigabyte',
  /** Whom namespaces belong to, by the labels in `cost.groupBy`. */
  group: 'cluster_namespace:cost_group:info',
});

/** Names of the records of money by hour and by month. They are recorded once an hour, so queries look back for them. */
export const MONTH_NAMES = {
  /** The cost of an hour, by the month that it is in. */
  hour: {
    cluster: 'cluster:network_cost:sum1h',
    zonePair: 'zone_pair:network_cost:sum1h',
    workload: 'workload:network_cost:sum1h',
    workloadPair: 'workload_pair:network_cost:sum1h',
    avoidable: 'workload_pair:network_cost_avoidable:sum1h',
    external: 'workload_external:network_cost:sum1h',
    /** The share of the hour that is counted. */
    covered: 'cluster:network_cost_covered:ratio1h',
  },
  /** The cost of the calendar month so far. */
  month: {
    cluster: 'cluster:network_cost:month_to_date',
    zonePair: 'zone_pair:network_cost:month_to_date',
    workload: 'workload:network_cost:month_to_date',
    workloadPair: 'workload_pair:network_cost:month_to_date',
    avoidable: 'workload_pair:network_cost_avoidable:month_to_date',
    external: 'workload_external:network_cost:month_to_date',
    group: 'cost_group:network_cost:month_to_date',
    /** The share of the month so far that is counted. */
    covered: 'cluster:network_cost_covered:month_to_date',
  },
  /** Since when hours of this month have been missing: as each hour sees it, and as the month knows it. */
  gap: 'cluster:network_cost_gap:time',
  incomplete: 'cluster:network_cost_incomplete:since',
  forecast: 'cluster:network_cost_forecast:month',
  /** The last seven days. */
  week: 'workload:network_cost:sum1w',
  /** The dearest hour of six days, up to a day ago. */
  dearest: 'workload_pair:network_cost:max1w',
} as const;

/** Labels that the rules and the dashboard use. A name that ends in `*` stands for every label with that prefix. */
export const TRAFFIC_LABELS: readonly string[] = [
  // Pods, nodes, Services and controllers, as kube-state-metrics describes them.
  ['namespace', 'pod', 'uid', 'node', 'service', 'phase', 'type', 'provider_id', 'label_*', 'replicaset', 'job_name'],
  ['ip', 'pod_ip', 'host_ip', 'internal_ip', 'cluster_ip', 'external_ip', 'address', 'host_network', 'pod_cidr'],
  ['owner_kind', 'owner_name', 'owner_is_controller', 'created_by_kind', 'created_by_name'],
  // Recorded for an end, for a pair and for the cluster.
  ['zone', 'workload_type', 'workload', 'kind', 'reason', 'locality', 'direction', 'source_*', 'destination_*'],
  // Money: the month of an hour, prices, and whom a namespace belongs to.
  ['month', 'class', 'currency', 'as_of', 'group_by', 'group', 'pace', 'external', 'external_zone'],
  // What a selection misses.
  ['gap'],
  // Used inside expressions only.
  [
    'name',
    'named_zone',
    'zone_name',
    'refused_zone',
    'matched',
    'rolled_up',
    'range_*',
    'workload_namespace',
    'workload_pod',
    'native_*',
    'resolved_*',
  ],
  // Flows of the compatibility records.
  ['protocol', 'verdict', 'traffic_direction'],
  // Alerts, and the variables of the dashboard.
  ['unit', 'source', 'pods_namespace', 'cause', 'exported_*', ...RULER_LABELS],
].flat();
