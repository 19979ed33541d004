import { type InputSeries, seriesText } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';
import { MINUTES } from './dns-world.ts';
import type { Held, Truth } from './held.ts';

const staying = (metric: string, labels: Labels, value = 1): InputSeries => ({
  series: seriesText(metric, { instance: 'ksm-0', ...labels }),
  values: `${value}x${2 * MINUTES}`,
});

/** The same of both replicas of kube-state-metrics. */
const both = (metric: string, labels: Labels, value = 1): readonly InputSeries[] =>
  ['ksm-0', 'ksm-1'].map((instance) => staying(metric, { ...labels, instance }, value));

/** A pod, with the phase that holds; `count` of the same kind, each with a name that no other of its namespace has, but one of each other namespace. */
interface Pods {
  readonly cluster: string;
  readonly namespace: string;
  readonly node: string;
  readonly phase: 'Running' | 'Pending' | 'Succeeded' | 'Failed';
  readonly count: number;
  readonly host?: boolean;
  readonly unschedulable?: boolean;
  readonly creating?: boolean;
}

const PODS: readonly Pods[] = [
  { cluster: 'c1', namespace: 'a', node: 'n1', phase: 'Running', count: 4 },
  { cluster: 'c1', namespace: 'run-1', node: 'n1', phase: 'Running', count: 3 },
  { cluster: 'c1', namespace: 'run-1', node: 'n2', phase: 'Pending', count: 2, creating: true },
  { cluster: 'c1', namespace: 'run-1', node: 'n2', phase: 'Succeeded', count: 2 },
  { cluster: 'c1', namespace: 'run-2', node: '', phase: 'Pending', count: 5, unschedulable: true },
  { cluster: 'c1', namespace: 'b', node: '', phase: 'Pending', count: 1, unschedulable: true },
  { cluster: 'c1', namespace: 'c', node: 'n2', phase: 'Pending', count: 4, creating: true },
  { cluster: 'c1', namespace: 'run-old', node: 'n2', phase: 'Failed', count: 1 },
  // They have ended, so they hold no place.
  { cluster: 'c1', namespace: 'a', node: 'n2', phase: 'Succeeded', count: 6 },
  // On the network of the node: they take no address.
  { cluster: 'c1', namespace: 'b', node: 'n1', phase: 'Running', count: 2, host: true },
  { cluster: 'c1', namespace: 'b', node: 'one', phase: 'Running', count: 1 },
  { cluster: 'c2', namespace: 'run-1', node: 'n1', phase: 'Running', count: 1 },
  { cluster: 'c2', namespace: 'a', node: 'n1', phase: 'Pending', count: 1, unschedulable: true, creating: true },
];

const all = PODS.flatMap(({ count, ...pod }, kind) => {
  const { cluster, namespace } = pod;
  const before = PODS.slice(0, kind).filter((one) => one.cluster === cluster && one.namespace === namespace);
  const first = before.reduce((sum, one) => sum + one.count, 0);
  return Array.from({ length: count }, (_, index) => {
    const labels = { cluster, namespace, pod: `p${first + index}`, uid: `u${kind}-${index}` };
    return { ...pod, labels };
  });
});

/** An earlier incarnation of a pod of a StatefulSet: the same name on another node, and it has ended. */
const EARLIER = { cluster: 'c1', namespace: 'a', pod: 'p0', uid: 'earlier' };
/** Earlier incarnations that a replica of kube-state-metrics still shows: a pod that is created, and one that fits nowhere. */
const STILL_CREATED = { cluster: 'c1', namespace: 'run-1', pod: 'p3', uid: 'earlier' };
const STILL_UNSCHEDULABLE = { cluster: 'c1', namespace: 'run-2', pod: 'p0', uid: 'earlier' };

const NODES: readonly (Labels & { readonly allocatable: string })[] = [
  { cluster: 'c1', node: 'n1', pod_cidr: '10.244.0.0/24', allocatable: '110' },
  { cluster: 'c1', node: 'n2', pod_cidr: '10.244.1.0/28', allocatable: '0' },
  { cluster: 'c1', node: 'empty', pod_cidr: '10.244.2.0/26', allocatable: '58' },
  { cluster: 'c1', node: 'one', pod_cidr: '', allocatable: '1' },
  { cluster: 'c1', node: 'v6', pod_cidr: 'fd00:10::/64', allocatable: '110' },
  { cluster: 'c2', node: 'n1', pod_cidr: '', allocatable: '29' },
];

/** A node of each size of a pod CIDR, named alike in two clusters, and a second one; the addresses that are left for pods, by hand. */
const SIZES: readonly (readonly [length: number, addresses: number])[] = [
  [16, 65_533],
  [17, 32_765],
  [18, 16_381],
  [19, 8189],
  [20, 4093],
  [21, 2045],
  [22, 1021],
  [23, 509],
  [24, 253],
  [25, 125],
  [26, 61],
  [27, 29],
  [28, 13],
];
const SIZED = SIZES.flatMap(([length, addresses]) =>
  [
    ['c1', `s${length}`],
    ['c1', `t${length}`],
    ['c2', `s${length}`],
  ].map(([cluster = '', node = '']) => ({ cluster, node, pod_cidr: `10.0.0.0/${length}`, addresses })),
);

