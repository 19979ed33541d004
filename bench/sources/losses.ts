import type { Labels, MetricFamily, Node } from '../model.ts';
import { family, growing } from '../series/family.ts';
import type { SourceOptions } from './source.ts';

/** How an agent counts what it handles and what it loses. */
interface Counters {
  /** The family whose series add up to what an agent would handle if it lost nothing. */
  readonly of: string;
  /** Absent where its flows are all that says what it handled. */
  readonly seen?: { readonly name: string; readonly labels?: Labels };
  readonly lost: { readonly name: string; readonly labels?: Labels };
}

/**
 * The families of an agent that loses a share of what it sees before it counts it, the same share of every flow, with its counters of
 * both. Simplified: an event of a lost kind stands for as many packets as any other.
 */
export function withLosses(
  families: readonly MetricFamily[],
  { of, seen, lost }: Counters,
  node: Node,
  { losses }: SourceOptions,
): MetricFamily[] {
  const share = losses?.(node) ?? 0;
  const all = families
    .filter(({ name }) => name === of)
    .flatMap(({ series }) => series)
    .reduce((sum, { perSecond }) => sum + perSecond, 0);
  const kept = families
    .filter(({ name }) => share === 0 || name !== lost.name)
    .map((each) => ({
      ...each,
      series: each.series.map(({ start, perSecond, ...series }) => ({
        ...series,
        start: start * (1 - share),
        perSecond: perSecond * (1 - share),
      })),
    }));
  const counter = ({ name, labels = {} }: Counters['lost'], help: string, rate: number) =>
    family(name, 'counter', help, [growing(labels, rate)]);
  return [
    ...kept,
    ...(seen === undefined ? [] : [counter(seen, 'what the agent handled', all * (1 - share))]),
    // Without a loss the counter is at 0 or does not exist: the same to every rule.
    ...(share === 0 ? [] : [counter(lost, 'what the agent lost', all * share)]),
  ];
}
