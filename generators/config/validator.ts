import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { defaultsOf, namedSchema, type Catalogue, type Json } from './schema.ts';

/** Completes a configuration in place with the schema's defaults, and returns everything that the schema finds wrong. */
export interface Validator {
  readonly schema: Json;
  readonly validate: (config: Json) => readonly ErrorObject[];
}

const makeAjv = (): Ajv2020 => {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    useDefaults: true,
    allowUnionTypes: true,
    // Most programs validate once: optimizing the code costs more than it saves. Our tests check the schema itself.
    code: { optimize: false },
    validateSchema: false,
  });
  ajv.addVocabulary(['expected', 'note', 'requires']);
  return ajv;
};

/** Whether a section sets nothing, so that its defaults stand for it; where any key may be set, an empty mapping is a value. */
const isEmpty = (value: unknown, schema: Json): boolean =>
  value === undefined ||
  ('properties' in schema &&
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length === 0);

const run = (validate: ValidateFunction, config: Json): readonly ErrorObject[] =>
  validate(config) ? [] : (validate.errors ?? []);

/**
 * A validator that compiles a section's schema when the first configuration sets something in it: compiling all of them takes
 * longer than everything else that a small build does.
 */
function makeValidator(catalogue: Catalogue): Validator {
  const schema = namedSchema(catalogue);
  const sections = schema['properties'] as Readonly<Record<string, Json>>;
  const ajv = makeAjv();
  const names = ajv.compile({
    type: 'object',
    properties: Object.fromEntries(Object.keys(sections).map((name) => [name, true])),
    additionalProperties: false,
  });
  const compiled = new Map<string, ValidateFunction>();
  const validatorOf = (name: string, section: Json): ValidateFunction => {
    const known = compiled.get(name) ?? ajv.compile({ type: 'object', properties: { [name]: section } });
    compiled.set(name, known);
    return known;
  };
  return {
    schema,
    validate: (config) => [
      ...run(names, config),
      ...Object.entries(sections).flatMap(([name, section]) => {
        if (!isEmpty(config[name], section)) return run(validatorOf(name, section), config);
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
