import { argumentsOf, childOf, type Node, unquoted } from './syntax.ts';

/** The labels of what a record holds; undefined where they are not known, as for series that are scraped. */
export type RecordLabels = (name: string) => ReadonlySet<string> | undefined;

/** Aggregations that choose series and keep their labels. */
const CHOOSING = new Set(['topk', 'bottomk', 'limitk', 'limit_ratio']);
/** What every scraped series has beside its own labels. */
const SCRAPED: ReadonlySet<string> = new Set(['instance']);

/** The names in a list of labels; none where there is no list. */
export const namesIn = (grouping: Node | undefined, query: string): string[] =>
  grouping === undefined ? [] : grouping.children.map(({ from, to }) => query.slice(from, to));

const joined = (...sets: readonly (ReadonlySet<string> | undefined)[]): ReadonlySet<string> =>
  new Set(sets.flatMap((set) => [...(set ?? [])]));

/** Labels that the series of an expression may have, as far as its text tells; undefined for a number. */
export function labelsOf(node: Node, query: string, records: RecordLabels): ReadonlySet<string> | undefined {
  const of = (part: Node | undefined) => (part === undefined ? undefined : labelsOf(part, query, records));
  const text = ({ from, to }: Node) => query.slice(from, to);
  const [first] = node.children;
  switch (node.name) {
    case 'VectorSelector': {
      const name = childOf(node, 'Identifier');
      return (name === undefined ? undefined : records(text(name))) ?? SCRAPED;
    }
    case 'AggregateExpr': {
      const modifier = childOf(node, 'AggregateModifier');
      const inner = of(argumentsOf(node).at(-1));
      if (CHOOSING.has(first === undefined ? '' : text(first))) return inner;
      const names = modifier === undefined ? [] : namesIn(childOf(modifier, 'GroupingLabels'), query);
      if (modifier === undefined || childOf(modifier, 'By') !== undefined) return new Set(names);
      return new Set([...(inner ?? [])].filter((name) => !names.includes(name)));
    }
    case 'FunctionCall': {
      const [subject, target] = argumentsOf(node);
      const isRelabelled = first !== undefined && /^label_(?:replace|join)$/.test(text(first));
      const added = isRelabelled && target !== undefined ? new Set([unquoted(text(target))]) : undefined;
      return subject === undefined ? undefined : joined(of(subject), added);
    }
    case 'BinaryExpr':
      return labelsOfOperation(node, query, of);
    default:
      return node.name.endsWith('Literal') || first === undefined ? undefined : of(first);
  }
}

function labelsOfOperation(
  node: Node,
  query: string,
  of: (part: Node | undefined) => ReadonlySet<string> | undefined,
): ReadonlySet<string> | undefined {
  const parts = node.children;
  const [left, right] = [of(parts[0]), of(parts.at(-1))];
  if (parts[1]?.name === 'Or') return joined(left, right);
  const modifier = childOf(node, 'MatchingModifierClause');
  const extra = modifier === undefined ? [] : namesIn(modifier.children.at(-1), query);
  if (modifier !== undefined && childOf(modifier, 'GroupLeft') !== undefined) return joined(left, new Set(extra));
  if (modifier !== undefined && childOf(modifier, 'GroupRight') !== undefined) return joined(right, new Set(extra));
  return left ?? right;
}
