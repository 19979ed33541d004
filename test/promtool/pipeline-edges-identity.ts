import type { InputSeries } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';
import { always, type Edge, type EdgeInput, ending, lastSeen, ONE, TWO } from './edges-input.ts';

/** What kube-state-metrics says of itself where a scrape does not honour its labels. */
const EXPORTED = ['exported_namespace', 'exported_pod', 'exported_node'];
const PODS = 'kube_pod_info';
const NODES = 'kube_node_info';
const IDENTITY = 'cluster_namespace_pod:identity:info';
const CART: Labels = { namespace: 'shop', pod: 'cart', node: 'a' };

/** Clusters by what is wrong with the description of their pods; none where nothing is. */
interface Cause {
  readonly name: string;
  /** The cause, or one for each way to know pods; undefined where all is well. */
  readonly cause?: string | Readonly<Partial<Record<EdgeInput['known'], string>>>;
  readonly series: (place: Labels) => readonly InputSeries[];
}

function causesOf({ twins, ends, each, sender }: EdgeInput): readonly Cause[] {
  const usable = (place: Labels, level: number) =>
    each((unit) => [always(`cluster:${unit}_identity:usable`, place, level)]);
  const known = (place: Labels, ...namespaces: readonly string[]) =>
    namespaces.flatMap((namespace) =>
      ['other', 'another'].flatMap((pod) =>
        // As the record has it, without the instance.
        twins(IDENTITY, { ...place, instance: '', namespace, pod: `${namespace}-${pod}` }),
      ),
    );
  const described = (place: Labels) => always('cluster:identity:info', place);
  /** Ends of pods that the traffic does not name in full, on both sides. */
  const nameless = (place: Labels, names: readonly string[] = ['web']) =>
    (['source', 'destination'] as const).flatMap((end) =>
      ['', 'unknown'].flatMap((none) =>
        names.flatMap((name) => [
          ...ends(end, { ...place, namespace: none, pod: name }),
          ...ends(end, { ...place, namespace: name, pod: none }),
        ]),
      ),
    );
  /** Ends in these namespaces; the number of ends counts, not their traffic. */
  const endsOf = (place: Labels, senders: readonly string[], receivers: readonly string[]) => [
    ...senders.flatMap((namespace) => ends('source', { ...place, namespace }, namespace === 'shop' ? 100 : 0.1)),
    ...receivers.flatMap((namespace) => ends('destination', { ...place, namespace }, namespace === 'shop' ? 100 : 0.1)),
  ];
  const pods = (place: Labels, given: Labels = {}) => twins(PODS, { ...place, ...CART, ...given });
  const nodes = (place: Labels, given: Labels = {}) => twins(NODES, { ...place, node: 'a', ...given });
  const cartTwins = (place: Labels, level = 1) => ends('source', { ...place, namespace: 'shop' }, level);

  return [
    { name: 'well', series: (place) => [...sender(place), ...pods(place), ...usable(place, 1)] },
    {
      name: 'not usable',
      cause: { both: 'other_pods', remembered: 'other_pods' },
      series: (place) => [...cartTwins(place), ...pods(place), ...usable(place, 0)],
    },
    {
      name: 'usable, but pods without nodes',
      cause: { both: 'no_pods', now: 'no_pods' },
      series: (place) => [...cartTwins(place), ...pods(place, { node: '' }), ...nodes(place), ...usable(place, 1)],
    },
    { name: 'nothing', cause: 'no_kube_state_metrics', series: (place) => cartTwins(place, 0) },
    { name: 'one sender', cause: 'no_kube_state_metrics', series: (place) => sender(place) },
    {
      name: 'senders of two namespaces',
      cause: 'no_kube_state_metrics',
      series: (place) => endsOf(place, ['shop', 'web'], []),
    },
    ...EXPORTED.flatMap((label): Cause[] => [
      {
        name: `pods with ${label}`,
        cause: { both: 'honor_labels', now: 'honor_labels' },
        series: (place) => [...cartTwins(place), ...pods(place, { [label]: 'x' }), ...usable(place, 1)],
      },
      {
        name: `pods with ${label}, unusable`,
        cause: 'honor_labels',
        series: (place) => [...cartTwins(place), ...pods(place, { [label]: 'x' }), ...usable(place, 0)],
      },
      {
        name: `nodes with ${label}`,
        cause: 'no_kube_state_metrics',
        series: (place) => [...cartTwins(place), ...nodes(place, { [label]: 'x' })],
      },
    ]),
    {
      name: 'pods that describe kube-state-metrics',
      cause: 'honor_labels',
      series: (place) => [...cartTwins(place), ...known(place, 'shop', 'web')],
    },
    {
      name: 'one namespace, of less than half of the ends',
      cause: { both: 'one_namespace', remembered: 'one_namespace' },
      series: (place) => [
        ...endsOf(place, ['shop', 'web'], ['blog']),
        ...nameless(place),
        ...known(place, 'shop'),
        described(place),
        ...pods(place),
      ],
    },
    {
      name: 'one namespace, of less than half of the ends that have names',
      cause: { both: 'one_namespace', remembered: 'one_namespace' },
      series: (place) => [
        ...endsOf(place, ['shop', 'web'], ['blog']),
        ...nameless(place, ['x', 'y', 'z']),
        ...known(place, 'shop'),
        described(place),
        ...pods(place),
      ],
    },
    {
      name: 'one namespace, of half of the ends',
      cause: { both: 'other_pods', remembered: 'other_pods' },
      series: (place) => [
        ...endsOf(place, ['shop'], ['web']),
        ...nameless(place),
        ...known(place, 'shop'),
        described(place),
        ...pods(place),
      ],
    },
    {
      name: 'two namespaces, of less than half of the ends',
      cause: { both: 'other_pods', remembered: 'other_pods' },
      series: (place) => [
        ...endsOf(place, ['web', 'blog', 'api'], ['web']),
        ...known(place, 'shop', 'blog'),
        described(place),
        ...pods(place),
      ],
    },
    {
      name: 'one namespace, of less than half of the senders',
      cause: 'one_namespace',
      series: (place) => [
        ...endsOf(place, ['shop', 'web', 'blog'], []),
        ...nameless(place),
        ...known(place, 'shop'),
        described(place),
      ],
    },
    {
      name: 'one namespace, of half of the senders',
      cause: 'no_pods',
      series: (place) => [
        ...endsOf(place, ['shop', 'web'], []),
        ...nameless(place),
        ...known(place, 'shop'),
        described(place),
        ...nodes(place),
      ],
    },
  ];
}

