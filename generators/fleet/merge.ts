import { isMapping } from '../settings/section.ts';

type Tree = Readonly<Record<string, unknown>>;

/**
 * Settings with changes: mappings merge, key by key; lists, texts, numbers, `false` and `null` replace what was there.
 * @example merged({ flows: { source: 'obi', units: ['bytes'] } }, { flows: { units: ['flows'] } })
 */
export function merged(settings: Tree, changes: Tree): Tree {
  const both = Object.entries(changes).map(([key, change]): [string, unknown] => {
    const before = Object.hasOwn(settings, key) ? settings[key] : undefined;
    return [key, isMapping(before) && isMapping(change) ? merged(before, change) : change];
  });
  return { ...settings, ...Object.fromEntries(both) };
}

/** The dotted paths of all settings in a tree; a list is one setting. */
export const pathsOf = (tree: Tree, above: readonly string[] = []): readonly (readonly string[])[] =>
  Object.entries(tree).flatMap(([key, value]) =>
    isMapping(value) && Object.keys(value).length > 0 ? pathsOf(value, [...above, key]) : [[...above, key]],
  );