/** What a scrape without honor_labels stores: the labels without prefix are those of kube-state-metrics itself. Any of these tells. */
const FOREIGN = ['exported_namespace', 'exported_pod', 'exported_node'] as const;
const foreign = (metric: string, labels: Labels): readonly InputSeries[] =>
  FOREIGN.map((label) => staying(metric, { ...labels, [label]: 'x', instance: `ksm-${label}` }));
const GHOST = { cluster: 'c1', namespace: 'a', pod: 'ghost', uid: 'ghost' };

/** Runs of kube-burner: of 1.x, of 2.x, and a namespace without one. */
const NAMESPACES: readonly Labels[] = [
  { cluster: 'c1', namespace: 'run-1', label_kube_burner_io_uuid: 'u-2' },
  { cluster: 'c1', namespace: 'run-2', label_kube_burner_io_uuid: 'u-2' },
  { cluster: 'c1', namespace: 'run-old', label_kube_burner_uuid: 'u-1' },
  { cluster: 'c1', namespace: 'a' },
  { cluster: 'c2', namespace: 'run-1', label_kube_burner_io_uuid: 'u-2' },
  { cluster: 'c1', namespace: 'run-3', label_kube_burner_io_uuid: 'u-3' },
  { cluster: 'c2', namespace: 'run-3', label_kube_burner_io_uuid: 'u-3' },
  // Of a cluster without nodes: no run, and nothing else.
  { cluster: 'c3', namespace: 'a' },
];

/** Still found by queries, yet not the latest: runs whose namespaces a later run uses again, and a replica that was gone before them. */
const ENDED: readonly (readonly [Labels, samples: number])[] = [
  [{ cluster: 'c1', namespace: 'run-2', label_kube_burner_io_uuid: 'u-0' }, 2 * MINUTES - 3],
  [{ cluster: 'c1', namespace: 'run-2', label_kube_burner_io_uuid: 'u-2' }, 2 * MINUTES - 7],
  [{ cluster: 'c1', namespace: 'run-old', label_kube_burner_io_uuid: 'u-0' }, 2 * MINUTES - 3],
  [{ cluster: 'c1', namespace: 'run-old', label_kube_burner_uuid: 'u-1' }, 2 * MINUTES - 7],
];

/** Everything that kube-state-metrics says, from two replicas, and once as a scrape without honor_labels stores it. */
export const placesInput: readonly InputSeries[] = [
  ...[
    ...all,
    { labels: EARLIER, node: 'n2', phase: 'Succeeded' as const, host: false, unschedulable: false, creating: false },
  ].flatMap(({ labels, node, phase, host = false, unschedulable = false, creating = false }) => [
    ...both('kube_pod_info', { ...labels, node, host_network: String(host), pod_ip: '10.0.0.1' }),
    ...(['Pending', 'Running', 'Succeeded', 'Failed'] as const).flatMap((one) =>
      both('kube_pod_status_phase', { ...labels, phase: one }, one === phase ? 1 : 0),
    ),
    ...(unschedulable ? both('kube_pod_status_unschedulable', labels) : []),
    ...(['main', 'sidecar'] as const).flatMap((container) =>
      both(
        'kube_pod_container_status_waiting_reason',
        { ...labels, container, reason: creating ? 'ContainerCreating' : 'CrashLoopBackOff' },
        1,
      ),
    ),
  ]),
  // A container that does not wait any more may keep its row with 0.
  staying(
    'kube_pod_container_status_waiting_reason',
    { ...EARLIER, container: 'main', reason: 'ContainerCreating' },
    0,
  ),
  ...[STILL_CREATED, STILL_UNSCHEDULABLE].map((labels) =>
    staying('kube_pod_status_phase', { ...labels, phase: 'Pending' }),
  ),
  staying('kube_pod_container_status_waiting_reason', {
    ...STILL_CREATED,
    container: 'main',
    reason: 'ContainerCreating',
  }),
  staying('kube_pod_status_unschedulable', STILL_UNSCHEDULABLE),
  ...NODES.flatMap(({ allocatable, ...labels }) => [
    ...both('kube_node_info', labels),
    ...both(
      'kube_node_status_allocatable',
      { cluster: labels['cluster'] ?? '', node: labels['node'] ?? '', resource: 'pods', unit: 'integer' },
      Number(allocatable),
    ),
    ...both(
      'kube_node_status_allocatable',
      { cluster: labels['cluster'] ?? '', node: labels['node'] ?? '', resource: 'cpu', unit: 'core' },
      900,
    ),
  ]),
  ...NAMESPACES.flatMap((labels) => both('kube_namespace_labels', labels)),
  ...ENDED.map(([labels, samples]) => ({
    series: seriesText('kube_namespace_labels', { ...labels, instance: 'ksm-ended' }),
    values: `1x${samples}`,
  })),
  ...SIZED.flatMap(({ cluster, node, pod_cidr }) => [
    ...both('kube_node_info', { cluster, node, pod_cidr }),
    ...foreign('kube_node_info', { cluster, node: 'ghost', pod_cidr }),
  ]),
  // Another replica that has not seen yet what the node allows now.
  staying('kube_node_status_allocatable', {
    cluster: 'c1',
    node: 'empty',
    resource: 'pods',
    unit: 'integer',
    instance: 'ksm-2',
  }),
  ...foreign('kube_node_status_allocatable', { cluster: 'c1', node: 'ghost', resource: 'pods', unit: 'integer' }),
  ...foreign('kube_namespace_labels', { cluster: 'c1', namespace: 'a', label_kube_burner_io_uuid: 'ghost' }),
  ...foreign('kube_namespace_labels', { cluster: 'c1', namespace: 'a', label_kube_burner_uuid: 'ghost' }),
  ...foreign('kube_node_info', { cluster: 'ghost', node: 'ghost', pod_cidr: '' }),
  ...foreign('kube_pod_info', { ...GHOST, node: 'n1', host_network: 'false' }),
  ...foreign('kube_pod_status_phase', { ...GHOST, namespace: 'run-1', phase: 'Running' }),
  // Of a pod that runs: it has not ended.
  ...foreign('kube_pod_status_phase', { cluster: 'c1', namespace: 'a', pod: 'p1', uid: 'u0-1', phase: 'Succeeded' }),
  ...foreign('kube_pod_status_unschedulable', GHOST),
  ...foreign('kube_pod_container_status_waiting_reason', { ...GHOST, container: 'main', reason: 'ContainerCreating' }),
  staying('kube_pod_info', {
    cluster: 'c1',
    namespace: 'monitoring',
    pod: 'ksm',
    exported_namespace: 'a',
    exported_pod: 'lost',
    node: 'n1',
    host_network: 'false',
  }),
];

