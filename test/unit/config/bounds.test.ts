import { describe, expect, test } from '@jest/globals';
import { namedSchema, type Json } from '../../../generators/config/schema.ts';
import {
  bounded,
  MAX_ANY_TEXT,
  MAX_CHARACTERS,
  MAX_DEPTH,
  MAX_ITEMS,
  MAX_KEYS,
  MAX_NAME,
  MAX_TEXT,
  MAX_VALUES,
  MAX_YAML_BYTES,
} from '../../../generators/schema/bounds.ts';
import { ProblemError } from '../../../generators/index.ts';
import { catalogue } from '../../support/generate.ts';
import { complaints, complaintsOfYaml, problemsOf } from '../../support/problems.ts';
import { placesIn } from '../../support/schema-values.ts';

/** Places of a schema whose texts, lists or mappings have no bound. */
const unboundedIn = (schema: Json): readonly string[] =>
  placesIn(schema).flatMap(({ path, schema: place }) => {
    if ('enum' in place || 'const' in place) return [];
    const lacks = (type: string, bound: string): boolean => [place['type']].flat().includes(type) && !(bound in place);
    const isOpen = place['additionalProperties'] !== false && !('if' in place);
    return lacks('string', 'maxLength') || lacks('array', 'maxItems') || (isOpen && lacks('object', 'maxProperties'))
      ? [path.join('.')]
      : [];
  });

describe('the schema', () => {
  test('has a bound for every text, list and mapping', () => {
    expect(unboundedIn({ ...namedSchema(catalogue), additionalProperties: false })).toEqual([]);
  });

  test('would be found without one', () => {
    const text = { type: ['string', 'null'] };
    const schema = {
      type: 'object',
      additionalProperties: false,
      properties: {
        a: text,
        b: { type: 'array', maxItems: 3, items: text },
        c: { type: 'object', additionalProperties: { type: 'string', maxLength: 5 } },
        d: { if: { type: 'array' }, then: { type: 'array', items: { enum: ['x'] } }, else: { enum: ['x'] } },
      },
    };
    expect(unboundedIn(schema)).toEqual(['a', 'b.0', 'c']);
    expect(unboundedIn(bounded(schema))).toEqual([]);
    expect(bounded(schema)).toMatchObject({
      properties: {
        a: { maxLength: MAX_TEXT },
        b: { maxItems: 3, items: { maxLength: MAX_TEXT } },
        c: { maxProperties: MAX_KEYS, additionalProperties: { maxLength: 5 } },
        d: { if: { type: 'array' }, then: { maxItems: MAX_ITEMS } },
      },
    });
  });
});

/** Few lines, many values: each level holds the one below nine times. */
const bomb = (levels: number): string =>
  Array.from({ length: levels }, (_, index) => {
    const below = index === 0 ? 'x' : `*l${index - 1}`;
    return `l${index}: &l${index} [${Array.from({ length: 9 }, () => below).join(', ')}]`;
  }).join('\n');

