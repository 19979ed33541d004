import { COMPONENTS, OUTPUTS, SECTIONS } from '../registry.ts';
import type { Names } from '../settings/section.ts';
import { valueAt } from '../settings/section.ts';

/** Names that a configuration may refer to, and what its checks need to know of alerts. */
export interface Catalogue {
  readonly alerts: Readonly<
    Record<
      string,
      { readonly ratio: boolean; readonly threshold: number; readonly escalation?: { readonly threshold: number } }
    >
  >;
  /** Panel keys of each dashboard, by the dashboard's uid. */
  readonly dashboards: Readonly<Record<string, readonly string[]>>;
  /** Label names that rules and dashboards use, which the cluster label must not have; see `isAmong`. */
  readonly labels: readonly string[];
}

export type Json = Record<string, unknown>;

/** Ids of every flow source. */
export const FLOW_SOURCES: readonly string[] = COMPONENTS.flatMap(({ flowSources }) => Object.keys(flowSources));

/** Ids of every exporter of ENA counters. */
export const EXPORTERS: readonly string[] = COMPONENTS.flatMap(({ exporters }) => Object.keys(exporters));

/** The configuration's schema with the names of the registry and of the catalogue. */
export function namedSchema({ alerts, dashboards }: Pick<Catalogue, 'alerts' | 'dashboards'>): Json {
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
        typeof section === 'function' ? (section as (of: Names) => object)(names) : section,
      ]),
    ),
    additionalProperties: false,
  };
}

/**
 * Keywords of ours: `expected` completes messages, `requires` names the switch of a setting, `note` marks facts that no output reads, and
 * `unit` is for the reference of all settings.
 */
const OURS = new Set(['expected', 'note', 'requires', 'unit']);

/** The schema as editors want it, without keywords of our own. Published as azimuth.schema.json. */
export const editorSchema = (catalogue: Catalogue): Json => {
  const text = JSON.stringify(namedSchema(catalogue), (key, value: unknown) => (OURS.has(key) ? undefined : value));
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...(JSON.parse(text) as Json) };
};

/** The configuration of an empty file: every setting at its default. */
export function defaultsOf(schema: Json): unknown {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Json>);
  const known = properties.filter(([, property]) => 'default' in property);
  // A mapping of any keys, such as labels, has no defaults of its own inside.
  if (schema['type'] !== 'object' || !('properties' in schema)) return structuredClone(schema['default']);
  return Object.fromEntries(known.map(([name, property]) => [name, defaultsOf(property)]));
}

/** The path of one setting, such as `['cilium', 'apiServer', 'host']`. */
export type Path = readonly string[];

/**
 * Every setting that has a default, in the order of the schema. Lists and mappings of any keys, such as labels, are one setting each;
 * alerts and dashboards have names of their own and are not among them.
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
