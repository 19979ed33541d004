import { labels, quote, quoted, quotedList } from './fragments.ts';
import { Fragment, promql, type Query } from './query.ts';
import { selector } from './selector.ts';

/**
 * An instant vector with at most one series for each combination of the labels in `key`. A join on that key cannot be many-to-many,
 * even if a target is scraped twice or old series are left behind. `newest`, `firstOf`, `renamed` and `recorded` guarantee this;
 * call the constructor only for a query whose own aggregation guarantees it.
 */
export class UniqueVector {
  readonly query: Query;
  readonly key: readonly string[];
  constructor(query: Query, key: readonly string[]) {
    this.query = query;
    this.key = key;
  }
}

/**
 * For each `key`, the candidate with the largest value, with the labels `key` and `carry` and the value 1. The value of a candidate
 * must say how new it is: a creation time, or the time of its last sample. Of equal values any may win.
 */
export function newest(key: readonly string[], carry: readonly string[], candidates: Query): UniqueVector {
  const kept = [...key, ...carry];
  const largest = promql`
    topk by (${labels(...key)}) (1,
      ${aggregate('max', kept, candidates)}
    )`;
  return new UniqueVector(aggregate('group', kept, largest), key);
}

/** A recorded series that is unique by `key`, as its own rule guarantees. */
export const recorded = (name: string, key: readonly string[]): UniqueVector => new UniqueVector(selector(name), key);

/** All series of several queries (`or`). Of two with the same labels, the earlier query wins. @throws TypeError without a query. */
export function either(...queries: readonly Query[]): Query {
  const [first, ...others] = queries;
  if (first === undefined) throw new TypeError('promql: either() needs at least one query');
  // "or" binds to the left, so the chain so far needs no parentheses.
  return others.reduce(
    (chain, next) => promql`
      ${new Fragment(chain.text)}
      or
      ${next}`,
    promql`${first}`,
  );
}

/**
 * Series of several queries in order of preference (`or on`): those of a later query only where no earlier one has a series with the same
 * labels `by`. @throws TypeError without a query.
 */
export function inOrder(by: readonly string[], ...queries: readonly Query[]): Query {
  const [first, ...others] = queries;
  if (first === undefined) throw new TypeError('promql: inOrder() needs at least one query');
  // "or" binds to the left, so the chain so far needs no parentheses.
  return others.reduce(
    (chain, next) => promql`
      ${new Fragment(chain.text)}
      or on (${labels(...by)})
      ${next}`,
    promql`${first}`,
  );
}

/**
 * `label_replace`: sets `to` to `value` where the whole label `from` matches `regex`; `$1` in `value` is the first group. An empty
 * `from` with an empty `regex` matches every series.
 */
export const labelReplace = (query: Query, to: string, value: string, from: string, regex: string): Query => promql`
  label_replace(
    ${query},
    ${quoted(to)}, ${quoted(value)}, ${quoted(from)}, ${quoted(regex)}
  )`;

/** The series whose label matches a regular expression (RE2, anchored), where a selector cannot tell: the label is computed. */
export const having = (query: Query, label: string, regex: string): Query => promql`
  ${matched(query, label, regex)}
  and on (matched)
  ${MATCHED}`;

/** The series whose label does not match. */
export const lacking = (query: Query, label: string, regex: string): Query => promql`
  ${matched(query, label, regex)}
  unless on (matched)
  ${MATCHED}`;

/** Marks the series by a label of their own, by which a set operation can tell them apart. */
const matched = (query: Query, label: string, regex: string): Query =>
  labelReplace(query, 'matched', 'yes', label, regex);

const MATCHED = promql`label_replace(vector(1), "matched", "yes", "", "")`;

/**
 * Sets `to` again and again, by the regular expressions that match the whole label `from`: of several that match, the last wins. Laid out flat,
 * as there may be hundreds of steps.
 */
export function replacedInTurn(
  query: Query,
  to: string,
  from: string,
  steps: readonly { readonly value: string; readonly regex: string }[],
): Query {
  if (steps.length === 0) return query;
  const opened = new Fragment(steps.map(() => 'label_replace(').join(''));
  const closed = steps.map(({ value, regex }) => `, ${[to, value, from, regex].map(quote).join(', ')})`).join('\n');
  return promql`
    ${opened}
      ${query}
    ${new Fragment(closed)}`;
}

