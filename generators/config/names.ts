import { alertChange, dashboardChange, panelChange } from './overrides.ts';
import { settings } from '../settings/index.ts';

/** What a configuration may refer to by name; it comes from the indexes of alerts and dashboards. */
export interface Catalogue {
  readonly alerts: Readonly<
    Record<
      string,
      { readonly ratio: boolean; readonly threshold: number; readonly escalation?: { readonly threshold: number } }
    >
  >;
  /** Panel keys of each dashboard, by the dashboard's uid. */
  readonly dashboards: Readonly<Record<string, readonly string[]>>;
}

export type Json = Record<string, unknown>;

/** A mapping whose only keys are `names`. */
const only = (names: readonly string[], schemaOf: (name: string) => object) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, schemaOf(name)])),
  additionalProperties: false,
});

/** The configuration's schema with the names of the catalogue as its only alerts, dashboards and panels. */
export const namedSchema = ({ alerts, dashboards }: Catalogue): Json => ({
  title: 'Azimuth configuration',
  ...only([], () => ({})),
  properties: {
    ...settings,
    alerts: {
      ...only(Object.keys(alerts), () => alertChange),
      default: {},
      description: 'Changes to alerts, by name.',
    },
    dashboards: {
      ...only(Object.keys(dashboards), (uid) =>
        dashboardChange({
          ...only(dashboards[uid] ?? [], () => panelChange),
          description: 'Changes to panels, by key; false removes one.',
        }),
      ),
      default: {},
      description: 'Changes to dashboards, by uid, and to their panels, by key.',
    },
  },
});

/** The schema as editors want it, without the keyword of our own. Published as azimuth.schema.json. */
export const editorSchema = (catalogue: Catalogue): Json => {
  const text = JSON.stringify(namedSchema(catalogue), (key, value: unknown) =>
    key === 'expected' ? undefined : value,
  );
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
