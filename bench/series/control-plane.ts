import type { MetricFamily } from '../model.ts';
import type { ControlPlane } from '../model/control-plane.ts';
import { constant, family, growing } from './family.ts';
import { classicHistogram } from './histogram.ts';

/** Powers of a factor, as Go's ExponentialBuckets. */
const exponential = (start: number, factor: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => Number((start * factor ** index).toPrecision(12)));

/** Upstream: pkg/scheduler/metrics/metrics.go. */
export const SCHEDULING_BOUNDS = exponential(0.01, 2, 20);
/** Upstream: staging/src/k8s.io/component-base/metrics/prometheus/workqueue/metrics.go. */
export const QUEUE_BOUNDS = exponential(1e-8, 10, 10);
/** Upstream: pkg/kubelet/metrics/metrics.go, podStartupDurationBuckets and imagePullDurationBuckets. */
export const START_BOUNDS: readonly number[] = [
  0.5, 1, 2, 3, 4, 5, 6, 8, 10, 20, 30, 45, 60, 120, 180, 240, 300, 360, 480, 600, 900, 1200, 1800, 2700, 3600,
];
export const PULL_BOUNDS: readonly number[] = [
  1, 5, 10, 20, 30, 60, 120, 180, 240, 300, 360, 480, 600, 900, 1200, 1800, 2700, 3600,
];
/** Upstream: etcd, server/storage/wal/metrics.go and server/storage/backend/metrics.go. */
export const DISK_BOUNDS = exponential(0.001, 2, 14);

/** What the scheduler that leads exposes. */
export function schedulerFamilies({ scheduler }: ControlPlane): MetricFamily[] {
  const profile = 'default-scheduler';
  return [
    family(
      'scheduler_pending_pods',
      'gauge',
      'Number of pending pods, by the queue type.',
      Object.entries(scheduler.pending).map(([queue, pods]) => constant({ queue }, pods)),
    ),
    family(
      'scheduler_schedule_attempts_total',
      'counter',
      'Number of attempts to schedule pods, by the result.',
      Object.entries(scheduler.attempts).map(([result, rate]) => growing({ result, profile }, rate)),
    ),
    classicHistogram(
      'scheduler_pod_scheduling_sli_duration_seconds',
      'E2e latency for a pod being scheduled.',
      SCHEDULING_BOUNDS,
      [
        {
          labels: { attempts: '1' },
          rate: scheduler.scheduling.perSecond,
          mean: scheduler.scheduling.seconds,
        },
      ],
    ),
    family(
      'scheduler_unschedulable_pods',
      'gauge',
      'The number of unschedulable pods broken down by plugin name.',
      Object.entries(scheduler.plugins).map(([plugin, pods]) => constant({ plugin, profile }, pods)),
    ),
  ];
}

/** What the kube-controller-manager that leads exposes. */
export const controllerFamilies = ({ queues }: ControlPlane): MetricFamily[] => [
  family(
    'workqueue_depth',
    'gauge',
    'Current depth of workqueue',
    queues.map(({ name, depth }) => constant({ name }, depth)),
  ),
  family(
    'workqueue_adds_total',
    'counter',
    'Total number of adds handled by workqueue',
    queues.map(({ name, perSecond }) => growing({ name }, perSecond)),
  ),
  classicHistogram(
    'workqueue_queue_duration_seconds',
    'How long in seconds an item stays in workqueue before being requested.',
    QUEUE_BOUNDS,
    queues.map(({ name, perSecond, seconds }) => ({ labels: { name }, rate: perSecond, mean: seconds })),
  ),
];

/** What a member of etcd exposes. */
export function memberFamilies(
  plane: ControlPlane,
  { fsync, commit, leaderChanges }: ControlPlane['members'][number],
): MetricFamily[] {
  const observed = ({ perSecond, seconds }: typeof fsync) => [{ labels: {}, rate: perSecond, mean: seconds }];
  return [
    classicHistogram(
      'etcd_disk_wal_fsync_duration_seconds',
      'The latency distributions of fsync called by WAL.',
      DISK_BOUNDS,
      observed(fsync),
    ),
    classicHistogram(
      'etcd_disk_backend_commit_duration_seconds',
      'The latency distributions of commit called by backend.',
      DISK_BOUNDS,
      observed(commit),
    ),
    family(
      'etcd_mvcc_db_total_size_in_bytes',
      'gauge',
      'Total size of the underlying database physically allocated in bytes.',
      [constant({}, plane.databaseBytes)],
    ),
    family('etcd_server_quota_backend_bytes', 'gauge', 'Current backend storage quota size in bytes.', [
      constant({}, plane.quotaBytes),
    ]),
    family('etcd_server_leader_changes_seen_total', 'counter', 'The number of leader changes seen.', [
      growing({}, leaderChanges),
    ]),
  ];
}

/** What the kubelet of a node exposes at /metrics about how pods start. */
export function kubeletFamilies(plane: ControlPlane, node: string): MetricFamily[] {
  const { pods, total, pulls } = plane.starting;
  return [
    classicHistogram(
      'kubelet_pod_start_sli_duration_seconds',
      'Duration in seconds to start a pod, excluding time to pull images and run init containers.',
      START_BOUNDS,
      [{ labels: {}, rate: pods.perSecond, mean: pods.seconds }],
    ),
    classicHistogram(
      'kubelet_pod_start_total_duration_seconds',
      'Duration in seconds to start a pod since creation, including time to pull images and run init containers.',
      START_BOUNDS,
      [{ labels: {}, rate: pods.perSecond, mean: total }],
    ),
    classicHistogram('kubelet_image_pull_duration_seconds', 'Duration in seconds to pull an image.', PULL_BOUNDS, [
      { labels: { image_size_in_bytes: '10MB-100MB' }, rate: pulls.perSecond, mean: pulls.seconds },
    ]),
    family(
      'kubelet_run_podsandbox_errors_total',
      'counter',
      'Cumulative number of the run_podsandbox operation errors by RuntimeClass.Handler.',
      [growing({ runtime_handler: '' }, plane.sandboxErrors[node] ?? 0)],
    ),
    family('kubelet_started_pods_total', 'counter', 'Cumulative number of pods started', [growing({}, pods.perSecond)]),
  ];
}
