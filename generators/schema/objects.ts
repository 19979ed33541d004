import { DNS_LABEL, DNS_SUBDOMAIN, LABEL_KEY, LABELS, PORT, QUANTITY } from './formats.ts';
import type { Problem } from './problems.ts';

/**
 * Helpers for the schemas of documents. Every mapping is closed: a key that the schema does not name is an error, as a misspelt key
 * would be ignored by the cluster.
 */

/** A JSON Schema. */
export type Schema = Readonly<Record<string, unknown>>;

/** A mapping with exactly these keys; those in `required` must be there. */
export const closed = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

/** A list of at least `min` items. */
export const listOf = (items: Schema, min = 1): Schema => ({ type: 'array', items, minItems: min });

/** A mapping whose keys are the user's own. */
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

/** Documents name the whole range; of a setting, a message names the bound that is broken. */
export const PORT_NUMBER: Schema = { ...PORT, expected: 'a port from 1 to 65535' };

export const ANNOTATIONS: Schema = mapOf({ type: 'string', expected: 'text: quote numbers and true' }, LABEL_KEY);
export const SELECTOR: Schema = closed({ matchLabels: { ...LABELS, minProperties: 1 } }, ['matchLabels']);

const AMOUNTS: Schema = closed({ cpu: QUANTITY, memory: QUANTITY });
export const RESOURCES: Schema = closed({ requests: AMOUNTS, limits: AMOUNTS });

const METADATA = { name: DNS_SUBDOMAIN, labels: LABELS, annotations: ANNOTATIONS };
/** Metadata of an object in a namespace, which is always named: what is left out would be whatever kubectl points at. */
export const IN_NAMESPACE: Schema = closed({ ...METADATA, namespace: DNS_LABEL }, ['name', 'namespace']);
/** Metadata of an object of the cluster. */
export const OF_CLUSTER: Schema = closed(METADATA, ['name']);

/** A whole object: its kind is known by then, as the schema was chosen by it. */
export const object = (
  metadata: Schema,
  rest: Readonly<Record<string, Schema>>,
  optional: readonly string[] = [],
): Schema =>
  closed({ apiVersion: TEXT, kind: TEXT, metadata, ...rest }, [
    'apiVersion',
    'kind',
    'metadata',
    ...Object.keys(rest).filter((key) => !optional.includes(key)),
  ]);

/** How documents of one kind are checked. */
export interface Kind {
  /** Makes the schema; called when the first document of the kind comes by. */
  readonly schema: () => Schema;
  /** Semantic checks: documents inside the document, and parts that must fit each other. Run where the schema found nothing. */
  readonly check?: (document: object) => readonly Problem[];
}

/** Kinds by `apiVersion kind`, such as `v1 ConfigMap`. */
export type Kinds = Readonly<Record<string, Kind>>;
