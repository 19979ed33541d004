import type { ErrorObject } from 'ajv/dist/2020.js';
import { closed } from '../schema/objects.ts';
import { schemaErrors } from '../schema/validator.ts';
import { isMapping } from '../settings/section.ts';
import { type Catalogue, defaultsOf, type Json, namedSchema } from './schema.ts';

/** Validates configurations against the schema. */
interface Validator {
  readonly schema: Json;
  /** Fills in defaults in place, and returns all errors. */
  readonly validate: (config: Json) => readonly ErrorObject[];
}

/** Whether a section sets nothing and so equals its defaults. In a mapping with arbitrary keys, an empty mapping is a value. */
const isEmpty = (value: unknown, schema: Json): boolean =>
  value === undefined || ('properties' in schema && isMapping(value) && Object.keys(value).length === 0);

/**
 * A validator that compiles the schema of a section when a configuration first sets something in it: compiling all sections takes longer
 * than the rest of a small build.
 */
function createValidator(catalogue: Catalogue): Validator {
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

/** Cache: programs that load many configurations pass the same catalogue. */
const validators = new WeakMap<Catalogue, Validator>();

/** The validator for configurations that may use the names of a catalogue. */
export function validatorFor(catalogue: Catalogue): Validator {
  const known = validators.get(catalogue) ?? createValidator(catalogue);
  validators.set(catalogue, known);
  return known;
}
