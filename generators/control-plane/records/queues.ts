import type { RecordingRule } from '../../model/rules.ts';
import { aggregate, labels, promql } from '../../promql/index.ts';
import type { ControlPlaneConfig } from '../settings.ts';
import { controlPlaneNames } from './names.ts';
import { gauged, labelled, largest, quantiles, rated, rule, summedRate } from './shared.ts';

/** Only one replica works, and EKS shows it at each of its API servers: the largest counts, never the sum. */
const OF_LEADER = { process: 'leader' } as const;

/** Records the queues of scheduler and controllers. */
export function queueRules(config: ControlPlaneConfig): readonly RecordingRule[] {
  const names = controlPlaneNames(config);
  const queue = { labels: ['name'], cardinality: 'one for each queue of kube-controller-manager, about fifty' };
  return [
    rule(config, {
      record: names.pending,
      expr: largest(config, 'scheduler_pending_pods', 'queue'),
      labels: ['queue'],
      unit: 'pods',
      cardinality: 'four: active, backoff, unschedulable, gated',
      comment: 'Pods in the queues of the scheduler. active is work to do; unschedulable fit nowhere.',
    }),
    rule(config, {
      record: names.attempts,
      expr: summedRate(config, 'scheduler_schedule_attempts_total', ['result'], OF_LEADER),
      labels: ['result'],
      unit: 'pods/s',
      cardinality: 'three: scheduled, unschedulable, error',
      comment: 'Attempts to schedule a pod, by result.',
    }),
    rule(config, {
      record: names.scheduling,
      expr: quantiles(config, 'scheduler_pod_scheduling_sli_duration_seconds', [], ['0.5', '0.99'], OF_LEADER),
      labels: ['quantile'],
      unit: 'seconds',
      cardinality: 'two for each cluster',
      comment: 'From the queue of the scheduler to a node, over all attempts.',
    }),
    rule(config, {
      record: names.rejectedBy,
      expr: aggregate('sum', labelled(config, 'plugin'), gauged(config, 'scheduler_unschedulable_pods', OF_LEADER)),
      labels: ['plugin'],
      unit: 'pods',
      cardinality: 'one for each plugin that turns pods away',
      comment:
        'Unschedulable pods by the plugin that turned them away: NodeResourcesFit also for too many pods on a node. A pod may count for several.',
    }),
    rule(config, {
      ...queue,
      record: names.queueDepth,
      expr: largest(config, 'workqueue_depth', 'name'),
      unit: 'items',
      comment: 'Items that wait in the queue of each controller.',
    }),
    rule(config, {
      ...queue,
      record: names.queueWait,
      expr: quantiles(config, 'workqueue_queue_duration_seconds', queue.labels, ['0.99'], OF_LEADER),
      labels: ['name', 'quantile'],
      unit: 'seconds',
      comment:
        'One item in a hundred waits this long or longer. Buckets are powers of ten, so only the order of magnitude counts.',
    }),
    rule(config, {
      ...queue,
      record: names.queueAdds,
      expr: summedRate(config, 'workqueue_adds_total', queue.labels, OF_LEADER),
      unit: 'items/s',
      comment: 'Items added to the queue of each controller.',
    }),
  ];
}

/** Records the members of etcd, where they can be scraped. */
export function memberRules(config: ControlPlaneConfig): readonly RecordingRule[] {
  const names = controlPlaneNames(config);
  const each = { labels: ['instance'], cardinality: 'one for each member' };
  const slowest = { labels: ['instance', 'quantile'], unit: 'seconds', cardinality: each.cardinality };
  return [
    rule(config, {
      ...slowest,
      record: names.fsync,
      expr: quantiles(config, 'etcd_disk_wal_fsync_duration_seconds', ['instance'], ['0.99']),
      comment: 'How long a member takes to write its log to disk; etcd asks for less than 10 ms.',
    }),
    rule(config, {
      ...slowest,
      record: names.commit,
      expr: quantiles(config, 'etcd_disk_backend_commit_duration_seconds', ['instance'], ['0.99']),
      comment: 'How long a member takes to commit to its database; etcd asks for less than 25 ms.',
    }),
    rule(config, {
      ...each,
      record: names.quotaUsed,
      expr: promql`
        ${gauged(config, 'etcd_mvcc_db_total_size_in_bytes')}
        / on (${labels(...labelled(config, 'instance'))})
        (${gauged(config, 'etcd_server_quota_backend_bytes')} > 0)`,
      unit: 'ratio',
      comment: 'The database file as a share of the quota. When it is full, etcd refuses all writes.',
    }),
    rule(config, {
      ...each,
      record: names.leaderChanges,
      expr: rated(config, 'etcd_server_leader_changes_seen_total'),
      unit: 'changes/s',
      comment: 'Changes of the leader that a member saw.',
    }),
  ];
}
