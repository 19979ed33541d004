import { namedSchema, type Json, type Path } from '../../generators/config/schema.ts';
import { catalogue } from './generate.ts';

/** A place in the configuration where a value may stand: an item of a list is at `0`, a key of the user's choice is `key`. */
export interface Place {
  readonly path: Path;
  readonly schema: Json;
}

const isSchema = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Every place below a schema, itself included. */
export function placesIn(schema: Json, path: Path = []): readonly Place[] {
  const branches = [schema, schema['then'], schema['else']].filter(isSchema);
  const inner = branches.flatMap(({ properties, items, additionalProperties }) => [
    ...Object.entries(isSchema(properties) ? (properties as Record<string, Json>) : {}),
    ...(isSchema(items) ? [['0', items] as const] : []),
    ...(isSchema(additionalProperties) ? [['key', additionalProperties] as const] : []),
  ]);
  return [{ path, schema }, ...inner.flatMap(([key, below]) => placesIn(below, [...path, key]))];
}

/** Every place of the configuration, but for the whole. */
export const PLACES = placesIn(namedSchema(catalogue)).slice(1);

/** The examples in what a schema expects: "a duration such as 30s or 5m" has two. */
const examplesIn = (expected: unknown): readonly string[] =>
  /such as (.+?)(?:, or null| \(|$)/.exec(typeof expected === 'string' ? expected : '')?.[1]?.split(/,? or |, /) ?? [];

const numbered = (count: unknown, item: (index: number) => unknown): unknown[] =>
  Array.from({ length: Number(count ?? 3) }, (_, index) => item(index));

/** A value that a schema takes, as far as its keywords say. */
function someValue(schema: Json, index = 0): unknown {
  const { properties, required = [] } = schema as { properties?: Record<string, Json>; required?: readonly string[] };
  const known = [schema['enum']].flat().filter((value) => value !== undefined);
  if (known.length > 0) return known[index % known.length];
  switch ([schema['type']].flat()[0]) {
    case 'object':
      return Object.fromEntries(required.map((key) => [key, someValue(properties?.[key] ?? {}, index)]));
    case 'array':
      return [someValue((schema['items'] ?? {}) as Json, index)];
    case 'integer':
    case 'number':
      return schema['minimum'] ?? index;
    case 'boolean':
      return index % 2 === 0;
    default: {
      const examples = examplesIn(schema['expected']);
      // A number in an example may vary, so that a list has no item twice.
      return (examples[index % Math.max(examples.length, 1)] ?? 'text').replace(/\d/, String(index % 10));
    }
  }
}

/** Values at and just beyond the bounds of a schema, and those that it names. */
export function boundaryValues(schema: Json): readonly unknown[] {
  const branches = [schema, schema['then'], schema['else']].filter(isSchema);
  return branches.flatMap((branch): readonly unknown[] => {
    const { minimum: min, maximum: max, maxLength, maxItems, maxProperties, items } = branch as Record<string, number>;
    const named = [branch['default'], branch['const'], ...[branch['enum']].flat()].filter(
      (value) => value !== undefined,
    );
    return [
      ...named,
      ...examplesIn(branch['expected']),
      ...(min === undefined ? [] : [min, min - 1]),
      ...(max === undefined ? [] : [max, max + 1]),
      ...(maxLength === undefined ? [] : ['a'.repeat(maxLength), 'a'.repeat(maxLength + 1)]),
      ...(maxItems === undefined
        ? []
        : [maxItems, maxItems + 1, 3].map((count) =>
            numbered(count, (index) => someValue(items as unknown as Json, index)),
          )),
      ...(maxProperties === undefined
        ? []
        : [maxProperties, maxProperties + 1].map((count) =>
            Object.fromEntries(numbered(count, (index) => [`key${index}`, 'a']) as [string, string][]),
          )),
      someValue(branch),
      someValue(branch, 1),
    ];
  });
}
