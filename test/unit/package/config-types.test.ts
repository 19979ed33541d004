import { expect, test } from '@jest/globals';
import { configTypes } from '../../../package/config-types.ts';

const typesOf = (properties: object): string =>
  configTypes({
    schema: { type: 'object', properties },
    flowSources: ['obi'],
    outputs: ['grafana'],
  });

const both = (properties: object): readonly string[] =>
  typesOf(properties).match(/(?<=^export type Config(?:Input)? = )\{[^]*?^\}(?=;$)/gm) ?? [];

test('a setting with a default is there in a complete configuration, and optional in a file', () => {
  const [config, input] = both({
    a: { type: 'string', default: 'x', description: 'A name.', unit: 's' },
    b: { type: ['integer', 'null'] },
  });
  expect(config).toBe(
    '{\n  /** A name. Unit: s. Default: "x". */\n  readonly a: string;\n  readonly b?: number | null;\n}',
  );
  expect(input).toBe(
    '{\n  /** A name. Unit: s. Default: "x". */\n  readonly a?: string;\n  readonly b?: number | null;\n}',
  );
});

test('choices, lists, mappings and alternatives', () => {
  const [config] = both({
    choice: { enum: ['a', 1] },
    list: { type: 'array', items: { enum: ['a', 'b'] } },
    words: { type: 'array', items: { type: 'string' } },
    open: { type: 'object', additionalProperties: { type: 'number' } },
    off: { if: { type: 'boolean' }, then: { const: false }, else: { type: 'string' } },
    items: { type: 'array', items: { type: 'object', required: ['x'], properties: { x: { type: 'number' } } } },
    'a-b': { type: 'boolean' },
  });
  expect(config).toContain('  readonly choice?: "a" | 1;\n');
  expect(config).toContain('  readonly list?: readonly ("a" | "b")[];\n');
  expect(config).toContain('  readonly words?: readonly string[];\n');
  expect(config).toContain('  readonly open?: { readonly [name: string]: number };\n');
  expect(config).toContain('  readonly off?: false | string;\n');
  expect(config).toContain('  readonly items?: readonly ({\n    readonly x: number;\n  })[];\n');
  expect(config).toContain('  readonly "a-b"?: boolean;\n');
});

test('a mapping that is there three times gets a name', () => {
  const change = { type: 'object', properties: { title: { type: 'string' } } };
  const text = typesOf({ a: change, b: change, c: change });
  expect(text).toContain('type Part1 = {\n  readonly title?: string;\n};\n');
  expect(text).toContain('  readonly a?: Part1;\n  readonly b?: Part1;\n  readonly c?: Part1;\n');
});

test('a schema that no type is known for stops the build', () => {
  expect(() => typesOf({ a: { not: {} } })).toThrow('a schema without a type that can be written: {"not":{}}');
});
