import { Type, type Static, type TObject, type TProperties, type TSchema, type TStringOptions } from 'typebox';
import { DURATION } from '../promql/index.ts';

/** A mapping of settings; left out or empty, it is all defaults. */
export const section = <P extends TProperties>(description: string, properties: P): TObject<P> =>
  Type.Object(properties, { description, default: {}, additionalProperties: false });

/** A string of a fixed form; `expected` completes the sentence "got X, expected ..." of error messages. */
export const form = (pattern: string, expected: string, options: TStringOptions = {}) =>
  Type.String({ ...options, pattern, expected });

const DURATION_FORM = [DURATION.source, 'a duration such as 30s or 5m'] as const;
/** A Prometheus duration. */
export const duration = (description: string, value: string) => form(...DURATION_FORM, { description, default: value });
/** A Prometheus duration that has no default. */
export const optionalDuration = (description: string) => Type.Optional(form(...DURATION_FORM, { description }));

export const LINE_FORM = ['^[^\\u0000-\\u001f\\u007f]*$', 'text on one line'] as const;
/** Text without line breaks, so that it is safe between quotes in YAML, JSON and label values. */
export const text = (description: string, value: string) => form(...LINE_FORM, { description, default: value });

export const LABEL_FORM = ['^[a-zA-Z_][a-zA-Z0-9_]*$', 'a Prometheus label name such as cluster'] as const;
const DNS_FORM = ['^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', 'a Kubernetes name such as kube-system'] as const;
/** A name of a Kubernetes object. */
export const dnsName = (description: string, value: string) => form(...DNS_FORM, { description, default: value });

/** A TCP port. */
export const port = (description: string, value: number) =>
  Type.Integer({ description, default: value, minimum: 1, maximum: 65_535 });

/** Either false, which removes the thing, or a mapping that changes it. */
export const falseOr = <S extends TSchema>(changes: S, description: string) =>
  Type.Unsafe<false | Static<S>>({ description, if: { type: 'object' }, then: changes, else: { const: false } });
