import type { ErrorObject } from 'ajv/dist/2020.js';
import { closed } from '../schema/objects.ts';
import { schemaErrors } from '../schema/validator.ts';
import { defaultsOf, namedSchema, type Catalogue, type Json } from './schema.ts';

/** Completes a configuration in place with the schema's defaults, and returns everything that the schema finds wrong. */
export interface Validator {
  readonly schema: Json;
  readonly validate: (config: Json) => readonly ErrorObject[];
}

/** Whether a section sets nothing, so that its defaults stand for it; where any key may be set, an empty mapping is a value. */
const isEmpty = (value: unknown, schema: Json): boolean =>
  value === undefined ||
  ('properties' in schema &&
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length === 0);

/**
 * A validator that compiles a section's schema when the first configuration sets something in it: compiling all of them takes
 * longer than everything else that a small build does.
 */
function makeValidator(catalogue: Catalogue): Validator {
  const schema = namedSchema(catalogue);
  const sections = Object.entries(schema['properties'] as Readonly<Record<string, Json>>).map(([name, section]) => ({
    name,
    section,
    alone: { type: 'object', properties: { [name]: section } },
  }));
  const names = closed(Object.fromEntries(sections.map(({ name }) => [name, {}])));
  return {
    schema,
    validate: (config) => [
      ...schemaErrors(names, config),
      ...sections.flatMap(({ name, section, alone }) => {
        if (!isEmpty(config[name], section)) return schemaErrors(alone, config);
        config[name] = defaultsOf(section);
        return [];
      }),
    ],
  };
}

/** Whoever builds many configurations has one catalogue. */
const validators = new WeakMap<Catalogue, Validator>();

/** The validator of all configurations that may refer to a catalogue's names. */
export function validatorFor(catalogue: Catalogue): Validator {
  const known = validators.get(catalogue) ?? makeValidator(catalogue);
  validators.set(catalogue, known);
  return known;
}
