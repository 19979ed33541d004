import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { Schema } from './objects.ts';
import type { Problem } from './problems.ts';
import { describeErrors } from './translate.ts';

const isScalar = (item: unknown): boolean => typeof item !== 'object' || item === null;

/** Lists whose items differ are lists of scalars; an object among them is an error of its own. */
const areUnique = (asked: boolean, items: readonly unknown[]): boolean => {
  const scalars = items.filter(isScalar);
  return !asked || new Set(scalars).size === scalars.length;
};

function makeAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    // Of documents, no schema has any.
    useDefaults: true,
    allowUnionTypes: true,
    // A build validates a handful of documents once: optimizing the code costs more than it saves. Our tests check the schemas.
    code: { optimize: false },
    validateSchema: false,
    logger: false,
  });
  // Ajv's own calls the items' toString and valueOf, which are no functions where a user has keys of these names.
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({ keyword: 'uniqueItems', type: 'array', schemaType: 'boolean', validate: areUnique, errors: false });
  return ajv.addVocabulary(['expected', 'note', 'requires', 'unit']);
}

/** Made when the first schema is used: most of the command line needs none. It keeps what it compiled, by schema. */
let shared: Ajv2020 | undefined;

/**
 * Completes data in place with the schema's defaults, and returns everything that the schema finds wrong. A schema is compiled when
 * it is first used: most builds have few sections and few kinds of documents.
 */
export function schemaErrors(schema: Schema, data: unknown): readonly ErrorObject[] {
  shared ??= makeAjv();
  const validate = shared.compile(schema);
  return validate(data) ? [] : (validate.errors ?? []);
}

/** The same for a document: the place inside it, what was found, what was expected. */
export const schemaProblems = (schema: Schema, data: unknown): readonly Problem[] =>
  describeErrors(schemaErrors(schema, data), () => 'key');
