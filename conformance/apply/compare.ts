import { leavesOf, shown, valueAt, type Leaf, type Path } from '../shared/tree.ts';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

/** A quantity of Kubernetes as a number; NaN for anything else. */
function quantity(value: unknown): number {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)(m|[kMG]|[KMG]i)?$/.exec(String(value)) ?? [];
  return digits === '' ? Number.NaN : Number(digits) * (UNITS[unit] ?? Number.NaN);
}

/** Quantities are written back in Kubernetes' own form: 0.5 as 500m. */
const isQuantity = (path: Path): boolean => path.at(-1) === 'cpu' || path.at(-1) === 'memory';

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

function isKept({ path, value }: Leaf, answer: unknown): boolean {
  const got = valueAt(answer, path);
  // null asks for the absence of a key.
  if (value === null) return got === undefined || got === null;
  if (isEmpty(value)) return isEmpty(got) && Array.isArray(got) === Array.isArray(value);
  return got === value || (isQuantity(path) && quantity(got) === quantity(value));
}

/** Lists of one tree that have another length in the other: an item that came on top is a difference too. */
function listsOf(tree: unknown, at: Path = []): readonly { readonly path: Path; readonly length: number }[] {
  if (typeof tree !== 'object' || tree === null) return [];
  const own = Array.isArray(tree) ? [{ path: at, length: tree.length }] : [];
  const inside = Array.isArray(tree)
    ? tree.flatMap((item, index) => listsOf(item, [...at, index]))
    : Object.entries(tree).flatMap(([key, value]) => listsOf(value, [...at, key]));
  return [...own, ...inside];
}

/**
 * What of an object an answer has not, or has otherwise. What the server added to mappings, such as defaults, is no difference.
 * Empty when every leaf came back.
 */
export function lostIn(answer: unknown, object: unknown): readonly string[] {
  const leaves = leavesOf(object)
    .filter((leaf) => !isKept(leaf, answer))
    .map(({ path, value }) => {
      const got = valueAt(answer, path);
      return `${shown(path)}: wrote ${JSON.stringify(value)}, got ${got === undefined ? 'nothing' : JSON.stringify(got)}`;
    });
  const lists = listsOf(object).flatMap(({ path, length }) => {
    const got = valueAt(answer, path);
    return Array.isArray(got) && got.length > length ? [`${shown(path)}: ${length} items became ${got.length}`] : [];
  });
  return [...leaves, ...lists];
}
