import { DURATION } from '../promql/index.ts';

/**
 * Strings of a fixed form, to be spread into a schema. `expected` is a keyword of ours: it completes the sentence "got X, expected
 * ..." of error messages.
 */

/** A Prometheus duration. */
export const DURATION_FORM = {
  type: 'string',
  pattern: DURATION.source,
  expected: 'a duration such as 30s or 5m',
} as const;

/** Unicode text without line breaks and half characters, so that it is safe between quotes in YAML, JSON and label values. */
export const LINE = {
  type: 'string',
  pattern: '^[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]*$',
  expected: 'text on one line',
} as const;

/** A URL or a path, as links in alerts start with it: no spaces, and no braces, which would start a template. */
export const URL_FORM = {
  type: 'string',
  pattern: '^[^\\s{}"]*$',
  expected: 'a URL or a path without spaces and braces',
} as const;

/** A Prometheus label name. */
export const LABEL = {
  type: 'string',
  pattern: '^[a-zA-Z_][a-zA-Z0-9_]*$',
  expected: 'a Prometheus label name such as cluster',
} as const;

/** A name of a Kubernetes object. */
export const KUBERNETES_NAME = {
  type: 'string',
  pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
  expected: 'a Kubernetes name such as kube-system',
} as const;

/** A TCP port. */
export const PORT = { type: 'integer', minimum: 1, maximum: 65_535 } as const;

/** A mapping of settings; left out or empty, it is all defaults. */
export const SECTION = { type: 'object', default: {}, additionalProperties: false } as const;

/** Either false, which removes the thing, or a mapping that changes it. */
export const falseOr = <S extends object>(changes: S, description: string) =>
  ({ description, if: { type: 'object' }, then: changes, else: { const: false } }) as const;
