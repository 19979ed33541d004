import { type InputSeries, seriesText } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';

export const CLUSTER = 'production';

/** A pod of CoreDNS as any of our scrape configurations labels it. */
export const server = (pod: string, node: string, cluster = CLUSTER): Labels => ({
  cluster,
  job: 'coredns',
  instance: pod,
  node,
});

/** A counter that grows by so much a second, scraped every half minute. It begins high, as the first window must not reach below zero. */
export const rising = (name: string, labels: Labels, perSecond: number, minutes = 30): InputSeries => ({
  series: seriesText(name, labels),
  values: `100000+${30 * perSecond}x${2 * minutes}`,
});

/** A value that stays. */
export const staying = (name: string, labels: Labels, value: number, minutes = 30): InputSeries => ({
  series: seriesText(name, labels),
  values: `${value}x${2 * minutes}`,
});

/** A counter with one rate after the other, for minutes each. */
export function bending(
  name: string,
  labels: Labels,
  ...turns: readonly (readonly [minutes: number, perSecond: number])[]
): InputSeries {
  let value = 100_000;
  const values = turns.flatMap(([minutes, perSecond]) =>
    Array.from({ length: 2 * minutes }, () => (value += 30 * perSecond)),
  );
  return { series: seriesText(name, labels), values: values.join(' ') };
}

/** A classic histogram whose observations fall into buckets at these rates, by their upper bound; the last is `+Inf`. */
export const histogram = (
  name: string,
  labels: Labels,
  buckets: readonly (readonly [le: string, perSecond: number])[],
  minutes = 30,
): InputSeries[] => {
  let below = 0;
  const all = buckets.map(([le, perSecond]) => {
    below += perSecond;
    return rising(`${name}_bucket`, { ...labels, le }, below, minutes);
  });
  return [...all, rising(`${name}_count`, labels, below, minutes)];
};
