import { COLOURS, overTime, withHost } from '../../panels/shared.ts';
import { promql, type Query } from '../../promql/index.ts';
import { graph, PODS, REQUESTS, type ScalePanel, type Series } from './panel.ts';

const { good, attention, warning, bad } = COLOURS;

const MOST = 10;

/** The largest of a query that has data; quantiles of nothing are NaN. */
const most = (query: Query): Query => promql`topk(${MOST}, ${query})`;
const known = (query: Query): Query => promql`${query} >= 0`;

/** What the API servers are asked for, and how well they answer. */
export const requestPanels = ({ of, during, slow }: Series): readonly ScalePanel[] => [
  graph('latency-by-request', {
    title: 'Slowest 1 % of requests',
    description:
      'One request in a hundred takes this long or longer, without webhooks and queues: the ten slowest verbs and resources. Changes and reads of one ' +
      'object should take less than 1 s, lists less than 30 s.',
    targets: [overTime(most(known(of('latency'))), '{{verb}} {{resource}}')],
    unit: 's',
  }),
  graph('slow-by-kind', {
    title: 'Slower than promised, by kind',
    description:
      'Share of the changes, reads of one object and lists that take longer than Kubernetes promises. More than 1 % breaks the promise.',
    targets: [overTime(promql`max by (kind) (${during(slow)})`, '{{kind}}')],
    unit: 'percentunit',
  }),
  graph('requests-by-verb', {
    title: 'Requests by verb',
    description: 'Requests per second by verb. A watch counts when it ends.',
    targets: [overTime(promql`sum by (verb) (${of('requests')})`, '{{verb}}')],
    unit: REQUESTS,
    stacked: true,
  }),
  graph('requests-by-resource', {
    title: 'Requests by resource',
    description: 'The ten resources with the most requests.',
    targets: [overTime(most(promql`sum by (resource) (${of('requests')})`), '{{resource}}')],
    unit: REQUESTS,
  }),
  graph('errors-by-request', {
    title: 'Failed or refused',
    description:
      'Requests that the API server failed (5xx) or refused as there were too many (429): the ten most frequent.',
    targets: [overTime(most(of('errors')), '{{code}} {{verb}} {{resource}}')],
    unit: REQUESTS,
  }),
  graph('inflight', {
    title: 'In flight',
    description:
      'Requests in flight by API server, the most within a second: those that read and those that change. By default 400 and 200 fit.',
    targets: [overTime(of('inflight'), '{{instance}} {{request_kind}}')],
    unit: 'none',
  }),
];

/** Who waits for a seat. */
export const fairnessPanels = ({ of }: Series): readonly ScalePanel[] => [
  graph('waits-by-level', {
    title: 'Longest 1 % of waits, by priority level',
    description: 'One request in a hundred waits this long or longer for a seat.',
    targets: [overTime(known(of('waited')), '{{priority_level}}')],
    unit: 's',
  }),
  graph('queued-by-level', {
    title: 'Waiting, by priority level',
    description: 'Requests that wait in a queue, by priority level, over all API servers.',
    targets: [overTime(of('queued'), '{{priority_level}}')],
    unit: 'none',
  }),
  graph('seats-by-level', {
    title: 'Seats taken, by priority level',
    description:
      'Seats that are taken, as a share of those that a level has now, with what it borrowed. A list may take several seats. At 100 % requests wait.',
    targets: [overTime(of('seatsUsed'), '{{priority_level}}')],
    unit: 'percentunit',
  }),
  graph('rejected-by-level', {
    title: 'Refused, by priority level',
    description: 'Requests refused with 429, as the queue was full or they waited too long (time-out). It should be 0.',
    targets: [overTime(most(of('rejected')), '{{priority_level}} {{reason}}')],
    unit: REQUESTS,
  }),
];

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
    ['members'],
  ),
  graph(
    'etcd-quota',
    {
      title: 'Quota of etcd',
      description: 'The database of each member as a share of its quota.',
      targets: [overTime(of('quotaUsed'), '{{instance}}')],
      unit: 'percentunit',
    },
    ['members'],
  ),
  graph(
    'etcd-leader',
    {
      title: 'Changes of the leader',
      description: 'Changes of the leader per hour, by member. Each stops writes for a moment.',
      targets: [overTime(promql`${of('leaderChanges')} * 3600`, '{{instance}}')],
      unit: 'suffix: /h',
    },
    ['members'],
  ),
];

