/** The labels of one series, by name. */
export type Labels = Readonly<Record<string, string>>;

/** From when to when something exists, in seconds since the start: `from` included (0 by default), `until` not. */
export interface Lifetime {
  readonly from?: number;
  readonly until?: number;
}

/**
 * One series of an exporter as a straight line: its value `t` seconds after the start is `start + perSecond * t`.
 * Counters have a `perSecond` of 0 or more and floor to an integer when exposed, unless they are fractional; gauges have a `perSecond` of 0.
 *
 * Outside of its lifetime a series is not exposed. Several series of a family may have the same labels if their
 * lifetimes do not overlap: together they are one series with a bend or a jump, such as a counter that was reset.
 */
export interface Series extends Lifetime {
  /** Metric name, equal to the family's; that of a histogram has a suffix. */
  readonly metric: string;
  readonly labels: Labels;
  /** Value at the start, even if the lifetime begins later; may then be below 0. */
  readonly start: number;
  /** Growth, in units of the metric per second. */
  readonly perSecond: number;
  /** A counter of seconds, which has fractions; others count whole things. */
  readonly isFractional?: boolean;
}

/** All series of one metric, with the HELP and TYPE lines an exporter writes above them. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'untyped' | 'histogram';
  readonly series: readonly Series[];
}

/** Whether something with that lifetime exists `seconds` after the start. */
export function isAliveAt({ from = 0, until = Infinity }: Lifetime, seconds: number): boolean {
  return from <= seconds && seconds < until;
}

/** The value of a series `seconds` after the start: whatever grows counts whole things, unless it is fractional, so it floors to an integer. */
export function valueAt(
  { start, perSecond, isFractional = false }: Pick<Series, 'start' | 'perSecond' | 'isFractional'>,
  seconds: number,
): number {
  const value = start + perSecond * seconds;
  return perSecond === 0 ? start : isFractional ? value : Math.floor(value);
}

/** A text that is the same for the same labels, in whatever order they are spelled. */
export function keyOfLabels(labels: Labels): string {
  const names = Object.keys(labels).toSorted((left, right) => (left < right ? -1 : 1));
  return JSON.stringify(names.map((name) => [name, labels[name]]));
}
