import { isMapping } from '../settings/section.ts';

/** A value that differs, by its path; undefined where it is not there. */
export interface Difference {
  /** Keys, and names of items in lists, such as `receivers.team-a.webhook`. */
  readonly path: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

/** Keys that name the items of lists, in rules, scrape jobs, values of charts and dashboards; the first that all items have. */
const IDENTITIES = ['alert', 'record', 'job_name', 'name', 'key', 'uid', 'refId', 'id'] as const;

/** Items of a list by their names; undefined where they have none, or one stands twice. */
function named(list: readonly unknown[]): ReadonlyMap<string, unknown> | undefined {
  const identity = IDENTITIES.find((key) =>
    list.every((item) => isMapping(item) && ['string', 'number'].includes(typeof item[key])),
  );
  if (identity === undefined) return undefined;
  const items = new Map(list.map((item) => [String((item as Record<string, unknown>)[identity]), item]));
  return items.size === list.length ? items : undefined;
}

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null;

/** Whether two values are the same data. Order of keys does not matter. */
export const isSame = (one: unknown, other: unknown): boolean => differences(one, other).length === 0;

/** What differs between two trees of plain data, by path. Lists of items with names are compared by name, others as a whole. */
export function differences(before: unknown, after: unknown, path: readonly string[] = []): readonly Difference[] {
  if (Object.is(before, after)) return [];
  if (isMapping(before) && isMapping(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      differences(before[key], after[key], [...path, key]),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const [some, others] = [named(before), named(after)];
    if (some !== undefined && others !== undefined && before.length > 0 && after.length > 0) {
      return [...new Set([...some.keys(), ...others.keys()])].flatMap((name) =>
        differences(some.get(name), others.get(name), [...path, name]),
      );
    }
    const isEqual =
      before.length === after.length && before.every((item: unknown, index) => isSame(item, after[index]));
    if (isEqual) return [];
    // Items without a name, in equal number: by their place.
    if (before.length === after.length && !before.every(isScalar)) {
      return before.flatMap((item: unknown, index) => differences(item, after[index], [...path, String(index)]));
    }
  }
  return [{ path, before, after }];
}