const counted = (cluster: string, node: string, places: number): Held => [{ cluster, node }, places];
const share = (node: string, limit: string, value: number, cluster = 'c1'): Held => [{ cluster, node, limit }, value];

/** By hand: what of it is true. */
export const placesHeld: Truth = {
  'cluster_node:pods:count': [
    counted('c1', 'n1', 9),
    counted('c1', 'n2', 2 + 4),
    counted('c1', 'one', 1),
    counted('c2', 'n1', 1 + 1),
  ],
  'cluster_node_limit:pod_places:max': [
    share('n1', 'max_pods', 110),
    share('n2', 'max_pods', 0),
    share('empty', 'max_pods', 58),
    share('one', 'max_pods', 1),
    share('v6', 'max_pods', 110),
    share('n1', 'max_pods', 29, 'c2'),
    share('n1', 'pod_cidr', 253),
    share('n2', 'pod_cidr', 13),
    share('empty', 'pod_cidr', 61),
    ...SIZED.map(({ cluster, node, addresses }) => share(node, 'pod_cidr', addresses, cluster)),
  ],
  'cluster_node_limit:pod_places_used:ratio': [
    share('n1', 'max_pods', 9 / 110),
    share('one', 'max_pods', 1),
    share('n1', 'max_pods', 2 / 29, 'c2'),
    // Two of the nine are on the network of the node.
    share('n1', 'pod_cidr', 7 / 253),
    share('n2', 'pod_cidr', 6 / 13),
  ],
  'cluster:unschedulable_pods:count': [
    [{ cluster: 'c1' }, 5 + 1],
    [{ cluster: 'c2' }, 1],
  ],
  'cluster:creating_pods:count': [
    [{ cluster: 'c1' }, 2 + 4],
    [{ cluster: 'c2' }, 1],
  ],
  'kube_burner_run:pods:count': [
    [{ cluster: 'c1', uuid: 'u-2', phase: 'Running' }, 3],
    [{ cluster: 'c1', uuid: 'u-2', phase: 'Pending' }, 7],
    [{ cluster: 'c1', uuid: 'u-1', phase: 'Failed' }, 1],
    [{ cluster: 'c2', uuid: 'u-2', phase: 'Running' }, 1],
  ],
  'kube_burner_run:seen:info': [
    [{ cluster: 'c1', uuid: 'u-1' }, 1],
    [{ cluster: 'c1', uuid: 'u-2' }, 1],
    [{ cluster: 'c2', uuid: 'u-2' }, 1],
    [{ cluster: 'c1', uuid: 'u-3' }, 1],
    [{ cluster: 'c2', uuid: 'u-3' }, 1],
    [{ cluster: 'c1' }, 1],
    [{ cluster: 'c2' }, 1],
  ],
};