describe('what exceeds a bound is refused at its place', () => {
  test('values, as often as an alias is used', () => {
    expect(complaintsOfYaml(bomb(12))).toEqual([
      expect.stringMatching(
        /^l\d(\.\d)+: got more than 20,000 values up to here, expected at most that many in a configuration/,
      ),
    ]);
    expect(complaints({ keep: Array.from({ length: MAX_VALUES + 1 }, () => '') })).toEqual([
      expect.stringMatching(/^keep: got more than 20,000 values/),
    ]);
    // A list of four thousand million holes.
    expect(complaints({ keep: Object.assign([], { length: 2 ** 32 - 1 }) })).toEqual([
      expect.stringMatching(/^keep: got more than 20,000 values/),
    ]);
  });

  test('merged keys', () => {
    const keys = Array.from({ length: 200 }, (_, index) => `k${index}: 1`).join(', ');
    const text = `a: &a { ${keys} }\nb: [${Array.from({ length: 400 }, () => '{ <<: *a }').join(', ')}]`;
    expect(complaintsOfYaml(text).join('\n')).toMatch(/not YAML: line|got more than 20,000 values|unknown setting/);
  });

  test('characters', () => {
    const text = 'x'.repeat(MAX_ANY_TEXT);
    expect(complaints({ keep: Array.from({ length: MAX_CHARACTERS / MAX_ANY_TEXT + 1 }, () => text) })).toEqual([
      expect.stringMatching(/^keep\.\d+: got more than 1,000,000 characters up to here/),
    ]);
  });

  test('one text, and one name, all of them at once', () => {
    const name = 'k'.repeat(MAX_NAME + 1);
    expect(complaints({ cluster: { name: 'x'.repeat(MAX_ANY_TEXT + 1) }, rules: { labels: { [name]: 'a' } } })).toEqual(
      [
        'cluster.name: got 10,001 characters, expected at most 10,000',
        `rules.labels.${'k'.repeat(97)}...: got a name of 1,025 characters, expected at most 1,024`,
      ],
    );
  });

  test('levels', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 'x' : [nested(depth - 1)]);
    expect(complaints({ keep: nested(MAX_DEPTH) })).toEqual([
      `keep${'.0'.repeat(MAX_DEPTH - 1)}: got a value inside of 20 others, expected at most 20 levels`,
    ]);
    expect(complaintsOfYaml(`a: ${'['.repeat(200)}`)).toEqual([
      expect.stringMatching(/^not YAML: line 1, column \d+: nesting/),
    ]);
  });

  test('the text', () => {
    expect(complaintsOfYaml(`#${' '.repeat(MAX_YAML_BYTES)}`)).toEqual([
      'is longer than 256 KiB, expected a configuration in YAML, or a .ts file',
    ]);
  });

  test.each([
    [
      'cluster.label',
      { cluster: { label: 'a'.repeat(5000) } },
      'a Prometheus label name such as cluster, or null, at most 1000 characters',
    ],
    ['keep', { keep: Array.from({ length: 1001 }, (_, index) => `a${index}`) }, 'at most 1000 items'],
    [
      'rules.labels',
      { rules: { labels: Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`a${index}`, 'x'])) } },
      'at most 100 keys',
    ],
    [
      'dashboards.zone-traffic.title',
      { dashboards: { 'zone-traffic': { title: 'a'.repeat(5001) } } },
      'text on one line of up to 5000 characters, without spaces at its ends',
    ],
    ['zones.valid', { zones: { valid: 'a{1000}'.repeat(20) } }, '20000 steps'],
  ])('a setting: %s', (path, given, expected) => {
    const [line = '', ...others] = complaints(given);
    expect(line).toMatch(new RegExp(`^${path}: got `));
    expect(line).toContain(expected);
    expect(others).toEqual([]);
  });

  test('the regular expressions of all rules together', () => {
    const rules = Array.from({ length: 50 }, (_, index) => ({ kind: 'Job', name: `.{500}${index}`, workload: 'x' }));
    expect(complaints({ workloads: { rules } })).toEqual([
      expect.stringMatching(/^workloads\.rules: got 2\d{4} steps of regular expressions .* at most 10000 together$/),
    ]);
  });
});

describe('an object of a program', () => {
  test.each([
    [
      'a getter that throws',
      {
        get name(): string {
          throw new Error('no');
        },
      },
    ],
    [
      'a proxy that is revoked',
      (() => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        return proxy;
      })(),
    ],
  ])('%s is refused at its place', (_name, cluster) => {
    expect(complaints({ cluster })).toEqual([
      expect.stringMatching(/^cluster: got a value that cannot be read \(.+\), expected plain data$/),
    ]);
  });

  test('a toJSON that throws is shown all the same', () => {
    const rules = {
      window: {
        toJSON: () => {
          throw new Error('no');
        },
      },
    };
    expect(complaints({ rules })).toEqual([
      expect.stringMatching(/^rules\.window: got \[object Object\], expected a duration/),
    ]);
  });
});

describe('a name in a path is seen as it is', () => {
  test.each([
    ['', '""'],
    [' ', '" "'],
    ['a ', '"a "'],
    ['a b', 'a b'],
    ['é', 'é'],
    ['\ud800x', String.raw`"\ud800x"`],
    ['\u0007', String.raw`"\u0007"`],
    ['\u202e', String.raw`"\u202e"`],
    ['a\u2028b', String.raw`"a\u2028b"`],
    ['__proto__', '__proto__'],
  ])('%j', (name, shown) => {
    const given = JSON.parse(`{"cluster":{${JSON.stringify(name)}:1}}`) as object;
    expect(problemsOf(given).map(({ path }) => path)).toEqual([`cluster.${shown}`]);
  });
});

test('of many problems the first hundred are printed', () => {
  const problems = Array.from({ length: 250 }, (_, index) => ({ path: `a${index}`, message: 'got 1, expected 2' }));
  const error = new ProblemError('azimuth.yaml', problems);
  expect(error.problems).toHaveLength(250);
  expect(error.message.split('\n')).toEqual([
    'azimuth.yaml: 250 problems',
    ...problems.slice(0, 100).map(({ path }) => `  ${path}: got 1, expected 2`),
    '  and 150 more',
  ]);
});
