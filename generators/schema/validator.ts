import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { Schema } from './objects.ts';
import type { Problem } from './problems.ts';
import { describeErrors } from './translate.ts';
import { holdsSecret } from './urls.ts';

/** Keywords of ours that refuse nothing. */
const ANNOTATIONS: readonly string[] = ['expected', 'note', 'requires', 'unit'];

/**
 * Keywords that Azimuth adds to JSON Schema: `expected` completes messages, `requires` names the switch of a setting, `note` marks facts that
 * no output reads, `unit` is for the reference of all settings, and `publicUrl` marks a URL, which may hold no secret.
 */
export const OWN_KEYWORDS: readonly string[] = [...ANNOTATIONS, 'publicUrl'];

const isScalar = (item: unknown): boolean => typeof item !== 'object' || item === null;

/** `uniqueItems` applies to lists of scalars only; an object among them is a problem of its own. */
const areUnique = (asked: boolean, items: readonly unknown[]): boolean => {
  const scalars = items.filter(isScalar);
  return !asked || new Set(scalars).size === scalars.length;
};

const hasNoSecret = (asked: boolean, text: string): boolean => !asked || !holdsSecret(text);

function createAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    // Schemas of documents have no defaults.
    useDefaults: true,
    allowUnionTypes: true,
    // A build validates few documents, once: optimized code costs more than it saves. Tests validate the schemas.
    code: { optimize: false },
    validateSchema: false,
    logger: false,
  });
  // The keyword of ajv calls toString and valueOf of the items, which fails if a user has keys of these names.
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({ keyword: 'uniqueItems', type: 'array', schemaType: 'boolean', validate: areUnique, errors: false });
  ajv.addKeyword({ keyword: 'publicUrl', type: 'string', schemaType: 'boolean', validate: hasNoSecret, errors: false });
  return ajv.addVocabulary([...ANNOTATIONS]);
}

/** Created for the first schema, as most commands need none. Caches compiled schemas. */
let shared: Ajv2020 | undefined;

/**
 * Fills in the schema's defaults in place, and returns all errors. A schema is compiled when it is first used: most builds need few
 * sections and few kinds of documents.
 */
export function schemaErrors(schema: Schema, data: unknown): readonly ErrorObject[] {
  shared ??= createAjv();
  const validate = shared.compile(schema);
  return validate(data) ? [] : (validate.errors ?? []);
}

/** All problems of a document, with paths inside it. */
export const schemaProblems = (schema: Schema, data: unknown): readonly Problem[] =>
  describeErrors(schemaErrors(schema, data), () => 'key');
