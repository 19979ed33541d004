import { escapeQuoted, escapeRegex, percentEncode, strict, wellFormed } from './escape.ts';
import { didYouMean } from './nearest.ts';

/** Where a value is put: into a PromQL query, into a text that people read, or into an address. */
export type Target = 'query' | 'text' | 'url';

/** What a value is formatted for. */
export interface FormatContext {
  /** The variable's name. */
  readonly name: string;
  readonly target: Target;
  /** Several values can be chosen, or All: in queries, even a single value is then part of a regular expression. */
  readonly multi?: boolean;
  /** What people read for the value; the value itself where it is not given. */
  readonly text?: string;
  /** The value as addresses carry it, where that differs: `$__all` instead of all of the options. */
  readonly url?: readonly string[];
}

type Formatter = (values: readonly string[], context: FormatContext, single: boolean) => string;

const joined =
  (separator: string): Formatter =>
  (values) =>
    values.join(separator);

/** Several alternatives in brackets, a single one without. */
const alternatives = (values: readonly string[]): string =>
  values.length === 1 ? (values[0] ?? '') : `(${values.join('|')})`;

const quotedWith =
  (quote: string): Formatter =>
  (values) =>
    values.map((value) => `${quote}${value.replaceAll(quote, `\\${quote}`)}${quote}`).join(',');

const glob: Formatter = (values) => (values.length === 1 ? (values[0] ?? '') : `{${values.join(',')}}`);

/** Where there can be several values Grafana writes brackets even around a single one. */
const braced: Formatter = (values, _context, single) => (single ? (values[0] ?? '') : `{${values.join(',')}}`);

const uriEncode: Formatter = (...value) => strict(encodeURI(wellFormed(braced(...value))));

const asText: Formatter = (values, { text }) => text ?? values.join(' + ');

const queryParam: Formatter = (values, { name, url }) =>
  (url ?? values).map((value) => `${percentEncode(`var-${name}`)}=${percentEncode(value)}`).join('&');

/** A date out of Unix milliseconds, which is what `__from` and `__to` are. */
const date: Formatter = ([value = '']) => {
  const time = new Date(Number(value));
  return Number.isNaN(time.getTime()) ? 'NaN' : time.toISOString();
};

/** By name; those of Grafana's documentation that make sense for Prometheus. */
const FORMATS: Readonly<Record<string, Formatter>> = {
  raw: joined(','),
  csv: joined(','),
  pipe: joined('|'),
  regex: (values) => alternatives(values.map(escapeRegex)),
  json: (values, _context, single) => (single ? (values[0] ?? '') : JSON.stringify(values)),
  doublequote: quotedWith('"'),
  singlequote: quotedWith("'"),
  glob,
  distributed: (values, { name }) => values.map((value, index) => (index ? `${name}=${value}` : value)).join(','),
  percentencode: (...value) => percentEncode(braced(...value)),
  uriencode: uriEncode,
  queryparam: queryParam,
  text: asText,
  date,
  'date:iso': date,
  'date:ms': joined(','),
  'date:seconds': ([value = '']) => String(Math.round(Number(value) / 1000)),
};

/** Names of the formats that `formatValue` knows. */
export const formatNames: readonly string[] = Object.keys(FORMATS);

/** As Grafana's Prometheus data source does: in quotes, and of a regular expression where several can be chosen. */
const forQuery: Formatter = (values, { multi = false }, single) =>
  single && !multi
    ? values.map(escapeQuoted).join('')
    : alternatives(values.map((value) => escapeQuoted(escapeRegex(value))));

const DEFAULTS: Readonly<Record<Target, Formatter>> = {
  query: forQuery,
  text: asText,
  url: uriEncode,
};

/**
 * The text that takes the place of a variable: `format` is what follows the colon in `${name:format}`. Without one it depends on the
 * target: escaped for a quoted string of PromQL (several values, or one of a variable with `multi`, as regular expression), as
 * people read it, or encoded like an address (`uriencode`). What the formats do: Grafana's documentation, "Variable syntax".
 *
 * @throws Error that names an unknown or unsupported format and the nearest known one
 */
export function formatValue(
  value: string | readonly string[],
  format: string | undefined,
  context: FormatContext,
): string {
  const single = typeof value === 'string';
  const values = single ? [value] : value;
  if (values.length === 0 && format !== 'json' && format !== 'queryparam') return '';
  const formatter = format === undefined ? DEFAULTS[context.target] : FORMATS[format];
  if (formatter === undefined || (format !== undefined && !Object.hasOwn(FORMATS, format)))
    throw new Error(
      `variable "${context.name}": format "${format}" is unknown or not supported${didYouMean(format ?? '', formatNames)}`,
    );
  return formatter(values, context, single);
}
