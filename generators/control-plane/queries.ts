import type { Query } from '../promql/index.ts';
import { selector } from '../promql/index.ts';
import { controlPlaneNames, type ControlPlaneNames } from './records/names.ts';
import { type ControlPlaneConfig, noMembers, noQueues } from './settings.ts';

/** A query of the dashboard cluster-scale that a load test stores too. */
export interface ControlPlaneQuery {
  /** The record, without its window: also the name under which a test stores it, such as `apiServerLatency`. */
  readonly metricName: string;
  readonly query: Query;
  /** What it says, in one line. */
  readonly comment: string;
}

type Record = keyof ControlPlaneNames;

/** What a run is judged by, in the order of the dashboard. */
const QUERIES: readonly (readonly [record: Record, metricName: string, comment: string])[] = [
  ['sloRequests', 'apiServerSLORequests', 'Requests per second by what Kubernetes promises.'],
  ['sloSlow', 'apiServerSLOSlowRequests', 'Those of them that took longer than promised.'],
  ['latency', 'apiServerLatency', 'Slowest 1 % of requests by verb and resource, in seconds.'],
  ['requests', 'apiServerRequests', 'Requests per second by verb and resource.'],
  ['errors', 'apiServerRequestErrors', 'Requests per second that failed or were refused.'],
  ['inflight', 'apiServerInflightRequests', 'Requests in flight by API server.'],
  ['queued', 'apiServerQueuedRequests', 'Requests that wait, by priority level.'],
  ['rejected', 'apiServerRejectedRequests', 'Requests per second that are refused, by priority level.'],
  ['waited', 'apiServerWait', 'Longest 1 % of waits for a seat, in seconds.'],
  ['seatsUsed', 'apiServerSeatsUsed', 'Seats that are taken, as a share, by priority level.'],
  ['memory', 'apiServerMemory', 'Memory by API server, in bytes.'],
  ['cpu', 'apiServerCPU', 'CPU by API server, in cores.'],
  ['listObjects', 'apiServerListObjects', 'Objects per second that lists read.'],
  ['listBytes', 'apiServerListBytes', 'Bytes per second that lists answer.'],
  ['watchers', 'apiServerWatchers', 'Open watches by resource.'],
  ['watchEvents', 'apiServerWatchEvents', 'Events per second that watches get.'],
  ['objects', 'storedObjects', 'Stored objects by resource.'],
  ['etcdRequests', 'etcdRequests', 'Requests per second to etcd.'],
  ['etcdErrors', 'etcdRequestErrors', 'Requests per second to etcd that failed.'],
  ['etcdLatency', 'etcdLatency', 'Slowest 1 % of requests to etcd, in seconds.'],
  ['etcdBytes', 'etcdDatabaseBytes', 'Size of the database of etcd.'],
  ['fsync', 'etcdFsync', 'Slowest 1 % of writes of the log of etcd, in seconds.'],
  ['commit', 'etcdCommit', 'Slowest 1 % of commits of etcd, in seconds.'],
  ['quotaUsed', 'etcdQuotaUsed', 'The database of etcd as a share of its quota.'],
  ['leaderChanges', 'etcdLeaderChanges', 'Changes of the leader of etcd per second.'],
  ['pending', 'schedulerPendingPods', 'Pods in the queues of the scheduler.'],
  ['attempts', 'schedulerAttempts', 'Attempts to schedule per second, by result.'],
  ['scheduling', 'schedulerLatency', 'From the queue of the scheduler to a node, in seconds.'],
  ['rejectedBy', 'schedulerUnschedulablePods', 'Unschedulable pods by the plugin that turned them away.'],
  ['queueDepth', 'controllerQueueDepth', 'Items that wait in the queues of controllers.'],
  ['queueWait', 'controllerQueueWait', 'Longest 1 % of waits in the queues of controllers, in seconds.'],
  ['queueAdds', 'controllerQueueAdds', 'Items per second added to the queues of controllers.'],
  ['podStart', 'podStartLatency', 'From creation to running containers, by stage, in seconds.'],
  ['started', 'podsStarted', 'Pods per second that each kubelet starts.'],
  ['sandboxErrors', 'podSandboxErrors', 'Sandboxes per second that could not be made.'],
  ['unschedulable', 'unschedulablePods', 'Pods that fit on no node.'],
  ['creating', 'creatingPods', 'Pods that wait on their node for sandbox, volumes or images.'],
  ['pods', 'nodePods', 'Pods by node.'],
  ['placesUsed', 'nodePodPlacesUsed', 'Pods of each node as a share of maxPods and of its pod CIDR.'],
];

const QUEUES: ReadonlySet<Record> = new Set([
  'pending',
  'attempts',
  'scheduling',
  'rejectedBy',
  'queueDepth',
  'queueWait',
  'queueAdds',
]);
const MEMBERS: ReadonlySet<Record> = new Set(['fsync', 'commit', 'quotaUsed', 'leaderChanges']);

/**
 * The queries by which a load test is judged, for kube-burner's metrics profile: what the dashboard shows of the records that the configuration has.
 * Empty if the control plane is not recorded.
 * @example controlPlaneQueries(config).map(({ metricName, query }) => ({ metricName, query: query.text }))
 */
export function controlPlaneQueries(
  config: Pick<ControlPlaneConfig, 'rules' | 'controlPlane' | 'cloud'>,
): readonly ControlPlaneQuery[] {
  if (!config.controlPlane.enabled) return [];
  const names = controlPlaneNames(config);
  const [queues, members] = [noQueues(config) === undefined, noMembers(config) === undefined];
  return QUERIES.filter(([record]) => (queues || !QUEUES.has(record)) && (members || !MEMBERS.has(record))).map(
    ([record, metricName, comment]) => ({ metricName, query: selector(names[record]), comment }),
  );
}
