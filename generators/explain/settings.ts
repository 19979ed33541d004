import { makeBundle } from '../build/bundle.ts';
import type { Build } from '../build/index.ts';
import { draftsOf } from '../build/drafts.ts';
import { type Catalogue, defaultsOf, type Json, namedSchema, type Path } from '../config/schema.ts';
import { listed } from '../schema/problems.ts';
import { valueAt, withValue } from '../settings/section.ts';

/** A setting, or a group of settings. */
export interface ExplainedSetting {
  readonly kind: 'setting';
  /** Its path, such as `cost.groupBy`. */
  readonly name: string;
  readonly meaning: string;
  /** What it may be, in words; empty for groups. */
  readonly expected: string;
  readonly unit?: string;
  /** What it must go with in order to have an effect. */
  readonly requires: readonly string[];
  readonly default?: unknown;
  readonly value: unknown;
  /** Files that would be others with the default; empty where the value is the default. */
  readonly changes: readonly string[];
  /** Paths of the settings in a group. */
  readonly settings: readonly string[];
}

/** The settings below a schema. A change of an alert or a dashboard is `false`, or a mapping: then its settings stand in `then`. */
const propertiesOf = (schema: Json): Readonly<Record<string, Json>> =>
  (schema['properties'] ?? (schema['then'] as Json | undefined)?.['properties'] ?? {}) as Record<string, Json>;

const schemaOf = (schema: Json, path: Path): Json => path.reduce((at, key) => propertiesOf(at)[key] ?? {}, schema);

/** Every path of a schema, groups included. */
const pathsOf = (schema: Json, above: Path = []): readonly Path[] =>
  Object.entries(propertiesOf(schema)).flatMap(([key, property]) => {
    const path = [...above, key];
    return [path, ...pathsOf(property, path)];
  });

/** Paths of all settings and groups. */
export const settingNames = (catalogue: Catalogue): readonly string[] =>
  pathsOf(namedSchema(catalogue)).map((path) => path.join('.'));

/** Types of JSON in words. */
const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a mapping',
  string: 'text',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
};

/** What a setting may be. */
function expectedOf(schema: Json): string {
  const { expected, enum: values, type } = schema;
  if (typeof expected === 'string') return expected;
  if (Array.isArray(values)) return listed(values.map(String), 'or');
  return listed(
    ([type].flat() as readonly (string | undefined)[]).flatMap((one) => (one === undefined ? [] : [TYPES[one] ?? one])),
    'or',
  );
}

/** The conditions of a setting, in words. */
const requirementsOf = (schema: Json): readonly string[] =>
  [schema['requires'] ?? []]
    .flat()
    .flatMap((one: unknown) =>
      typeof one === 'string'
        ? [one]
        : Object.entries(one as Record<string, readonly unknown[] | true>).map(([setting, values]) =>
            values === true ? `${setting} is set` : `${setting} is ${listed(values.map(String), 'or')}`,
          ),
    );

/** Texts of all files at version 1, so that only contents are compared. */
const textsOf = (config: Build['config'], bundle = makeBundle(config)): ReadonlyMap<string, string> =>
  new Map(draftsOf(config, bundle).map((draft) => [draft.path, draft.render(1)]));

/** Files that differ when a setting is back at its default. */
function changesOf({ config, bundle }: Build, path: Path, value: unknown): readonly string[] {
  const other = withValue(config, path, value) as Build['config'];
  const now = textsOf(config, bundle);
  let usual: ReadonlyMap<string, string>;
  try {
    usual = textsOf(other);
  } catch {
    // Without it, the other settings may make no whole: then all depends on it.
    return [...now.keys()];
  }
  const paths = [...new Set([...now.keys(), ...usual.keys()])].toSorted();
  return paths.filter((each) => now.get(each) !== usual.get(each));
}

/** The threshold that an alert has by itself, where a path names it. */
function thresholdOf(catalogue: Catalogue, [section, name = '', ...rest]: Path): number | undefined {
  if (section !== 'alerts') return undefined;
  const traits = catalogue.alerts[name];
  if (rest.join('.') === 'escalation.threshold') return traits?.escalation?.threshold;
  return rest.join('.') === 'threshold' ? traits?.threshold : undefined;
}

/** Explains a setting by its path; nothing if there is none. */
export function explainedSetting(build: Build, catalogue: Catalogue, name: string): readonly ExplainedSetting[] {
  const schema = namedSchema(catalogue);
  const path = name.split('.');
  if (!pathsOf(schema).some((each) => each.join('.') === name)) return [];
  const own = schemaOf(schema, path);
  const value = valueAt(build.config, path);
  const usual = valueAt(defaultsOf(schema), path) ?? thresholdOf(catalogue, path);
  const settings = Object.keys(propertiesOf(own)).map((key) => `${name}.${key}`);
  const isChanged = settings.length === 0 && value !== undefined && JSON.stringify(value) !== JSON.stringify(usual);
  return [
    {
      kind: 'setting',
      name,
      meaning: typeof own['description'] === 'string' ? own['description'] : '',
      expected: settings.length === 0 ? expectedOf(own) : '',
      ...(typeof own['unit'] === 'string' && { unit: own['unit'] }),
      requires: path.flatMap((_, index) => requirementsOf(schemaOf(schema, path.slice(0, index + 1)))),
      ...(usual !== undefined && { default: usual }),
      value,
      changes: isChanged ? changesOf(build, path, usual) : [],
      settings,
    },
  ];
}
