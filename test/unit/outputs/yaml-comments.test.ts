import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { carriesMark } from '../../../generators/model/artifact.ts';
import { because, type Tree } from '../../../generators/model/tree.ts';
import { yamlDocument } from '../../../generators/outputs/yaml.ts';

const written = (tree: Tree): unknown => load(yamlDocument('about', tree));

describe('comments', () => {
  const tree = {
    a: because('of a: [b', [
      because('of the item', { b: because('of b', 1), c: [because('of c', 'd')] }),
      because('# e', 2),
    ]),
    f: because('first paragraph\nsecond: paragraph\n\n- third', { g: because('of g', {}) }),
    h: [[because('deep', { i: 1 })]],
  };

  test('never become data', () => {
    expect(written(tree)).toEqual({ a: [{ b: 1, c: ['d'] }, 2], f: { g: {} }, h: [[{ i: 1 }]] });
  });

  test('stand above what they are about, at its indentation', () => {
    const list: Tree = { a: [because('of the item', { b: because('of b', 1), c: because('of c', [2]) })] };
    expect(yamlDocument('about', list).split('\n').slice(2)).toEqual([
      'a:',
      '  # of the item',
      '  # of b',
      '  - b: 1',
      '    # of c',
      '    c:',
      '      - 2',
      '',
    ]);
  });

  test('are broken between words at the width of a page', () => {
    const lines = yamlDocument('about', { a: because('word '.repeat(100).trim(), 1) }).split('\n');
    const comments = lines.slice(2, -2);
    expect(comments.length).toBeGreaterThan(3);
    expect(comments.every((line) => line.startsWith('# word') && line.length <= 112)).toBe(true);
    expect(comments.join(' ').match(/word/g)).toHaveLength(100);
  });

  test('may be one to a value', () => {
    expect(() => yamlDocument('about', { a: because('one', because('two', 1)) })).toThrow('a value has one comment');
  });

  test.each(['\n', '\r\n', '\u0085', '\u2028'])('with the line break %j never become data', (lineBreak) => {
    expect(written({ a: because(`of a${lineBreak}b: 2`, 1) })).toEqual({ a: 1 });
  });

  test('with a bare carriage return never become data', () => {
    expect(written({ a: because('of a\rb: 2', 1) })).toEqual({ a: 1 });
  });
});

test('a document says in its first line that it is generated, then what it is for', () => {
  const text = yamlDocument('What it is for.\nHow it is used.', { a: 1 });
  expect(carriesMark(text)).toBe(true);
  expect(text.split('\n').slice(1)).toEqual(['# What it is for.', '# How it is used.', 'a: 1', '']);
});
