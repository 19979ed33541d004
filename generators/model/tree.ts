/** A value with a comment, which YAML outputs write above it. */
export class Commented {
  readonly value: Tree;
  readonly comment: string;
  constructor(value: Tree, comment: string) {
    this.value = value;
    this.comment = comment;
  }
}

/** Plain data with optional comments. */
export type Tree =
  string | number | boolean | null | Commented | readonly Tree[] | { readonly [key: string]: Tree | undefined };

/** Adds a comment that states the reason for a value. */
export const because = (comment: string, value: Tree): Commented => new Commented(value, comment);

/** The data without comments and without undefined values. */
export function plain(tree: Tree): unknown {
  if (tree instanceof Commented) return plain(tree.value);
  if (Array.isArray(tree)) return tree.map(plain);
  if (typeof tree !== 'object' || tree === null) return tree;
  const entries = Object.entries(tree).flatMap(([key, value]): [string, unknown][] =>
    value === undefined ? [] : [[key, plain(value)]],
  );
  return Object.fromEntries(entries);
}

/** Whether a tree is a mapping without a comment. */
export const isMapping = (tree: Tree): tree is { readonly [key: string]: Tree | undefined } =>
  typeof tree === 'object' && tree !== null && !Array.isArray(tree) && !(tree instanceof Commented);

/** Functions that change texts and keys of a tree. */
interface Changes {
  readonly text?: (text: string) => string;
  readonly key?: (key: string) => string;
}

/** A copy of a tree with changed texts or keys, for escaping or another spelling of keys. Keeps comments. */
export function rewritten(tree: Tree, changes: Changes): Tree {
  if (typeof tree === 'string') return changes.text?.(tree) ?? tree;
  if (tree instanceof Commented) return new Commented(rewritten(tree.value, changes), tree.comment);
  if (Array.isArray(tree)) return (tree as readonly Tree[]).map((item) => rewritten(item, changes));
  if (!isMapping(tree)) return tree;
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      changes.key?.(key) ?? key,
      value === undefined ? undefined : rewritten(value, changes),
    ]),
  );
}