/** Clusters by their cause, each with all causes after it as well; only what the source is judged by decides which there are. */
function cascadeOf({ twins, ends, known }: EdgeInput): readonly { cause: string; series: readonly InputSeries[] }[] {
  const causes: readonly { readonly cause: string; readonly series: (place: Labels) => readonly InputSeries[] }[] = [
    {
      cause: 'honor_labels',
      series: (place) => twins(PODS, { ...place, node: 'a', exported_namespace: 'x' }),
    },
    {
      cause: 'one_namespace',
      series: (place) => [
        ...twins(IDENTITY, { ...place, namespace: 'shop' }),
        always('cluster:identity:info', place),
        ...ends('destination', { ...place, namespace: 'web', pod: 'blog' }),
      ],
    },
    // Where pods that are there now are enough, there is no such cause.
    ...(known === 'now'
      ? []
      : [{ cause: 'other_pods', series: (place: Labels) => twins(PODS, { ...place, ...CART }) }]),
    { cause: 'no_pods', series: (place) => twins(NODES, { ...place, node: 'a' }) },
    {
      cause: 'cluster_label',
      series: (place) => [...twins(PODS, CART), ...ends('source', { ...place, namespace: 'web' })],
    },
  ];
  return causes.map(({ cause }, index) => ({
    cause,
    series: causes.slice(index).flatMap(({ series }) => series({ cluster: cause })),
  }));
}

/** The causes of IdentitySourceSilent: which one, and for how long. */
export function identityEdges(input: EdgeInput): readonly Edge[] {
  const { native, known: by, sender, twins, ends, of } = input;
  const causes = causesOf(input).map(({ name, cause, series }) => ({
    series: series({ cluster: name }),
    name,
    // What the source does not report itself, nothing else can say.
    cause: typeof cause === 'object' ? cause[by] : cause,
  }));
  const cascade = cascadeOf(input);
  const named = (place: Labels, cause: string) => of({ ...place, cause: native === true ? 'no_zones' : cause });
  return [
    {
      name: 'each cluster has its own cause, whatever the others have',
      series: causes.flatMap(({ series }) => series),
      firing: [
        [10],
        [11, ...causes.flatMap(({ name, cause }) => (cause === undefined ? [] : named({ cluster: name }, cause)))],
      ],
    },
    {
      name: 'the first cause counts, whatever else is wrong',
      series: cascade.flatMap(({ series }) => series),
      firing: [[30, ...cascade.flatMap(({ cause }) => named({ cluster: cause }, cause))]],
    },
    {
      name: 'what has no cluster label is none of this alert',
      series: [...ends('source', { namespace: 'web' }), ...twins(IDENTITY, { namespace: 'shop' })],
      firing: [[30]],
    },
    {
      name: 'pods without the cluster label explain only what nothing else does',
      series: [
        ...twins(PODS, CART),
        ...[ONE, TWO].flatMap((place) =>
          ['shop', 'web'].flatMap((namespace) => ends('source', { ...place, namespace })),
        ),
        ...twins(NODES, { ...TWO, node: 'a' }),
        // It is ClusterLabelMissing that tells of these.
        ...sender({}),
      ],
      firing: [[40, ...named(ONE, 'cluster_label'), ...named(TWO, 'no_pods')]],
    },
    ...(native === true ? [] : EXPORTED).map((label) => ({
      name: `pods with ${label} are the cause for ten minutes after they ended`,
      series: [...sender(ONE), ending(PODS, { ...ONE, [label]: 'x', node: 'a' }, 20)],
      // It goes on for as long as the next cause waits.
      firing: [
        [lastSeen(20, 10) + 10, ...named(ONE, 'honor_labels')],
        [lastSeen(20, 10) + 11, ...named(ONE, 'no_kube_state_metrics')],
      ] as const,
    })),
  ];
}
