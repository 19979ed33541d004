import type { ExpressionTest, InputSeries } from '../../support/rule-test.ts';
import { createRandom, holds, info, keyOf, type Labels, oneOf, type Sample, type Side, Tally } from './world.ts';

/** Who and where an end is. */
const FIELDS = ['namespace', 'workload_type', 'workload', 'zone', 'reason'] as const;
type Identity = Readonly<Record<(typeof FIELDS)[number], string>>;

/** Traffic that counts, between two ends under the labels of the source. */
export interface Counted {
  readonly cluster: string;
  readonly from: Labels;
  readonly to: Labels;
  readonly rate: number;
  /** The zone of the node that it stays on; empty where that is unknown, undefined where it may leave the node. */
  readonly zone?: string;
}

/** Traffic that the selection misses, and why. */
export interface Completed extends Counted {
  readonly gap: string;
}

const NO_PEER: Identity = {
  namespace: 'unknown',
  workload_type: 'unknown',
  workload: 'unknown',
  zone: 'unknown',
  reason: 'no_peer',
};

/** Identities from few values, so that ends share them in part: which end has which is up to chance, but always the same. */
export class Identities {
  readonly #known = new Map<string, { readonly side: Side; readonly labels: Labels; readonly identity: Identity }>();
  readonly #random;
  constructor(seed: number) {
    this.#random = createRandom(seed);
  }
  of(side: Side, cluster: string, end: Labels): Identity {
    const labels = { cluster, ...end };
    const key = `${side} ${keyOf(labels)}`;
    const random = this.#random;
    const zone = oneOf(random, 'a', 'b', 'c', 'unknown');
    const identity: Identity = this.#known.get(key)?.identity ?? {
      namespace: oneOf(random, 'shop', 'pay'),
      workload_type: oneOf(random, 'Deployment', 'Job'),
      workload: oneOf(random, 'web', 'db'),
      zone,
      reason: zone === 'unknown' ? oneOf(random, 'gone', 'outside') : '',
    };
    this.#known.set(key, { side, labels, identity });
    return identity;
  }
  /** Also ends that do not count have one. */
  all(ends: readonly Omit<Counted, 'rate'>[]): this {
    for (const { cluster, from, to } of ends) {
      this.of('source', cluster, from);
      this.of('destination', cluster, to);
    }
    return this;
  }
  /** The series that say so; labels that the ends have themselves are called `resolved_`. */
  series(unit: string): readonly InputSeries[] {
    return [...this.#known.values()].map(({ side, labels, identity }) => {
      const named = FIELDS.map((field) => {
        const name = `${side}_${field}`;
        return [name in labels ? `resolved_${name}` : name, identity[field]] as const;
      });
      return info(`${side}_endpoint:${unit}_identity:info`, { ...labels, ...Object.fromEntries(named) });
    });
  }
}

const prefixed = (side: Side, identity: Identity): Labels =>
  Object.fromEntries(FIELDS.map((field) => [`${side}_${field}`, identity[field]]));

const localityOf = (from: string, to: string): string =>
  from === 'unknown' || to === 'unknown' ? 'unknown' : from === to ? 'same_zone' : 'cross_zone';

type Pairs = Readonly<Record<'unclassified' | 'zonePairs' | 'workloadPairs', readonly Sample[]>>;

/** The records of pairs of workloads and of zones that come of some traffic. Sources without peers count one locality only. */
export function pairsOf(
  counted: readonly Counted[],
  identities: Identities,
  { isPlaced = () => true, withPeers = true }: { isPlaced?: (cluster: string) => boolean; withPeers?: boolean } = {},
): Pairs {
  const [unclassified, zonePairs, workloadPairs] = [new Tally(), new Tally(), new Tally()];
  for (const { cluster, from, to, rate, zone } of counted) {
    let source = identities.of('source', cluster, from);
    let destination = withPeers ? identities.of('destination', cluster, to) : NO_PEER;
    if (!isPlaced(cluster)) continue;
    if (zone !== undefined) {
      // One node is one zone: what is known of the server says which, unless the node does.
      source = { ...source, zone: destination.zone, reason: destination.reason };
      if (zone !== '')
        [source, destination] = [source, destination].map((one) => ({ ...one, zone, reason: '' })) as [
          Identity,
          Identity,
        ];
    }
    const zones = { cluster, source_zone: source.zone, destination_zone: destination.zone };
    const locality = !withPeers && source.zone !== 'unknown' ? 'cross_zone' : localityOf(source.zone, destination.zone);
    const ends = { cluster, ...prefixed('source', source), ...prefixed('destination', destination) };
    unclassified.add(ends, rate);
    zonePairs.add({ ...zones, locality }, rate);
    workloadPairs.add({ ...ends, source_reason: '', destination_reason: '', locality }, rate);
  }
  return { unclassified: unclassified.samples, zonePairs: zonePairs.samples, workloadPairs: workloadPairs.samples };
}

/** That the records of pairs hold this. */
export const pairsHold = (
  unit: string,
  { unclassified, zonePairs, workloadPairs }: Pairs,
  asks = holds,
): ExpressionTest[] => [
  asks(`workload_pair:${unit}_unclassified:rate5m`, unclassified),
  asks(`zone_pair:${unit}:rate5m`, zonePairs),
  asks(`workload_pair:${unit}:rate5m`, workloadPairs),
];

/** The record of what a selection misses. */
export function completedRecord(completed: readonly Completed[]): readonly Sample[] {
  const totals = new Tally();
  for (const { cluster, from, to, rate, gap, zone = '' } of completed)
    totals.add({ cluster, ...from, ...to, gap, zone }, rate);
  return totals.samples;
}

/** What each end of a side has, under the names that all sources share. */
export function endpointsOf(
  counted: readonly Counted[],
  side: Side,
  shared: Readonly<Record<string, string>>,
): readonly Sample[] {
  const totals = new Tally();
  for (const { cluster, from, to, rate } of counted) {
    const end = Object.entries(side === 'source' ? from : to).map(([name, value]) => [shared[name] ?? name, value]);
    totals.add({ cluster, ...Object.fromEntries(end) }, rate);
  }
  return totals.samples;
}
