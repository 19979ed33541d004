/** Names of the info series of nodes and pods. The value is 1; there is exactly one series for each combination of the labels before the first colon. */
export const NODE_ZONE = 'cluster_node:zone:info';
/** Nodes whose zone is unknown because `zones.valid` refuses it. */
export const REFUSED_ZONE = 'cluster_node:refused_zone:info';
/** The ID of each zone, by its name. */
export const ZONE_ID = 'cluster_zone_name:zone:info';
export const CONTROLLER_WORKLOAD = 'cluster_namespace_controller:workload:info';
export const POD_IDENTITY = 'cluster_namespace_pod:identity:info';
/** The value is the creation time of the node, less a fraction of a second for the time since its last sample. */
export const NODE_CREATED = 'cluster_node:identity:created';
/** Every incarnation of every pod; the value is its creation time. */
export const INCARNATION = 'cluster_namespace_pod_uid:identity:created';

/** The fields that name a workload. */
export const WORKLOAD_FIELDS = ['namespace', 'workload_type', 'workload'] as const;
