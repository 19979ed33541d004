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

/** Traffic between two workloads, by their zones and its locality. */
export const workloadPairName = (unit: string, window: string): string => `workload_pair:${unit}:rate${window}`;

/** Traffic of a cluster by its locality. */
export const clusterTrafficName = (unit: string, window: string): string => `cluster:${unit}:rate${window}`;
