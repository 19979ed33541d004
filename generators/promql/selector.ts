import { labelName, quote } from './fragments.ts';
import { Query } from './query.ts';

const OPERATORS = ['=', '!=', '=~', '!~'] as const;
type Operator = (typeof OPERATORS)[number];

const isOperator = (text: string): text is Operator => OPERATORS.some((operator) => operator === text);

/** One condition on a label. */
export interface Matcher {
  readonly operator: Operator;
  readonly value: string;
}

/** Conditions by label. A plain string means equality; of an array, all conditions must hold. */
export type Matchers = Readonly<Record<string, string | Matcher | readonly Matcher[]>>;

const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

function checkMetrics(...metrics: readonly string[]): void {
  const wrong = metrics.find((metric) => !METRIC.test(metric));
  if (wrong !== undefined) throw new TypeError(`promql: ${JSON.stringify(wrong)} is not a metric name`);
}

/** The label differs from the value. */
export const not = (value: string): Matcher => ({ operator: '!=', value });
/** The whole label matches the regular expression (RE2, anchored). */
export const matches = (regex: string): Matcher => ({ operator: '=~', value: regex });

/** A regular expression that matches the text itself. */
export const escapeRegex = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** The label is one of these literal values. */
export const oneOf = (values: readonly string[]): Matcher => matches(values.map(escapeRegex).join('|'));
/** The label is none of these literal values. */
export const noneOf = (values: readonly string[]): Matcher => ({
  operator: '!~',
  value: values.map(escapeRegex).join('|'),
});
/** The conditions on one label as a list, so that others can be added to them. */
export function conditionsOn(condition: Matchers[string] | undefined): readonly Matcher[] {
  if (condition === undefined) return [];
  return typeof condition === 'string' ? [{ operator: '=', value: condition }] : [condition].flat();
}

const conditions = (matchers: Matchers): string[] =>
  Object.entries(matchers).flatMap(([label, condition]) =>
    conditionsOn(condition).map(({ operator, value }) => `${labelName(label)}${operator}${quote(value)}`),
  );

/** The text between the braces; Grafana's `label_values` takes it too. */
export const matcherList = (matchers: Matchers): string => conditions(matchers).join(', ');

/**
 * An instant vector selector. Values are escaped; Grafana variables such as `$cluster` stay as they are.
 * @throws TypeError when the name of the metric or of a label is not valid.
 */
export function selector(metric: string, matchers: Matchers = {}): Query {
  checkMetrics(metric);
  const list = matcherList(matchers);
  return new Query(list === '' ? metric : `${metric}{${list}}`);
}

/** An instant vector selector over several metrics. @throws TypeError when a name is not valid. */
export function selectorOfAny(metrics: readonly string[], matchers: Matchers = {}): Query {
  checkMetrics(...metrics);
  return new Query(`{${matcherList({ __name__: oneOf(metrics), ...matchers })}}`);
}

const MATCHER = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')\s*(?:,|$)/y;

/** The text between the quotes, unescaped. */
const unquote = (text: string): string =>
  text.slice(1, -1).replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char === 't' ? '\t' : char));

/**
 * Parses PromQL matchers, with or without the braces: `type="Trace", verdict!="DROPPED"`.
 * Undefined if the text is not such a list.
 */
export function parseMatchers(text: string): Matchers | undefined {
  const list = text
    .trim()
    .replace(/^\{(.*)\}$/s, '$1')
    .trim();
  const found: Record<string, readonly Matcher[]> = {};
  MATCHER.lastIndex = 0;
  while (MATCHER.lastIndex < list.length) {
    const [, label = '', operator = '', value = ''] = MATCHER.exec(list) ?? [];
    if (label === '' || !isOperator(operator)) return undefined;
    found[label] = [...(found[label] ?? []), { operator, value: unquote(value) }];
  }
  return list === '' ? undefined : found;
}
