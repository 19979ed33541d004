import { Config } from './schema.ts';

/** What a configuration may refer to by name; it comes from the indexes of alerts and dashboards. */
export interface Catalogue {
  readonly alerts: Readonly<Record<string, { readonly escalates: boolean; readonly ratio: boolean }>>;
  /** Panel keys of each dashboard, by the dashboard's uid. */
  readonly dashboards: Readonly<Record<string, readonly string[]>>;
}

type Json = Record<string, unknown>;

/** A mapping whose only keys are `names`, each with the schema that `schemaOf` gives. */
const only = (names: readonly string[], schemaOf: (name: string) => unknown, rest: Json): Json => ({
  ...rest,
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, schemaOf(name)])),
  additionalProperties: false,
});

/** The value schema of a record schema. */
function itemOf(record: unknown): Json {
  const patterns = (record as { patternProperties?: Record<string, Json> }).patternProperties ?? {};
  return Object.values(patterns)[0] ?? {};
}

const about = (schema: Json): Json => ({ default: schema['default'], description: schema['description'] });

/** The configuration's schema as plain JSON, with the names of the catalogue as its only alerts, dashboards and panels. */
export function namedSchema(catalogue: Catalogue): Json {
  const schema = JSON.parse(JSON.stringify(Config)) as Json & { properties: Record<string, Json> };
  const { alerts, dashboards } = schema.properties;
  if (alerts === undefined || dashboards === undefined) throw new TypeError('the schema lost its alerts or dashboards');
  const alert = itemOf(alerts);
  const dashboard = itemOf(dashboards) as Json & { then: { properties: Record<string, Json> } };
  const panel = itemOf(dashboard.then.properties['panels']);
  schema.properties['alerts'] = only(Object.keys(catalogue.alerts), () => alert, about(alerts));
  schema.properties['dashboards'] = only(
    Object.keys(catalogue.dashboards),
    (uid) => ({
      ...dashboard,
      then: {
        ...dashboard.then,
        properties: { ...dashboard.then.properties, panels: only(catalogue.dashboards[uid] ?? [], () => panel, {}) },
      },
    }),
    about(dashboards),
  );
  return schema;
}

/**
 * The schema as editors want it: nothing that has a default is required, and no keyword of our own is left.
 * Published as azimuth.schema.json.
 */
export function editorSchema(catalogue: Catalogue): Json {
  const relax = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(relax);
    if (typeof node !== 'object' || node === null) return node;
    const { required, expected: _ours, ...rest } = node as Json & { required?: string[]; properties?: Json };
    const properties = (rest.properties ?? {}) as Record<string, Json>;
    const still = Array.isArray(required) ? required.filter((name) => !('default' in (properties[name] ?? {}))) : [];
    const relaxed = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, relax(value)]));
    return still.length > 0 ? { ...relaxed, required: still } : relaxed;
  };
  return relax(namedSchema(catalogue)) as Json;
}
