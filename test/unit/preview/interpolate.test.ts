import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { RE2JS } from 're2js';
import {
  interpolate,
  namesIn,
  type Scope,
  type ScopedValue,
  unknownNames,
} from '../../../preview/app/model/interpolate.ts';
import { formatNames, formatValue } from '../../../preview/app/model/variables-format.ts';

const several = { name: 'servers', target: 'query', multi: true } as const;
const one = { name: 'server', target: 'query' } as const;

describe('formats', () => {
  // Values and results of Grafana's documentation, "Variable syntax", where it has them.
  test.each([
    ['csv', ['test1', 'test2'], 'test1,test2'],
    ['raw', ['test.1', 'test2'], 'test.1,test2'],
    ['distributed', ['test1', 'test2'], 'test1,servers=test2'],
    ['doublequote', ['test1', 'te"st2'], '"test1","te\\"st2"'],
    ['singlequote', ['test1', "te'st2"], "'test1','te\\'st2'"],
    ['glob', ['test1', 'test2'], '{test1,test2}'],
    ['glob', ['test1'], 'test1'],
    ['json', ['test1', 'te"st2'], '["test1","te\\"st2"]'],
    ['pipe', ['test1.', 'test2'], 'test1.|test2'],
    ['regex', ['test1.', 'test2'], '(test1\\.|test2)'],
    ['regex', ['test1.'], 'test1\\.'],
    ['percentencode', ['foo()bar BAZ', 'test2'], '%7Bfoo%28%29bar%20BAZ%2Ctest2%7D'],
    ['uriencode', ['a b/c', 'd'], '%7Ba%20b/c,d%7D'],
    ['queryparam', ['a&b', 'c'], 'var-servers=a%26b&var-servers=c'],
    ['text', ['a', 'b'], 'a + b'],
  ])('%s of %j', (format, values, expected) => {
    expect(formatValue(values, format, several)).toBe(expected);
  });

  test.each([
    ['json', 'a"b', 'a"b'],
    ['percentencode', "a b'", 'a%20b%27'],
    ['date', '1763712900000', '2025-11-21T08:15:00.000Z'],
    ['date:seconds', '1763712900000', '1763712900'],
    ['date', 'soon', 'NaN'],
  ])('%s of the single %j', (format, value, expected) => {
    expect(formatValue(value, format, one)).toBe(expected);
  });

  test.each([
    ['lucene', 'variable "server": format "lucene" is unknown or not supported'],
    ['queryparm', 'variable "server": format "queryparm" is unknown or not supported, did you mean "queryparam"?'],
    ['toString', 'variable "server": format "toString" is unknown or not supported'],
  ])('refuses %s', (format, message) => {
    expect(() => formatValue('a', format, one)).toThrow(new Error(message));
  });

  test('every name of a format is one', () => {
    for (const name of formatNames) expect(typeof formatValue(['1', '2'], name, several)).toBe('string');
  });
});

describe('in a query', () => {
  test.each([
    [['a.b', 'c'], true, '(a\\\\.b|c)'],
    [['a.b'], true, 'a\\\\.b'],
    ['a.b', true, 'a\\\\.b'],
    ['a.b', false, 'a.b'],
    ['say "a\\b"', false, 'say \\"a\\\\b\\"'],
    [[], true, ''],
  ])('%j, several: %j, gives %s', (value, multi, expected) => {
    expect(formatValue(value, undefined, { name: 'x', target: 'query', multi })).toBe(expected);
  });

  /** The value of a double-quoted string of PromQL without exotic escapes, which JSON reads the same way. */
  const unquoted = (inside: string): string => JSON.parse(`"${inside}"`) as string;
  const text = fc.stringMatching(/^[\x20-\x7e]*$/);

  test('a value matches itself only', () => {
    fc.assert(
      fc.property(fc.uniqueArray(text, { minLength: 1 }), text, (values, other) => {
        const pattern = RE2JS.compile(unquoted(formatValue(values, undefined, several)));
        for (const value of values) expect(pattern.matches(value)).toBe(true);
        expect(pattern.matches(other)).toBe(values.includes(other));
      }),
    );
  });

  test('a plain value is the string itself', () => {
    fc.assert(fc.property(text, (value) => expect(unquoted(formatValue(value, undefined, one))).toBe(value)));
  });
});

const plain = (value: string, more: Partial<ScopedValue> = {}): ScopedValue => ({
  value,
  text: value.toUpperCase(),
  multi: false,
  ...more,
});

const scope: Scope = new Map<string, ScopedValue>([
  ['node', plain('n1')],
  ['cluster', plain('.*', { multi: true, raw: true, text: 'All', url: ['$__all'] })],
  ['__dashboard.uid', plain('zone-traffic')],
  ['money', plain('$node')],
]);

describe('interpolate', () => {
  test.each([
    ['up{node="$node"}', 'query', 'up{node="n1"}'],
    ['${node}s [[node]] [[node:csv]] ${node:text}', 'query', 'n1s n1 n1 N1'],
    ['nodes', 'query', 'nodes'],
    ['$nodes', 'query', '$nodes'],
    ['{cluster=~"$cluster"}', 'query', '{cluster=~".*"}'],
    ['{cluster=~"${cluster:regex}"}', 'query', '{cluster=~".*"}'],
    ['$cluster: $node', 'text', 'All: N1'],
    ['?${cluster:queryparam}&${node:queryparam}', 'url', '?var-cluster=%24__all&var-node=n1'],
    ['/d/${__dashboard.uid}', 'url', '/d/zone-traffic'],
    ['${__dashboard.title}', 'text', '${__dashboard.title}'],
    ['$money', 'query', '$node'],
    ['label_replace(up, "a", "$1-${2}", "b", "(.*)$")', 'query', 'label_replace(up, "a", "$1-${2}", "b", "(.*)$")'],
    [
      '${__data.fields["a b"]} ${__field.labels.x} ${__value.raw}',
      'url',
      '${__data.fields["a b"]} ${__field.labels.x} ${__value.raw}',
    ],
  ] as const)('%s in a %s', (text, target, expected) => {
    expect(interpolate(text, scope, target)).toBe(expected);
  });

  test('leaves text without a sign of a variable as it is', () => {
    const inert = fc.string().filter((text) => !/[$[]/.test(text));
    fc.assert(fc.property(inert, (text) => expect(interpolate(text, scope, 'query')).toBe(text)));
  });

  test('names what it does not know', () => {
    const text = '$node $nod ${__dashboard.title} [[zone]] $1 ${__data.fields.x} $nod';
    expect(unknownNames(text, scope)).toEqual(['nod', '__dashboard.title', 'zone']);
    expect(namesIn(text)).toEqual(['node', 'nod', '__dashboard.title', 'zone']);
  });

  test('knows every name that it fills in', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', '[', ']', ':', '.', 'a', 'node', '1') }), (text) => {
        if (unknownNames(text, scope).length > 0) return;
        expect(interpolate(text, new Map(), 'query')).toBe(text);
      }),
    );
  });
});
