import { generateCluster } from '../../bench/generate.ts';
import { type Cluster, workloadTypeOf, zoneOfNode } from '../../bench/model.ts';
import { groupBy } from '../../bench/group.ts';
import type { WrittenSeries } from '../../bench/remote-write.ts';
import { SIMULATORS } from '../../bench/sources/index.ts';
import { type PartyPair, totalsOf, type WorkloadParty } from '../../bench/truth.ts';
import { costOf, leavingOf, trafficOf } from './leaving-truths.ts';
import type { Answer, Expected } from './vector.ts';

/** Half a month of money: from the first of January, 2026, to the sixteenth at five, in UTC. Rates are recorded every five minutes. */
export const FROM = Date.UTC(2026, 0, 1) / 1000;
export const UNTIL = Date.UTC(2026, 0, 16, 5) / 1000;
const STEP = 300;
const HOUR = 3600;
const DAY = 24 * HOUR;
/** Half of the pairs cost half before. */
const CHANGE = Date.UTC(2026, 0, 10) / 1000;
/** The price of a gigabyte at each of its ends, and the budget of a month. */
const PRICE = 0.01;
export const BUDGET = 1;

type Pair = PartyPair<WorkloadParty>;
type Labels = Readonly<Record<string, string>>;

export const CLUSTER: Cluster = generateCluster({
  seed: 11,
  name: 'production',
  nodes: 6,
  pods: 20,
  unlabelledNodes: 1,
});

const outside: WorkloadParty = {
  namespace: '_external_',
  type: 'External',
  workload: 'orders-db',
  zone: 'eu-central-1a',
};

/** The traffic of the cluster as OBI counts it, and with a database that only the configuration knows. */
const PAIRS: readonly Pair[] = (() => {
  const { network_bytes: bytes = [] } = SIMULATORS.obi.observed(CLUSTER);
  const { workloadPairs } = totalsOf(bytes);
  const first = workloadPairs.find(({ locality }) => locality === 'cross_zone');
  if (first === undefined) throw new Error('nothing crosses zones');
  const reader = { ...first.source, zone: 'eu-central-1b' };
  return [
    ...workloadPairs,
    { source: outside, destination: reader, locality: 'cross_zone', rate: 5 * first.rate },
    { source: reader, destination: outside, locality: 'cross_zone', rate: first.rate },
  ];
})();

const factorAt = (pair: Pair, time: number): number => (PAIRS.indexOf(pair) % 2 === 1 && time < CHANGE ? 0.5 : 1);

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** What a pair cost at both of its ends between two times. */
const spent = (pair: Pair, from: number, until: number): number => {
  const seconds = until - from;
  const before = Math.max(0, Math.min(until, CHANGE) - from);
  const halved = factorAt(pair, FROM) * before + (seconds - before);
  return pair.locality === 'cross_zone' ? (pair.rate / 1e9) * 2 * PRICE * halved : 0;
};

const ends = ({ source, destination }: Pair): Labels =>
  Object.fromEntries(
    Object.entries({ source, destination }).flatMap(([side, { namespace, type, workload }]) => [
      [`${side}_namespace`, namespace],
      [`${side}_workload_type`, type],
      [`${side}_workload`, workload],
    ]),
  );
const zones = ({ source, destination, locality }: Pair): Labels => ({
  source_zone: source.zone,
  destination_zone: destination.zone,
  locality,
});

/** The running pods of a workload by zone. */
const SHARES = (() => {
  const zoneOf = new Map(CLUSTER.nodes.map((node) => [node.name, zoneOfNode(node)]));
  const known = CLUSTER.pods.filter(
    ({ node, phase = 'Running' }) => phase === 'Running' && (zoneOf.get(node) ?? 'unknown') !== 'unknown',
  );
  return groupBy(known, (pod) =>
    [pod.namespace, workloadTypeOf(pod), pod.workload.name, zoneOf.get(pod.node)].join('/'),
  );
})();

const runsIn = ({ namespace, type, workload }: WorkloadParty, zone: string): boolean =>
  SHARES.has([namespace, type, workload, zone].join('/'));
const isAvoidable = ({ source, destination, locality }: Pair): boolean =>
  locality === 'cross_zone' && runsIn(destination, source.zone) && runsIn(source, destination.zone);

const NAMESPACES = [...new Set(CLUSTER.pods.map(({ namespace }) => namespace))].toSorted();
/** The first namespaces belong to a team. */
const TEAM: Readonly<Record<string, string>> = Object.fromEntries(
  NAMESPACES.slice(0, Math.ceil(NAMESPACES.length / 2)).map((namespace) => [namespace, 'blue']),
);

