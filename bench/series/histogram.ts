import type { Labels, MetricFamily } from '../model.ts';
import { growing } from './family.ts';

/** Observations of one kind: so many a second, spread evenly from 0 to twice the mean. */
export interface Observed {
  readonly labels: Labels;
  readonly perSecond: number;
  readonly mean: number;
}

/** The share of observations with this mean that are at most so large. */
const within = (mean: number, bound: number): number => (mean === 0 ? 1 : Math.min(1, bound / (2 * mean)));

/** A classic histogram with these upper bounds. */
export function histogramFamily(
  name: string,
  help: string,
  bounds: readonly number[],
  observed: readonly Observed[],
): MetricFamily {
  const series = observed.flatMap(({ labels, perSecond, mean }) => [
    ...bounds.map((bound) => ({
      metric: `${name}_bucket`,
      ...growing({ ...labels, le: String(bound) }, perSecond * within(mean, bound)),
    })),
    { metric: `${name}_bucket`, ...growing({ ...labels, le: '+Inf' }, perSecond) },
    { metric: `${name}_count`, ...growing(labels, perSecond) },
    { metric: `${name}_sum`, ...growing(labels, perSecond * mean), isFractional: true },
  ]);
  return { name, help, type: 'histogram', series };
}
