import { describe, expect, test } from '@jest/globals';
import { syntaxProblem } from '../../../generators/promql/index.ts';
import { isOperation } from '../../../generators/promql/query.ts';
import { isOperationByGrammar } from '../../support/promql.ts';

describe('a query that is PromQL', () => {
  test.each([
    'a',
    'sum by (x) (rate(a{x=~"b|c", y!="$d"}[5m])) / on (x) group_left (y) (b > 0)',
    'a # a comment\n+ b',
    'rate(a[$__rate_interval])',
    'increase(a[$__range]) / $__interval_ms',
    'rate(a[${__rate_interval}])',
    'a > $threshold',
    'a{x=~"$x", y=~"${y:regex}"}',
    'a @ end() offset -1h30m',
    '{__name__="a"}',
  ])('%s', (query) => {
    expect(syntaxProblem(query)).toBeUndefined();
  });
});

describe('the first problem of a query', () => {
  test.each([
    ['sum(', 1, 5, 'sum(\n    ^'],
    ['sum(a))', 1, 7, 'sum(a))\n      ^'],
    ['a +', 1, 4, 'a +\n   ^'],
    ['a b', 1, 3, 'a b\n  ^'],
    ['sum(\n  a +\n  * b\n)', 3, 3, '  * b\n  ^'],
    ['a{x=b}', 1, 5, 'a{x=b}\n    ^'],
    ['rate(a[$__rate_interval]) b', 1, 27, 'rate(a[$__rate_interval]) b\n                          ^'],
    ['a{x=~"$a, ${b}"} b', 1, 18, 'a{x=~"$a, ${b}"} b\n                 ^'],
    ['${threshold} c', 1, 14, '${threshold} c\n             ^'],
  ])('of %j', (query, line, column, excerpt) => {
    expect(syntaxProblem(query)).toEqual({ line, column, excerpt });
  });

  test.each(['', '  ', '\n'])('of %j, which is nothing', (query) => {
    expect(syntaxProblem(query)).toEqual({ line: 1, column: 1, excerpt: '(empty)' });
  });
});

describe('an operation', () => {
  test.each([
    'a + b',
    'a-b',
    '-a',
    'a or b',
    'a AND b',
    'a unless on (x) b',
    'a atan2 b',
    'a == bool b',
    'a{x="y"} > 1',
    'sum(a) by (x) * 2',
    '(a) + (b)',
    'a\nor\nb',
    'a{x="}"} + b',
    'a{x="\\"}"} + b',
    "a{x='}'} + b",
    'a{x=`}`} + b',
    'a{x="y"} # (\n+ b',
  ])('is seen in %j', (query) => {
    expect(isOperation(query)).toBe(true);
    expect(isOperationByGrammar(query)).toBe(true);
  });

  test.each([
    'a',
    '(a + b)',
    'sum(a + b)',
    'sum by (x) (a or b)',
    'sum(a - b) by (x)',
    'a{x="b - c", y!="d"}',
    'a{x="b or c"}',
    'rate(a[5m:1m])',
    'a offset 5m',
    'a:b:c',
    'order',
    'android',
    'label_replace(a, "x", "or", "y", "-")',
    '$metric',
    'a @ 100',
    '"a + b"',
  ])('is not seen in %j', (query) => {
    expect(isOperation(query)).toBe(false);
  });

  test('costs a pair of parentheses where it only looks like one', () => {
    expect(isOperation('a offset -5m')).toBe(true);
    expect(isOperation('-1')).toBe(true);
  });
});
