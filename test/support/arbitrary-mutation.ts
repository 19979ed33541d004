import * as fc from 'fast-check';
import { boundaryValues, PLACES } from './schema-values.ts';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Paths of what is inside a value: of long lists the first items, and nothing twice where a value holds itself. */
function pathsOf(value: unknown, around: readonly unknown[] = []): string[][] {
  if (!isObject(value) || around.includes(value) || around.length > 8) return [];
  return Object.keys(value)
    .slice(0, Array.isArray(value) ? 3 : undefined)
    .flatMap((key) => [[key], ...pathsOf(value[key], [...around, value]).map((path) => [key, ...path])]);
}

/** An own property, whatever its name: an assignment to `__proto__` would be none. */
const set = (object: Json, key: string, value: unknown) =>
  Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });

/** A list closes the gap: YAML has no holes in lists. */
function remove(object: Json, key: string): void {
  if (Array.isArray(object)) object.splice(Number(key), 1);
  else delete object[key];
}

const WEIRD_KEYS = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'toJSON',
  '',
  ' ',
  '0',
  'a.b',
  'a/b~c',
  'é',
  'k'.repeat(200),
  'k'.repeat(2000),
  '\ud800',
  '\u0007\u202e',
];

const weirdKey = fc.oneof(fc.constantFrom(...WEIRD_KEYS), fc.string({ unit: 'grapheme', maxLength: 10 }));

const nested = (depth: number): unknown => (depth === 0 ? [] : { a: [nested(depth - 1)] });

/** Values of every kind that YAML knows, most of them wrong wherever they are put. */
const weirdValue: fc.Arbitrary<unknown> = fc
  .oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -0,
      -1,
      0.5,
      1e300,
      Number.NaN,
      Infinity,
      -Infinity,
      '',
      ' ',
      [],
      {},
      [[]],
    ),
    fc.constantFrom<unknown>(
      '5m',
      '0s',
      '30 seconds',
      '2026-11-20',
      'x'.repeat(10_000),
      'x'.repeat(10_001),
      '\udc00',
      '(a{1000}){1000}',
      'a{1000}'.repeat(100),
      ['__proto__', 'constructor', 'toString', 'valueOf'],
      'a\nb',
      '\u0000',
      '(',
      '{{ x',
      nested(40),
    ),
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.dictionary(weirdKey, fc.anything({ maxDepth: 2, key: weirdKey }), { maxKeys: 3 }),
    fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 3 }),
  )
  .map(copied);

/** A deep copy that YAML could hold: no undefined, and no object but plain ones. */
function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  if (value === undefined) return null;
  if (!isObject(value)) return value;
  return Object.entries(value).reduce<Json>((copy, [key, inner]) => set(copy, key, copied(inner)), {});
}

/** The value that holds a list of the one below it, some times over: few objects, many values. */
const bomb = (width: number, depth: number): unknown =>
  Array.from({ length: depth }).reduce<unknown>((below) => Array.from({ length: width }, () => below), 'x');

const KINDS = ['remove', 'rename', 'replace', 'insert'] as const;

/** Kinds of changes that share values between places, or put them where the schema names a place. */
const MORE_KINDS = ['swap', 'double', 'alias', 'known', 'known', 'known', 'bomb'] as const;

/** One change. The numbers are shares of all places: `where` it is made, and `other`, where it takes something from. */
export interface Mutation {
  readonly kind: (typeof KINDS | typeof MORE_KINDS)[number];
  readonly where: number;
  readonly other: number;
  readonly key: string;
  readonly value: unknown;
}

/** The item at a share of a list. */
const at = <T>(items: readonly T[], share: number): T | undefined => items[Math.floor(share * items.length)];

const valueOf = (root: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, step) => (isObject(inner) ? inner[step] : undefined), root);

/** Sets a value at a path; what is missing on the way is created. */
function put(root: unknown, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (!isObject(root)) return;
  if (rest.length === 0) set(root, key, value);
  else {
    if (!isObject(root[key])) set(root, key, rest[0] === '0' ? [] : {});
    put(root[key], rest, value);
  }
}

function mutate(root: unknown, { kind, where, other, key, value }: Mutation): void {
  if (kind === 'known') {
    const place = at(PLACES, where);
    if (place !== undefined) put(root, place.path, copied(at(boundaryValues(place.schema), other)));
    return;
  }
  const paths = pathsOf(root);
  const path = at(paths, where);
  if (path === undefined) return;
  const last = path.at(-1) ?? '';
  const parent = valueOf(root, path.slice(0, -1));
  if (!isObject(parent)) return;
  const old = parent[last];
  const from = at([[], ...paths], other) ?? [];
  const taken = valueOf(root, from);
  if (kind === 'remove' || kind === 'rename') remove(parent, last);
  if (kind === 'rename') set(parent, key, old);
  if (kind === 'replace') set(parent, last, value);
  if (kind === 'insert') set(isObject(old) ? old : parent, key, value);
  if (kind === 'alias') set(parent, last, taken);
  if (kind === 'double') set(parent, from.at(-1) ?? key, old);
  if (kind === 'bomb') set(parent, last, bomb(2 + Math.floor(other * 7), 7));
  if (kind === 'swap') {
    set(parent, last, taken);
    put(root, from, old);
  }
}

const mutations = (kinds: readonly Mutation['kind'][], most: number): fc.Arbitrary<Mutation[]> => {
  const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  return fc.array(
    fc.record<Mutation>({
      kind: fc.constantFrom(...kinds),
      where: share,
      other: share,
      key: weirdKey,
      value: weirdValue,
    }),
    { minLength: 1, maxLength: most },
  );
};

/** The object after some changes. */
function changed(original: object, changes: readonly Mutation[]): unknown {
  const copy = copied(original);
  for (const change of changes) mutate(copy, change);
  return copy;
}

/** The object after one to four changes, anywhere and of any kind. No two places share a value. */
export const mutated = (original: object): fc.Arbitrary<unknown> =>
  mutations(KINDS, 4).map((changes) => changed(original, changes));

/** One of the objects after one to three changes, values of the schema, aliases and values that hold themselves among them. */
export const mutatedAmong = (originals: readonly object[]): fc.Arbitrary<unknown> =>
  fc
    .tuple(fc.constantFrom(...originals), mutations([...KINDS, ...MORE_KINDS], 3))
    .map(([original, changes]) => changed(original, changes));
