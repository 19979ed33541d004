import type { Locality } from '../../bench/truth.ts';
import type { Stack } from './stack.ts';
import {
  type Labels,
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
import type { Answer, Expected } from './vector.ts';

/** A direction between two ends that are named by the same fields. */
interface Direction {
  readonly left: Labels;
  readonly right: Labels;
  readonly rate: number;
}

/** What is chosen on a dashboard of traffic. */
export interface Choice {
  /** Undefined: All. */
  readonly namespaces?: readonly string[];
  readonly localities: readonly Locality[];
}

/** What is chosen at first. */
export const AT_FIRST: Choice = { localities: ['cross_zone'] };

const range = (value: number, upTo: number): Answer => ({ all: [{ labels: {}, value, upTo }] });

const directionsOf = (pairs: readonly Pair[]): readonly Direction[] =>
  sumDirections(
    pairs.map(({ source, destination, rate }) => ({ left: workloadOf(source), right: workloadOf(destination), rate })),
  );

function sumDirections(directions: readonly Direction[]): readonly Direction[] {
  const groups = new Map<string, Direction>();
  for (const one of directions) {
    const key = JSON.stringify([one.left, one.right]);
    groups.set(key, { ...one, rate: (groups.get(key)?.rate ?? 0) + one.rate });
  }
  return [...groups.values()];
}

const largest = (directions: readonly Direction[], most: number): readonly Direction[] =>
  directions.toSorted((a, b) => b.rate - a.rate).slice(0, most);

const text = (end: Labels): string => Object.values(end).join('/');
/** A direction as one figure of a pair: the end whose name comes first has sent or received it. */
function figureOf({ left, right, rate }: Direction, shared: Labels): Expected {
  const isTurned = text(left) > text(right);
  const [end, peer] = isTurned ? [right, left] : [left, right];
  const labels = { ...shared, ...prefixed('end', end), ...prefixed('peer', peer), way: isTurned ? 'received' : 'sent' };
  return { labels, value: rate };
}

/** Pairs with both directions in one row. Of more directions than are shown, those clearly above the border must be there. */
function folded(directions: readonly Direction[], shared: Labels, perByte?: number): Answer {
  const asked = (some: readonly Direction[]): Expected[] => {
    const figures = some.map((one) => figureOf(one, shared));
    const costs = figures.map(({ labels, value }) => ({
      labels: { ...labels, way: 'cost' },
      value: value * (perByte ?? 0) * MONTH,
    }));
    return [...figures, ...(perByte === undefined ? [] : sumBy(costs))];
  };
  if (directions.length <= 50) return { all: asked(directions) };
  const border = largest(directions, 50).at(-1)?.rate ?? 0;
  const sure = directions.filter(({ rate }) => rate > border * 1.05).map((one) => figureOf(one, shared));
  return { all: asked(directions), required: sure };
}

const CROSSING: readonly Locality[] = ['cross_zone'];
const LOCALITIES: readonly Locality[] = ['same_zone', 'cross_zone', 'cross_region', 'internet', 'unknown'];

/** Traffic of a cluster under a choice. */
function chosen({ truth }: Stack, { namespaces }: Choice) {
  const isIn = (party: { namespace: string }) => namespaces === undefined || namespaces.includes(party.namespace);
  const pairs = truth.workloadPairs.filter(({ source, destination }) => isIn(source) || isIn(destination));
  const zonePairs =
    namespaces === undefined
      ? truth.zonePairs
      : pairs.map(({ source, destination, locality, rate }) => ({
          sourceZone: source.zone,
          destinationZone: destination.zone,
          locality,
          rate,
        }));
  const byZones = (localities: readonly Locality[]): Expected[] =>
    sumBy(
      zonePairs
        .filter(({ locality }) => localities.includes(locality))
        .map(({ sourceZone, destinationZone, rate }) => ({
          labels: { source_zone: sourceZone, destination_zone: destinationZone },
          value: rate,
        })),
    );
  return {
    pairs,
    byZones,
    of: (localities: readonly Locality[]) => pairs.filter(({ locality }) => localities.includes(locality)),
    total: (...localities: readonly Locality[]) =>
      sum(zonePairs.filter(({ locality }) => localities.length === 0 || localities.includes(locality))),
  };
}

/** The matrix: with all of its diagonal, which is in order. */
function matrixOf(pairs: readonly Expected[]): Answer {
  const zones = new Set(pairs.flatMap(({ labels }) => Object.values(labels)));
  const order = (zone: string) =>
    zone === 'unknown' ? 'c' : ['internet', 'storage'].includes(zone) ? `b${zone}` : `a${zone}`;
  const isDiagonal = ({ source_zone: from, destination_zone: to }: Labels) => from === to;
  const shown = pairs.map(({ labels, value }) => ({
    labels: isDiagonal(labels) ? { ...labels, order: order(labels['source_zone'] ?? '') } : labels,
    value,
  }));
  const missing = [...zones]
    .filter((zone) => !pairs.some(({ labels }) => isDiagonal(labels) && labels['source_zone'] === zone))
    .map((zone) => ({ labels: { source_zone: zone, destination_zone: zone, order: order(zone) }, value: 0 }));
  return { all: [...shown, ...missing] };
}

const REGION = /^(?:(.+-[0-9]+)[a-z]|(.+-[a-z]+[0-9]+)-[a-z]|([a-z]+[0-9]?)-[0-9])$/;
const regionOf = (zone: string): string => (REGION.exec(zone) ?? []).slice(1).find((part) => part !== undefined) ?? '';

/** The edges of a graph, with their thickness and, where there is a price, their cost. */
function edgesOf(
  directions: readonly { from: string; to: string; rate: number }[],
  scale: number,
  perByte?: number,
): Answer {
  const most = Math.max(...directions.map(({ rate }) => rate));
  const edges = directions.flatMap(({ from, to, rate }) => {
    const labels = { id: `${from} → ${to}`, source: from, target: to, color: '#FF9830' };
    return [
      { labels: { ...labels, stat: 'mainstat' }, value: rate / scale },
      { labels: { ...labels, stat: 'thickness' }, value: 1 + (7 * rate) / most },
      ...(perByte === undefined
        ? []
        : [{ labels: { ...labels, stat: 'secondarystat' }, value: rate * perByte * MONTH }]),
    ];
  });
  return { all: edges };
}

function topologyTruths(stack: Stack, choice: Choice): Truths {
  const { byZones, of } = chosen(stack, choice);
  const isBytes = stack.source === 'retina-standard';
  const scale = isBytes ? 1e6 : 1;
  const perByte = isBytes ? PER_BYTE : undefined;
  const zones = byZones(CROSSING).map(({ labels, value }) => ({
    from: labels['source_zone'] ?? '',
    to: labels['destination_zone'] ?? '',
    rate: value,
  }));
  const zone = (id: string, stat: string, value: number) => ({
    labels: { id, title: id, subtitle: regionOf(id), stat },
    value: value / scale,
  });
  const directions = directionsOf(of(CROSSING));
  // Directions near the border may be shown or not, and count for their nodes or not.
  const border = directions.length > 20 ? (largest(directions, 20).at(-1)?.rate ?? 0) : 0;
  const above = (factor: number) => directions.filter(({ rate }) => rate > factor * border);
  const [sure, possible] = [above(1.05), above(0.95)];
  const nodes = (some: readonly Direction[]): readonly Expected[] => {
    const node = (end: Labels, rate: number): Expected => ({
      labels: {
        id: text(end),
        title: end['workload'] ?? '',
        subtitle: `${end['namespace']} · ${end['zone']}`,
        stat: 'mainstat',
      },
      value: rate / scale,
    });
    return sumBy(some.flatMap(({ left, right, rate }) => [node(left, rate), node(right, rate)]));
  };
  const least = nodes(sure);
  const most = nodes(possible).map(({ labels, value }) => {
    const from = least.find((node) => node.labels['id'] === labels['id'])?.value ?? (0.98 * border) / scale;
    return { labels, value: 0.98 * from, upTo: 1.02 * value };
  });
  const edges = (some: readonly Direction[]) =>
    edgesOf(
      some.map(({ left, right, rate }) => ({ from: text(left), to: text(right), rate })),
      scale,
      perByte,
    ).all;
  return {
    'zone-topology': [
      {
        all: sumBy([
          ...zones.flatMap(({ from, to, rate }) => [zone(from, 'mainstat', rate), zone(to, 'mainstat', rate)]),
          ...byZones(['same_zone']).map(({ labels, value }) =>
            zone(labels['source_zone'] ?? '', 'secondarystat', value),
          ),
        ]),
      },
      edgesOf(zones, scale, perByte),
    ],
    'workload-topology': [
      { all: most, required: least },
      { all: edges(possible), required: edges(sure) },
    ],
  };
}

/** The namespaces that have pods, by their cross-zone traffic. */
export function namespacesByTraffic({ truth }: Stack): readonly Expected[] {
  const items = truth.workloadPairs.flatMap(({ source, destination, locality, rate }) =>
    [...new Set([source.namespace, destination.namespace])].map((namespace) => ({
      labels: { namespace },
      value: locality === 'cross_zone' ? rate : 0,
    })),
  );
  return sumBy(items)
    .filter(({ labels }) => !['_nodes_', '_external_', 'unknown'].includes(labels['namespace'] ?? ''))
    .toSorted((a, b) => b.value - a.value);
}

/** The namespace that is chosen for the tables of pods at first. */
export const PODS_NAMESPACE = (stack: Stack): string => namespacesByTraffic(stack)[0]?.labels['namespace'] ?? '';

function podTruths(stack: Stack, { localities }: Choice): Truths {
  const { truth, cluster } = stack;
  const namespace = PODS_NAMESPACE(stack);
  // The panels of pods read the flows themselves, under the labels of their source.
  const isStandard = stack.source === 'retina-standard';
  const [pod, zone] = isStandard ? ['podname', 'zone'] : ['pod', 'zone'];
  const pairs = truth.podPairs
    .filter(({ locality }) => localities.includes(locality))
    .filter(({ source, destination }) => source.namespace === namespace || destination.namespace === namespace);
  const end = ({ namespace: of, pod: name, zone: at }: (typeof pairs)[number]['source']): Labels => ({
    namespace: of,
    pod: name,
    zone: at,
  });
  const directions = sumDirections(
    pairs.map(({ source, destination, rate }) => ({ left: end(source), right: end(destination), rate })),
  );
  const labels = (side: string, { namespace: of = '', pod: name = '', zone: at = '' }: Labels): Labels => ({
    [`${side}_namespace`]: of,
    [`${side}_${pod}`]: name,
    [`${isStandard ? 'resolved_' : ''}${side}_${zone}`]: at,
  });
  return {
    'pod-pairs': [folded(directions, { cluster: cluster.name })],
    'pod-pairs-over-time': [
      {
        all: directions.map(({ left, right, rate }) => ({
          labels: { cluster: cluster.name, ...labels('source', left), ...labels('destination', right) },
          value: rate,
        })),
        limit: 10,
      },
    ],
  };
}

/** Every panel of zone-traffic with the truth for each of its queries. */
export function zoneTrafficTruths(stack: Stack, choice: Choice = AT_FIRST): Truths {
  const { truth, cluster } = stack;
  const { byZones, of, total } = chosen(stack, choice);
  const isBytes = stack.source === 'retina-standard';
  const ends = ({ source, destination }: Pair): Labels => ({
    source_namespace: source.namespace,
    source_workload: source.workload,
    destination_namespace: destination.namespace,
    destination_workload: destination.workload,
  });
  return {
    'cross-zone': [number(total('cross_zone'))],
    'cross-zone-share': [number(total('cross_zone') / total(...ZONED))],
    total: [number(total())],
    'same-zone': [number(total('same_zone'))],
    'unknown-share': [number(total('unknown') / total(...ZONED))],
    ...(isBytes && { cost: [number(total('cross_zone') * PER_BYTE * MONTH)] }),
    // Nothing is withheld.
    locality: [...LOCALITIES.map((name) => number(total(name))), none],
    'top-pairs': [{ all: sumBy(of(CROSSING).map((pair) => ({ labels: ends(pair), value: pair.rate }))), limit: 5 }],
    matrix: [matrixOf(byZones(LOCALITIES))],
    'events-lost': [number(0)],
    lost: [range(0, 1e-3)],
    'counted-twice': [range(0.999, 1.1)],
    silent: [number(0)],
    unattributed: [
      {
        all: Object.entries(truth.unattributed)
          .filter(([, rate]) => rate > 0)
          .map(([reason, rate]) => ({ labels: { reason }, value: rate / truth.total })),
      },
    ],
    'firing-alerts': [none, { all: [{ labels: { alertname: 'none' }, value: 1 }] }],
    ...topologyTruths(stack, choice),
    'zone-pairs': [{ all: byZones(choice.localities) }, none],
    'workload-pairs': [
      folded(
        directionsOf(of(choice.localities)),
        { cluster: cluster.name },
        // Only what crosses zones costs.
        isBytes && choice.localities.includes('cross_zone') ? PER_BYTE : undefined,
      ),
    ],
    ...podTruths(stack, choice),
  };
}
