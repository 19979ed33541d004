import { DNS_LABEL, DNS_SUBDOMAIN, LABEL_KEY, LABELS, PORT, QUANTITY } from './formats.ts';
import type { Problem } from './problems.ts';

/**
 * Constructors for schemas of documents. Every mapping is closed: an unknown key is an error, because a cluster would silently ignore a
 * misspelt key.
 */

/** A JSON Schema. */
export type Schema = Readonly<Record<string, unknown>>;

/** A mapping with exactly these keys. A key that ends in `!` is required: `closed({ 'name!': TEXT, labels: LABELS })`. */
export function closed(keys: Readonly<Record<string, Schema>>): Schema {
  const entries = Object.entries(keys).map(([key, schema]) => ({ name: key.replace(/!$/, ''), key, schema }));
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(({ name, schema }) => [name, schema])),
    required: entries.filter(({ name, key }) => name !== key).map(({ name }) => name),
    additionalProperties: false,
  };
}

/** A list of at least `min` items. */
export const listOf = (items: Schema, min = 1): Schema => ({ type: 'array', items, minItems: min });

/** A mapping with keys of the user's choice. */
export const mapOf = (values: Schema, keys?: Schema): Schema => ({
  type: 'object',
  additionalProperties: values,
  ...(keys !== undefined && { propertyNames: keys }),
});

/** One of these values. */
export const oneOf = (...values: readonly unknown[]): Schema => ({ enum: values });

export const TEXT: Schema = { type: 'string' };
export const SOME_TEXT: Schema = { type: 'string', minLength: 1, expected: 'text that is not empty' };
export const FLAG: Schema = { type: 'boolean' };
export const COUNT: Schema = { type: 'integer', minimum: 0 };

/** For documents: the message names the whole range. For settings, it names the violated bound. */
export const PORT_NUMBER: Schema = { ...PORT, expected: 'a port from 1 to 65535' };

export const ANNOTATIONS: Schema = mapOf({ type: 'string', expected: 'text: quote numbers and true' }, LABEL_KEY);
export const SELECTOR: Schema = closed({ 'matchLabels!': { ...LABELS, minProperties: 1 } });

const AMOUNTS: Schema = closed({ cpu: QUANTITY, memory: QUANTITY });
export const RESOURCES: Schema = closed({ requests: AMOUNTS, limits: AMOUNTS });

const METADATA = { 'name!': DNS_SUBDOMAIN, labels: LABELS, annotations: ANNOTATIONS };
/** Metadata of a namespaced object. The namespace is required: without it, the object goes wherever kubectl points at. */
export const IN_NAMESPACE: Schema = closed({ ...METADATA, 'namespace!': DNS_LABEL });
/** Metadata of a cluster-scoped object. */
export const OF_CLUSTER: Schema = closed(METADATA);

/** A whole object: its metadata and these keys. Version and kind need no check, as they chose the schema. */
export const object = (metadata: Schema, keys: Readonly<Record<string, Schema>>): Schema =>
  closed({ 'apiVersion!': TEXT, 'kind!': TEXT, 'metadata!': metadata, ...keys });

/** Schema and checks of one kind of object. */
export interface Kind {
  /** Builds the schema; called for the first document of the kind. */
  readonly schema: () => Schema;
  /** Semantic checks: embedded documents, and fields that must match each other. Run only if the schema finds no problem. */
  readonly check?: (document: object) => readonly Problem[];
}

/** Kinds by `apiVersion kind`, such as `v1 ConfigMap`. */
export type Kinds = Readonly<Record<string, Kind>>;
