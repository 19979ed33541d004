import { groupBy } from '../../bench/group.ts';
import type { RangeSeries } from '../../bench/prometheus-api.ts';

/** Bits that are left of the largest value: nine digits. */
const BITS = 30;

/**
 * Where a value is rounded up, as a distance from the next multiple: not at the middle. A sum of multiples of a smaller unit and of rates
 * lies there exactly, so that its last bits would decide. No such sum lies at the golden section.
 */
const UP_FROM = (Math.sqrt(5) - 1) / 2;

/**
 * Rounds values to whole multiples of a power of two, the same for all of a unit: about 10^-9 of the largest. Prometheus adds up in the
 * order of a hash map, so that the last bits of its sums differ from run to run; sums of such multiples are exact in any order.
 * Values of another `resource` have another unit: cores beside bytes would be nothing.
 */
export const rounded = (answers: readonly RangeSeries[]): readonly RangeSeries[] =>
  [...groupBy(answers, ({ metric }) => metric['resource'] ?? '').values()].flatMap(roundedAlike);

function roundedAlike(answers: readonly RangeSeries[]): readonly RangeSeries[] {
  let largest = 0;
  for (const { values } of answers) {
    for (const [, value] of values) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  }
  if (largest === 0) return answers;
  const unit = 2 ** (Math.floor(Math.log2(largest)) - BITS);
  return answers.map(({ metric, values }) => ({
    metric,
    values: values.map(([time, value]) => [time, Math.floor(value / unit + UP_FROM) * unit] as const),
  }));
}
