/** Where a value stands in plain data: keys of mappings and indexes of lists. */
export type Path = readonly (string | number)[];

/** A value that holds no other. */
export interface Leaf {
  readonly path: Path;
  readonly value: unknown;
}

const isBranch = (value: unknown): value is Readonly<Record<string, unknown>> | readonly unknown[] =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;

/** Children of a value with their keys; indexes are numbers. */
const childrenOf = (value: object): [string | number, unknown][] =>
  Array.isArray(value) ? [...(value as readonly unknown[]).entries()] : Object.entries(value);

/** Every leaf, in order: scalars, null, and mappings and lists that are empty. The root is none. */
export const leavesOf = (tree: unknown, at: Path = []): readonly Leaf[] =>
  isBranch(tree)
    ? childrenOf(tree).flatMap(([key, value]) => leavesOf(value, [...at, key]))
    : at.length === 0
      ? []
      : [{ path: at, value: tree }];

/** The value at a path, undefined where there is none. */
export function valueAt(tree: unknown, path: Path): unknown {
  let value = tree;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[key];
  }
  return value;
}

/** A copy in which the value at a path is what `change` makes of it; undefined removes the key or the item. */
function changedAt(tree: unknown, [key, ...rest]: Path, change: (value: unknown) => unknown): unknown {
  if (key === undefined) return change(tree);
  if (typeof tree !== 'object' || tree === null || !Object.hasOwn(tree, key))
    throw new RangeError(`nothing stands at ${String(key)}`);
  return Array.isArray(tree)
    ? (tree as readonly unknown[]).flatMap((item, index) => {
        const now = index === key ? changedAt(item, rest, change) : item;
        return now === undefined ? [] : [now];
      })
    : Object.fromEntries(
        Object.entries(tree).flatMap(([name, value]): [string, unknown][] => {
          const now = name === key ? changedAt(value, rest, change) : value;
          return now === undefined ? [] : [[name, now]];
        }),
      );
}

/** A copy without what stands at a path. @throws RangeError when nothing stands there. */
export const without = (tree: unknown, path: Path): unknown => changedAt(tree, path, () => undefined);

/** A copy with another value at a path. @throws RangeError when nothing stands there. */
export const withValue = (tree: unknown, path: Path, value: unknown): unknown => changedAt(tree, path, () => value);

/** A path as messages show it: `hubble.metrics.enabled[0]`. */
export const shown = (path: Path): string =>
  path
    .map((key) =>
      typeof key === 'number' ? `[${key}]` : /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`,
    )
    .join('')
    .replace(/^\./, '');
