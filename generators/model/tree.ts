/** A value with the reason for it; targets that can hold comments write it above the value. */
export class Commented {
  readonly value: Tree;
  readonly comment: string;
  constructor(value: Tree, comment: string) {
    this.value = value;
    this.comment = comment;
  }
}

/** Plain data with comments anywhere in it. */
export type Tree =
  string | number | boolean | null | Commented | readonly Tree[] | { readonly [key: string]: Tree | undefined };

/** Attaches the reason for a value. */
export const because = (comment: string, value: Tree): Commented => new Commented(value, comment);

/** The data without its comments; keys whose value is undefined are left out. */
export function plain(tree: Tree): unknown {
  if (tree instanceof Commented) return plain(tree.value);
  if (Array.isArray(tree)) return tree.map(plain);
  if (typeof tree !== 'object' || tree === null) return tree;
  const entries = Object.entries(tree).flatMap(([key, value]): [string, unknown][] =>
    value === undefined ? [] : [[key, plain(value)]],
  );
  return Object.fromEntries(entries);
}

/** Whether a tree is a mapping, and not a scalar, a list or a value with a comment. */
export const isMapping = (tree: Tree): tree is { readonly [key: string]: Tree | undefined } =>
  typeof tree === 'object' && tree !== null && !Array.isArray(tree) && !(tree instanceof Commented);

/** How the parts of a tree change; comments stay where they are. */
interface Changes {
  /** Of a value that is text. */
  readonly text?: (text: string) => string;
  /** Of a key. */
  readonly key?: (key: string) => string;
}

/** A copy of a tree with its texts or keys changed: for escaping, or for another spelling of the same fields. */
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