/** One call that sets a label: `label_replace` with these strings, or `label_join`. */
export type LabelCall =
  | { readonly replace: readonly [to: string, value: string, from: string, regex: string] }
  | { readonly join: readonly [to: string, separator: string, ...from: readonly string[]] };

/** Sets one label after another. Laid out flat, as rulers and stores limit the length of a query, and each level would indent the query. */
export function labelCalls(query: Query, calls: readonly LabelCall[]): Query {
  const named = calls.map((call) =>
    'replace' in call ? { name: 'label_replace', texts: call.replace } : { name: 'label_join', texts: call.join },
  );
  const opened = new Fragment(
    named
      .map(({ name }) => `${name}(`)
      .toReversed()
      .join(''),
  );
  const closed = new Fragment(named.map(({ texts }) => `, ${texts.map(quote).join(', ')})`).join('\n'));
  return promql`
    ${opened}
      ${query}
    ${closed}`;
}

/**
 * Sets a label by what several labels say: their values, joined by slashes, are rewritten by each step whose regular expression matches them as
 * a whole. Neither the labels nor what a step writes may hold a slash, so the first step that matches is the last.
 */
export function decidedBy(
  query: Query,
  to: string,
  from: readonly string[],
  steps: readonly (readonly [regex: string, value: string])[],
): Query {
  const joined = promql`
    label_join(
      ${query},
      ${quotedList(to, '/', ...from)}
    )`;
  return steps.reduce((inner, [regex, value]) => labelReplace(inner, to, value, to, regex), joined);
}

/** Copies labels under other names: `rename` maps each label to its new name, in order. The old labels stay. */
export const copied = (query: Query, rename: Readonly<Record<string, string>>): Query =>
  Object.entries(rename).reduce((inner, [from, to]) => labelReplace(inner, to, '$1', from, '(.*)'), query);

/** One series for each combination of these labels: `sum by (...)`, `max by (...)`, or `group by (...)` with the value 1. */
export const aggregate = (
  operator: 'sum' | 'avg' | 'min' | 'max' | 'group',
  by: readonly string[],
  query: Query,
): Query => promql`
  ${new Fragment(operator)} by (${labels(...by)}) (
    ${query}
  )`;

/** Renames labels of a vector: `rename` maps each old label to its new name. The labels of `key` and `kept` stay. */
export function renamed(
  vector: UniqueVector,
  rename: Readonly<Record<string, string>>,
  kept: readonly string[] = [],
): UniqueVector {
  const names = Object.entries(rename);
  const key = vector.key.map((label) => rename[label] ?? label);
  const all = [...new Set([...key, ...kept, ...names.map(([, to]) => to)])];
  return new UniqueVector(aggregate('group', all, copied(vector.query, rename)), key);
}

/**
 * Merges vectors in order of preference: where several have a series for a key, the first wins.
 * @throws TypeError when they are not unique by the same key.
 */
export function firstOf(first: UniqueVector, ...others: readonly UniqueVector[]): UniqueVector {
  const other = others.find(({ key }) => key.join() !== first.key.join());
  if (other !== undefined) {
    throw new TypeError(
      `promql: cannot fall back from a vector by (${first.key.join(', ')}) to one by (${other.key.join(', ')})`,
    );
  }
  const queries = [first, ...others].map(({ query }) => query);
  return new UniqueVector(inOrder(first.key, ...queries), first.key);
}

/**
 * Many-to-one join: every series of `many` that has a match in `one`, with the labels `bring` from that match. Series without a
 * match are dropped, so where traffic is counted `one` must cover all of `many`.
 */
export function join(many: Query, one: UniqueVector, bring: readonly string[]): Query {
  return promql`
    ${many}
    * on (${labels(...one.key)}) group_left (${labels(...bring)})
    ${one.query}`;
}

/** Sets `label` to a fixed value on every series. */
export const withLabel = (query: Query, label: string, value: string): Query =>
  labelReplace(query, label, value, '', '');

/** Sets all of these labels on every series. */
export const withLabels = (query: Query, values: Readonly<Record<string, string>>): Query =>
  Object.entries(values).reduce((inner, [label, value]) => withLabel(inner, label, value), query);

/** Sets `label` to a fixed value on every series that lacks it or has it empty. */
export const defaultLabel = (query: Query, label: string, value: string): Query =>
  labelReplace(query, label, value, label, '');
