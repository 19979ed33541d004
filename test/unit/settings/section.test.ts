import { expect, test } from '@jest/globals';
import { COMPONENTS } from '../../../generators/index.ts';
import { viewOf } from '../../../generators/settings/section.ts';
import { component } from '../../../generators/components/contract.ts';
import { adapterOf } from '../../support/registry.ts';

test('a view holds what is at its paths, and nothing else', () => {
  const config = { a: { b: { c: 1, d: 2 }, e: 3 }, f: 4 };
  expect(viewOf(config, ['a.b.c', 'f'])).toEqual({ a: { b: { c: 1 } }, f: 4 });
  expect(viewOf(config, ['a', 'a.e'])).toEqual({ a: config.a });
  expect(viewOf(config, [])).toEqual({});
});

test('a view reads a setting when it is asked for', () => {
  const read: string[] = [];
  const config = new Proxy(
    { a: 1, b: 2 },
    {
      get: (target, key) => {
        read.push(String(key));
        return Reflect.get(target, key) as unknown;
      },
    },
  );
  const view = viewOf(config, ['a', 'b']) as typeof config;
  expect(read).toEqual([]);
  expect(view.b).toBe(2);
  expect(read).toEqual(['b']);
});

test('the adapter of a flow source that reads what it does not declare fails with every configuration', () => {
  const SETTINGS = { mine: { type: 'object', properties: { version: { type: 'string' } } } } as const;
  const greedy = component({
    id: 'mine',
    settings: SETTINGS,
    reads: {},
    enabled: () => true,
    flowSources: { mine: { adapter: ({ mine }) => ({ ...adapterOf('obi'), id: mine.version ?? '' }) } },
  });
  expect(() => greedy.bind({ mine: { version: 'v1' } }).flowSource('mine')).toThrow(TypeError);
});

test('the adapters of all flow sources declare what they read', () => {
  for (const { flowSources, bind } of COMPONENTS) {
    for (const [id, reads] of Object.entries<readonly string[]>(flowSources)) {
      const config = Object.fromEntries(
        reads.map((path) => [path.split('.')[0] ?? '', { version: 'v1.2.6', addresses: true }]),
      );
      expect(bind(config).flowSource(id)?.id).toBe(id);
    }
  }
});
