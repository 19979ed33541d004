import type { InputSeries } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';
import { always, type Edge, ending, lastSeen, ONE, sender, TWO } from './edges-input.ts';
import { ofUnit, sent, UNIT } from './pipeline-case.ts';

/** What kube-state-metrics says of itself where a scrape does not honour its labels. */
const EXPORTED = ['exported_namespace', 'exported_pod', 'exported_node'];
const RECEIVED = `destination_endpoint:${UNIT}:rate5m`;
const PODS = 'kube_pod_info';
const CART: Labels = { namespace: 'shop', pod: 'cart', node: 'a' };
const usable = (place: Labels, level: number) => always(`cluster:${UNIT}_identity:usable`, place, level);
const known = (place: Labels, ...namespaces: readonly string[]) =>
  namespaces.map((namespace) => always('cluster_namespace_pod:identity:info', { ...place, namespace, pod: 'cart' }));
const described = (place: Labels) => always('cluster:identity:info', place);
/** Ends of pods that the traffic does not name in full, on both sides. */
const nameless = (place: Labels) =>
  [sent, RECEIVED].flatMap((metric) =>
    ['', 'unknown'].flatMap((none) => [
      always(metric, { ...place, namespace: none, pod: 'x' }),
      always(metric, { ...place, namespace: 'web', pod: none }),
    ]),
  );
/** Ends in these namespaces; the number of ends counts, not their traffic. */
const endsOf = (place: Labels, senders: readonly string[], receivers: readonly string[]) =>
  [
    ...senders.map((namespace) => [sent, namespace] as const),
    ...receivers.map((namespace) => [RECEIVED, namespace] as const),
  ].map(([metric, namespace]) =>
    always(metric, { ...place, namespace, pod: 'cart' }, namespace === 'shop' ? 100 : 0.1),
  );

/** Clusters by what is wrong with the description of their pods; none where nothing is. */
const CAUSES: readonly {
  readonly name: string;
  readonly cause?: string;
  readonly series: (place: Labels) => readonly InputSeries[];
}[] = [
  {
    name: 'well',
    series: (place) => [sender(place), always(PODS, { ...place, ...CART }), usable(place, 1)],
  },
  {
    name: 'not usable',
    cause: 'other_pods',
    series: (place) => [sender(place), always(PODS, { ...place, ...CART }), usable(place, 0)],
  },
  {
    name: 'usable, but pods without nodes',
    cause: 'no_pods',
    series: (place) => [
      sender(place),
      always(PODS, { ...place, ...CART, node: '' }),
      always('kube_node_info', { ...place, node: 'a' }),
      usable(place, 1),
    ],
  },
  { name: 'nothing', cause: 'no_kube_state_metrics', series: (place) => [sender(place, 'cart', 0)] },
  ...EXPORTED.flatMap((label) => [
    {
      name: `pods with ${label}`,
      cause: 'honor_labels',
      series: (place: Labels) => [sender(place), always(PODS, { ...place, ...CART, [label]: 'x' }), usable(place, 1)],
    },
    {
      name: `nodes with ${label}`,
      cause: 'no_kube_state_metrics',
      series: (place: Labels) => [sender(place), always('kube_node_info', { ...place, node: 'a', [label]: 'x' })],
    },
  ]),
  {
    name: 'pods that describe kube-state-metrics',
    cause: 'honor_labels',
    series: (place) => [sender(place), ...known(place, 'shop'), always(PODS, { ...place, ...CART })],
  },
  {
    name: 'one namespace, of less than half of the ends',
    cause: 'one_namespace',
    series: (place) => [
      ...endsOf(place, ['shop', 'web'], ['blog']),
      ...nameless(place),
      ...known(place, 'shop'),
      described(place),
      always(PODS, { ...place, ...CART }),
    ],
  },
  {
    name: 'one namespace, of half of the ends',
    cause: 'other_pods',
    series: (place) => [
      ...endsOf(place, ['shop'], ['web']),
      ...nameless(place),
      ...known(place, 'shop'),
      described(place),
      always(PODS, { ...place, ...CART }),
    ],
  },
  {
    name: 'two namespaces, of less than half of the ends',
    cause: 'other_pods',
    series: (place) => [
      ...endsOf(place, ['web', 'blog', 'api'], ['web']),
      ...known(place, 'shop', 'blog'),
      described(place),
      always(PODS, { ...place, ...CART }),
    ],
  },
];

/** The causes of IdentitySourceSilent: which one, and for how long. */
export const IDENTITY_EDGES: readonly Edge[] = [
  {
    name: 'each cluster has its own cause, whatever the others have',
    series: CAUSES.flatMap(({ name, series }) => series({ cluster: name })),
    firing: [
      [10],
      [11, ...CAUSES.flatMap(({ name, cause }) => (cause === undefined ? [] : [ofUnit({ cluster: name, cause })]))],
    ],
  },
  {
    name: 'pods without the cluster label explain only what nothing else does',
    series: [
      always('kube_pod_info', { namespace: 'shop', pod: 'cart', node: 'a' }),
      ...[ONE, TWO].map((place) => sender(place)),
      always('kube_node_info', { ...TWO, node: 'a' }),
    ],
    firing: [[40, ofUnit({ ...ONE, cause: 'cluster_label' }), ofUnit({ ...TWO, cause: 'no_pods' })]],
  },
  ...EXPORTED.map((label) => ({
    name: `pods with ${label} are the cause for ten minutes after they ended`,
    series: [sender(ONE), ending('kube_pod_info', { ...ONE, [label]: 'x', node: 'a' }, 20)],
    // It goes on for as long as the next cause waits.
    firing: [
      [lastSeen(20, 10) + 10, ofUnit({ ...ONE, cause: 'honor_labels' })],
      [lastSeen(20, 10) + 11, ofUnit({ ...ONE, cause: 'no_kube_state_metrics' })],
    ] as const,
  })),
];
