import type { Locality, PartyPair, WorkloadParty } from '../../bench/truth.ts';
import type { Answer, Expected } from './vector.ts';

/** AWS, in both directions; a month of 730 hours. */
export const PER_BYTE = 0.02 / 1e9;
export const MONTH = 730 * 3600;

export type Labels = Readonly<Record<string, string>>;
export type Pair = PartyPair<WorkloadParty>;
export type Truths = Readonly<Record<string, readonly Answer[]>>;

export const number = (value: number): Answer => ({ all: [{ labels: {}, value }] });
export const none: Answer = { all: [] };

/** Sums values whose labels are the same. */
export function sumBy(items: readonly Expected[]): Expected[] {
  const groups = new Map<string, Expected>();
  for (const { labels, value } of items) {
    const key = JSON.stringify(labels);
    groups.set(key, { labels, value: (groups.get(key)?.value ?? 0) + value });
  }
  return [...groups.values()];
}

export const sum = (items: readonly { readonly rate: number }[]): number =>
  items.reduce((total, { rate }) => total + rate, 0);

export const workloadOf = ({ namespace, workload, zone }: WorkloadParty): Labels => ({ namespace, workload, zone });

export const prefixed = (prefix: string, end: Labels): Labels =>
  Object.fromEntries(Object.entries(end).map(([name, value]) => [`${prefix}_${name}`, value]));

/** Classes of traffic that the cross-zone share is taken of. */
export const ZONED: readonly Locality[] = ['same_zone', 'cross_zone', 'unknown'];