/** What leaves the region, beside the pairs. */
const LEAVING = leavingOf(PAIRS, CHANGE);

/** A record at every step, by what it is at a time. */
function series(name: string, labels: Labels, valueAt: (time: number) => number): WrittenSeries {
  const count = (UNTIL - FROM) / STEP + 1;
  return {
    labels: { __name__: name, cluster: CLUSTER.name, ...labels },
    samples: Array.from({ length: count }, (_, index) => {
      const time = FROM + index * STEP;
      return { value: valueAt(time), milliseconds: time * 1000 };
    }),
  };
}

/** What the rules of money read, over the half month. */
export function moneySeries(): readonly WrittenSeries[] {
  const total = (name: string, key: (pair: Pair) => Labels): readonly WrittenSeries[] =>
    [...groupBy(PAIRS, (pair) => JSON.stringify(key(pair)))].map(([text, some]) => {
      const before = sum(some.map((pair) => pair.rate * factorAt(pair, FROM)));
      const after = sum(some.map(({ rate }) => rate));
      return series(name, JSON.parse(text) as Labels, (time) => (time < CHANGE ? before : after));
    });
  return [
    ...total('workload_pair:network_bytes:rate10m', (pair) => ({ ...ends(pair), ...zones(pair) })),
    ...total('zone_pair:network_bytes:rate10m', zones),
    ...trafficOf(LEAVING).map(({ labels, rate, from }) => {
      const all = series('workload_pair:network_bytes_unclassified:rate10m', labels, () => rate);
      return { ...all, samples: all.samples.filter(({ milliseconds }) => milliseconds > from * 1000) };
    }),
    ...[...SHARES.keys()].map((key) => {
      const [namespace = '', workload_type = '', workload = '', zone = ''] = key.split('/');
      return series('workload:zone_pods:ratio', { namespace, workload_type, workload, zone }, () => 0.5);
    }),
    ...Object.entries(TEAM).map(([namespace, label_team]) =>
      series('kube_namespace_labels', { namespace, label_team }, () => 1),
    ),
  ];
}

/** Truths summed by their labels. */
function byLabels(items: readonly Expected[]): readonly Expected[] {
  return [...groupBy(items, ({ labels }) => JSON.stringify(labels)).values()].flatMap((some) =>
    some[0] === undefined ? [] : [{ labels: some[0].labels, value: sum(some.map(({ value }) => value)) }],
  );
}

/** What that cost from a time on, by workload, end and class. */
const leftSince = (from: number): readonly Expected[] =>
  byLabels(
    costOf(LEAVING, Math.max(from, FROM), UNTIL).map(({ labels, value }) => ({
      labels: { ...cluster, ...labels },
      value,
    })),
  );

const number = (value: number): Answer => ({ all: [{ labels: {}, value }] });
const cluster = { cluster: CLUSTER.name };

