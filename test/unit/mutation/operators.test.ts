import { describe, expect, test } from '@jest/globals';
import { applied, editsOf, neighbours } from '../../../mutation/operators.ts';
import { parse } from '../../../mutation/syntax.ts';

const RECORDS = new Map([
  ['left:record', new Set(['cluster', 'zone', 'node'])],
  ['right:record', new Set(['cluster', 'zone'])],
]);

/** All that the mutations of one kind make of a query. */
const mutated = (query: string, kind: string): string[] =>
  editsOf(query, (name) => RECORDS.get(name))
    .filter((edit) => edit.kind === kind)
    .map((edit) => applied(query, edit));

describe('mutations of an expression', () => {
  test.each<[kind: string, query: string, expected: string[]]>([
    ['threshold', 'x > 0', ['x > (-1)', 'x > 1']],
    ['threshold', 'x >= 0.05', ['x >= 0.04', 'x >= 0.06']],
    ['threshold', 'x < 1.5 * y', ['x < 1.49 * y', 'x < 1.51 * y']],
    ['threshold', 'x / 60', []],
    ['comparison', 'x > 0', ['x >= 0']],
    ['comparison', 'x <= 0', ['x < 0']],
    ['comparison', 'x == bool 1', ['x != bool 1']],
    ['window', 'rate(x[5m])', ['rate(x[4m])']],
    ['window', 'rate(x[10m])', ['rate(x[9m])', 'rate(x[5m])']],
    [
      'window',
      'max_over_time(timestamp(x)[10m:30s])',
      ['max_over_time(timestamp(x)[9m:30s])', 'max_over_time(timestamp(x)[5m:30s])'],
    ],
    ['window', 'rate(x[1m])', ['rate(x[30s])']],
    ['window', 'max_over_time(x[7d])', ['max_over_time(x[167h])', 'max_over_time(x[84h])']],
    ['resolution', 'max_over_time(x[10m:30s])', ['max_over_time(x[10m:1m])']],
    ['offset', 'x offset 3m', ['x offset 2m']],
    [
      'offset',
      'a unless b offset 3m and c offset 5m',
      ['a unless b offset 2m and c offset 5m', 'a unless b offset 3m and c offset 4m'],
    ],
    ['matcher dropped', 'x{a="1", b!~"c"}', ['x{b!~"c"}', 'x{a="1"}']],
    ['matcher negated', 'x{a="1", b!~"c"}', ['x{a!="1", b!~"c"}', 'x{a="1", b=~"c"}']],
    ['matcher dropped', '{__name__=~"a|b", c="1"}', ['{__name__=~"a|b"}']],
    ['label dropped', 'sum by (a, b) (x)', ['sum by (b) (x)', 'sum by (a) (x)']],
    ['label dropped', 'x unless on (cluster) y', ['x unless on () y']],
    ['label dropped', 'x * on (a) group_left (b) y', ['x * on () group_left (b) y', 'x * on (a) group_left () y']],
    ['label added', 'sum by (cluster) (right:record)', ['sum by (cluster, zone) (right:record)']],
    ['label added', 'sum by (cluster) (x)', ['sum by (cluster, instance) (x)']],
    [
      'label added',
      'left:record unless on (cluster) right:record',
      ['left:record unless on (cluster, zone) right:record'],
    ],
    ['label added', 'left:record * on (cluster) group_left (zone) right:record', []],
    [
      'label added',
      'sum by (instance) (sum by (instance, a) (right:record))',
      ['sum by (instance, a) (sum by (instance, a) (right:record))'],
    ],
    [
      'label added',
      'max by (a) (label_replace(sum by (a) (x), "b", "$1", "a", "(.*)"))',
      [
        'max by (a, b) (label_replace(sum by (a) (x), "b", "$1", "a", "(.*)"))',
        'max by (a) (label_replace(sum by (a, instance) (x), "b", "$1", "a", "(.*)"))',
      ],
    ],
    ['function', 'sum(rate(x[5m]))', ['max(rate(x[5m]))', 'sum(irate(x[5m]))']],
    ['function', 'max(increase(x[5m]))', ['min(increase(x[5m]))', 'max(rate(x[5m]))']],
    ['function', 'count(x)', ['sum(x)']],
    ['choice', 'topk by (a) (1, x)', ['topk by (a) (2, x)']],
    ['operand', 'a or on (c) b', ['a', 'b', 'b or on (c) (a)']],
    ['operand', 'a unless on (c) b', ['a']],
    ['operand', 'a and b', ['a']],
    ['operand', 'a unless b offset 3m and c offset 5m', ['a unless b offset 3m', 'a and c offset 5m']],
    [
      'operand',
      'a or (b and c) offset 5m',
      ['a', '(b and c) offset 5m', '(b and c) offset 5m or (a)', 'a or (b) offset 5m'],
    ],
  ])('%s of %s', (kind, query, expected) => {
    expect(mutated(query, kind).toSorted()).toEqual(expected.toSorted());
  });

  test.each<[query: string, isAdded: boolean]>([
    ['sum by (c) ((sum by (c) (x)))', false],
    ['sum(sum by (c) (x))', false],
    ['max by (c) (max by (c) (x))', false],
    ['group by (c) (sum by (c) (x))', false],
    ['sum by (c) (sum by (c) (x) and on (c) y)', false],
    ['sum by (c) (sum by (c) (x) unless on () y)', false],
    ['sum by (c) (sum by (c) (x) * on (c) group_left (d) y)', false],
    ['sum by (c) (sum by (c) (x) * on (c) group_left () y unless on (c) z)', false],
    // The outer one reads the values of the inner one, or keeps the label.
    ['max by (c) (sum by (c) (x))', true],
    ['count by (c) (group by (c) (x))', true],
    ['avg by (c) (avg by (c) (x))', true],
    ['sum by (c, instance) (sum by (c) (x))', true],
    ['sum without (c) (sum by (c) (x))', true],
    ['topk by (c) (1, sum by (c) (x))', true],
    // What is between looks at the label, at sums as a whole, or at several series.
    ['sum by (c) (sum by (c) (x) > 0)', true],
    ['sum by (c) (sum by (c) (x) and on (c, instance) y)', true],
    ['sum by (c) (sum by (c) (x) and y)', true],
    ['sum by (c) (y and on (c) sum by (c) (x))', true],
    ['sum by (c) (sum by (c) (x) or on (c) y)', true],
    ['sum by (c) (sum by (c) (x) * on (c) y)', true],
    ['sum by (c) (sum by (c) (x) * on (c) group_left (instance) y)', true],
    ['max by (c) (max by (c) (x) * on (c) group_left () y)', true],
    ['sum by (c) (abs(sum by (c) (x)))', true],
    ['sum by (c) (x)', true],
  ])('add a label to the inner aggregation of %s: %s', (query, isAdded) => {
    const inner = query.lastIndexOf('by (c) (x)');
    const changed = `${query.slice(0, inner)}by (c, instance) (x)${query.slice(inner + 'by (c) (x)'.length)}`;
    expect(mutated(query, 'label added').includes(changed)).toBe(isAdded);
  });

  test('reach every level of nested operations, and are PromQL again', () => {
    const query = 'a{x="1"} or on (c) (b > 1 or on (c, d) sum by (c) (rate(e[5m] offset 1h)) unless on (c) f)';
    const edits = editsOf(query, () => undefined);
    expect(new Set(edits.map(({ kind }) => kind)).size).toBeGreaterThan(8);
    for (const edit of edits) {
      expect(applied(query, edit)).not.toBe(query);
      expect(() => parse(applied(query, edit))).not.toThrow();
    }
  });

  test.each([
    ['1', ['0', '2']],
    ['100', ['99', '101']],
    ['0.1', ['0.09', '0.11']],
    ['0.6667', ['0.6666', '0.6668']],
    ['1e9', ['0e9', '2e9']],
  ])('the neighbours of %s', (number, expected) => {
    expect(neighbours(number)).toEqual(expected);
  });

  test('the neighbours of a quotient are other numbers', () => {
    const [less = 0, more = 0] = neighbours('0.0016666666666666668').map(Number);
    expect(less).toBeLessThan(1 / 600);
    expect(more).toBeGreaterThan(1 / 600);
  });

  test('are refused for what is no PromQL', () => {
    expect(() => editsOf('sum by (', () => undefined)).toThrow(/not PromQL at/);
  });
});
