import { describe, expect, test } from '@jest/globals';
import {
  duration,
  escapeRegex,
  labelName,
  labels,
  matcherList,
  matches,
  not,
  oneOf,
  quoted,
  seconds,
  selector,
  selectorOfAny,
  syntaxProblem,
} from '../../../generators/promql/index.ts';
import { stringsOf } from '../../support/promql.ts';

const AWKWARD = [
  '"',
  "'",
  '\\',
  '\\"',
  '\\n',
  '\n',
  '\r\n',
  '\t',
  '`',
  '{}',
  '", y="',
  '$cluster',
  'é',
  '界',
  '😀',
  '\u2028',
  '',
];

describe('values of labels', () => {
  test.each(AWKWARD)('%j comes back from the query', (value) => {
    expect(stringsOf(selector('a', { x: value }).text)).toEqual([value]);
    expect(stringsOf(selector('a', { x: not(value), y: matches(value) }).text)).toEqual([value, value]);
    expect(stringsOf(quoted(value).text)).toEqual([value]);
  });

  test('are written as PromQL writes them', () => {
    expect(selector('a', { x: 'say "hi"\\\n' }).text).toBe(String.raw`a{x="say \"hi\"\\\n"}`);
  });
});

test('several metrics are one selector, by their whole names', () => {
  const query = selectorOfAny(['a', 'b:c'], { x: '1' });
  expect(query.text).toBe('{__name__=~"a|b:c", x="1"}');
  expect(syntaxProblem(query.text)).toBeUndefined();
  expect(() => selectorOfAny(['a', 'b|c'])).toThrow('promql: "b|c" is not a metric name');
});

describe('a selector', () => {
  test('has conditions in the order given', () => {
    expect(selector('a').text).toBe('a');
    expect(selector('a', {}).text).toBe('a');
    expect(selector('a:b:c', { x: '1', y: not('2'), z: matches('3|4') }).text).toBe('a:b:c{x="1", y!="2", z=~"3|4"}');
  });

  test('has several conditions on one label', () => {
    expect(selector('a', { x: [not(''), matches('b.*')] }).text).toBe('a{x!="", x=~"b.*"}');
    expect(selector('a', { x: [] }).text).toBe('a');
  });

  test('gives its conditions apart, for label_values', () => {
    expect(matcherList({ x: '1', y: not('2') })).toBe('x="1", y!="2"');
    expect(matcherList({})).toBe('');
  });

  test.each(['', '0a', 'a-b', 'a b', 'a{', 'é', 'a.b'])('has no metric %j', (name) => {
    expect(() => selector(name)).toThrow(`promql: ${JSON.stringify(name)} is not a metric name`);
  });
});

describe('names of labels', () => {
  test.each(['', '0a', 'a-b', 'a:b', 'a b', 'a,b', 'é', 'a)'])('%j is none', (name) => {
    const message = `promql: ${JSON.stringify(name)} is not a label name`;
    expect(() => labelName(name)).toThrow(message);
    expect(() => labels('x', name)).toThrow(message);
    expect(() => selector('a', { [name]: 'x' })).toThrow(message);
  });

  test('make a list, which may be empty', () => {
    expect(labels('x', '_y', 'Z9').text).toBe('x, _y, Z9');
    expect(labels().text).toBe('');
  });
});

describe('regular expressions of literal values', () => {
  const values = ['a.b', 'a|b', '(x)', '[y]', '{2}', '^$', 'a*+?', '\\d', 'plain', 'a-b', ''];

  test.each(values)('%j matches itself and none of the others', (value) => {
    const regex = new RegExp(`^(?:${oneOf([value]).value})$`, 'u');
    expect(values.filter((other) => regex.test(other))).toEqual([value]);
  });

  test('of several values match just these', () => {
    const { operator, value } = oneOf(['a.b', 'a|b']);
    const regex = new RegExp(`^(?:${value})$`, 'u');
    expect(operator).toBe('=~');
    expect(['a.b', 'a|b', 'a', 'b', 'axb', 'a.b|a|b', ''].filter((other) => regex.test(other))).toEqual(['a.b', 'a|b']);
  });

  test('are escaped in the regular expression and again in the query', () => {
    expect(escapeRegex('a.b')).toBe(String.raw`a\.b`);
    expect(selector('a', { x: oneOf(['a.b']) }).text).toBe(String.raw`a{x=~"a\\.b"}`);
  });
});

describe('durations', () => {
  test.each([
    ['5m', 300],
    ['1h30m', 5400],
    ['250ms', 0.25],
    ['1d', 86_400],
    ['1w', 604_800],
    ['1y', 31_536_000],
    ['0s', 0],
    ['1m1s1ms', 61.001],
  ])('%s are %d seconds', (text, length) => {
    expect(seconds(text)).toBeCloseTo(length, 9);
    expect(duration(text).text).toBe(text);
  });

  test.each(['$__rate_interval', '$__interval', '$__range'])('%s is left to Grafana', (text) => {
    expect(duration(text).text).toBe(text);
    expect(() => seconds(text)).toThrow(`promql: "${text}" is not a duration`);
  });

  test.each(['', '5', 'm', '5 m', '-5m', '1.5m', '5m]', '5M', '$interval', '5m\n'])('%j is none', (text) => {
    expect(() => duration(text)).toThrow(`promql: ${JSON.stringify(text)} is not a duration`);
    expect(() => seconds(text)).toThrow(TypeError);
  });
});
