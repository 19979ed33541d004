import type { JOBS } from './settings.ts';

/** Which process exposes a metric: one of the jobs, or kube-state-metrics. */
export type Exposer = keyof typeof JOBS | 'stateMetrics';

/** A metric that the rules read, in all versions of Kubernetes from 1.30 to 1.35 if nothing else is said. */
export interface Metric {
  readonly from: Exposer;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** Its own labels; those that only some versions have are in `labelsByVersion`. */
  readonly labels: readonly string[];
  /** Labels that differ by version: before 1.34, and from then on. */
  readonly labelsByVersion?: { readonly before134: readonly string[]; readonly since134: readonly string[] };
  /** First version that has it, if not all have. */
  readonly since?: string;
  /** First version in which it is deprecated. */
  readonly deprecated?: string;
  /** Where it is defined, in kubernetes/kubernetes, etcd-io/etcd or kubernetes/kube-state-metrics. */
  readonly source: string;
}

const ENDPOINTS = 'staging/src/k8s.io/apiserver/pkg/endpoints/metrics/metrics.go';
const FLOWCONTROL = 'staging/src/k8s.io/apiserver/pkg/util/flowcontrol/metrics/metrics.go';
const ETCD3 = 'staging/src/k8s.io/apiserver/pkg/storage/etcd3/metrics/metrics.go';
const CACHER = 'staging/src/k8s.io/apiserver/pkg/storage/cacher/metrics/metrics.go';
const SCHEDULER = 'pkg/scheduler/metrics/metrics.go';
const WORKQUEUE = 'staging/src/k8s.io/component-base/metrics/prometheus/workqueue/metrics.go';
const KUBELET = 'pkg/kubelet/metrics/metrics.go';
const PROCESS = 'prometheus/client_golang: prometheus/process_collector.go';
const KSM = 'kubernetes/kube-state-metrics: docs/metrics';

/** Labels of what a request is about. */
const REQUEST = ['verb', 'group', 'version', 'resource', 'subresource', 'scope', 'component'] as const;
/** Since 1.34, what is stored has the label of its group; before, `resource` alone (`deployments.apps`), or another label. */
const GROUPED = { before134: ['resource'], since134: ['group', 'resource'] } as const;

/**
 * Every metric that the rules read, with type and labels by version of Kubernetes. Read from the source of v1.30.0 and v1.35.0, the storage of the API
 * server in each version between. The simulator exposes the same names, which a test compares; docs/compatibility.md has the table.
 */
