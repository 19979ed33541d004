import { EXTRA_SCHEMA } from '../extra/settings.ts';
import { fleetSchema } from '../fleet/settings.ts';
import type { AlertTraits } from '../model/rules.ts';
import { COMPONENTS, OUTPUTS, SECTIONS } from '../registry.ts';
import { bounded } from '../schema/bounds.ts';
import { OWN_KEYWORDS } from '../schema/validator.ts';
import { type Names, valueAt } from '../settings/section.ts';

/**
 * Names that a configuration may use: alerts, dashboards and panels as the default configuration generates them, and the label names that
 * are taken. Build it once with `makeCatalogue` and pass it to `loadConfig` and `build`.
 */
export interface Catalogue {
  /** Alerts by name, with the defaults that checks compare changes with. */
  readonly alerts: Readonly<Record<string, AlertTraits>>;
  /** Panel keys of each dashboard, by the dashboard's uid. */
  readonly dashboards: Readonly<Record<string, readonly string[]>>;
  /** Label names that rules and dashboards use and the cluster label must not have. A name that ends in `*` is a prefix. */
  readonly labels: readonly string[];
}

/** A mapping of JSON, such as a schema. */
export type Json = Record<string, unknown>;

/** Ids of all flow sources. */
export const FLOW_SOURCES: readonly string[] = COMPONENTS.flatMap(({ flowSources }) => Object.keys(flowSources));

/** Ids of all exporters of ENA counters. */
export const EXPORTERS: readonly string[] = COMPONENTS.flatMap(({ exporters }) => Object.keys(exporters));

const schemas = new WeakMap<object, Json>();

/**
 * The schema of the configuration, with names from the registry and the catalogue. Every text, list and mapping in it has a bound.
 * Built once for each catalogue; do not change it.
 */
export function namedSchema(catalogue: Pick<Catalogue, 'alerts' | 'dashboards'>): Json {
  const schema = schemas.get(catalogue) ?? makeSchema(catalogue);
  schemas.set(catalogue, schema);
  return schema;
}

function makeSchema({ alerts, dashboards }: Pick<Catalogue, 'alerts' | 'dashboards'>): Json {
  const names: Names = {
    flowSources: FLOW_SOURCES,
    exporters: EXPORTERS,
    outputs: OUTPUTS.map(({ id }) => id),
    alerts: Object.keys(alerts),
    dashboards,
  };
  return {
    title: 'Azimuth configuration',
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(SECTIONS).map(([name, section]) => [
        name,
        bounded((typeof section === 'function' ? (section as (of: Names) => object)(names) : section) as Json),
      ]),
    ),
    additionalProperties: false,
  };
}

/** The schema for editors, without Azimuth's own keywords. Published as azimuth.schema.json. */
export const editorSchema = (catalogue: Catalogue): Json => {
  const text = JSON.stringify(namedSchema(catalogue), (key, value: unknown) =>
    OWN_KEYWORDS.includes(key) ? undefined : value,
  );
  const schema = JSON.parse(text) as Json;
  const properties = schema['properties'] as Json;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...schema,
    properties: { ...fleetSchema(Object.keys(properties)), extra: EXTRA_SCHEMA, ...properties },
  };
};

/** The configuration of an empty file: every setting at its default. */
export function defaultsOf(schema: Json): unknown {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Json>);
  const known = properties.filter(([, property]) => 'default' in property);
  // A mapping with arbitrary keys, such as labels, has no defaults inside.
  if (schema['type'] !== 'object' || !('properties' in schema)) return structuredClone(schema['default']);
  return Object.fromEntries(known.map(([name, property]) => [name, defaultsOf(property)]));
}

/** The path of one setting, such as `['cilium', 'apiServer', 'host']`. */
export type Path = readonly string[];

/**
 * All settings with a default, in the order of the schema. A list or a mapping with arbitrary keys, such as labels, is one setting.
 * Excludes alerts and dashboards, whose keys are names.
 */
export function settingsOf(schema: Json, above: Path = []): readonly Path[] {
  return Object.entries((schema['properties'] ?? {}) as Record<string, Json>).flatMap(
    ([key, property]): readonly Path[] => {
      const path = [...above, key];
      if (!('default' in property) || (above.length === 0 && (key === 'alerts' || key === 'dashboards'))) return [];
      return 'properties' in property ? settingsOf(property, path) : [path];
    },
  );
}

/** The part of a schema that describes a setting. */
export const schemaAt = (schema: Json, path: Path): Json =>
  (valueAt(
    schema,
    path.flatMap((key) => ['properties', key]),
  ) ?? {}) as Json;
