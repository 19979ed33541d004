import { describe, jest, test } from '@jest/globals';
import type { InputSeries } from '../../support/rule-test.ts';
import {
  ADDRESSES,
  addressSeries,
  ALONE,
  CLUSTERS,
  IPS,
  isOutside,
  isPlaced,
  MISNAMED,
  NAMED,
  PodPlaces,
  zoneOf,
} from './known.ts';
import {
  type Completed,
  completedRecord,
  type Counted,
  endpointsOf,
  Identities,
  pairsHold,
  pairsOf,
} from './pairs-truth.ts';
import {
  anyRate,
  counter,
  createRandom,
  expectRecords,
  happens,
  holds,
  info,
  type Labels,
  oneOf,
  type Random,
  rulesOf,
  SIDES,
  silent,
  uniqueBy,
} from './world.ts';

jest.setTimeout(60_000);

type End = Readonly<Record<'namespace' | 'pod' | 'ip', string>>;

/** What an agent counts of the packets of one connection in one direction. */
interface Events {
  readonly cluster: string;
  readonly from: End;
  readonly to: End;
  readonly rate: number;
  readonly type: string;
  readonly verdict: string;
  readonly subtype: string;
  readonly direction: string;
  readonly agent: string;
  readonly protocol: string;
  /** The node of the agent, as scrape jobs name it. */
  readonly node: string;
}

const METRIC = 'hubble_flows_processed_total';
const SUBTYPES = ['to-endpoint', 'to-stack', 'to-overlay', 'to-network'] as const;

const prefixed = (side: string, end: End): Labels =>
  Object.fromEntries(Object.entries(end).map(([field, value]) => [`${side}_${field}`, value]));

const labelsOf = ({ cluster, from, to, type, verdict, subtype, direction, agent, protocol, node }: Events): Labels => ({
  cluster,
  ...prefixed('source', from),
  ...prefixed('destination', to),
  type,
  verdict,
  subtype,
  traffic_direction: direction,
  instance: agent,
  protocol,
  node,
});

const isNamed = ({ pod }: End): boolean => pod !== '' && pod !== 'unknown';

/** By the address of the peer. */
const NO_TRAFFIC: readonly Partial<Events>[] = [
  { rate: 0 },
  { type: 'L7', rate: 4 },
  { verdict: 'DROPPED', rate: 4 },
  { rate: 4 },
  { rate: 0 },
];

/** An end of which only the address is known, if that. */
const nameless = (random: Random, ip: string): End => {
  const pod = oneOf(random, '', 'unknown');
  return { namespace: pod, pod, ip };
};

/** Everything that agents may say about ends that share names and addresses, and what is not to be counted beside it. */
function eventsOf(random: Random): readonly Events[] {
  const event = (given: Pick<Events, 'cluster' | 'from' | 'to'> & Partial<Events>): Events => ({
    rate: anyRate(random),
    type: 'Trace',
    verdict: 'FORWARDED',
    subtype: oneOf(random, ...SUBTYPES),
    direction: oneOf(random, 'ingress', 'egress'),
    agent: oneOf(random, 'agent-1', 'agent-2'),
    protocol: oneOf(random, 'TCP', 'UDP'),
    node: 'n1',
    ...given,
  });
  const some = (cluster: string, count: number, given: Partial<Events>): Events[] =>
    Array.from({ length: count }, () => event({ cluster, from: random.pick(NAMED), to: random.pick(NAMED), ...given }));
  const all = CLUSTERS.flatMap((cluster) => [
    ...some(cluster, 24, { direction: 'ingress' }),
    // Nothing, or little, that leaves the server's node.
    ...some(cluster, 6, { direction: 'ingress', subtype: 'to-stack', rate: 0 }),
    ...some(cluster, 3, { direction: 'ingress', subtype: 'to-overlay', rate: 0.5 }),
    ...some(cluster, 90, { direction: 'egress', subtype: 'to-stack' }),
    ...some(cluster, 60, { direction: 'egress', subtype: 'to-endpoint' }),
    ...ADDRESSES.flatMap((ip) =>
      [
        { from: random.pick(NAMED), to: nameless(random, ip) },
        { from: nameless(random, ip), to: random.pick(NAMED) },
      ].flatMap((ends) => [
        event({
          cluster,
          ...ends,
          direction: 'egress',
          subtype: oneOf(random, 'to-endpoint', 'to-stack', 'to-overlay'),
        }),
        ...(happens(random, 40) ? [event({ cluster, ...ends })] : []),
      ]),
    ),
    ...MISNAMED.flatMap((pod) =>
      ['to-stack', 'to-endpoint'].flatMap((subtype) => [
        event({ cluster, from: pod, to: random.pick(NAMED), direction: 'egress', subtype }),
        event({ cluster, from: random.pick(NAMED), to: pod, direction: 'egress', subtype }),
      ]),
    ),
    event({
      cluster,
      from: nameless(random, '198.51.100.10'),
      to: nameless(random, '198.51.100.11'),
      direction: 'egress',
      subtype: 'to-stack',
    }),
    // Replies of one pod to others, of which the server's node counts nothing: what it says else is no traffic.
    ...NAMED.flatMap((to, index) => [
      event({ cluster, from: ALONE, to, direction: 'egress', subtype: 'to-endpoint', rate: 8 }),
      event({ cluster, from: ALONE, to, direction: 'ingress', subtype: 'to-stack', ...NO_TRAFFIC[index % IPS.length] }),
    ]),
  ]);
  // Again by another agent, or by one whose node was replaced; of another protocol; and each time something in which a selection differs.
  const changes: readonly (keyof Events)[] = ['agent', 'protocol', 'node', 'type', 'verdict', 'subtype', 'direction'];
  const others = {
    agent: 'agent-3',
    protocol: 'SCTP',
    node: 'n2',
    type: 'L7',
    verdict: 'DROPPED',
    subtype: 'to-network',
    direction: 'unknown',
  };
  const again = all.flatMap((one) => {
    const change = changes[random.int(0, changes.length - 1)] ?? 'agent';
    return one.from !== ALONE && happens(random, 60)
      ? [{ ...one, [change]: others[change as keyof typeof others], rate: anyRate(random) }]
      : [];
  });
  return uniqueBy([...all, ...again], labelsOf);
}

