import { zoneOfNode } from '../../bench/model.ts';
import type { WorkloadParty } from '../../bench/truth.ts';
import { type Stack, VENDOR } from './stack.ts';
import {
  MONTH,
  none,
  number,
  type Pair,
  PER_BYTE,
  prefixed,
  sum,
  sumBy,
  type Truths,
  workloadOf,
  ZONED,
} from './traffic-figures.ts';
import { PODS_NAMESPACE } from './traffic-truths.ts';
import type { Answer, Expected } from './vector.ts';

/** The workload that zone-workload shows at first: that with the most cross-zone traffic in the namespace with the most. */
export function FIRST_WORKLOAD(stack: Stack): { readonly namespace: string; readonly workload: string } {
  const namespace = PODS_NAMESPACE(stack);
  const items = stack.truth.workloadPairs
    .filter(({ locality }) => locality === 'cross_zone')
    .flatMap(({ source, destination, rate }) =>
      [...new Set([source, destination].filter((end) => end.namespace === namespace).map((end) => end.workload))].map(
        (workload) => ({ labels: { workload }, value: rate }),
      ),
    );
  const [first] = sumBy(items).toSorted((a, b) => b.value - a.value);
  return { namespace, workload: first?.labels['workload'] ?? '' };
}

/** The running pods of each workload by zone. */
function podsByZone({ cluster }: Stack, { namespace, workload }: { namespace: string; workload: string }) {
  const pods = cluster.pods.filter(
    (pod) => pod.namespace === namespace && pod.workload.name === workload && (pod.phase ?? 'Running') === 'Running',
  );
  const zoneOf = (name: string) =>
    zoneOfNode(cluster.nodes.find((node) => node.name === name) ?? { zone: '', providerId: '' });
  return pods.map((pod) => ({ pod: pod.name, node: pod.node, zone: zoneOf(pod.node) }));
}

/** The share of the running pods of a workload in a zone, of those whose zone is known; undefined where there are none. */
function shareIn(stack: Stack, party: WorkloadParty, zone: string): number | undefined {
  const pods = podsByZone(stack, party).filter((pod) => pod.zone !== 'unknown');
  return pods.length === 0 ? undefined : pods.filter((pod) => pod.zone === zone).length / pods.length;
}

/** What would change the traffic of a workload, by peer. */
function changesOf(stack: Stack, pairs: readonly Pair[], isChosen: (party: WorkloadParty) => boolean): Answer {
  const known = pairs.filter(({ locality }) => locality === 'same_zone' || locality === 'cross_zone');
  const crossing = pairs.filter(({ locality }) => locality === 'cross_zone');
  const avoidable = crossing.filter(
    ({ source, destination }) =>
      (shareIn(stack, destination, source.zone) ?? 0) > 0 && (shareIn(stack, source, destination.zone) ?? 0) > 0,
  );
  const figure = (way: string, some: readonly Pair[], value: (pair: Pair) => number): Expected[] =>
    sumBy(
      some.map((pair) => {
        const { namespace, workload } = isChosen(pair.source) ? pair.destination : pair.source;
        const labels = { cluster: stack.cluster.name, peer_namespace: namespace, peer_workload: workload, way };
        return { labels, value: value(pair) };
      }),
    );
  const withPeersOf = (some: readonly Expected[]) =>
    some.filter(({ labels }) =>
      peers.some(
        (peer) =>
          peer.labels['peer_namespace'] === labels['peer_namespace'] &&
          peer.labels['peer_workload'] === labels['peer_workload'],
      ),
    );
  const peers = figure('crossing', crossing, ({ rate }) => rate);
  const isAvoidable = new Set(avoidable);
  const random = known.filter(({ source, destination }) => shareIn(stack, destination, source.zone) !== undefined);
  return {
    all: [
      ...peers,
      ...figure('avoidable', crossing, (pair) => (isAvoidable.has(pair) ? pair.rate : 0)),
      ...figure('saved', crossing, (pair) => (isAvoidable.has(pair) ? pair.rate * PER_BYTE * MONTH : 0)),
      ...withPeersOf(
        figure(
          'random',
          random,
          ({ source, destination, rate }) => rate * (1 - (shareIn(stack, destination, source.zone) ?? 0)),
        ),
      ),
    ],
  };
}

