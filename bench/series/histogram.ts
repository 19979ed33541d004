import type { Labels, MetricFamily } from '../model.ts';
import { growing } from './family.ts';

/** Events per second with the size of each, such as seconds: spread evenly from 0 to twice the mean. */
export interface Observed {
  readonly labels: Labels;
  readonly rate: number;
  readonly mean: number;
}

/** Upper bounds of the buckets that Prometheus' client library has by default, in seconds. */
export const DEFAULT_BUCKETS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The share of events with this mean that are at most so large. */
export const upTo = (mean: number, bound: number): number => (mean === 0 ? 1 : Math.min(1, bound / (2 * mean)));

/** A classic histogram with one series for each set of labels. Sums have fractions. */
export function classicHistogram(
  name: string,
  help: string,
  bounds: readonly number[],
  all: readonly Observed[],
): MetricFamily {
  const series = all.flatMap(({ labels, rate, mean }) => {
    const bucket = (le: string, part: number) => ({ metric: `${name}_bucket`, ...growing({ ...labels, le }, part) });
    return [
      ...bounds.map((bound) => bucket(String(bound), rate * upTo(mean, bound))),
      bucket('+Inf', rate),
      { metric: `${name}_count`, ...growing(labels, rate) },
      { metric: `${name}_sum`, ...growing(labels, rate * mean), isFractional: true },
    ];
  });
  return { name, help, type: 'histogram', series };
}
