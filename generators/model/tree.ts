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
