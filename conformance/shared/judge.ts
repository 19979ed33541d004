import { type Counts, countsOf, NODES, type PairCount } from './recording-counts.ts';
import {
  inUnit,
  isAcrossNodes,
  isAcrossZones,
  isPod,
  pairVolumes,
  type PairVolume,
  summed,
  zoneOf,
} from './recording-truth.ts';
import { OUTSIDE, type Recording, type Volume } from './recording.ts';

/** A kind of traffic of a recording: what its interfaces say, what its agents report in all, and what the rules count. */
export interface Row {
  readonly traffic: 'across nodes' | 'on one node' | 'to and from outside' | 'across zones, sent';
  /** Such as `network_bytes`. */
  readonly unit: string;
  readonly truth: number;
  /** Every observation of every packet added up, as a query without a selection does. */
  readonly reported: number;
  readonly counted: number;
}

/** What the judge says of a recording. */
export interface Judgement {
  readonly rows: readonly Row[];
  /** Where what is counted is not the truth, by what differs: counted minus truth. Empty where everything holds. */
  readonly deviations: Readonly<Record<string, number>>;
}

/** How far bytes may differ from the truth. */
const TOLERANCE = 0.001;
/** How far the double-count check may be from 1. */
const RATIO_TOLERANCE = 0.01;
/** Bytes of an ARP packet, which interfaces count and agents do not, and how many of them a round has at most. */
const ARP = 42;
const MOST_ARP = 4;
/** Bytes that a node may exchange with the API server at the edges of a round: agents report some seconds later than interfaces count. */
const CHATTER = 30_000;

const sum = (pairs: readonly PairCount[]): number => pairs.reduce((total, { value }) => total + value, 0);

const rounded = (value: number): number => Math.round(value * 100) / 100;

const volumeOf = (pairs: readonly PairVolume[]): Volume => summed(pairs.map(({ volume }) => volume));

interface Ends {
  readonly source: string;
  readonly destination: string;
}

const endsOf = ({ source, destination }: Ends): readonly string[] => [source, destination];

/** Whether both ends are pods with interfaces of their own, on different nodes. */
const arePodsAcross = (recording: Recording, { source, destination }: Ends): boolean =>
  [source, destination].every((end) => isPod(recording, end)) && isAcrossNodes(recording, source, destination);

/** Something that interfaces and rules both count, in each unit of the source. */
interface Compared {
  readonly what: string;
  readonly truth: Volume;
  readonly counted: (of: Counts) => number;
}

/**
 * Where the units of a source deviate from one truth: bytes by more than a thousandth, packets at all. ARP is no deviation where packets and
 * bytes both show it.
 */
function deviationsOf(recording: Recording, counts: readonly Counts[], { what, truth, counted }: Compared) {
  const differences = counts.map((of) => ({
    unit: of.unit,
    expected: inUnit(recording, of.unit, truth),
    difference: counted(of) - inUnit(recording, of.unit, truth),
  }));
  const [bytes, packets] = ['network_bytes', 'network_packets'].map((unit) =>
    Math.round(differences.find((one) => one.unit === unit)?.difference ?? 0),
  );
  const isArp = packets !== undefined && packets < 0 && packets >= -MOST_ARP && bytes === packets * ARP;
  return differences.flatMap(({ unit, expected, difference }): [string, number][] => {
    const isClose =
      unit === 'network_bytes' ? Math.abs(difference) <= TOLERANCE * expected : Math.abs(difference) < 0.01;
    return isClose || isArp ? [] : [[`${unit}: ${what}`, rounded(difference)]];
  });
}

/** What the interfaces of pods say, for the end that a pod is. */
function ofPods(
  recording: Recording,
  pairs: readonly PairVolume[],
  { hasPeer, locality }: Counts,
): readonly Compared[] {
  const { pods, truth } = recording;
  return Object.keys(pods).flatMap((pod): Compared[] => {
    const own = truth[pod];
    if (own === undefined || !isPod(recording, pod)) return [];
    const seen = pairs.filter(
      ({ source, destination }) => source === pod && isAcrossZones(recording, source, destination),
    );
    return [
      {
        what: `${pod} tx`,
        truth: locality === undefined ? own.tx : volumeOf(seen),
        counted: ({ counted }) => sum(counted.filter(({ source }) => source === pod)),
      },
      ...(hasPeer
        ? [
            {
              what: `${pod} rx`,
              truth: own.rx,
              counted: ({ counted }: Counts) => sum(counted.filter(({ destination }) => destination === pod)),
            },
          ]
        : []),
    ];
  });
}

/** Pairs of pods on different nodes, as the selection takes them, whatever the rules make of it. */
const ofSelection = (recording: Recording, pairs: readonly PairVolume[], { hasPeer }: Counts): readonly Compared[] =>
  pairs
    .filter((pair) => hasPeer && arePodsAcross(recording, pair))
    .map(({ source, destination, volume }) => ({
      what: `selected ${source} > ${destination}`,
      truth: volume,
      counted: ({ selected }) =>
        sum(selected.filter((pair) => pair.source === source && pair.destination === destination)),
    }));

