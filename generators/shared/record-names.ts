/** Names of records that other domains read too. Domains do not import each other. */

/** Packets per second over an ENA allowance, by interface; the name does not depend on the exporter. */
export const exceededName = <Allowance extends string>(allowance: Allowance) =>
  `metric:${allowance}_allowance_exceeded` as const;

/** What each end of traffic sends (`source`) or receives (`destination`), in a unit such as `network_flows` per second, by the labels of its flow source. */
export const endpointName = (side: string, unit: string, window: string): string =>
  `${side}_endpoint:${unit}:rate${window}`;

/** Bytes per second that each pod receives or transmits, with its node and workload. */
export const podNetworkName = (direction: 'receive' | 'transmit', window: string): string =>
  `pod:network_${direction}_bytes:rate${window}`;

/** CPU that each pod uses, in cores, with its node and workload. */
export const podCpuName = (window: string): string => `pod:cpu_usage_cores:rate${window}`;

/** Memory of each pod that the kernel cannot drop at once, in bytes, with its node and workload. */
export const POD_WORKING_SET = 'pod:memory_working_set_bytes:sum';

/** Periods of the CPU quota per second in which each pod ran (`periods`), and those in which it was throttled. */
export const podPeriodsName = (which: 'periods' | 'throttled_periods', window: string): string =>
  `pod:cpu_${which}:rate${window}`;

/** What each agent (`instance`) of a flow source (`source`) loses per second, by the place of the loss (`type`). */
export const eventLostName = (window: string): string => `cluster_instance:flow_events_lost:rate${window}`;

/** The same as a share (0 to 1) of what it lost or handled. */
export const eventLostShareName = (window: string): string => `cluster_instance:flow_events_lost:ratio_rate${window}`;

/** The share of traffic with an unknown zone, by `reason`. */
export const unattributedName = (unit: string, window: string): string =>
  `cluster:${unit}_unattributed:ratio_rate${window}`;

/** Traffic that was read but is in no zone pair, in the unit per second: 0 unless a rule is broken. */
export const trafficLostName = (unit: string, window: string): string => `cluster:${unit}_lost:rate${window}`;

/** The peer view over the view that is read: 1 if each counts a packet once. By default these are the initiator's and the receiver's. */
export const countedTwiceName = (unit: string, window: string): string =>
  `cluster:${unit}_initiator_over_receiver:ratio_rate${window}`;

/** Alerts of the domain of traffic on whether its figures can be trusted. */
export const TRAFFIC_ALERTS: readonly string[] = [
  'TrafficUnattributed',
  'ZoneInvalid',
  'TrafficLost',
  'TrafficCountedTwice',
  'FlowSourceSilent',
  'IdentitySourceSilent',
  'FlowEventsLost',
  'ClusterLabelMissing',
  'RuleEvaluationFailing',
  'RuleGroupSlow',
];
/** Traffic between two workloads, by their zones and its locality. */
export const workloadPairName = (unit: string, window: string): string => `workload_pair:${unit}:rate${window}`;

/** Traffic of a cluster by its locality. */
export const clusterTrafficName = (unit: string, window: string): string => `cluster:${unit}:rate${window}`;
