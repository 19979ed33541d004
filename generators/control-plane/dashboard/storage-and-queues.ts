import { graph } from '../../panels/needs.ts';
import { COLOURS, overTime } from '../../panels/shared.ts';
import { promql } from '../../promql/index.ts';
import { known, most, PODS, REQUESTS, type ScalePanel, type Series } from './panel.ts';

const { good, attention, warning, bad } = COLOURS;

/** etcd as the API servers see it, and its members. */
export const etcdPanels = ({ of }: Series): readonly ScalePanel[] => [
  graph('etcd-latency', {
    title: 'Slowest 1 % of requests to etcd',
    description: 'One request to etcd in a hundred takes this long or longer, by operation.',
    targets: [overTime(known(of('etcdLatency')), '{{operation}}')],
    unit: 's',
  }),
  graph('etcd-requests', {
    title: 'Requests to etcd',
    description: 'Requests of the API servers to etcd by operation, and those that failed.',
    targets: [overTime(of('etcdRequests'), '{{operation}}'), overTime(promql`sum(${of('etcdErrors')})`, 'failed')],
    unit: REQUESTS,
    colours: { failed: bad },
  }),
  graph('etcd-size', {
    title: 'Database of etcd',
    description:
      'Size of the database file. It only shrinks by defragmentation. At the quota (2 GiB by default, 8 GiB on EKS) etcd refuses all writes.',
    targets: [overTime(of('etcdBytes'), 'database')],
    unit: 'bytes',
  }),
  graph('stored-objects', {
    title: 'Stored objects',
    description: 'The ten resources with the most objects.',
    targets: [overTime(most(of('objects')), '{{resource}}')],
    unit: 'short',
  }),
  graph(
    'etcd-disk',
    {
      title: 'Disks of etcd',
      description:
        'One write of the log (fsync) or commit in a hundred takes this long or longer, by member. Healthy: below 10 ms, and 25 ms.',
      targets: [
        overTime(known(of('fsync')), '{{instance}} fsync'),
        overTime(known(of('commit')), '{{instance}} commit'),
      ],
      unit: 's',
    },
    { needs: ['members'] },
  ),
  graph(
    'etcd-quota',
    {
      title: 'Quota of etcd',
      description: 'The database of each member as a share of its quota.',
      targets: [overTime(of('quotaUsed'), '{{instance}}')],
      unit: 'percentunit',
    },
    { needs: ['members'] },
  ),
  graph(
    'etcd-leader',
    {
      title: 'Changes of the leader',
      description: 'Changes of the leader per hour, by member. Each stops writes for a moment.',
      targets: [overTime(promql`${of('leaderChanges')} * 3600`, '{{instance}}')],
      unit: 'suffix: /h',
    },
    { needs: ['members'] },
  ),
];

/** Scheduler and controllers. */
export const queuePanels = ({ of }: Series): readonly ScalePanel[] => [
  graph(
    'pending-by-queue',
    {
      title: 'Queues of the scheduler',
      description: 'Pods by queue: active is work to do, backoff waits for another try, unschedulable fits nowhere.',
      targets: [overTime(of('pending'), '{{queue}}')],
      unit: PODS,
      colours: { unschedulable: bad, backoff: attention },
    },
    { needs: ['queues'] },
  ),
  graph(
    'scheduling',
    {
      title: 'Scheduling',
      description: 'From the queue of the scheduler to a node: half, and 99 of 100 pods, over all attempts.',
      targets: [overTime(known(of('scheduling')), '{{quantile}}')],
      unit: 's',
    },
    { needs: ['queues'] },
  ),
  graph(
    'attempts',
    {
      title: 'Attempts to schedule',
      description: 'Attempts per second, by result.',
      targets: [overTime(of('attempts'), '{{result}}')],
      unit: 'suffix: /s',
      colours: { scheduled: good, unschedulable: warning, error: bad },
    },
    { needs: ['queues'] },
  ),
  graph(
    'rejected-by-plugin',
    {
      title: 'Why pods do not fit',
      description:
        'Unschedulable pods by the plugin of the scheduler that turned them away: NodeResourcesFit for too many pods or too little CPU or memory.',
      targets: [overTime(of('rejectedBy'), '{{plugin}}')],
      unit: PODS,
    },
    { needs: ['queues'] },
  ),
  graph(
    'queue-depth',
    {
      title: 'Queues of controllers',
      description: 'Items that wait: the ten longest queues of kube-controller-manager.',
      targets: [overTime(most(of('queueDepth')), '{{name}}')],
      unit: 'none',
    },
    { needs: ['queues'] },
  ),
  graph(
    'queue-waits',
    {
      title: 'Waits in queues of controllers',
      description:
        'One item in a hundred waits this long or longer: the ten longest. Only the order of magnitude counts.',
      targets: [overTime(most(known(of('queueWait'))), '{{name}}')],
      unit: 's',
    },
    { needs: ['queues'] },
  ),
  graph(
    'queue-adds',
    {
      title: 'Work of controllers',
      description: 'Items added per second: the ten busiest queues.',
      targets: [overTime(most(of('queueAdds')), '{{name}}')],
      unit: 'suffix: /s',
    },
    { needs: ['queues'] },
  ),
];
