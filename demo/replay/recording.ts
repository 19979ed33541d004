import { keyOfLabels } from '../../bench/model.ts';
import type { RangeSeries } from '../../bench/prometheus-api.ts';
import type { WrittenSample, WrittenSeries } from '../../bench/remote-write.ts';
import type { RecordingRuleData } from './rule-files.ts';

/** The times at which a group is evaluated, in Unix seconds: `from`, then every `step` until `until`. */
export interface Steps {
  readonly from: number;
  readonly until: number;
  readonly step: number;
}

/** The whole multiples of an interval within a span of Unix time, as Prometheus would evaluate at them. */
export function stepsWithin(from: number, until: number, step: number): Steps {
  return { from: Math.ceil(from / step) * step, until: Math.floor(until / step) * step, step };
}

/**
 * The values of one series as Prometheus stores them: where a value is missing after one, the marker that the series
 * has ended; it would be found for another five minutes otherwise. What is there at the last step goes on.
 */
export function withEnds(
  values: readonly (readonly [unixSeconds: number, value: number])[],
  { until, step }: Steps,
): readonly WrittenSample[] {
  return values.flatMap(([time, value], index): WrittenSample[] => {
    const sample = { value, milliseconds: time * 1000 };
    const following = time + step;
    const goesOn = following > until || values[index + 1]?.[0] === following;
    return goesOn ? [sample] : [sample, { value: 'stale', milliseconds: following * 1000 }];
  });
}

/**
 * What a recording rule stores of the answers to its query.
 * @throws Error when the labels of the rule make two series one, as Prometheus refuses that as well.
 */
export function recordedSeries(
  { record, labels = {} }: RecordingRuleData,
  answers: readonly RangeSeries[],
  steps: Steps,
): readonly WrittenSeries[] {
  const series = answers.map(({ metric, values }) => ({
    labels: { ...metric, ...labels, __name__: record },
    samples: withEnds(values, steps),
  }));
  if (Object.keys(labels).length > 0) {
    const different = new Set(series.map((one) => keyOfLabels(one.labels)));
    if (different.size < series.length) throw new Error('its labels make two of its series one');
  }
  return series;
}
