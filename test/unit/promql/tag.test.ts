import { describe, expect, test } from '@jest/globals';
import {
  duration,
  Fragment,
  labels,
  promql,
  quoted,
  selector,
  type Interpolation,
} from '../../../generators/promql/index.ts';
import { meaningOf } from '../../support/promql.ts';

const a = selector('a');
const sum = promql`a + b`;

/** What JavaScript lets through where the types do not. */
const forced = (value: unknown): Interpolation => value as Interpolation;

describe('the tag refuses what could reach a query unescaped', () => {
  test.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['a', '"a"'],
    [Number.NaN, 'null'],
    [Number.POSITIVE_INFINITY, 'null'],
    [true, 'true'],
    [['a'], '["a"]'],
    [{ text: 'a' }, '{"text":"a"}'],
  ])('%p', (value, shown) => {
    expect(() => promql`sum by (x) (${forced(value)})`).toThrow(
      `promql: value 1 (after "sum by (x) (") is ${shown}, expected a query, a fragment (labels, duration, quoted) or a finite number`,
    );
  });

  test('and says which value it is', () => {
    expect(() => promql`${a} + ${a} * ${forced('b')}`).toThrow('promql: value 3 (after " * ") is "b"');
    expect(() => promql`sum without (instance, endpoint) (${forced(undefined)})`).toThrow(
      'value 1 (after "without (instance, endpoint) (")',
    );
  });
});

describe('an operation gets parentheses exactly where its neighbours could take it apart', () => {
  test.each([
    ['alone', promql`${sum}`, 'a + b'],
    ['in parentheses of the template', promql`(${sum}) * 2`, '(a + b) * 2'],
    ['as the argument of an aggregation', promql`max by (x) (${sum})`, 'max by (x) (a + b)'],
    ['as one argument of several', promql`clamp(${sum}, ${1}, ${2})`, 'clamp(a + b, 1, 2)'],
    ['as the last argument', promql`topk(3, ${sum})`, 'topk(3, a + b)'],
    ['left of an operator', promql`${sum} * c`, '(a + b) * c'],
    ['right of an operator', promql`c * ${sum}`, 'c * (a + b)'],
    ['on both sides', promql`${sum} / ${sum}`, '(a + b) / (a + b)'],
    ['behind a sign', promql`-${sum}`, '-(a + b)'],
    ['before a range', promql`max_over_time(${sum}[1h:1m])`, 'max_over_time((a + b)[1h:1m])'],
    ['before a word', promql`${sum} and c`, '(a + b) and c'],
    ['behind matching labels', promql`c * on (x) ${sum}`, 'c * on (x) (a + b)'],
    ['between two values', promql`${a} * ${sum} * ${a}`, 'a * (a + b) * a'],
    ['before another value', promql`${sum}${new Fragment(' * 2')}`, '(a + b) * 2'],
    ['a comparison', promql`${promql`a > ${0}`} * ${1}`, '(a > 0) * 1'],
    ['a set operation', promql`${promql`a or b`} and c`, '(a or b) and c'],
    ['a sign', promql`c ^ ${promql`-a`}`, 'c ^ (-a)'],
  ])('%s', (_name, { text }, expected) => {
    expect(text).toBe(expected);
  });

  test.each([
    ['a selector', selector('a', { x: 'b - c' }), 'a{x="b - c"} * 2'],
    ['a function', promql`rate(a[5m])`, 'rate(a[5m]) * 2'],
    ['an aggregation of an operation', promql`sum(a + b)`, 'sum(a + b) * 2'],
    ['an aggregation with its labels behind', promql`sum(a) by (x)`, 'sum(a) by (x) * 2'],
    ['what has parentheses already', promql`(a + b)`, '(a + b) * 2'],
    ['a shifted selector', promql`a offset 5m`, 'a offset 5m * 2'],
    ['a number', promql`${2.5}`, '2.5 * 2'],
  ])('%s gets none', (_name, query, expected) => {
    expect(promql`${query} * 2`.text).toBe(expected);
  });

  test('two parentheses side by side are not one', () => {
    expect(promql`${promql`(a + b) / (c + d)`} * 2`.text).toBe('((a + b) / (c + d)) * 2');
  });

  // Prometheus takes the power first: -2 ^ 2 is -4.
  test('a negative number keeps its sign under a power', () => {
    expect(promql`${-2} ^ ${2}`.text).toBe('(-2) ^ 2');
  });
});

describe('fragments and numbers are put in as they are', () => {
  test('in the places of the language', () => {
    expect(promql`sum by (${labels('x', 'y')}) (rate(${a}[${duration('5m')}])) > ${0.5}`.text).toBe(
      'sum by (x, y) (rate(a[5m])) > 0.5',
    );
    expect(promql`label_replace(${a}, ${quoted('x')}, ${quoted('"$1"')}, "", "")`.text).toBe(
      String.raw`label_replace(a, "x", "\"$1\"", "", "")`,
    );
  });

  test.each([
    [0, 'a > 0'],
    [-0, 'a > 0'],
    [-1.5, 'a > (-1.5)'],
    [1e-9, 'a > 1e-9'],
    [1e21, 'a > 1e+21'],
  ])('%d', (number, expected) => {
    expect(promql`a > ${number}`.text).toBe(expected);
    expect(meaningOf(expected)).toContain('NumberDurationLiteral');
  });
});
