import type { Labels, MetricFamily, Series } from '../model.ts';

/** A series without its metric name, which `family` adds. */
export type Sample = Omit<Series, 'metric'>;

/** Builds a family from its samples. */
export function family(
  name: string,
  type: MetricFamily['type'],
  help: string,
  samples: readonly Sample[],
): MetricFamily {
  return { name, type, help, series: samples.map((sample) => ({ metric: name, ...sample })) };
}

/** A value that does not change. */
export function constant(labels: Labels, value: number): Sample {
  return { labels, start: value, perSecond: 0 };
}

/**
 * A cumulative count that has been growing for an hour. Starting above zero matters: Prometheus extrapolates a counter
 * near zero less far, and a series that jumps from nothing to a large number must not look like traffic.
 */
export function growing(labels: Labels, perSecond: number): Sample {
  return { labels, start: Math.floor(perSecond * 3_600), perSecond };
}

/**
 * Adds up samples with the same labels, as a counter does: two connections may look alike to a source. Their labels
 * must be spelled in the same order.
 */
export function summed(samples: readonly Sample[]): Sample[] {
  const byLabels = new Map<string, Sample>();
  for (const sample of samples) {
    const key = Object.values(sample.labels).join('\n');
    const other = byLabels.get(key);
    byLabels.set(key, other === undefined ? sample : growing(sample.labels, other.perSecond + sample.perSecond));
  }
  return [...byLabels.values()];
}
