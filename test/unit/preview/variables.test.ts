import { describe, expect, test } from '@jest/globals';
import type { VariableJson } from '../../../preview/app/model/dashboard-json.ts';
import {
  dependsOn,
  inOrder,
  keepKnown,
  listedOptions,
  optionsOf,
  parseVariable,
  parseVariableQuery,
  scopedValue,
  selectionOf,
  type VariableSort,
} from '../../../preview/app/model/variables.ts';

const json = (more: Partial<VariableJson> = {}): VariableJson => ({
  name: 'node',
  type: 'query',
  query: { query: 'label_values(up, node)', refId: 'A' },
  ...more,
});
const values = (options: readonly { readonly value: string }[]): string[] => options.map(({ value }) => value);

describe('queries', () => {
  test.each([
    ['label_values(up, job)', { kind: 'label_values', selector: 'up', label: 'job' }],
    [
      'label_values(up{a=~"x,y", b="$c"},job)',
      { kind: 'label_values', selector: 'up{a=~"x,y", b="$c"}', label: 'job' },
    ],
    ['label_values(job)', { kind: 'label_values', selector: undefined, label: 'job' }],
    [
      { query: 'label_values(up, $label)', refId: 'A', qryType: 1 },
      { kind: 'label_values', selector: 'up', label: '$label' },
    ],
    ['label_names()', { kind: 'label_names', selector: undefined }],
    ['label_names(up)', { kind: 'label_names', selector: 'up' }],
    ['metrics(^node_.*)', { kind: 'metrics', pattern: '^node_.*' }],
    ['query_result(topk(5, sum by (a) (up)))', { kind: 'query_result', expr: 'topk(5, sum by (a) (up))' }],
    ['up{job="a(b)"}', { kind: 'series', selector: 'up{job="a(b)"}' }],
  ])('%j', (query, expected) => {
    expect(parseVariableQuery(query)).toEqual(expected);
  });

  test.each([
    ['', 'has no query'],
    [{ refId: 'A' }, 'has no query'],
    ['label_value(up, job)', 'query function "label_value" is unknown, did you mean "label_values"?'],
    ['label_values(up{a="b"})', 'query "label_values(up{a="b"})" is incomplete'],
    ['metrics()', 'query "metrics()" is incomplete'],
  ])('refuses %j', (query, message) => {
    expect(() => parseVariableQuery(query)).toThrow(new Error(message));
    expect(parseVariable(json({ query }))).toMatchObject({ kind: 'unsupported', reason: message });
  });
});

describe('options', () => {
  test.each<[VariableSort, string[]]>([
    [0, ['b10', 'B2', 'a', 'b2']],
    [1, ['B2', 'a', 'b10', 'b2']],
    [2, ['b2', 'b10', 'a', 'B2']],
    [3, ['a', 'B2', 'b2', 'b10']],
    [4, ['b10', 'b2', 'B2', 'a']],
    [5, ['a', 'b10', 'B2', 'b2']],
    [6, ['b2', 'B2', 'b10', 'a']],
    [7, ['a', 'B2', 'b2', 'b10']],
    [8, ['b10', 'b2', 'B2', 'a']],
  ])('in order %d, each once', (sort, expected) => {
    expect(values(optionsOf(['b10', 'B2', 'a', 'b2', 'b10'], { sort }))).toEqual(expected);
  });

  test.each([
    ['/^n/', ['n1=n1', 'n2=n2']],
    ['n1', ['n1=n1']],
    ['/N(.)/i', ['1=1', '2=2']],
    ['/(?<text>.)(?<value>.)/', ['n=1', 'n=2', 'm=3']],
    ['/(?<value>n.)/', ['n1=n1', 'n2=n2']],
    ['/(n)|(\\d)/g', ['n=n', 'm3=m3']],
    ['/./g', ['n1=n1', 'n2=n2', 'm3=m3']],
    ['/(.)/g', ['n=n', '1=1', '2=2', 'm=m', '3=3']],
    ['/(.)/', ['n=n', 'm=m']],
  ])('that match %s', (regex, expected) => {
    const options = optionsOf(['n1', 'n2', 'm3'], { regex });
    expect(options.map(({ text, value }) => `${text}=${value}`)).toEqual(expected);
  });

  test('refuse what is no regular expression', () => {
    expect(() => optionsOf(['a'], { regex: '/(/' })).toThrow('regex "/(/" is invalid: ');
  });

  test('of a list', () => {
    expect(listedOptions('a,b : c, d\\,e ,http://x:1,,1m')).toEqual([
      { text: 'a', value: 'a' },
      { text: 'b', value: 'c' },
      { text: 'd,e', value: 'd,e' },
      { text: 'http://x:1', value: 'http://x:1' },
      { text: '1m', value: '1m' },
    ]);
  });
});

