import type { Observed } from './observed.ts';

/** A month as clouds bill it: 730 hours. */
const MONTH_SECONDS = 730 * 3600;

/** The middle 95 % of a normal distribution, in standard deviations to each side. */
const SPREAD = 1.96;

/** With fewer parts than this, their variation says nothing. */
const MIN_PARTS = 3;

/** At most this share of the traffic is presumed unseen, so that the upper end stays finite. */
const MAX_UNSEEN = 0.9;

/** An amount a month with its error bar. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Sums of parts of the window, part by part. */
export function added(...all: readonly (readonly number[])[]): readonly number[] {
  const [first = []] = all;
  return first.map((_, part) => all.reduce((total, one) => total + (one[part] ?? 0), 0));
}

export const negated = (sums: readonly number[]): readonly number[] => sums.map((sum) => -sum);

/** The mean rate over the window. Where nothing was recorded, there is nothing to say, so those parts do not count. */
export function meanOf(sums: readonly number[], { counts }: Pick<Observed, 'counts'>): number {
  const evaluations = counts.reduce((total, count) => total + count, 0);
  return evaluations === 0 ? 0 : sums.reduce((total, sum) => total + sum, 0) / evaluations;
}

/**
 * What a rate amounts to in a month. The error bar is the 95 % interval of the mean from the variation between the parts of the window; its upper end
 * also holds the share of the traffic that was lost or has no zone, as that may be part of it.
 * @param perUnit what one unit (byte, flow) is worth.
 */
export function monthly(sums: readonly number[], observed: Omit<Observed, 'pairs'>, perUnit: number): Estimate {
  const { counts, unattributed, lost } = observed;
  const mean = meanOf(sums, observed);
  const rates = counts.flatMap((count, part) => (count === 0 ? [] : [(sums[part] ?? 0) / count]));
  const variance = rates.reduce((total, rate) => total + (rate - mean) ** 2, 0) / Math.max(1, rates.length - 1);
  const half = rates.length < MIN_PARTS ? Math.abs(mean) : SPREAD * Math.sqrt(variance / rates.length);
  const unseen = Math.min(MAX_UNSEEN, unattributed + lost);
  const month = MONTH_SECONDS * perUnit;
  return {
    value: mean * month,
    low: Math.max(0, mean - half) * month,
    high: ((mean + half) / (1 - unseen)) * month,
  };
}
