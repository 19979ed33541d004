import { formatValue, type Target } from './variables-format.ts';

/** What takes the place of a name. */
export interface ScopedValue {
  /** The value, or the values chosen where there can be several. */
  readonly value: string | readonly string[];
  /** What people read for it. */
  readonly text: string;
  /** Several values can be chosen, or All: each is part of a regular expression then. */
  readonly multi: boolean;
  /** Put in as it is, whatever the target: a value for All that is an expression, or a part of an address. */
  readonly raw?: boolean;
  /** The value as addresses carry it, where that differs: `$__all` instead of all of the options. */
  readonly url?: readonly string[];
}

/** What the names of a text stand for; `name.field` is a name of its own, such as `__dashboard.uid`. */
export type Scope = ReadonlyMap<string, ScopedValue>;

/** Where a text names a variable. */
export interface Reference {
  /** As it is written. */
  readonly written: string;
  /** With the field after the dot, if there is one. */
  readonly name: string;
  readonly format: string | undefined;
}

/** `$name`, `${name.field:format}`, `[[name:format]]`: the syntax of Grafana's documentation. */
const REFERENCE = /\$(\w+)|\$\{(\w+)(?:\.([^:}]+))?(?::([^}]+))?\}|\[\[(\w+)(?::(\w+))?\]\]/g;

/** Names that @grafana/data fills in for each value of a field. */
const OF_DATA = new Set(['__data', '__field', '__value', '__series', '__calc']);

const referenceOf = (match: readonly (string | undefined)[]): Reference => {
  const [written = '', plain, braced, field, format, square, squareFormat] = match;
  const name = plain ?? braced ?? square ?? '';
  return { written, name: field === undefined ? name : `${name}.${field}`, format: format ?? squareFormat };
};

/** All places where the text names a variable; not groups such as `$1`, and not what @grafana/data fills in. */
export const referencesIn = (text: string): Reference[] =>
  [...text.matchAll(REFERENCE)]
    .map(referenceOf)
    .filter(({ name }) => !/^\d/.test(name) && !OF_DATA.has(name.split('.')[0] ?? ''));

/** Formats that tell something else than the value even where the value is raw. */
const STILL_FORMATTED = new Set(['text', 'percentencode', 'queryparam']);

function replacement(reference: Reference, scoped: ScopedValue, target: Target): string {
  const { name, format } = reference;
  if (scoped.raw === true && !STILL_FORMATTED.has(format ?? (target === 'text' ? 'text' : '')))
    return [scoped.value].flat().join(',');
  const { value, text, multi, url } = scoped;
  return formatValue(value, format, { name, target, multi, text, ...(url && { url }) });
}

/**
 * The text with the values of the scope in the places of their names. Names that the scope does not have stay as they are, and so
 * does what only looks like one, such as `$1` of `label_replace`. Values are not looked into again.
 *
 * @throws Error when a format is unknown
 */
export const interpolate = (text: string, scope: Scope, target: Target): string =>
  text.replace(REFERENCE, (...parts: unknown[]) => {
    const reference = referenceOf(parts.slice(0, 7) as (string | undefined)[]);
    const scoped = scope.get(reference.name);
    return scoped === undefined ? reference.written : replacement(reference, scoped, target);
  });

/** Names of all variables that the text refers to, each once. */
export const namesIn = (text: string): string[] => [...new Set(referencesIn(text).map(({ name }) => name))];

/** Names that the text refers to and the scope does not have. */
export const unknownNames = (text: string, scope: Scope): string[] => namesIn(text).filter((name) => !scope.has(name));