/** Every panel of zone-workload with the truth for each of its queries. */
export function zoneWorkloadTruths(stack: Stack): Truths {
  const { truth, cluster } = stack;
  const first = FIRST_WORKLOAD(stack);
  const isChosen = ({ namespace, workload }: WorkloadParty) =>
    namespace === first.namespace && workload === first.workload;
  const isBytes = stack.source === 'retina-standard';
  const sent = truth.workloadPairs.filter(({ source }) => isChosen(source));
  const received = truth.workloadPairs.filter(({ destination }) => isChosen(destination));
  const all = truth.workloadPairs.filter(({ source, destination }) => isChosen(source) || isChosen(destination));
  const crossing = all.filter(({ locality }) => locality === 'cross_zone');
  const byZones = (pairs: readonly Pair[]): Answer => ({
    all: sumBy(
      pairs.map(({ source, destination, rate }) => ({
        labels: { source_zone: source.zone, destination_zone: destination.zone },
        value: rate,
      })),
    ),
  });
  const pods = podsByZone(stack, first);
  const zones = sumBy(pods.map(({ zone }) => ({ labels: { zone }, value: 1 })));
  const peer = ({ source, destination, locality, rate }: Pair): Expected => {
    const [own, other, way] = isChosen(source) ? [source, destination, 'sent'] : [destination, source, 'received'];
    const labels = { cluster: cluster.name, end_zone: own.zone, ...prefixed('peer', workloadOf(other)), locality, way };
    return { labels, value: rate };
  };
  const cost = ({ labels, value }: Expected): Expected => ({
    labels: { ...labels, way: 'cost' },
    value: value * PER_BYTE * MONTH,
  });
  const costs = isBytes ? sumBy(crossing.map(peer).map(cost)) : [];
  const ofPod = (pod: string, way: 'source' | 'destination') =>
    sum(truth.podPairs.filter((pair) => pair[way].namespace === first.namespace && pair[way].pod === pod));
  const changes = changesOf(stack, all, isChosen);
  const leaving = all.flatMap((pair): readonly Expected[] => {
    if (pair.locality !== 'internet') return [];
    const isSent = isChosen(pair.source);
    const { workload: external, zone: external_zone } = isSent ? pair.destination : pair.source;
    const bill = (name: string, price: number): Expected => ({
      labels: { cluster: cluster.name, external, external_zone, class: name },
      value: (pair.rate * price * MONTH) / 1e9,
    });
    return [
      ...(isSent ? [bill('internet', VENDOR.internet)] : []),
      ...(external === VENDOR.name ? [bill('nat', VENDOR.nat)] : []),
    ];
  });
  const avoidable = changes.all
    .filter(({ labels }) => labels['way'] === 'avoidable')
    .reduce((total, { value }) => total + value, 0);
  return {
    'cross-zone': [number(sum(crossing))],
    'cross-zone-share': [number(sum(crossing) / sum(all.filter(({ locality }) => ZONED.includes(locality))))],
    sent: [number(sum(sent))],
    received: [number(sum(received))],
    ...(isBytes && {
      cost: [number(sum(crossing) * PER_BYTE * MONTH)],
      avoidable: [number(avoidable / sum(crossing))],
      changes: [changes],
      leaving: [{ all: sumBy(leaving) }],
    }),
    zones: [number(zones.length)],
    spread: [{ all: zones }],
    'sent-by-zone': [byZones(sent), none],
    'received-by-zone': [byZones(received), none],
    peers: [{ all: [...sumBy(all.map(peer)), ...costs] }],
    pods: [
      {
        all: pods.flatMap(({ pod, node, zone }) => {
          const labels = { cluster: cluster.name, pod, node, zone };
          return [
            { labels: { ...labels, way: 'running' }, value: 1 },
            { labels: { ...labels, way: 'sent' }, value: ofPod(pod, 'source') },
            { labels: { ...labels, way: 'received' }, value: ofPod(pod, 'destination') },
          ];
        }),
      },
    ],
  };
}
