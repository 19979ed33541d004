import { labelName, quote } from './fragments.ts';
import { Query } from './query.ts';

const OPERATORS = ['=', '!=', '=~', '!~'] as const;
type Operator = (typeof OPERATORS)[number];

/** Whether this is how PromQL compares a label. */
export const isMatcherOperator = (text: string): text is Operator => OPERATORS.some((operator) => operator === text);

/** One condition on a label. */
export interface Matcher {
  readonly operator: Operator;
  readonly value: string;
}

/** Conditions on labels; a plain string means equality, an array means that all of its conditions hold. */
export type Matchers = Readonly<Record<string, string | Matcher | readonly Matcher[]>>;

const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** The label differs from the value. */
export const not = (value: string): Matcher => ({ operator: '!=', value });
/** The whole label matches the regular expression (RE2, anchored). */
export const matches = (regex: string): Matcher => ({ operator: '=~', value: regex });

/** A regular expression that matches the text itself. */
export const escapeRegex = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** The label is one of these values, each taken literally. */
export const oneOf = (values: readonly string[]): Matcher => matches(values.map(escapeRegex).join('|'));

function conditions(matchers: Matchers): string[] {
  return Object.entries(matchers).flatMap(([label, condition]) => {
    const list = typeof condition === 'string' ? [{ operator: '=' as const, value: condition }] : [condition].flat();
    return list.map(({ operator, value }) => `${labelName(label)}${operator}${quote(value)}`);
  });
}

/** The matchers between the braces, as Grafana's own functions (`label_values`) want them too. */
export const matcherList = (matchers: Matchers): string => conditions(matchers).join(', ');

/**
 * An instant vector selector. Values are escaped; Grafana variables such as `$cluster` pass as they are.
 * @throws TypeError when the name of the metric or of a label is not legal.
 */
export function selector(metric: string, matchers: Matchers = {}): Query {
  if (!METRIC.test(metric)) throw new TypeError(`promql: ${JSON.stringify(metric)} is not a metric name`);
  const list = matcherList(matchers);
  return new Query(list === '' ? metric : `${metric}{${list}}`);
}
