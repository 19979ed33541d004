import { expect, test } from '@jest/globals';
import { EXPORTERS } from '../../generators/index.ts';
import { withValue } from '../../generators/settings/section.ts';
import { EVERY_SOURCE } from '../support/everything.ts';
import { helplessness } from '../fuzz/examine.ts';
import { problemsOf } from '../support/problems.ts';
import { SOURCES } from '../support/registry.ts';
import { PLACES } from '../support/schema-values.ts';

const own = (key: string, value: unknown): object => Object.defineProperty({}, key, { value, enumerable: true });

/** Values of every type, with the names that objects inherit, as keys and as values. */
const WRONG: readonly unknown[] = [
  1.2,
  'v1.2.6',
  true,
  null,
  [],
  {},
  ['x', 1, null],
  [{ a: 1 }, { toString: 'x' }, { valueOf: 1 }],
  own('__proto__', { constructor: 'x' }),
  { hasOwnProperty: 1, constructor: null, toString: [], valueOf: {} },
  ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'],
];

/** What a value of the wrong type stands beside: each flow source, one exporter and all of them, and all outputs with every component. */
const SOURCE = SOURCES.map((source) => ({ flows: { source } }));
const BESIDE: readonly object[] = [
  ...SOURCE,
  ...[...EXPORTERS.slice(0, 1), EXPORTERS].map((exporter) => ({ flows: { source: 'none' }, ethtool: { exporter } })),
  ...EVERY_SOURCE.slice(0, 2),
];

const SECTIONS = PLACES.filter(({ path }) => path.length === 1);

/** Problems that do not help, of the configuration with a value at a place. @throws whatever is no problem: a crash. */
const helpless = (beside: object, path: readonly string[], value: unknown): readonly string[] =>
  problemsOf(withValue(beside, path, value)).flatMap((problem) => {
    const why = helplessness(problem);
    return why === undefined ? [] : [`${path.join('.')}: ${why} in ${JSON.stringify(problem)}`];
  });

test('there are sections, settings and companions', () => {
  expect(SECTIONS.length).toBeGreaterThan(20);
  expect(PLACES.length).toBeGreaterThan(300);
  expect(BESIDE.length).toBeGreaterThan(10);
});

test('any section may be of any type, beside every flow source', () => {
  expect(
    SOURCE.flatMap((beside) => SECTIONS.flatMap(({ path }) => WRONG.flatMap((value) => helpless(beside, path, value)))),
  ).toEqual([]);
});

test('any setting may be of any type, beside every part', () => {
  // Of each setting beside each part one type, so that every setting has every type.
  expect(
    BESIDE.flatMap((beside, part) =>
      PLACES.flatMap(({ path }, index) => helpless(beside, path, WRONG[(part + index) % WRONG.length])),
    ),
  ).toEqual([]);
});
