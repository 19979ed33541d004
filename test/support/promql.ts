import { parser } from '@prometheus-io/lezer-promql';
import type { SyntaxNode } from '@lezer/common';

const childrenOf = (node: SyntaxNode): SyntaxNode[] => {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
};

const everyNode = (node: SyntaxNode): SyntaxNode[] => [node, ...childrenOf(node).flatMap(everyNode)];

/** The parse tree of a query. @throws SyntaxError when it is not PromQL. */
function parse(query: string): SyntaxNode {
  // Grafana replaces its intervals before it sends a query. Places stay where they are.
  const root = parser.parse(
    query.replaceAll(/\$__(?:rate_interval|interval|range)\b/g, (name) => '5m'.padEnd(name.length)),
  ).topNode;
  const broken = everyNode(root).find((node) => node.type.isError);
  if (broken !== undefined) throw new SyntaxError(`not PromQL at ${broken.from}: ${query}`);
  return root;
}

/** The outermost expression of a query, by the name that the grammar gives it, such as BinaryExpr. */
export const kindOf = (query: string): string => parse(query).firstChild?.name ?? 'nothing';

/** Whether the outermost expression is an operation, which parentheses may have to hold together. */
export const isOperationByGrammar = (query: string): boolean => ['BinaryExpr', 'UnaryExpr'].includes(kindOf(query));

/** What a query means: its parse tree as text, free of parentheses, spaces and line breaks, signs apart from numbers. */
export function meaningOf(query: string): string {
  const text = (node: SyntaxNode): string => {
    const children = childrenOf(node);
    if (node.name === 'ParenExpr') return children.map(text).join();
    if (children.length === 0) {
      const leaf = query.slice(node.from, node.to);
      return /^-\s*[\d.]+$/.test(leaf)
        ? `UnaryExpr(UnaryOp:-,${node.name}:${leaf.slice(1).trim()})`
        : `${node.name}:${leaf}`;
    }
    return `${node.name}(${children.map(text).join()})`;
  };
  return text(parse(query));
}

/** The values of all string literals of a query, unescaped. PromQL's escapes are a superset of what JSON reads. */
export const stringsOf = (query: string): string[] =>
  everyNode(parse(query))
    .filter(({ name }) => name === 'StringLiteral')
    .map(({ from, to }) => JSON.parse(query.slice(from, to).replaceAll(/\p{Cc}/gu, jsonEscape)) as string);

const jsonEscape = (character: string): string => JSON.stringify(character).slice(1, -1);

/** Which arguments of these functions name labels. */
const LABEL_ARGUMENTS: Readonly<Record<string, (index: number) => boolean>> = {
  label_replace: (index) => index === 1 || index === 3,
  label_join: (index) => index === 1 || index > 2,
};

function labelArguments(call: SyntaxNode, query: string): string[] {
  const [name, body] = childrenOf(call);
  const isLabel = name === undefined ? undefined : LABEL_ARGUMENTS[query.slice(name.from, name.to)];
  if (isLabel === undefined || body === undefined) return [];
  return childrenOf(body)
    .filter((_, index) => isLabel(index))
    .map(({ from, to }) => query.slice(from + 1, to - 1));
}

/** Every label that a query names: in matchers, in groupings, and as an argument of label_replace and label_join. */
export function labelsOf(query: string): Set<string> {
  return new Set(
    everyNode(parse(query)).flatMap((node) => {
      if (node.name === 'LabelName') return [query.slice(node.from, node.to)];
      return node.name === 'FunctionCall' ? labelArguments(node, query) : [];
    }),
  );
}

/** Names of the metrics that a query selects. @throws SyntaxError when it is not PromQL. */
export const metricsOf = (query: string): string[] =>
  everyNode(parse(query))
    .filter(({ name, parent }) => name === 'Identifier' && parent?.name === 'VectorSelector')
    .map(({ from, to }) => query.slice(from, to));

