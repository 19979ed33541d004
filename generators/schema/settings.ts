import { CPU, DNS_LABEL, KUBERNETES_NAME, MEMORY, PORT } from './formats.ts';

/** Constructors for settings. Their types are literal: the type of the configuration is inferred from the schema. */

/** A mapping of settings; when missing or empty, every setting in it has its default. */
export const SECTION = { type: 'object', default: {}, additionalProperties: false } as const;

/** A section with its settings. */
export const section = <const P extends Readonly<Record<string, object>>>(description: string, properties: P) =>
  ({ ...SECTION, description, properties }) as const;

/** A setting of any format, such as `value(PORT, 9965, 'Port of the Hubble metrics.')`. */
export const value = <const F extends object, const D>(format: F, fallback: D, description: string) => ({
  ...format,
  default: fallback,
  description,
});

/** A switch. */
export const flag = <const D extends boolean>(fallback: D, description: string) =>
  value({ type: 'boolean' }, fallback, description);

/** One of several values; `null` may be one of them. */
export const choice = <const V extends readonly (string | number | null)[]>(
  values: V,
  fallback: V[number],
  description: string,
) => value({ enum: values }, fallback, description);

/** A setting of names of which one is chosen, or a list of them without duplicates, or `none`, which is no part of a list. */
export const oneOrMore = (names: readonly string[], fallback: string, description: string) =>
  value(
    {
      if: { type: 'array' },
      then: { type: 'array', items: { enum: names }, minItems: 1, uniqueItems: true },
      else: { enum: [...names, 'none'] },
    },
    fallback,
    description,
    // The type of a schema with `if` cannot be inferred.
  ) as object as {
    readonly type: readonly ['string', 'array'];
    readonly items: { readonly type: 'string' };
    readonly default: string;
  };

/** A whole number, at least 1 by default. */
export const count = (fallback: number, description: string, bounds: { minimum?: number; maximum?: number } = {}) =>
  value({ type: 'integer', minimum: 1, ...bounds } as const, fallback, description);

/** A list without duplicates. */
export const list = <const I extends object, const D extends readonly unknown[]>(
  items: I,
  fallback: D,
  description: string,
  bounds: { readonly minItems?: number; readonly maxItems?: number } = {},
) => ({ type: 'array', items, default: fallback, ...bounds, uniqueItems: true, description }) as const;

/** A format that takes `null` too. */
export const orNull = <const F extends { readonly type: string; readonly expected: string }>(format: F) =>
  ({ ...format, type: [format.type, 'null'], expected: `${format.expected}, or null` }) as Omit<
    F,
    'type' | 'expected'
  > & { readonly type: readonly [F['type'], 'null']; readonly expected: string };

/**
 * A setting that has an effect only with others.
 * @param requires the values that enable it, by path of the other setting; `true` is any value but an empty one. Or the `kind` of the skipped
 * part that it configures. Or both.
 */
export const when = <const S extends object>(requires: object | string | readonly [object, string], setting: S) => ({
  ...setting,
  requires,
});

/** A number that counts something: the unit is for the reference of all settings. */
export const inUnit = <const S extends object>(unit: string, setting: S) => ({ ...setting, unit });

/** Either false, which removes the thing, or a mapping that changes it. */
export const falseOr = <S extends object>(changes: S, description: string) =>
  ({
    description,
    if: { type: 'object' },
    then: changes,
    else: { const: false, expected: 'false or a mapping of changes' },
  }) as const;

/** The namespace of something. */
export const namespace = <const Name extends string>(name: Name, what: string) =>
  value(DNS_LABEL, name, `Namespace of ${what}.`);

/** A quantity of CPU. */
export const cpu = (quantity: string) => value(CPU, quantity, 'CPU.');

/** A quantity of memory. */
export const memory = (quantity: string) => value(MEMORY, quantity, 'Memory.');

/** The resources that a pod requests. */
export const requests = (ofCpu: string, ofMemory: string) =>
  section('Resource requests of a pod.', { cpu: cpu(ofCpu), memory: memory(ofMemory) });

/** The label by which a scrape job finds pods. */
export const app = (name: string, label: string, more = '') =>
  value(KUBERNETES_NAME, name, `Value of the pod label ${label}.${more}`);

/** A port that is scraped. */
export const port = (number: number, what: string) => value(PORT, number, `Port of ${what}.`);
