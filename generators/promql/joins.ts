import { labels, quoted } from './fragments.ts';
import { Fragment, promql, type Query } from './query.ts';
import { selector } from './selector.ts';

/**
 * An instant vector with at most one series for each combination of the labels in `key`, so that a join that asks for it cannot
 * be many-to-many, whatever is scraped twice, renamed or left behind. `newest`, `firstOf`, `renamed` and `recorded` keep the
 * promise; whoever calls the constructor makes it, for a query that is unique by its own aggregation.
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
 * For each `key`, the series of `candidates` with the largest value, kept with the labels `key` and `carry` and the value 1.
 * Give candidates a value that tells which is newest: a creation time or the time of the last sample.
 */
export function newest(key: readonly string[], carry: readonly string[], candidates: Query): UniqueVector {
  const kept = labels(...key, ...carry);
  const query = promql`
    group by (${kept}) (
      topk by (${labels(...key)}) (1,
        max by (${kept}) (
          ${candidates}
        )
      )
    )`;
  return new UniqueVector(query, key);
}

/** A recorded series that its own rule made unique by `key`. */
export const recorded = (name: string, key: readonly string[]): UniqueVector => new UniqueVector(selector(name), key);

/** All series of several queries; where two have the same labels, that of the earlier query. @throws TypeError without any. */
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

/** Every series gets the value of one label under another name too: `rename` maps the old name to the new one, in order. */
export const copied = (query: Query, rename: Readonly<Record<string, string>>): Query =>
  Object.entries(rename).reduce(
    (inner, [from, to]) =>
      promql`
        label_replace(
          ${inner},
          ${quoted(to)}, "$1", ${quoted(from)}, "(.*)"
        )`,
    query,
  );

/** The same vector under new label names: `rename` maps an old label to the new one; other labels of `key` stay. */
export function renamed(
  vector: UniqueVector,
  rename: Readonly<Record<string, string>>,
  kept: readonly string[] = [],
): UniqueVector {
  const names = Object.entries(rename);
  const key = vector.key.map((label) => rename[label] ?? label);
  const all = [...new Set([...key, ...kept, ...names.map(([, to]) => to)])];
  return new UniqueVector(
    promql`
      group by (${labels(...all)}) (
        ${copied(vector.query, rename)}
      )`,
    key,
  );
}

/**
 * The vectors in order of preference: for a key that several know, the first wins. All must be unique by the same key.
 * @throws TypeError when the keys differ.
 */
export function firstOf(first: UniqueVector, ...others: readonly UniqueVector[]): UniqueVector {
  const key = labels(...first.key);
  const query = others.reduce(
    (chain, next) => {
      if (next.key.join() !== first.key.join()) {
        throw new TypeError(
          `promql: cannot fall back from a vector by (${first.key.join(', ')}) to one by (${next.key.join(', ')})`,
        );
      }
      // "or" binds to the left, so the chain so far needs no parentheses.
      return promql`
      ${new Fragment(chain.text)}
      or on (${key})
      ${next.query}`;
    },
    promql`${first.query}`,
  );
  return new UniqueVector(query, first.key);
}

/**
 * Many-to-one join: every series of `many` that has a partner in `one`, with the labels `bring` taken from it. Series without
 * a partner are lost, so `one` must be total over `many` where traffic is counted.
 */
export function join(many: Query, one: UniqueVector, bring: readonly string[]): Query {
  return promql`
    ${many}
    * on (${labels(...one.key)}) group_left (${labels(...bring)})
    ${one.query}`;
}

/** Every series gets `label` with the fixed `value`. */
export const withLabel = (query: Query, label: string, value: string): Query => promql`
  label_replace(
    ${query},
    ${quoted(label)}, ${quoted(value)}, "", ""
  )`;

/** Every series gets all of these labels. */
export const withLabels = (query: Query, values: Readonly<Record<string, string>>): Query =>
  Object.entries(values).reduce((inner, [label, value]) => withLabel(inner, label, value), query);

/** Every series that lacks `label` (or has it empty) gets it with the fixed `value`. */
export const defaultLabel = (query: Query, label: string, value: string): Query => promql`
  label_replace(
    ${query},
    ${quoted(label)}, ${quoted(value)}, ${quoted(label)}, ""
  )`;