describe('selection', () => {
  const options = optionsOf(['n1', 'n2', 'n3']);
  const all = { current: { text: 'All', value: '$__all' }, includeAll: true };

  test.each<[string, Partial<VariableJson>, string[] | undefined, boolean, string[]]>([
    ['the first', {}, undefined, false, ['n1']],
    ['all as saved', all, undefined, true, []],
    ['all in old dashboards', { ...all, current: { value: ['All'] } }, undefined, true, []],
    ['not all where there is none', { ...all, includeAll: false }, ['$__all'], false, ['n1']],
    ['as saved', { current: { value: 'n2' } }, undefined, false, ['n2']],
    ['the first instead of what is gone', { current: { value: 'n9' } }, undefined, false, ['n1']],
    ['as the address says', { ...all, multi: true }, ['n3', 'n1', 'n3'], false, ['n3', 'n1']],
    ['all as the address says', { ...all, current: { value: 'n1' } }, ['$__all'], true, []],
    ['one where there can be one', {}, ['n3', 'n1'], false, ['n3']],
    ['of its own', {}, ['other'], false, ['other']],
    ['of its own where that is not allowed', { allowCustomValue: false }, ['other'], false, ['n1']],
    ['nothing said', all, [''], true, []],
    ['a data source that is there', { type: 'datasource', query: 'prometheus' }, ['P1809F7'], false, ['n1']],
  ])('%s', (_, more, wanted, isAll, expected) => {
    expect(selectionOf(parseVariable(json(more)), options, wanted)).toEqual({ all: isAll, values: expected });
  });

  test('of a text and of a constant', () => {
    const text = parseVariable(json({ type: 'textbox', query: 'a' }));
    expect(selectionOf(text, [], undefined).values).toEqual(['a']);
    expect(selectionOf(text, [], [''])).toEqual({ all: false, values: [''] });
    expect(selectionOf(parseVariable(json({ type: 'constant', query: 'a' })), [], ['b']).values).toEqual(['a']);
  });

  test('without options there is nothing chosen', () => {
    expect(selectionOf(parseVariable(json()), [], undefined)).toEqual({ all: false, values: [] });
    expect(keepKnown(['n9', 'n1'], options)).toEqual(['n1']);
  });

  test.each<[string, Partial<VariableJson>, string[], object]>([
    [
      'all',
      { ...all, allValue: '.+' },
      ['$__all'],
      { value: '.+', text: 'All', multi: true, raw: true, url: ['$__all'] },
    ],
    ['all without a value', all, ['$__all'], { value: ['n1', 'n2', 'n3'], text: 'All', multi: true, url: ['$__all'] }],
    [
      'several',
      { multi: true },
      ['n1', 'n2'],
      { value: ['n1', 'n2'], text: 'n1 + n2', multi: true, url: ['n1', 'n2'] },
    ],
    ['one of several', { multi: true }, ['n1'], { value: ['n1'], text: 'n1', multi: true, url: ['n1'] }],
    ['one', {}, ['n1'], { value: 'n1', text: 'n1', multi: false, url: ['n1'] }],
  ])('queries see %s', (_, more, wanted, expected) => {
    const variable = parseVariable(json(more));
    expect(scopedValue(variable, selectionOf(variable, options, wanted), options)).toEqual(expected);
  });
});

describe('order', () => {
  const on = (name: string, ...others: string[]): VariableJson =>
    json({ name, query: `label_values(up{${others.map((other) => `x="$${other}"`).join()}}, a)` });
  const ordered = (...list: VariableJson[]): [string[], readonly string[]] => {
    const { variables, problems } = inOrder(list.map(parseVariable));
    return [variables.map(({ name }) => name), problems];
  };

  test('names what its options depend on', () => {
    const variable = { ...on('a', 'b', 'c', 'b'), regex: '/$d/', datasource: { uid: '${ds}' } };
    expect(dependsOn(parseVariable(variable))).toEqual(['b', 'c', 'd', 'ds']);
  });

  test('puts each after those that it depends on', () => {
    expect(ordered(on('c', 'b'), on('d'), on('b', 'a', 'elsewhere'), on('a'))).toEqual([['d', 'a', 'b', 'c'], []]);
  });

  test('tells a cycle, and what waits for it is no part of it', () => {
    expect(ordered(on('x', 'a'), on('a', 'b'), on('b', 'a'), on('c'))).toEqual([
      ['c', 'x', 'a', 'b'],
      ['variable "a" depends on itself', 'variable "b" depends on itself'],
    ]);
  });
});