/** Pairs of zones that are known at both ends. */
function ofZones(recording: Recording, pairs: readonly PairVolume[], { hasPeer }: Counts): readonly Compared[] {
  if (!hasPeer) return [];
  const zones = [...new Set(Object.values(recording.nodes).map(({ zone }) => zone))].filter((zone) => zone !== '');
  return zones.flatMap((from) =>
    zones.map((to) => ({
      what: `${from} > ${to}`,
      truth: volumeOf(
        pairs.filter(
          ({ source, destination }) => zoneOf(recording, source) === from && zoneOf(recording, destination) === to,
        ),
      ),
      counted: ({ zones: counted }) =>
        sum(counted.filter(({ source, destination }) => source === from && destination === to)),
    })),
  );
}

/**
 * What nodes send and receive themselves, beyond what they forward for their pods: no source has to see all of it, but more than there is was
 * counted twice, as masquerading makes the traffic of pods look like that of their node.
 */
function excessOfNodes(recording: Recording, pairs: readonly PairVolume[], counts: readonly Counts[]) {
  const { nodes, truth } = recording;
  const names = Object.keys(nodes).filter((node) => node in truth);
  const bytes = counts.find(({ unit }) => unit === 'network_bytes');
  if (bytes === undefined || names.length === 0) return [];
  return (
    [
      ['tx', 'source', 'destination'],
      ['rx', 'destination', 'source'],
    ] as const
  ).flatMap(([direction, end, other]): [string, number][] => {
    const passed = summed(names.flatMap((node) => truth[node]?.[direction] ?? []));
    const forwarded = volumeOf(
      pairs.filter(
        (pair) =>
          isPod(recording, pair[end]) && (pair[other] === OUTSIDE || isAcrossNodes(recording, pair[end], pair[other])),
      ),
    );
    const own = Math.max(0, passed.bytes - forwarded.bytes);
    const excess = sum(bytes.counted.filter((pair) => pair[end] === NODES)) - own;
    return excess > CHATTER * names.length ? [[`network_bytes: nodes ${direction}`, rounded(excess)]] : [];
  });
}

/** The rows of the table: pods across nodes, pods on one node, and whatever reaches outside. */
function rowsOf(recording: Recording, pairs: readonly PairVolume[], of: Counts): readonly Row[] {
  const { unit, hasPeer, locality } = of;
  const row = (traffic: Row['traffic'], isOf: (pair: Ends) => boolean, truth = pairs.filter(isOf)): Row[] =>
    truth.length === 0
      ? []
      : [
          {
            traffic,
            unit,
            truth: inUnit(recording, unit, volumeOf(truth)),
            reported: rounded(sum(of.reported.filter(isOf))),
            counted: rounded(sum(of.counted.filter(isOf))),
          },
        ];
  if (!hasPeer || locality !== undefined) {
    const sent = pairs.filter(({ source, destination }) => isAcrossZones(recording, source, destination));
    return row('across zones, sent', () => true, sent);
  }
  const arePods = (pair: Ends) => endsOf(pair).every((end) => isPod(recording, end));
  return [
    ...row('across nodes', (pair) => arePods(pair) && isAcrossNodes(recording, pair.source, pair.destination)),
    ...row('on one node', (pair) => arePods(pair) && !isAcrossNodes(recording, pair.source, pair.destination)),
    ...row('to and from outside', (pair) => endsOf(pair).includes(OUTSIDE)),
  ];
}

/**
 * Compares what the generated rules count of a recording with its interfaces: each pod, each pair of zones, the selection itself, and the
 * double-count check.
 * @throws ProblemError for a recording whose interfaces do not tell its pairs apart.
 */
export async function judge(recording: Recording): Promise<Judgement> {
  const pairs = pairVolumes(recording);
  const counts = await countsOf(recording);
  const [first] = counts;
  if (first === undefined) throw new TypeError(`${recording.source} has no counters`);
  const compared = [ofPods, ofSelection, ofZones].flatMap((of) => of(recording, pairs, first));
  const bytes = counts.find(({ unit }) => unit === 'network_bytes') ?? first;
  const isCompared = pairs.some((pair) => arePodsAcross(recording, pair));
  return {
    rows: rowsOf(recording, pairs, bytes),
    deviations: Object.fromEntries([
      ...compared.flatMap((one) => deviationsOf(recording, counts, one)),
      ...excessOfNodes(recording, pairs, counts),
      ...counts.flatMap(({ unit, ratio = 1, lost }): [string, number][] => [
        // Without pods on two nodes, there is nothing that two ends see.
        ...(isCompared && !(Math.abs(ratio - 1) <= RATIO_TOLERANCE)
          ? [[`${unit}: double-count check`, rounded(ratio - 1)] as [string, number]]
          : []),
        ...(Math.abs(lost) <= 0.5 ? [] : [[`${unit}: lost`, rounded(lost)] as [string, number]]),
      ]),
    ]),
  };
}
