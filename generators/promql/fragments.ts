import { Fragment } from './query.ts';

/** A Prometheus duration such as `5m` or `1h30m`: units from large to small, each at most once, below the limit of 292 years. */
export const DURATION =
  /^(?=[0-9])([0-9]{1,2}y)?([0-9]{1,3}w)?([0-9]{1,4}d)?([0-9]{1,5}h)?([0-9]{1,6}m)?([0-9]{1,8}s)?([0-9]{1,10}ms)?$/;

const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** Intervals that Grafana replaces before it sends a query. */
const GRAFANA_INTERVALS = new Set(['$__rate_interval', '$__interval', '$__range']);

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

const ESCAPED = /[\\"\n]/;

/** Puts text into double quotes as PromQL reads them. */
export const quote = (text: string): string =>
  ESCAPED.test(text) ? `"${text.replaceAll(/[\\"\n]/g, (char) => ESCAPES[char] ?? char)}"` : `"${text}"`;

/** @throws TypeError when the name is not a legal Prometheus label name. */
export function labelName(name: string): string {
  if (!LABEL.test(name)) throw new TypeError(`promql: ${JSON.stringify(name)} is not a label name`);
  return name;
}

/** A list of labels for `by (...)`, `on (...)` and `group_left (...)`; may be empty. */
export const labels = (...names: readonly string[]): Fragment => new Fragment(names.map(labelName).join(', '));

/** A string argument, as in `label_replace`. */
export const quoted = (text: string): Fragment => new Fragment(quote(text));

/** String arguments, as the labels of `label_join`. */
export const quotedList = (...texts: readonly string[]): Fragment => new Fragment(texts.map(quote).join(', '));

/**
 * A duration inside `[...]`: a Prometheus duration or one of Grafana's interval variables.
 * @throws TypeError for anything else.
 */
export function duration(text: string): Fragment {
  if (!DURATION.test(text) && !GRAFANA_INTERVALS.has(text)) {
    throw new TypeError(`promql: ${JSON.stringify(text)} is not a duration`);
  }
  return new Fragment(text);
}

/** The length of a Prometheus duration in seconds. @throws TypeError when the text is not one. */
export function seconds(text: string): number {
  if (!DURATION.test(text)) throw new TypeError(`promql: ${JSON.stringify(text)} is not a duration`);
  return [...text.matchAll(/([0-9]+)(ms|[smhdwy])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNIT_SECONDS[unit ?? ''] ?? 0),
    0,
  );
}

/** The longer of two Prometheus durations; the first if they are equal. */
export const longer = (a: string, b: string): string => (seconds(a) >= seconds(b) ? a : b);
