/** Names of records that other domains read too. Domains do not import each other. */

/** One row for each pod name: its node, zone and workload. The value is 1. */
export const POD_IDENTITY = 'cluster_namespace_pod:identity:info';

/** The zone of every known node; `unknown` where it has none. The value is 1. */
export const NODE_ZONE = 'cluster_node:zone:info';

/** Packets per second over an ENA allowance, by interface; the name does not depend on the exporter. */
export const exceededName = <Allowance extends string>(allowance: Allowance) =>
  `metric:${allowance}_allowance_exceeded` as const;
