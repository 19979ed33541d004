import { describe, expect, test } from '@jest/globals';
import { sourcesIn } from '../support/imports.ts';
import { pendingPromises } from '../support/promises.ts';

test('no promise is left alone while another one is awaited', () => {
  const sources = sourcesIn('generators', 'preview/host', 'demo');
  expect(Object.keys(sources).length).toBeGreaterThan(200);
  expect(pendingPromises(sources)).toEqual([]);
});

describe('one that is left alone is found', () => {
  const inFunction = (...lines: string[]) => ({ 'a.ts': `async function all() {\n${lines.join('\n')}\n}` });

  test.each([
    ['const a = xs.map(async (x) => x);', 'await b();', 'await Promise.all(a);'],
    [
      'const a = xs.filter(f).flatMap(async (x) => x);',
      'const b = 1;',
      'return [...(await Promise.all(c)), ...(await Promise.all(a))];',
    ],
    ['const a = Array.from(xs, async (x) => x);', 'for await (const b of c) b;', 'return a;'],
    ['const a = all();', 'const b = await c();', 'return a;'],
    ['if (x) {', 'const a = all();', 'await b();', 'await a;', '}'],
  ])('%s %s', (...lines) => {
    expect(pendingPromises(inFunction(...lines))).toEqual(['a.ts: a']);
  });

  test.each([
    ['const a = xs.map(async (x) => x);', 'const b = 1;', 'return Promise.all(a);'],
    ['const a = xs.map(async (x) => x);', 'const b = await Promise.all([...a, c()]);', 'await d();'],
    ['const a = all();', 'a.catch(() => undefined);', 'await b();'],
    ['const a = await all();', 'await b();', 'return a;'],
    ['const a = async () => all();', 'await b();', 'return a();'],
    ['const a = xs.map((x) => x);', 'await b();', 'return a;'],
  ])('but not %s %s', (...lines) => {
    expect(pendingPromises(inFunction(...lines))).toEqual([]);
  });
});