/** Every panel of zone-cost with the truth for each of its queries, at the end of that half month. */
export function zoneCostTruths(): Readonly<Record<string, readonly Answer[]>> {
  const crossing = PAIRS.filter(({ locality }) => locality === 'cross_zone');
  const over = (some: readonly Pair[], from: number, until = UNTIL) =>
    sum(some.map((pair) => spent(pair, from, until)));
  const month = over(crossing, FROM);
  const week = over(crossing, UNTIL - 7 * DAY);
  const left = 31 * 24 - (UNTIL - FROM) / HOUR;
  const forecast = month + (left * week) / 168;
  const day = over(crossing, UNTIL - DAY);
  const weekAgo = over(crossing, UNTIL - 8 * DAY, UNTIL - 7 * DAY);

  /** What each end is billed, under the labels of `of`. */
  const billed = (of: (party: WorkloadParty, direction: string) => Labels, from: number, until = UNTIL) =>
    byLabels(
      crossing.flatMap((pair) => [
        { labels: of(pair.source, 'egress'), value: spent(pair, from, until) / 2 },
        { labels: of(pair.destination, 'ingress'), value: spent(pair, from, until) / 2 },
      ]),
    );
  const directions = (of: (party: WorkloadParty) => Labels): readonly Answer[] => [
    { all: billed(of, FROM) },
    ...(['egress', 'ingress'] as const).map((wanted) => ({
      all: byLabels(
        crossing.map((pair) => ({
          labels: of(wanted === 'egress' ? pair.source : pair.destination),
          value: spent(pair, FROM, UNTIL) / 2,
        })),
      ),
    })),
  ];
  const pairs = (some: readonly Pair[], from: number) =>
    byLabels(some.map((pair) => ({ labels: { ...cluster, ...ends(pair) }, value: spent(pair, from, UNTIL) })));
  const placed = (from: number) =>
    byLabels(
      crossing.map((pair) => {
        const { locality: _locality, ...where } = zones(pair);
        return { labels: { ...cluster, ...where }, value: spent(pair, from, UNTIL) };
      }),
    );
  const byNamespace = (party: WorkloadParty) => ({ ...cluster, namespace: party.namespace });
  const own = ({ namespace, workload }: WorkloadParty) => ({ namespace, workload });
  const thisWeek = (of: (party: WorkloadParty) => Labels) => billed(of, UNTIL - 7 * DAY);
  const lastWeek = (of: (party: WorkloadParty) => Labels) => billed(of, UNTIL - 14 * DAY, UNTIL - 7 * DAY);
  const differences = (more: readonly Expected[], less: readonly Expected[]) =>
    more.flatMap(({ labels, value }) => {
      const other = less.find((one) => JSON.stringify(one.labels) === JSON.stringify(labels))?.value ?? 0;
      return value - other > 1e-12 ? [{ labels, value: value - other }] : [];
    });
  const perDay = BUDGET / 730;
  const avoidable = PAIRS.filter(isAvoidable);
  const external = crossing.filter(({ source, destination }) => [source, destination].includes(outside));
  const hourly = over(crossing, UNTIL - HOUR);
  return {
    month: [number(month)],
    forecast: [number(forecast)],
    budget: [number(forecast / BUDGET)],
    day: [number(day)],
    'same-weekday': [number(day / weekAgo - 1)],
    avoidable: [number(over(avoidable, FROM))],
    covered: [number(1)],
    hourly: [{ all: ['egress', 'ingress'].map((direction) => ({ labels: { direction }, value: hourly / 2 })) }],
    'month-graph': [number(month), number(forecast), number(BUDGET)],
    pace: [number(day / (24 * perDay)), number(over(crossing, UNTIL - 6 * HOUR) / (6 * perDay)), number(1)],
    'firing-alerts': [
      {
        all: [
          {
            labels: { ...cluster, alertname: 'CrossZoneCostForecast', alertstate: 'firing', severity: 'warning' },
            value: 1,
          },
        ],
      },
      { all: [] },
    ],
    clusters: [{ all: [{ labels: cluster, value: month }] }, { all: [{ labels: cluster, value: 1 }] }, { all: [] }],
    namespaces: [
      ...directions(byNamespace),
      {
        all: thisWeek(byNamespace).map(({ labels, value }) => {
          const before = lastWeek(byNamespace).find((one) => JSON.stringify(one.labels) === JSON.stringify(labels));
          return { labels, value: value / (before?.value ?? 0) - 1 };
        }),
      },
    ],
    'zone-pairs': [{ all: placed(FROM) }, { all: placed(UNTIL - DAY) }],
    groups: directions((party) => ({ ...cluster, group_by: 'team', group: TEAM[party.namespace] ?? 'unlabelled' })),
    external: [{ all: pairs(external, FROM), limit: 20 }],
    'workload-pairs': [{ all: pairs(crossing, FROM), limit: 50 }],
    'avoidable-pairs': [{ all: pairs(avoidable, FROM), limit: 20 }],
    'avoidable-by-sender': [
      {
        all: byLabels(
          avoidable.map((pair) => ({
            labels: { source_namespace: pair.source.namespace, source_workload: pair.source.workload },
            value: spent(pair, FROM, UNTIL),
          })),
        ),
        limit: 5,
      },
    ],
    classes: [
      {
        all: [
          { labels: { class: 'cross_zone' }, value: month },
          ...byLabels(
            leftSince(FROM).map(({ labels, value }) => ({ labels: { class: labels['class'] ?? '' }, value })),
          ),
        ],
      },
    ],
    leaving: [{ all: leftSince(FROM), limit: 50 }, { all: leftSince(UNTIL - DAY) }],
    dearer: [{ all: differences(thisWeek(own), lastWeek(own)), limit: 5 }],
    cheaper: [{ all: [] }],
    export: [
      {
        all: billed(
          ({ namespace, type, workload }, direction) => ({
            ...cluster,
            namespace,
            workload_type: type,
            workload,
            direction,
          }),
          FROM,
        ),
        limit: 1000,
      },
    ],
    prices: [
      {
        all: [
          ['cross_zone', 'egress', PRICE] as const,
          ['cross_zone', 'ingress', PRICE] as const,
          ['cross_region', 'egress', 0.03] as const,
          ['nat', 'processed', 0.05] as const,
          ['internet', 'egress', 0.08] as const,
        ].map(([name, direction, value]) => ({
          labels: { class: name, direction, currency: 'USD', as_of: '2026-08-21' },
          value,
        })),
      },
    ],
  };
}
