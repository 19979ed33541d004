import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { because, plain, type Tree } from '../../../generators/model/tree.ts';
import { yamlDocument } from '../../../generators/outputs/yaml.ts';

const written = (tree: Tree): unknown => load(yamlDocument('about', tree));

const KEYS = [
  'on',
  'yes',
  'null',
  '~',
  '0777',
  '1e3',
  '.inf',
  '2026-11-20',
  '12:30:45',
  '- x',
  '# x',
  'a: b',
  'a:',
  ':',
  '?',
];
const MORE_KEYS = [
  '',
  ' ',
  '"',
  "'",
  '{',
  '[a]',
  '&a',
  '*a',
  '!a',
  '|',
  '>',
  '%a',
  '@a',
  '`',
  '<<',
  '__proto__',
  'é',
  '😀',
];
const TEXTS = [
  ...KEYS,
  ...MORE_KEYS,
  'true',
  '10',
  '1_000',
  '0x10',
  'a #b',
  '{{ $labels.node }}',
  '$1',
  '\\',
  '\t',
  'a, b',
];

describe('what is written is read back', () => {
  test.each([...KEYS, ...MORE_KEYS])('the key %j', (key) => {
    for (const value of ['v', 1, [], {}, ['v'], { [key]: { [key]: 'v' } }] as const) {
      expect(written({ [key]: value })).toEqual({ [key]: value });
      expect(written({ a: [{ [key]: value }] })).toEqual({ a: [{ [key]: value }] });
    }
  });

  test.each(TEXTS)('the text %j', (text) => {
    const tree = { a: text, b: { c: text }, d: [text, [text], { e: text }] };
    expect(written(tree)).toEqual(tree);
  });

  test.each([
    ['two lines', 'a\nb'],
    ['a line break at the end', 'a\nb\n'],
    ['an empty line', 'a\n\nb'],
    ['indentation', 'a\n  b\n    c'],
    ['what looks like a comment', 'a\n# b\n  # c'],
    ['what looks like an item', '- a\n- b'],
    ['what looks like the end of the document', 'a\n...\n---\nb'],
    ['more than the width of a page', `${'word '.repeat(50)}end`],
    ['a line of more than the width of a page', `a\n${'word '.repeat(50)}end`],
  ])('text with %s', (_name, text) => {
    const tree = { a: text, b: { c: because('why', text) }, d: [text, because('why', text), { e: text, f: text }] };
    expect(written(tree)).toEqual(plain(tree));
  });

  test.each([
    ['numbers', { a: [0, -1, 0.5, 1e21, 1e-9] }],
    ['true, false and null', { a: [true, false, null], b: null }],
    ['empty collections', { a: [], b: {}, c: [[], {}, [[]], [{}]] }],
    ['lists in lists', { a: [[1, [2, [3]]], [[4]]] }],
    ['mappings in lists', { a: [{ b: 1, c: 2 }, { d: { e: 3 } }, { f: [{ g: 4 }] }] }],
    ['the same object twice', (() => ((same) => ({ a: same, b: [same, same] }))({ c: [1] }))()],
    ['a list at the top', [1, { a: 2 }]],
    ['nothing at the top', {}],
  ] as const)('%s', (_name, tree) => {
    expect(written(tree)).toEqual(tree);
  });

  test('text is never folded: a query stays as it was written', () => {
    const query = `sum(\n  ${'a + '.repeat(50)}a\n)`;
    expect(yamlDocument('about', { expr: query, summary: 'word '.repeat(50).trim() }).split('\n')).toEqual(
      expect.arrayContaining(['expr: |-', `    ${'a + '.repeat(50)}a`, `summary: ${'word '.repeat(50).trim()}`]),
    );
  });

  test('keys whose value is undefined are left out', () => {
    expect(written({ a: undefined, b: { c: undefined, d: 1 } })).toEqual({ b: { d: 1 } });
  });

  test.each([
    ['several line breaks at the end', 'a\n\n'],
    ['nothing but line breaks', '\n\n'],
    ['spaces at the end', 'a\nb  '],
    ['an ideographic space at the end', '東京\u3000'],
    ['spaces at the beginning', '  a\nb'],
  ])('text with %s', (_name, text) => {
    const tree = { a: text, b: [text], c: { d: [text, { e: text }, [text]] }, f: 'next' };
    expect(written(tree)).toEqual(tree);
  });

  test.each([
    ['several lines', 'a\nb'],
    ['more than 1024 characters', 'k'.repeat(1025)],
  ])('a key of %s above a mapping is written in full', (_name, key) => {
    expect(written({ [key]: { a: 1 } })).toEqual({ [key]: { a: 1 } });
  });

  test('a mapping in which everything is left out is empty, not null', () => {
    const tree = { a: { b: undefined }, c: [{ d: undefined }] };
    expect(written(tree)).toEqual(plain(tree));
  });
});