/** A Hubble, by what its agents have events for. */
interface Hubble {
  readonly source: string;
  readonly subtypes: readonly string[];
  /** What the client's node says of pairs of pods that the server's node does not report. */
  readonly missed: (events: readonly Events[], places: PodPlaces) => readonly Completed[];
}

const isForwarded = ({ type, verdict }: Events): boolean => type === 'Trace' && verdict === 'FORWARDED';
const counted = ({ cluster, from, to, rate }: Events): Counted => ({
  cluster,
  from: prefixed('source', from),
  to: prefixed('destination', to),
  rate,
});

const HUBBLES: readonly Hubble[] = [
  {
    source: 'retina-hubble',
    subtypes: ['to-endpoint', 'to-stack'],
    // Calls straight to a pod of the node: each packet enters the stack once.
    missed: (events, places) =>
      events.flatMap((one) => {
        const [from, to] = [one.from, one.to].map((end) => places.nodeOf(one.cluster, end));
        if (one.direction !== 'egress' || one.subtype !== 'to-stack' || !isNamed(one.from) || !isNamed(one.to))
          return [];
        if (from === undefined || from !== to) return [];
        return [{ ...counted(one), gap: 'same_node', zone: zoneOf(one.cluster, from) }];
      }),
  },
  {
    source: 'cilium-hubble',
    subtypes: ['to-endpoint', 'to-stack', 'to-overlay'],
    // Replies that did not leave the server's node in a way that it reports.
    missed: (events, places) => {
      const between = ({ cluster, from, to }: Events) => [cluster, from.ip, to.ip].join(' ');
      const reported = new Set(
        events
          .filter(
            (one) =>
              isForwarded(one) &&
              one.direction === 'ingress' &&
              /^to-(?:stack|overlay)$/.test(one.subtype) &&
              one.rate > 0,
          )
          .map(between),
      );
      return events
        .filter((one) => one.direction === 'egress' && one.subtype === 'to-endpoint' && !reported.has(between(one)))
        .filter(({ cluster, from, to }) =>
          [from, to].every((end) => isNamed(end) && places.nodeOf(cluster, end) !== undefined),
        )
        .map((one) => ({ ...counted(one), gap: 'replies' }));
    },
  },
];

/** Calls of pods to the outside, and the replies, as the pod's node reports them. */
const withOutside = (events: readonly Events[], subtypes: readonly string[]): readonly Completed[] =>
  events
    .filter(({ direction, subtype }) => direction === 'egress' && subtypes.includes(subtype))
    .filter(({ from, to }) => isNamed(from) !== isNamed(to))
    .filter(({ cluster, from, to }) => isOutside(cluster, isNamed(from) ? to.ip : from.ip))
    .map((one) => ({ ...counted(one), gap: 'outside' }));

const SHARED = Object.fromEntries(
  ['source', 'destination'].flatMap((side) => ['namespace', 'pod', 'ip'].map((field) => [`${side}_${field}`, field])),
);

const UNIT = 'network_flows';

describe.each(HUBBLES)('$source', ({ source, subtypes, missed }) => {
  test('pairs and ends of traffic', async () => {
    const seed = 2;
    const events = eventsOf(createRandom(seed));
    const places = new PodPlaces(seed);
    const forwarded = events.filter(isForwarded);
    const selected = forwarded
      .filter(({ direction, subtype }) => direction === 'ingress' && subtypes.includes(subtype))
      .map(counted);
    const completed = [...missed(forwarded, places), ...withOutside(forwarded, subtypes)];
    const all = [...selected, ...completed];
    const identities = new Identities(seed);
    const asked = pairsHold(UNIT, pairsOf(all, identities, { isPlaced }));
    const series: readonly InputSeries[] = [
      ...events.flatMap((one, index) => [
        counter(METRIC, labelsOf(one), one.rate, index),
        ...(index % 40 === 0 ? silent(METRIC, labelsOf(one)) : []),
      ]),
      ...places.series,
      ...addressSeries(),
      ...identities.series(UNIT),
      ...CLUSTERS.map((cluster) => info(`cluster:${UNIT}_identity:usable`, { cluster }, isPlaced(cluster) ? 1 : 0)),
    ];
    await expectRecords(source, rulesOf(source), series, [
      holds(`endpoint_pair:${UNIT}_completed:rate5m`, completedRecord(completed)),
      ...SIDES.map((side) => holds(`${side}_endpoint:${UNIT}:rate5m`, endpointsOf(all, side, SHARED))),
      ...asked,
    ]);
  });
});
