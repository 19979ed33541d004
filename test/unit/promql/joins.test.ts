import { describe, expect, test } from '@jest/globals';
import {
  decidedBy,
  defaultLabel,
  firstOf,
  having,
  inOrder,
  join,
  lacking,
  newest,
  promql,
  recorded,
  renamed,
  selector,
  syntaxProblem,
  UniqueVector,
  withLabel,
  type Query,
} from '../../../generators/promql/index.ts';
import { labelsOf, meaningOf } from '../../support/promql.ts';

const a = selector('a');
const either = promql`
  a
  or
  b`;
const vector = recorded('c', ['cluster', 'node']);

const made: readonly (readonly [string, Query])[] = [
  ['newest', newest(['cluster', 'node'], ['zone'], a).query],
  ['newest of an operation', newest(['node'], [], either).query],
  ['newest without a key', newest([], ['zone'], a).query],
  ['renamed', renamed(vector, { node: 'host' }, ['zone']).query],
  ['firstOf', firstOf(vector, new UniqueVector(either, vector.key), vector).query],
  ['inOrder', inOrder(['cluster'], either, a)],
  ['join', join(a, vector, ['zone'])],
  ['join of operations', join(either, new UniqueVector(either, []), [])],
  ['having', having(either, 'x', 'a|"b"')],
  ['lacking', lacking(either, 'x', String.raw`\d`)],
  ['decidedBy', decidedBy(either, 'x', ['y', 'x'], [['a|"b"/.*', '$1']])],
  ['withLabel', withLabel(either, 'x', 'say "hi"\\')],
  ['defaultLabel', defaultLabel(either, 'x', '$1')],
];

test.each(made)('%s is PromQL', (_name, { text }) => {
  expect(syntaxProblem(text)).toBeUndefined();
  expect(meaningOf(text)).not.toBe('');
});

describe('newest', () => {
  const found = newest(['cluster', 'node'], ['zone'], a);

  test('keeps one series for each key, the one of the largest value', () => {
    expect(found.key).toEqual(['cluster', 'node']);
    expect(found.query.text).toBe(
      [
        'group by (cluster, node, zone) (',
        '  topk by (cluster, node) (1,',
        '    max by (cluster, node, zone) (',
        '      a',
        '    )',
        '  )',
        ')',
      ].join('\n'),
    );
  });

  test('may carry nothing', () => {
    expect(labelsOf(newest(['node'], [], a).query.text)).toEqual(new Set(['node']));
  });
});

describe('renamed', () => {
  test('copies the labels, then groups by the new key and what is kept', () => {
    const { query, key } = renamed(vector, { node: 'host', zone: 'host_zone' }, ['rack']);
    expect(key).toEqual(['cluster', 'host']);
    expect(meaningOf(query.text)).toBe(
      meaningOf(`group by (cluster, host, rack, host_zone) (
        label_replace(label_replace(c, "host", "$1", "node", "(.*)"), "host_zone", "$1", "zone", "(.*)"))`),
    );
  });

  test('of nothing changes nothing', () => {
    const { query, key } = renamed(vector, {});
    expect(key).toEqual(vector.key);
    expect(meaningOf(query.text)).toBe(meaningOf('group by (cluster, node) (c)'));
  });

  test('names each label once', () => {
    const { query } = renamed(vector, { node: 'host' }, ['host', 'cluster']);
    expect(query.text).toMatch(/^group by \(cluster, host\) /);
  });
});

describe('decidedBy', () => {
  test('rewrites the joined labels step by step', () => {
    const { text } = decidedBy(
      a,
      'reason',
      ['zone', 'kind'],
      [
        ['/(.*)', '$1'],
        ['.+/.*', ''],
      ],
    );
    const joined = 'label_join(a, "reason", "/", "zone", "kind")';
    const first = `label_replace(${joined}, "reason", "$1", "reason", "/(.*)")`;
    expect(meaningOf(text)).toBe(meaningOf(`label_replace(${first}, "reason", "", "reason", ".+/.*")`));
  });
});

describe('inOrder', () => {
  test('falls back from left to right, by the labels that tell whose series they are', () => {
    const { text } = inOrder(['cluster', 'instance'], either, a, promql`b unless c`);
    const first = '(a or b) or on (cluster, instance) a';
    expect(meaningOf(text)).toBe(meaningOf(`(${first}) or on (cluster, instance) (b unless c)`));
  });

  test('of one is that one, and of none is refused', () => {
    expect(inOrder(['cluster'], a).text).toBe('a');
    expect(() => inOrder(['cluster'])).toThrow('promql: inOrder() needs at least one query');
  });
});

describe('firstOf', () => {
  const others = [new UniqueVector(selector('d'), vector.key), new UniqueVector(either, vector.key)];

  test('falls back from left to right', () => {
    const { query, key } = firstOf(vector, ...others);
    expect(key).toEqual(vector.key);
    expect(meaningOf(query.text)).toBe(meaningOf('(c or on (cluster, node) d) or on (cluster, node) (a or b)'));
  });

  test('of one is that one', () => {
    expect(firstOf(vector).query.text).toBe('c');
  });

  test('takes no part of a first vector that is an operation itself', () => {
    const { query } = firstOf(new UniqueVector(promql`a unless b`, vector.key), vector);
    expect(meaningOf(query.text)).toBe(meaningOf('(a unless b) or on (cluster, node) c'));
  });

  test.each([[['cluster']], [['node', 'cluster']], [['cluster', 'node', 'zone']], [[]]])(
    'refuses the key %j',
    (key) => {
      expect(() => firstOf(vector, new UniqueVector(a, key))).toThrow(
        `promql: cannot fall back from a vector by (cluster, node) to one by (${key.join(', ')})`,
      );
    },
  );
});

describe('join', () => {
  test('brings labels of the one to the many, on the key of the one', () => {
    expect(join(a, vector, ['zone', 'rack']).text).toBe('a\n* on (cluster, node) group_left (zone, rack)\nc');
  });

  test('keeps both sides whole', () => {
    const joined = join(either, new UniqueVector(either, ['x']), ['y']);
    expect(meaningOf(joined.text)).toBe(meaningOf('(a or b) * on (x) group_left (y) (a or b)'));
  });
});

describe('labels with a fixed value', () => {
  test('for every series', () => {
    expect(meaningOf(withLabel(a, 'x', 'v').text)).toBe(meaningOf('label_replace(a, "x", "v", "", "")'));
  });

  test('for series without the label', () => {
    expect(meaningOf(defaultLabel(a, 'x', 'v').text)).toBe(meaningOf('label_replace(a, "x", "v", "x", "")'));
  });
});
