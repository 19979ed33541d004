import { intervalMs } from './interval.ts';
import { parseDuration } from './duration.ts';

/** What the times of a query follow from. */
export interface TimingInput {
  /** The time range, in Unix milliseconds. */
  readonly from: number;
  readonly to: number;
  /** How many points a graph has room for: what the panel says, or its width in pixels. */
  readonly maxDataPoints: number;
  /** The panel's least interval, such as `1m`. */
  readonly minInterval?: string | undefined;
  /** Seconds between two scrapes, which is the data source's least interval. */
  readonly scrapeInterval: number;
  /** The query's own least step, such as `5m`, `$__interval` or `$__rate_interval`. */
  readonly targetInterval?: string | undefined;
}

/** When to evaluate a query; all of it in seconds, as Prometheus' HTTP API takes it. */
export interface Timing {
  readonly step: number;
  readonly start: number;
  readonly end: number;
  /** What `$__rate_interval` counts as the interval of scrapes: the query's own least step if it has one. */
  readonly scrapeInterval: number;
}

/** Points of a series that Prometheus gives at most. */
const MOST_POINTS = 11_000;

/** Seconds of `$__rate_interval`: long enough for a rate over at least four samples, as Grafana documents it. Arguments in seconds. */
export const rateInterval = (step: number, scrapeInterval: number): number =>
  Math.max(step + scrapeInterval, 4 * scrapeInterval);

const isVariable = (text: string | undefined, name: string): boolean => text === `$${name}` || text === `\${${name}}`;

const givenMs = (text: string | undefined): number | undefined =>
  text === undefined || text.trim() === '' ? undefined : parseDuration(text);

/**
 * Step, start and end of a query as Grafana's Prometheus data source chooses them: the step that fits the graph, not below the query's
 * least step, or else the panel's, or else the data source's, and not so short that Prometheus refuses; start and end are
 * multiples of the step, so that the points stay where they are while time goes by.
 *
 * @throws Error when an interval is not a duration
 */
export function queryTiming(input: TimingInput): Timing {
  const { from, to, maxDataPoints, scrapeInterval, targetInterval } = input;
  const own = /^\$\{?__(rate_)?interval\}?$/.test(targetInterval ?? '') ? undefined : givenMs(targetInterval);
  const least = own ?? givenMs(input.minInterval) ?? scrapeInterval * 1000;
  const fitting = intervalMs(to - from, maxDataPoints, least);
  const shortest = (to - from) / MOST_POINTS;
  const scrape = own === undefined ? scrapeInterval : own / 1000;
  const plain = fitting < shortest ? Math.ceil(shortest / 1000) : fitting / 1000;
  const step = isVariable(targetInterval, '__rate_interval') ? rateInterval(plain, scrape) : plain;
  const aligned = (time: number): number => Math.floor(time / 1000 / step) * step;
  return { step, start: aligned(from), end: aligned(to), scrapeInterval: scrape };
}
