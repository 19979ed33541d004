import type { RULES } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';

/**
 * Names of the records. The part before the first colon says what there is one series of, within a cluster: `apiserver_verb_resource` is a
 * verb and resource over all API servers, `apiserver_instance` one API server, `cluster_node_limit` a node and one of its limits.
 */
export const controlPlaneNames = ({ rules: { window } }: Slice<{ rules: typeof RULES }>) => ({
  requests: `apiserver_verb_resource:requests:rate${window}`,
  errors: `apiserver_verb_resource:request_errors:rate${window}`,
  latency: `apiserver_verb_resource:request_sli_duration_seconds:quantile_rate${window}`,
  sloRequests: `apiserver_kind:slo_requests:rate${window}`,
  sloSlow: `apiserver_kind:slo_slow_requests:rate${window}`,
  inflight: 'apiserver_instance:inflight_requests:max',
  memory: 'apiserver_instance:memory_bytes:max',
  cpu: `apiserver_instance:cpu_cores:rate${window}`,
  queued: 'apiserver_priority_level:queued_requests:sum',
  rejected: `apiserver_priority_level:rejected_requests:rate${window}`,
  waited: `apiserver_priority_level:wait_duration_seconds:quantile_rate${window}`,
  seatsUsed: 'apiserver_priority_level:seats_used:ratio',
  listObjects: `apiserver_resource:list_objects:rate${window}`,
  listBytes: `apiserver_resource:list_response_bytes:rate${window}`,
  watchers: 'apiserver_resource:watchers:sum',
  watchEvents: `apiserver_object:watch_events:rate${window}`,
  objects: 'apiserver_resource:stored_objects:max',
  etcdRequests: `etcd_operation:requests:rate${window}`,
  etcdErrors: `etcd_operation:request_errors:rate${window}`,
  etcdLatency: `etcd_operation:request_duration_seconds:quantile_rate${window}`,
  etcdBytes: 'cluster:etcd_database_bytes:max',
  fsync: `etcd_member:wal_fsync_duration_seconds:quantile_rate${window}`,
  commit: `etcd_member:backend_commit_duration_seconds:quantile_rate${window}`,
  quotaUsed: 'etcd_member:database_quota_used:ratio',
  leaderChanges: `etcd_member:leader_changes:rate${window}`,
  pending: 'scheduler_queue:pending_pods:max',
  attempts: `scheduler_result:schedule_attempts:rate${window}`,
  scheduling: `cluster:scheduling_duration_seconds:quantile_rate${window}`,
  rejectedBy: 'scheduler_plugin:unschedulable_pods:sum',
  queueDepth: 'controller_queue:depth:max',
  queueWait: `controller_queue:wait_duration_seconds:quantile_rate${window}`,
  queueAdds: `controller_queue:adds:rate${window}`,
  pods: 'cluster_node:pods:count',
  places: 'cluster_node_limit:pod_places:max',
  placesUsed: 'cluster_node_limit:pod_places_used:ratio',
  podStart: `cluster_stage:pod_start_duration_seconds:quantile_rate${window}`,
  sandboxErrors: `cluster_node:pod_sandbox_errors:rate${window}`,
  started: `cluster_node:pods_started:rate${window}`,
  unschedulable: 'cluster:unschedulable_pods:count',
  creating: 'cluster:creating_pods:count',
  runPods: 'kube_burner_run:pods:count',
  run: 'kube_burner_run:seen:info',
});

/** The names of the records. */
export type ControlPlaneNames = ReturnType<typeof controlPlaneNames>;

/** Labels that the rules and the dashboard use and the cluster label must not have. */
export const CONTROL_PLANE_LABELS: readonly string[] = [
  ['job', 'instance', 'node', 'verb', 'resource', 'code', 'group', 'version', 'subresource', 'scope', 'component'],
  ['dry_run', 'quantile', 'le', 'kind', 'request_kind', 'priority_level', 'flow_schema', 'reason', 'execute', 'served'],
  ['object', 'operation', 'type', 'storage_cluster_id', 'resource_prefix', 'index', 'queue', 'result', 'profile'],
  ['attempts', 'plugin', 'name', 'limit', 'stage', 'namespace', 'pod', 'uid', 'phase', 'host_network', 'pod_cidr'],
  ['image_size_in_bytes', 'runtime_handler', 'uuid', 'host', 'metrics_path', 'container', 'label_kube_burner_*'],
].flat();
