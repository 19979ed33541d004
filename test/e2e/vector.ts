import { expect } from '@jest/globals';
import type { InstantSample } from '../../bench/process/prometheus.ts';

/** One value that a query must return. */
export interface Expected {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Where the test knows only a range: its end. `value` is its start. */
  readonly upTo?: number;
}

/** What a query must answer: exactly these series, or the largest of them where the query cuts. */
export interface Answer {
  readonly all: readonly Expected[];
  /** The query returns at most so many, the largest first or, for `bottom`, the smallest. */
  readonly limit?: number;
  readonly bottom?: boolean;
  /** Where the query cuts in another way: what it must return in any case. Then it may leave out the rest. */
  readonly required?: readonly Expected[];
}

/** Agreed tolerance against the truth. */
const TOLERANCE = 0.02;

/** Labels in order, empty ones left out, as Prometheus has no empty labels. */
const keyOf = (labels: Readonly<Record<string, string>>): string =>
  JSON.stringify(
    Object.entries(labels)
      .filter(([name, value]) => name !== '__name__' && value !== '')
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

/** Fails unless the samples are the truth within the tolerance, 2 % unless told: no series missing, none too many. */
export function expectAnswer(
  name: string,
  samples: readonly InstantSample[],
  { all, limit, bottom, required }: Answer,
  tolerance = TOLERANCE,
): void {
  const isClose = (value: number, of: number) => value === of || Math.abs(value - of) <= tolerance * Math.abs(of);
  const truth = new Map(all.map(({ labels, value }) => [keyOf(labels), value]));
  const ends = new Map(all.map(({ labels, upTo }) => [keyOf(labels), upTo]));
  const wrong = samples.filter(({ metric, value }) => {
    const expected = truth.get(keyOf(metric));
    const upTo = ends.get(keyOf(metric));
    if (expected !== undefined && upTo !== undefined) return value < expected || value > upTo;
    return expected === undefined || !isClose(value, expected);
  });
  const told = wrong.map(({ metric, value }) => ({ metric, value, truth: truth.get(keyOf(metric)) }));
  expect({ name, wrong: told.slice(0, 5) }).toEqual({ name, wrong: [] });
  if (required !== undefined) {
    const shown = new Set(samples.map(({ metric }) => keyOf(metric)));
    const missing = required.filter(({ labels }) => !shown.has(keyOf(labels)));
    expect({ name, missing: missing.slice(0, 5) }).toEqual({ name, missing: [] });
    return;
  }
  expect({ name, count: samples.length }).toEqual({ name, count: Math.min(limit ?? Infinity, truth.size) });
  if (limit === undefined || truth.size <= limit) return;
  // What was cut off must not be clearly larger (or smaller) than what was returned.
  const order = (a: number, b: number) => (bottom === true ? a - b : b - a);
  const border = [...truth.values()].toSorted(order)[limit - 1] ?? 0;
  const beyond = samples.filter(({ value }) =>
    bottom === true ? value > border * (1 + 2 * tolerance) : value < border * (1 - 2 * tolerance),
  );
  expect({ name, beyond: beyond.slice(0, 3) }).toEqual({ name, beyond: [] });
}
