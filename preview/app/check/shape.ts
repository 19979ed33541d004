import { at, type Finding, isObject, unknownName } from './finding.ts';
import type { Known } from './known.ts';
import { unitFindings } from './unit.ts';

/** What may stand at a place: anything, one of some values, a name known at run time, or an object with these keys. Lists hold such each. */
export type Shape =
  | true
  | { readonly values: readonly string[] }
  | { readonly name: Exclude<keyof Known, 'panelTypes' | 'transformations'> }
  | { readonly keys: Readonly<Record<string, Shape>> }
  | { readonly each: Shape };

/** An object with exactly the keys of a published type, so that an upgrade of the type that adds or removes one fails to compile. */
export const keysOf = <T>(
  keys: Readonly<Record<keyof T & string, Shape>>,
): { keys: Readonly<Record<string, Shape>> } => ({
  keys,
});

/** One of exactly the values of a published enumeration. */
export const oneOf = <T extends string>(values: Readonly<Record<`${T}`, true>>): { values: readonly string[] } => ({
  values: Object.keys(values),
});

/** An object with keys of the user's own, whose values have a shape. */
export const each = (shape: Shape): { each: Shape } => ({ each: shape });

/** A reducer's id, or a list of them. */
export const REDUCER: Shape = { name: 'reducers' };

/** The id of a matcher of fields. */
export const FIELD_MATCHER: Shape = { name: 'fieldMatchers' };

const NOUNS = { units: 'unit', reducers: 'reducer', fieldMatchers: 'matcher', colorModes: 'color mode' } as const;

function ofName(value: unknown, name: keyof typeof NOUNS, place: string, known: Known): Finding[] {
  if (name === 'units') return unitFindings(value, place, known.units);
  return unknownName(place, NOUNS[name], value, known[name]);
}

function ofKeys(value: unknown, keys: Readonly<Record<string, Shape>>, place: string, known: Known): Finding[] {
  if (!isObject(value)) return [];
  const names = Object.keys(keys);
  return Object.entries(value).flatMap(([key, inner]) =>
    Object.hasOwn(keys, key)
      ? findingsOf(inner, keys[key] ?? true, at(place, key), known)
      : unknownName(at(place, key), 'option', key, names),
  );
}

/** What in a value does not have its shape. Missing keys and null never count: Grafana has defaults for them. */
export function findingsOf(value: unknown, shape: Shape, place: string, known: Known): Finding[] {
  if (shape === true || value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => findingsOf(item, shape, at(place, index), known));
  if ('values' in shape) return unknownName(place, 'value', value, shape.values);
  if ('name' in shape) return ofName(value, shape.name, place, known);
  if ('keys' in shape) return ofKeys(value, shape.keys, place, known);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => findingsOf(inner, shape.each, at(place, key), known));
}