/** What lists and watches cost, with the memory of the API servers beside it. */
export const costPanels = ({ of }: Series): readonly ScalePanel[] => [
  graph('memory', {
    title: 'Memory of the API servers',
    description:
      'Resident memory by API server. Large lists show here: before Kubernetes 1.33 a list holds all of its objects at once.',
    targets: [overTime(of('memory'), '{{instance}}')],
    unit: 'bytes',
  }),
  graph('list-bytes', {
    title: 'Answers to lists',
    description: 'Bytes per second of the answers to lists: the ten resources with the most.',
    targets: [overTime(most(of('listBytes')), '{{resource}}')],
    unit: 'Bps',
  }),
  graph('list-objects', {
    title: 'Objects read by lists',
    description:
      'Objects per second that lists read, from the cache of the API server or from etcd: the ten most. What comes from etcd costs most.',
    targets: [overTime(most(of('listObjects')), '{{resource}} from {{served}}')],
    unit: 'si: objects/s',
  }),
  graph('watch-events', {
    title: 'Events sent to watches',
    description: 'Each change, times the watches that see it: the ten resources with the most.',
    targets: [overTime(most(of('watchEvents')), '{{object}}')],
    unit: 'si: events/s',
  }),
  graph('watchers', {
    title: 'Open watches',
    description: 'The ten resources with the most open watches.',
    targets: [overTime(most(of('watchers')), '{{resource}}')],
    unit: 'none',
  }),
  graph('cpu', {
    title: 'CPU of the API servers',
    description: 'CPU by API server, in cores.',
    targets: [overTime(of('cpu'), '{{instance}}')],
    unit: 'suffix: cores',
  }),
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
    ['queues'],
  ),
  graph(
    'scheduling',
    {
      title: 'Scheduling',
      description: 'From the queue of the scheduler to a node: half, and 99 of 100 pods, over all attempts.',
      targets: [overTime(known(of('scheduling')), '{{quantile}}')],
      unit: 's',
    },
    ['queues'],
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
    ['queues'],
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
    ['queues'],
  ),
  graph(
    'queue-depth',
    {
      title: 'Queues of controllers',
      description: 'Items that wait: the ten longest queues of kube-controller-manager.',
      targets: [overTime(most(of('queueDepth')), '{{name}}')],
      unit: 'none',
    },
    ['queues'],
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
    ['queues'],
  ),
  graph(
    'queue-adds',
    {
      title: 'Work of controllers',
      description: 'Items added per second: the ten busiest queues.',
      targets: [overTime(most(of('queueAdds')), '{{name}}')],
      unit: 'suffix: /s',
    },
    ['queues'],
  ),
];

/** Pods: do they fit, do they get addresses, and how long do they take to start. */
export const podPanels = ({ of, now }: Series): readonly ScalePanel[] => [
  graph('places-by-node', {
    title: 'Pods against what fits',
    description:
      'Pods of the ten fullest nodes as a share of maxPods (max_pods), or of the addresses of the pod CIDR (pod_cidr): the nearer limit of each.',
    targets: [overTime(withHost(most(of('placesUsed')), 'node'), '{{host}} {{limit}}')],
    unit: 'percentunit',
  }),
  graph('pods-by-node', {
    title: 'Pods by node',
    description: 'Pods that run or are being started, on the ten nodes with the most.',
    targets: [overTime(withHost(most(of('pods')), 'node'), '{{host}}')],
    unit: PODS,
  }),
  graph('held-up', {
    title: 'Pods that do not start',
    description:
      'Unschedulable pods fit on no node. Pods that are being created have one, and wait there for sandbox, volumes or images.',
    targets: [
      overTime(promql`sum(${of('unschedulable')})`, 'unschedulable'),
      overTime(promql`sum(${of('creating')})`, 'being created'),
    ],
    unit: PODS,
    colours: { unschedulable: bad, 'being created': attention },
  }),
  graph('sandbox-errors', {
    title: 'Failed sandboxes, by node',
    description:
      'Sandboxes of pods per minute that could not be made, on the ten nodes with the most. Events say why: kubectl get events -A --field-selector reason=FailedCreatePodSandBox.',
    targets: [overTime(withHost(most(promql`${of('sandboxErrors')} * 60`), 'node'), '{{host}}')],
    unit: 'suffix: /min',
  }),
  graph('pod-start-stages', {
    title: 'Pod start',
    description:
      'From the creation of a pod until its containers run, half and 99 of 100 pods: in total, and without pulling images. Kubernetes promises 5 s without images.',
    targets: [
      overTime(known(of('podStart', { stage: 'without_images' })), 'without images {{quantile}}'),
      overTime(known(of('podStart', { stage: 'total' })), 'total {{quantile}}'),
    ],
    unit: 's',
  }),
  graph('image-pull', {
    title: 'Image pulls',
    description:
      'How long pulling an image takes, half and 99 of 100. What this adds is the difference between the lines of pod start.',
    targets: [overTime(known(of('podStart', { stage: 'image_pull' })), '{{quantile}}')],
    unit: 's',
  }),
  graph('pods-started', {
    title: 'Pods started, by node',
    description: 'Pods per second that the kubelets start: the ten busiest.',
    targets: [overTime(withHost(most(of('started')), 'node'), '{{host}}')],
    unit: 'suffix: pods/s',
  }),
  graph(
    'run-pods',
    {
      title: 'Pods of the run',
      description: 'Pods in the namespaces of runs of kube-burner, by phase.',
      targets: [
        overTime(promql`sum by (phase) (${now('runPods', { uuid: { operator: '=~', value: '$uuid' } })})`, '{{phase}}'),
      ],
      unit: PODS,
      stacked: true,
      colours: { Running: good, Pending: attention, Failed: bad },
    },
    ['runs'],
  ),
];
