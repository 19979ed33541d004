import type { Config } from '../config/schema.ts';
import type { FlowSource } from '../sources/flow-source.ts';

/** The cluster label as the head of a label list; empty where the store has one cluster. */
export const clusterLabels = ({ cluster }: Config): readonly string[] =>
  cluster.label === null ? [] : [cluster.label];

/** Names of the info series: value 1, exactly one series for each combination of the labels before the first colon. */
export const NODE_ZONE = 'cluster_node:zone:info';
export const CONTROLLER_WORKLOAD = 'cluster_namespace_controller:workload:info';
export const POD_IDENTITY = 'cluster_namespace_pod:identity:info';
export const endpointIdentity = (side: string): string => `${side}_endpoint:identity:info`;

/** Where two ends lie: in one zone, in two, or one of them nobody knows where. */
export const LOCALITIES = ['same_zone', 'cross_zone', 'unknown'] as const;

/** Names of the recorded traffic, per second. */
export const trafficNames = ({ rules }: Config, { unit }: FlowSource) => ({
  /** Workload pairs before their locality is known; read by the next rule only. */
  unclassified: `workload_pair:${unit}_unclassified:rate${rules.window}`,
  workloadPair: `workload_pair:${unit}:rate${rules.window}`,
  zonePair: `zone_pair:${unit}:rate${rules.window}`,
  cluster: `cluster:${unit}:rate${rules.window}`,
});
