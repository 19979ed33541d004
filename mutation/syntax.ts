import { parser } from '@prometheus-io/lezer-promql';

/** A node of a parse tree, by the grammar's name; positions count from the beginning of the query. */
export interface Node {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly parent: Node | undefined;
  readonly children: readonly Node[];
}

/** A node and everything below it, in the order of the text. */
export function nodesOf(node: Node): Node[] {
  const found = [node];
  // The list grows while it is read, in the order of levels.
  for (const { children } of found) found.push(...children);
  return found.toSorted((one, other) => one.from - other.from || other.to - one.to);
}

/** The first child of that name. */
export const childOf = (node: Node, name: string): Node | undefined =>
  node.children.find((child) => child.name === name);

/** A node while its tree is built. */
interface Growing {
  readonly name: string;
  from: number;
  to: number;
  parent: Growing | undefined;
  readonly children: Growing[];
}

/**
 * Gives an offset to the selector before it. Lezer's grammar gives it to the whole operation that ends there, as if `a unless b offset 5m`
 * were `(a unless b) offset 5m`.
 */
function attachOffset(offset: Growing): void {
  const [operation] = offset.children;
  const { parent } = offset;
  if (operation?.name !== 'BinaryExpr' || parent === undefined) return;
  let last = operation;
  for (let next = last.children.at(-1); last.name === 'BinaryExpr' && next !== undefined; next = last.children.at(-1)) {
    last.to = offset.to;
    last = next;
  }
  parent.children.splice(parent.children.indexOf(offset), 1, operation);
  operation.parent = parent;
  offset.parent = last.parent;
  offset.parent?.children.splice(-1, 1, offset);
  offset.from = last.from;
  offset.children.splice(0, 1, last);
  last.parent = offset;
}

/** The parse tree of a query: its outermost expression. @throws SyntaxError when it is not PromQL. */
export function parse(query: string): Node {
  // Lezer's own nodes find their children anew each time.
  const stack: Growing[] = [];
  let root: Node | undefined;
  parser.parse(query).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) throw new SyntaxError(`not PromQL at ${from}: ${query}`);
      const parent = stack.at(-1);
      const node: Growing = { name: type.name, from, to, parent, children: [] };
      parent?.children.push(node);
      root ??= node;
      stack.push(node);
    },
    leave: () => {
      const node = stack.pop();
      if (node?.name === 'OffsetExpr') attachOffset(node);
    },
  });
  const [outermost] = root?.children ?? [];
  if (outermost === undefined) throw new SyntaxError(`no PromQL: ${query}`);
  return outermost;
}

/** The arguments of a function or an aggregation. */
export const argumentsOf = (call: Node): readonly Node[] => childOf(call, 'FunctionCallBody')?.children ?? [];

/** A string literal without its quotes; names of labels and metrics hold no escapes. */
export const unquoted = (literal: string): string => literal.slice(1, -1);

/** Whether a selector's name matches: what a query reads of all the names that there are. */
export type Reads = (name: string) => boolean;

const METRIC = '__name__';

function readBy(vector: Node, query: string): Reads {
  const text = ({ from, to }: Node) => query.slice(from, to);
  const name = childOf(vector, 'Identifier');
  if (name !== undefined) return (candidate) => candidate === text(name);
  const matchers = nodesOf(vector).filter((node) => node.name === 'UnquotedLabelMatcher');
  const tests = matchers.flatMap((matcher): Reads[] => {
    const [label, operator, value] = matcher.children;
    if (label === undefined || operator === undefined || value === undefined || text(label) !== METRIC) return [];
    const pattern = unquoted(text(value)).replaceAll('\\\\', '\\');
    const regex = /~/.test(text(operator)) ? new RegExp(`^(?:${pattern})$`) : undefined;
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

const equalIn = (vector: Node, query: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    nodesOf(vector)
      .filter((node) => node.name === 'UnquotedLabelMatcher')
      .flatMap((matcher) => {
        const [label, operator, value] = matcher.children.map(({ from, to }) => query.slice(from, to));
        return operator === '=' && label !== undefined ? [[label, unquoted(value ?? '""')] as const] : [];
      }),
  );
