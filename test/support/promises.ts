import { parseSync } from '@swc/core';
import type { Sources } from './imports.ts';

/** A node of a syntax tree. */
interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** The nodes right below a node, in the order of the text. */
function below(node: object): readonly Node[] {
  const found: Node[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (typeof value !== 'object' || value === null || key === 'span' || key === 'typeAnnotation') continue;
    if (isNode(value)) found.push(value);
    // Arguments and elements are in an object of their own.
    else found.push(...below(value as object));
  }
  return found;
}

const isFunction = ({ type }: Node): boolean =>
  ['ArrowFunctionExpression', 'FunctionExpression', 'FunctionDeclaration', 'ClassMethod', 'MethodProperty'].includes(
    type,
  );

/** A node and every one below, in order; those below some are left out. */
function* walk(node: Node, isLeaf: (node: Node) => boolean = () => false): Generator<Node> {
  yield node;
  if (!isLeaf(node)) for (const one of below(node)) yield* walk(one, isLeaf);
}

const nameOf = (value: unknown): string => (isNode(value) && value.type === 'Identifier' ? String(value['value']) : '');

/** Names of functions that give a promise. */
const asyncNames = (trees: readonly Node[]): ReadonlySet<string> =>
  new Set(
    trees
      .flatMap((tree) => [...walk(tree)])
      .flatMap((node) => {
        const { type, init } = node;
        if (type === 'FunctionDeclaration' && node['async'] === true) return [nameOf(node['identifier'])];
        const isAsync = type === 'VariableDeclarator' && isNode(init) && isFunction(init) && init['async'] === true;
        return isAsync ? [nameOf(node['id'])] : [];
      }),
  );

/** Whether a call gives promises: of an async function, or a list of them. */
function givesPromises(node: Node, names: ReadonlySet<string>): boolean {
  const { callee } = node;
  if (node.type !== 'CallExpression' || !isNode(callee)) return false;
  if (callee.type === 'Identifier') return names.has(nameOf(callee));
  const isList = ['map', 'flatMap', 'from'].includes(nameOf(callee['property']));
  return (
    isList &&
    (node['arguments'] as readonly { expression: Node }[]).some(
      ({ expression }) => isFunction(expression) && expression['async'] === true,
    )
  );
}

/** Whether a value has promises that nobody waits for. */
function isPending(node: Node, names: ReadonlySet<string>): boolean {
  if (node.type === 'AwaitExpression' || isFunction(node)) return false;
  return givesPromises(node, names) || below(node).some((one) => isPending(one, names));
}

/** What comes first in a statement: the name, a wait for something else, or neither. */
function first(statement: Node, name: string): 'name' | 'wait' | undefined {
  // The bodies of functions run later.
  for (const node of walk(statement, isFunction)) {
    if (nameOf(node) === name) return 'name';
    if (node.type === 'AwaitExpression') return [...walk(node)].some((one) => nameOf(one) === name) ? 'name' : 'wait';
    if (node.type === 'ForOfStatement' && node['await'] === true) return 'wait';
  }
  return undefined;
}

/**
 * Promises that are put into a variable while something else is awaited: if they fail meanwhile, nobody sees it, and Node ends the process.
 * Returns `file: name` for each.
 */
export function pendingPromises(sources: Sources): readonly string[] {
  const withPromises = Object.entries(sources).filter(([, text]) => /\basync\b/.test(text));
  const trees = withPromises.map(([file, text]) => {
    const { body } = parseSync(text, { syntax: 'typescript', tsx: file.endsWith('.tsx'), target: 'es2022' });
    return { file, tree: { type: 'Module', body } };
  });
  const names = asyncNames(trees.map(({ tree }) => tree));
  const pending = ({ file, tree }: (typeof trees)[number]): readonly string[] =>
    [...walk(tree)].flatMap((node) => {
      const lists = [node['stmts'], node['body'], node['consequent']].filter((list): list is Node[] =>
        Array.isArray(list),
      );
      return lists.flatMap((list) =>
        list.flatMap((statement, index) =>
          pendingIn(statement, list.slice(index + 1)).map((name) => `${file}: ${name}`),
        ),
      );
    });
  const pendingIn = (statement: Node, later: readonly Node[]): readonly string[] => {
    if (statement.type !== 'VariableDeclaration') return [];
    return (statement['declarations'] as readonly Node[]).flatMap(({ id, init }) => {
      const name = nameOf(id);
      if (name === '' || !isNode(init) || !isPending(init, names)) return [];
      return later.map((one) => first(one, name)).find((one) => one !== undefined) === 'wait' ? [name] : [];
    });
  };
  return trees.flatMap(pending);
}
