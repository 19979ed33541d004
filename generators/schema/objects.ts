import { MOST_INT32 } from './limits.ts';

/**
 * Parts of the schemas of kinds. Every mapping is closed: a key that the schema does not name is an error, as a misspelt key would be
 * ignored by the cluster. `expected` completes the sentence "got X, expected ..." of messages.
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

/** A list of at least `least` items. */
export const listOf = (items: Schema, least = 1): Schema => ({ type: 'array', items, minItems: least });

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

export const LEAST_ONE: Schema = {
  type: 'integer',
  minimum: 1,
  maximum: MOST_INT32,
  expected: `a whole number from 1 to ${MOST_INT32}`,
};
export const PORT_NUMBER: Schema = { type: 'integer', minimum: 1, maximum: 65_535, expected: 'a port from 1 to 65535' };

/** RFC 1123: names of namespaces, Services, containers. Upstream: Kubernetes, apimachinery/pkg/util/validation. */
export const DNS_LABEL: Schema = {
  type: 'string',
  maxLength: 63,
  pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
  expected: 'a DNS label: up to 63 lower case letters, digits and dashes',
};

/** RFC 1123: names of most other objects. */
export const DNS_SUBDOMAIN: Schema = {
  type: 'string',
  maxLength: 253,
  pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
  expected: 'a DNS name: up to 253 lower case letters, digits, dashes and dots',
};

/** The key of a label or annotation: a name of up to 63 characters, behind an optional domain of up to 253. */
export const QUALIFIED_NAME: Schema = {
  type: 'string',
  pattern: '^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$',
  expected: 'the key of a label such as app or example.com/team: the name up to 63 characters',
};

const LABEL_VALUE: Schema = {
  type: 'string',
  pattern: '^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$',
  expected: 'the value of a label: up to 63 letters, digits, dashes, dots and underscores',
};

export const LABEL_MAP: Schema = mapOf(LABEL_VALUE, QUALIFIED_NAME);
export const ANNOTATION_MAP: Schema = mapOf(
  { type: 'string', expected: 'text: quote numbers and true' },
  QUALIFIED_NAME,
);
export const SELECTOR: Schema = closed({ matchLabels: { ...LABEL_MAP, minProperties: 1 } }, ['matchLabels']);

/** A duration of Prometheus; the pattern of the operator's definitions. */
export const PROMETHEUS_DURATION: Schema = {
  type: 'string',
  pattern: '^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$',
  minLength: 1,
  expected: 'a duration such as 30s or 5m',
};

/** A quantity of CPU or memory. */
export const QUANTITY: Schema = {
  type: 'string',
  pattern: '^[0-9]+(\\.[0-9]+)?(m|[KMGT]i?)?$',
  expected: 'a quantity in quotes such as "500m" or 100Mi',
};

const AMOUNTS: Schema = closed({ cpu: QUANTITY, memory: QUANTITY });
export const RESOURCES: Schema = closed({ requests: AMOUNTS, limits: AMOUNTS });

const METADATA = { name: DNS_SUBDOMAIN, labels: LABEL_MAP, annotations: ANNOTATION_MAP };
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
