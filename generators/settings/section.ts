import type { FromSchema, JSONSchema } from 'json-schema-to-ts';

/** Names from the registry and the catalogue that a section's schema may list. */
export interface Names {
  /** Ids of flow sources, such as `obi`. */
  readonly flowSources: readonly string[];
  /** Ids of exporters of ENA counters, such as `showmax`. */
  readonly exporters: readonly string[];
  /** Ids of outputs, as `targets` lists them. */
  readonly outputs: readonly string[];
  readonly alerts: readonly string[];
  /** Panel keys of each dashboard, by the dashboard's uid. */
  readonly dashboards: Readonly<Record<string, readonly string[]>>;
}

/** The schema of a section, or a function that builds it from names of the registry. */
export type Section = object | ((names: Names) => object);

/** Sections of the configuration by their names. */
export type Sections = Readonly<Record<string, Section>>;

/** A schema that states the type of its values, where the type cannot be inferred from the keywords (`if`, mappings by name). */
type Typed<T> = object & { readonly __type?: T };

/** States the type of the values that a schema accepts. @example typed<Flows>()({ type: 'object' }) */
export const typed =
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names T: a schema cannot infer it
  <T>() =>
    <const S extends Section>(section: S) =>
      section as S & Typed<T>;

type SchemaOf<S> = S extends (names: Names) => infer R ? R : S;

type ValueOf<S> =
  S extends Typed<infer T>
    ? unknown extends T
      ? SchemaOf<S> extends JSONSchema
        ? FromSchema<SchemaOf<S>>
        : never
      : T
    : never;

/** The part of a complete configuration that these sections describe. */
export type Slice<S extends Sections> = { readonly [K in keyof S]: ValueOf<S[K]> };

/** A path of settings inside a slice, such as `retina.version`. Checks declare the settings that they read with such paths. */
export type PathIn<T, Depth extends readonly unknown[] = [0, 0, 0]> = Depth extends readonly [unknown, ...infer Rest]
  ? {
      [K in keyof T & string]:
        K | (T[K] extends readonly unknown[] ? never : T[K] extends object ? `${K}.${PathIn<T[K], Rest>}` : never);
    }[keyof T & string]
  : never;

type At<T, P extends string> = P extends `${infer Head}.${infer Rest}`
  ? Head extends keyof T
    ? { readonly [K in Head]: At<T[K], Rest> }
    : never
  : P extends keyof T
    ? { readonly [K in P]: T[P] }
    : never;

/** The intersection of a union's members. */
export type Both<U> = (U extends unknown ? (value: U) => void : never) extends (value: infer All) => void ? All : never;

/** The part of a slice at these paths. */
export type Picked<T, P extends string> = Both<P extends unknown ? At<T, P> : never>;

type Json = Readonly<Record<string, unknown>>;

/** Whether a value is a mapping: no list, no scalar. */
export const isMapping = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a path; undefined if a part of the path is missing. */
export const valueAt = (tree: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (isMapping(at) ? at[key] : undefined), tree);

/** A copy of a tree with another value at a path. */
export function withValue(tree: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const inside = isMapping(tree) ? tree : {};
  return { ...inside, [key]: withValue(inside[key], rest, value) };
}

/** The names that a setting chooses: one, those of a list, or none of them where it is `none`. */
export const chosenNames = (given: string | readonly string[]): readonly string[] =>
  [given].flat().filter((name) => name !== 'none');

/** A view of a configuration that holds only what is at these paths. A setting is read when it is asked for. */
export function viewOf(config: unknown, paths: readonly string[]): object {
  const view = {};
  for (const head of new Set(paths.map((path) => path.split('.')[0] ?? ''))) {
    const get = (): unknown => {
      const value = isMapping(config) ? config[head] : undefined;
      if (paths.includes(head)) return value;
      const inner = paths.filter((path) => path.startsWith(`${head}.`)).map((path) => path.slice(head.length + 1));
      return viewOf(value, inner);
    };
    Object.defineProperty(view, head, { get, enumerable: true });
  }
  return view;
}
