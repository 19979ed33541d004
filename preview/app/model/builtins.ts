import { formatDuration } from './duration.ts';
import { percentEncode } from './escape.ts';
import type { Scope, ScopedValue } from './interpolate.ts';
import { rateInterval } from './query-timing.ts';
import { formatValue } from './variables-format.ts';

/** What Grafana's own variables follow from. */
export interface BuiltinInput {
  /** The time range, in Unix milliseconds. */
  readonly from: number;
  readonly to: number;
  /** Seconds between two points, as `queryTiming` gives it. */
  readonly step: number;
  /** Seconds between two scrapes, as `queryTiming` gives it. */
  readonly scrapeInterval: number;
  readonly dashboard: { readonly uid: string; readonly title: string };
  /** The time range as the address has it, such as `now-6h` and `now`: links carry it on. Unix milliseconds where it is not given. */
  readonly range?: { readonly from: string; readonly to: string };
  /** The dashboard's variables, for `__all_variables`. */
  readonly variables?: Scope;
}

/** Put in as it is. What has a format, such as `${__from:date}`, or needs escaping must not be raw. */
const plain = (value: string | number): ScopedValue => ({
  value: String(value),
  text: String(value),
  multi: false,
  raw: true,
});

/** All variables as parts of an address: `var-a=1&var-b=2`. */
const asParameters = (variables: Scope): string =>
  [...variables]
    .map(([name, { value, url }]) => formatValue(value, 'queryparam', { name, target: 'url', ...(url && { url }) }))
    .filter((parameter) => parameter !== '')
    .join('&');

/**
 * Grafana's global variables, as its documentation lists them: `__from`, `__to` and those that end in `_ms` are in milliseconds, those that end
 * in `_s` in seconds; `__interval`, `__rate_interval` and `__range` are durations of PromQL.
 */
export function builtinScope(input: BuiltinInput): Scope {
  const { from, to, step, scrapeInterval, dashboard, variables } = input;
  const range = input.range ?? { from: String(from), to: String(to) };
  const rangeSeconds = Math.round((to - from) / 1000);
  return new Map([
    ['__from', { ...plain(from), raw: false }],
    ['__to', { ...plain(to), raw: false }],
    ['__interval', plain(formatDuration(step * 1000))],
    ['__interval_ms', plain(Math.round(step * 1000))],
    ['__rate_interval', plain(formatDuration(rateInterval(step, scrapeInterval) * 1000))],
    ['__rate_interval_ms', plain(Math.round(rateInterval(step, scrapeInterval) * 1000))],
    ['__range', plain(`${rangeSeconds}s`)],
    ['__range_s', plain(rangeSeconds)],
    ['__range_ms', plain(to - from)],
    ['__dashboard', { ...plain(dashboard.title), raw: false }],
    ['__dashboard.uid', plain(dashboard.uid)],
    ['__url_time_range', plain(`from=${percentEncode(range.from)}&to=${percentEncode(range.to)}`)],
    ['__all_variables', plain(asParameters(variables ?? new Map()))],
  ]);
}

/** Names of Grafana's global variables that the preview fills in. */
export const builtinNames: readonly string[] = [
  ...builtinScope({ from: 0, to: 0, step: 1, scrapeInterval: 1, dashboard: { uid: '', title: '' } }).keys(),
];
