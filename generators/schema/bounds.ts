import { MAX_ANNOTATION_BYTES } from './limits.ts';

/**
 * Bounds of what a configuration may hold. Builds run on configurations from strangers' pull requests, so nothing in one may make a build
 * long or large. A setting whose real bound is smaller has it in its schema.
 */

type Json = Record<string, unknown>;

/** Maximum size of a configuration in YAML, in bytes: as much as `kubectl apply` takes in a ConfigMap, a copy of which is an annotation. */
export const MAX_YAML_BYTES = MAX_ANNOTATION_BYTES;

/** Maximum number of values after the expansion of aliases: mappings, lists and scalars. */
export const MAX_VALUES = 20_000;

/** Maximum number of characters of all names and texts together, after the expansion of aliases. */
export const MAX_CHARACTERS = 1_000_000;

/** Maximum number of mappings and lists around a value; no setting is deeper than seven. */
export const MAX_DEPTH = 20;

/** Maximum length of any text in a configuration, before its schema is known. */
export const MAX_ANY_TEXT = 10_000;

/** Maximum length of a text whose setting has no bound of its own. */
export const MAX_TEXT = 1000;

/** Maximum length of the name of a setting or a label: Mimir's and Cortex's for labels (validation.max-length-label-name), the longest of all. */
export const MAX_NAME = 1024;

/** Maximum number of items of a list without a bound of its own. */
export const MAX_ITEMS = 1000;

/** Maximum number of keys of the user's choice, such as labels. Mimir takes 30 labels of a series, AWS 50 tags of a resource. */
export const MAX_KEYS = 100;

/** The default bounds that a schema of these types lacks. */
function missing(schema: Json): Json {
  if ('enum' in schema || 'const' in schema) return {};
  const types = new Set([schema['type']].flat());
  return {
    ...(types.has('string') && { maxLength: MAX_TEXT }),
    ...(types.has('array') && { maxItems: MAX_ITEMS }),
    ...(types.has('object') && schema['additionalProperties'] !== false && { maxProperties: MAX_KEYS }),
  };
}

/** Keywords that hold one schema. `if` only chooses a branch, so it has no bounds. */
const INNER = ['items', 'additionalProperties', 'propertyNames', 'then', 'else'];

const isSchema = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** A schema in which every text, list and mapping has a bound: its own, or the default. */
export function bounded(schema: Json): Json {
  const properties = schema['properties'];
  return {
    ...missing(schema),
    ...schema,
    ...Object.fromEntries(
      INNER.flatMap((key) => {
        const inner = schema[key];
        return isSchema(inner) ? [[key, bounded(inner)]] : [];
      }),
    ),
    ...(isSchema(properties) && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, bounded(inner as Json)])),
    }),
  };
}