/** The child of that name, if there is one. */
const childOf = (node: SyntaxNode | undefined, name: string) =>
  node === undefined ? undefined : childrenOf(node).find((child) => child.name === name);

/** What a function or an aggregation is applied to, without labels, numbers and texts beside it. */
const subjectOf = (node: SyntaxNode): SyntaxNode | undefined =>
  childrenOf(childOf(node, 'FunctionCallBody') ?? node).find(({ name }) => !name.endsWith('Literal'));

const FILTERS = new Set(['And', 'Unless', 'Eql', 'Neq', 'Gtr', 'Gte', 'Lss', 'Lte']);

/**
 * Whether the values of an expression tell a time, so that they can rank what they belong to: creation times, times of samples, and what
 * is calculated from them. In `x + created or x`, the second `x` are the same candidates where no time is known.
 */
function tellsTime(node: SyntaxNode | undefined, query: string): boolean {
  if (node === undefined) return false;
  const [first, operator, ...rest] = childrenOf(node);
  const text = (part: SyntaxNode | undefined) => (part === undefined ? '' : meaningOf(query.slice(part.from, part.to)));
  switch (node.name) {
    case 'ParenExpr':
    case 'MatrixSelector':
    case 'SubqueryExpr':
      return tellsTime(first, query);
    case 'VectorSelector':
      // A creation time or another moment, how much an agent reports, or packets over an allowance.
      return /^(?:\{__name__=~")?[\w:|]*(?:[_:]created|:timestamp_seconds|:rate\w+|_allowance_exceeded)\b/.test(
        query.slice(node.from, node.to),
      );
    case 'FunctionCall':
      return query.startsWith('timestamp', node.from) || tellsTime(subjectOf(node), query);
    case 'AggregateExpr':
      return !/^(group|count)\b/.test(query.slice(node.from)) && tellsTime(subjectOf(node), query);
    case 'BinaryExpr': {
      const last = rest.at(-1);
      if (FILTERS.has(operator?.name ?? '')) return tellsTime(first, query);
      if (operator?.name !== 'Or') return tellsTime(first, query) || tellsTime(last, query);
      return tellsTime(first, query) && (tellsTime(last, query) || isSameWithoutTime(first, last, text));
    }
    default:
      return false;
  }
}

const ARITHMETIC = new Set(['Add', 'Sub', 'Mul', 'Div']);

/** The left side of a calculation, or the expression itself. */
function candidatesOf(node: SyntaxNode | undefined): SyntaxNode | undefined {
  const inner = node?.name === 'ParenExpr' ? node.firstChild : node;
  const [left, operator] = inner?.name === 'BinaryExpr' ? childrenOf(inner) : [];
  return ARITHMETIC.has(operator?.name ?? '') ? left : (inner ?? undefined);
}

/** The series of `timestamp(x)` and of `last_over_time(x[...])`. */
const seriesOf = (node: SyntaxNode | undefined): SyntaxNode | undefined =>
  ['Timestamp', 'LastOverTime'].includes(node?.firstChild?.firstChild?.name ?? '') && node !== undefined
    ? everyNode(node).find(({ name }) => name === 'VectorSelector')
    : candidatesOf(node);

const isSameWithoutTime = (
  ranked: SyntaxNode | undefined,
  rest: SyntaxNode | undefined,
  text: (part: SyntaxNode | undefined) => string,
): boolean => [text(rest), text(seriesOf(rest))].includes(text(seriesOf(ranked)));

/** Every `topk by` of a query that has nothing to choose by: candidates whose values say neither how new nor how large they are. */
export const choicesByConstant = (query: string): string[] =>
  everyNode(parse(query))
    .filter((node) => node.name === 'AggregateExpr' && query.startsWith('topk by', node.from))
    .filter((node) => !tellsTime(subjectOf(node), query))
    .map(({ from, to }) => query.slice(from, to));
