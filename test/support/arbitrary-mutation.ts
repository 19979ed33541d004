import * as fc from 'fast-check';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Paths of everything inside a value. */
function pathsOf(value: unknown): string[][] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[key], ...pathsOf(inner).map((path) => [key, ...path])]);
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
  '',
  ' ',
  '0',
  'a.b',
  'a/b~c',
  'é',
  'k'.repeat(200),
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

interface Mutation {
  readonly kind: 'remove' | 'rename' | 'replace' | 'insert';
  /** Which of the paths, as a share of all. */
  readonly where: number;
  readonly key: string;
  readonly value: unknown;
}

function mutate(root: unknown, { kind, where, key, value }: Mutation): void {
  const paths = pathsOf(root);
  const path = paths[Math.floor(where * paths.length)];
  if (path === undefined) return;
  const last = path.at(-1) ?? '';
  const parent = path.slice(0, -1).reduce<unknown>((at, step) => (isObject(at) ? at[step] : at), root);
  if (!isObject(parent)) return;
  const old = parent[last];
  if (kind === 'remove' || kind === 'rename') remove(parent, last);
  if (kind === 'rename') set(parent, key, old);
  if (kind === 'replace') set(parent, last, value);
  if (kind === 'insert') set(isObject(old) ? old : parent, key, value);
}

/** The object after one to four changes, anywhere and of any kind. */
export const mutated = (original: object): fc.Arbitrary<unknown> =>
  fc
    .array(
      fc.record<Mutation>({
        kind: fc.constantFrom('remove', 'rename', 'replace', 'insert'),
        where: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        key: weirdKey,
        value: weirdValue,
      }),
      { minLength: 1, maxLength: 4 },
    )
    .map((mutations) => {
      const copy = copied(original);
      for (const mutation of mutations) mutate(copy, mutation);
      return copy;
    });
