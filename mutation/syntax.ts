import { parser } from '@prometheus-io/lezer-promql';
import type { SyntaxNode } from '@lezer/common';

/** The children of a node, in order. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

/** A node and everything below it, in the order of the text. */
export const nodesOf = (node: SyntaxNode): SyntaxNode[] => [node, ...childrenOf(node).flatMap(nodesOf)];

/** The first child of that name. */
export const childOf = (node: SyntaxNode, name: string): SyntaxNode | undefined =>
  childrenOf(node).find((child) => child.name === name);

/** The parse tree of a query. @throws SyntaxError when it is not PromQL. */
export function parse(query: string): SyntaxNode {
  const root = parser.parse(query).topNode;
  const broken = nodesOf(root).find(({ type }) => type.isError);
  if (broken !== undefined) throw new SyntaxError(`not PromQL at ${broken.from}: ${query}`);
  return root;
}

/** The arguments of a function or an aggregation. */
export const argumentsOf = (call: SyntaxNode): SyntaxNode[] => {
  const body = childOf(call, 'FunctionCallBody');
  return body === undefined ? [] : childrenOf(body);
};

/** A string literal without its quotes; names of labels and metrics hold no escapes. */
export const unquoted = (literal: string): string => literal.slice(1, -1);

/** Whether a selector's name matches: what a query reads of all the names that there are. */
export type Reads = (name: string) => boolean;

const METRIC = '__name__';

function readBy(vector: SyntaxNode, query: string): Reads {
  const text = ({ from, to }: SyntaxNode) => query.slice(from, to);
  const name = childOf(vector, 'Identifier');
  if (name !== undefined) return (candidate) => candidate === text(name);
  const matchers = nodesOf(vector).filter((node) => node.name === 'UnquotedLabelMatcher');
  const tests = matchers.flatMap((matcher): Reads[] => {
    const [label, operator, value] = childrenOf(matcher);
    if (label === undefined || operator === undefined || value === undefined || text(label) !== METRIC) return [];
    const pattern = unquoted(text(value)).replaceAll('\\\\', '\\');
    const regex = operator.firstChild?.name.includes('Regex') === true ? new RegExp(`^(?:${pattern})$`) : undefined;
    const isNegated = text(operator).startsWith('!');
    return [(candidate) => (regex === undefined ? candidate === pattern : regex.test(candidate)) !== isNegated];
  });
  return (candidate) => tests.every((test) => test(candidate));
}

/** A selector of a query: which metrics it reads, and the exact values of its labels. */
export interface Selected {
  readonly reads: Reads;
  readonly equal: Readonly<Record<string, string>>;
}

const known = new Map<string, readonly Selected[]>();

/** Every selector of a query. */
export function selectorsOf(query: string): readonly Selected[] {
  const found =
    known.get(query) ??
    nodesOf(parse(query))
      .filter(({ name }) => name === 'VectorSelector')
      .map((vector) => ({ reads: readBy(vector, query), equal: equalIn(vector, query) }));
  known.set(query, found);
  return found;
}

const equalIn = (vector: SyntaxNode, query: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    nodesOf(vector)
      .filter((node) => node.name === 'UnquotedLabelMatcher')
      .flatMap((matcher) => {
        const [label, operator, value] = childrenOf(matcher).map(({ from, to }) => query.slice(from, to));
        return operator === '=' && label !== undefined ? [[label, unquoted(value ?? '""')] as const] : [];
      }),
  );