export const METRICS = {
  apiserver_request_total: {
    from: 'apiServer',
    type: 'counter',
    labels: [...REQUEST, 'dry_run', 'code'],
    source: ENDPOINTS,
  },
  apiserver_request_sli_duration_seconds: { from: 'apiServer', type: 'histogram', labels: REQUEST, source: ENDPOINTS },
  apiserver_response_sizes: { from: 'apiServer', type: 'histogram', labels: REQUEST, source: ENDPOINTS },
  apiserver_longrunning_requests: { from: 'apiServer', type: 'gauge', labels: REQUEST, source: ENDPOINTS },
  apiserver_watch_events_total: {
    from: 'apiServer',
    type: 'counter',
    labels: ['group', 'version'],
    labelsByVersion: { before134: ['kind'], since134: ['resource'] },
    source: ENDPOINTS,
  },
  apiserver_current_inflight_requests: {
    from: 'apiServer',
    type: 'gauge',
    labels: ['request_kind'],
    source: ENDPOINTS,
  },
  apiserver_flowcontrol_current_inqueue_requests: {
    from: 'apiServer',
    type: 'gauge',
    labels: ['priority_level', 'flow_schema'],
    source: FLOWCONTROL,
  },
  apiserver_flowcontrol_rejected_requests_total: {
    from: 'apiServer',
    type: 'counter',
    labels: ['priority_level', 'flow_schema', 'reason'],
    source: FLOWCONTROL,
  },
  apiserver_flowcontrol_request_wait_duration_seconds: {
    from: 'apiServer',
    type: 'histogram',
    labels: ['priority_level', 'flow_schema', 'execute'],
    source: FLOWCONTROL,
  },
  apiserver_flowcontrol_current_executing_seats: {
    from: 'apiServer',
    type: 'gauge',
    labels: ['priority_level', 'flow_schema'],
    source: FLOWCONTROL,
  },
  apiserver_flowcontrol_current_limit_seats: {
    from: 'apiServer',
    type: 'gauge',
    labels: ['priority_level'],
    source: FLOWCONTROL,
  },
  apiserver_storage_objects: {
    from: 'apiServer',
    type: 'gauge',
    labels: ['resource'],
    deprecated: '1.34',
    source: ETCD3,
  },
  apiserver_storage_size_bytes: { from: 'apiServer', type: 'gauge', labels: ['storage_cluster_id'], source: ETCD3 },
  apiserver_storage_list_fetched_objects_total: {
    from: 'apiServer',
    type: 'counter',
    labels: [],
    labelsByVersion: GROUPED,
    source: ETCD3,
  },
  apiserver_cache_list_fetched_objects_total: {
    from: 'apiServer',
    type: 'counter',
    labels: ['index'],
    labelsByVersion: { before134: ['resource_prefix'], since134: ['group', 'resource'] },
    source: CACHER,
  },
  etcd_request_duration_seconds: {
    from: 'apiServer',
    type: 'histogram',
    labels: ['operation'],
    labelsByVersion: { before134: ['type'], since134: ['group', 'resource'] },
    source: ETCD3,
  },
  etcd_request_errors_total: {
    from: 'apiServer',
    type: 'counter',
    labels: ['operation'],
    labelsByVersion: { before134: ['type'], since134: ['group', 'resource'] },
    source: ETCD3,
  },
  process_resident_memory_bytes: { from: 'apiServer', type: 'gauge', labels: [], source: PROCESS },
  process_cpu_seconds_total: { from: 'apiServer', type: 'counter', labels: [], source: PROCESS },
  scheduler_pending_pods: { from: 'scheduler', type: 'gauge', labels: ['queue'], source: SCHEDULER },
  scheduler_schedule_attempts_total: {
    from: 'scheduler',
    type: 'counter',
    labels: ['result', 'profile'],
    source: SCHEDULER,
  },
  scheduler_pod_scheduling_sli_duration_seconds: {
    from: 'scheduler',
    type: 'histogram',
    labels: ['attempts'],
    source: SCHEDULER,
  },
  scheduler_unschedulable_pods: {
    from: 'scheduler',
    type: 'gauge',
    labels: ['plugin', 'profile'],
    source: SCHEDULER,
  },
  workqueue_depth: { from: 'controllerManager', type: 'gauge', labels: ['name'], source: WORKQUEUE },
  workqueue_adds_total: { from: 'controllerManager', type: 'counter', labels: ['name'], source: WORKQUEUE },
  workqueue_queue_duration_seconds: {
    from: 'controllerManager',
    type: 'histogram',
    labels: ['name'],
    source: WORKQUEUE,
  },
  etcd_disk_wal_fsync_duration_seconds: {
    from: 'etcd',
    type: 'histogram',
    labels: [],
    source: 'server/storage/wal/metrics.go (3.5: server/wal/metrics.go)',
  },
  etcd_disk_backend_commit_duration_seconds: {
    from: 'etcd',
    type: 'histogram',
    labels: [],
    source: 'server/storage/backend/metrics.go (3.5: server/mvcc/backend/metrics.go)',
  },
  etcd_mvcc_db_total_size_in_bytes: {
    from: 'etcd',
    type: 'gauge',
    labels: [],
    source: 'server/storage/mvcc/metrics.go (3.5: server/mvcc/metrics.go)',
  },
  etcd_server_quota_backend_bytes: {
    from: 'etcd',
    type: 'gauge',
    labels: [],
    source: 'server/storage/metrics.go (3.5: server/etcdserver/metrics.go)',
  },
  etcd_server_leader_changes_seen_total: {
    from: 'etcd',
    type: 'counter',
    labels: [],
    source: 'server/etcdserver/metrics.go',
  },
  kubelet_pod_start_sli_duration_seconds: { from: 'kubelet', type: 'histogram', labels: [], source: KUBELET },
  kubelet_pod_start_total_duration_seconds: { from: 'kubelet', type: 'histogram', labels: [], source: KUBELET },
  kubelet_image_pull_duration_seconds: {
    from: 'kubelet',
    type: 'histogram',
    labels: ['image_size_in_bytes'],
    source: KUBELET,
  },
  kubelet_run_podsandbox_errors_total: {
    from: 'kubelet',
    type: 'counter',
    labels: ['runtime_handler'],
    source: KUBELET,
  },
  kubelet_started_pods_total: { from: 'kubelet', type: 'counter', labels: [], source: KUBELET },
  kube_node_info: { from: 'stateMetrics', type: 'gauge', labels: ['node', 'pod_cidr'], source: KSM },
  kube_node_status_allocatable: {
    from: 'stateMetrics',
    type: 'gauge',
    labels: ['node', 'resource', 'unit'],
    source: KSM,
  },
  kube_pod_info: {
    from: 'stateMetrics',
    type: 'gauge',
    labels: ['namespace', 'pod', 'uid', 'node', 'host_network'],
    source: KSM,
  },
  kube_pod_status_phase: {
    from: 'stateMetrics',
    type: 'gauge',
    labels: ['namespace', 'pod', 'uid', 'phase'],
    source: KSM,
  },
  kube_pod_status_unschedulable: {
    from: 'stateMetrics',
    type: 'gauge',
    labels: ['namespace', 'pod', 'uid'],
    source: KSM,
  },
  kube_pod_container_status_waiting_reason: {
    from: 'stateMetrics',
    type: 'gauge',
    labels: ['namespace', 'pod', 'container', 'uid', 'reason'],
    source: KSM,
  },
  kube_namespace_labels: {
    from: 'stateMetrics',
    type: 'gauge',
    labels: ['namespace', 'label_kube_burner_uuid', 'label_kube_burner_io_uuid'],
    source: KSM,
  },
} as const satisfies Readonly<Record<string, Metric>>;

/** The name of a metric that the rules read; for a histogram, its series have the suffixes `_bucket`, `_count` and `_sum`. */
export type MetricName = keyof typeof METRICS;

/** All labels that a metric has in any version. */
export function labelsOf(name: MetricName): readonly string[] {
  const metric: Metric = METRICS[name];
  const { before134 = [], since134 = [] } = metric.labelsByVersion ?? {};
  return [...new Set([...metric.labels, ...before134, ...since134])];
}
