import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { show, suggestion, type Problem } from './problems.ts';
import type { Schema } from './objects.ts';

const ajv = new Ajv2020({
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  strictRequired: false,
  // A build validates a handful of documents once: optimizing the code costs more than it saves. Our tests check the schemas.
  code: { optimize: false },
  validateSchema: false,
  logger: false,
});
ajv.addVocabulary(['expected']);

/** Compiled when the first document of a kind comes by: most builds hold few kinds. */
const compiled = new WeakMap<Schema, ValidateFunction>();

function validator(schema: Schema): ValidateFunction {
  const known = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, known);
  return known;
}

/** What a schema says about itself, as far as messages use it. */
interface Described {
  readonly expected?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly enum?: readonly unknown[];
}

/** A JSON pointer as messages show it: `spec.rules.0`, with keys that hold dots in brackets. */
const dotted = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/[./]/.test(part) ? `["${part}"]` : part))
    .join('.')
    .replaceAll('.[', '[');

const KINDS: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
};

/** Completes "expected ...". */
function expectation({ keyword, parentSchema, params, message, data }: ErrorObject): string {
  const schema = parentSchema as Described;
  const limit = String((params as { readonly limit?: unknown }).limit);
  if (schema.expected !== undefined) return schema.expected;
  if (keyword === 'enum') {
    const known = (schema.enum ?? []).map(String);
    const hint = typeof data === 'string' ? suggestion(data, known) : '';
    return `one of ${known.join(', ')}${hint.startsWith('did') ? `; ${hint}` : ''}`;
  }
  if (keyword === 'type')
    return [(params as { readonly type: unknown }).type]
      .flat()
      .map((type) => KINDS[String(type)] ?? String(type))
      .join(' or ');
  if (keyword === 'minItems' || keyword === 'minProperties')
    return limit === '1' ? 'it not to be empty' : `at least ${limit}`;
  if (keyword === 'maxLength') return `at most ${limit} characters`;
  return message ?? keyword;
}

function problemOf(error: ErrorObject): Problem {
  const path = dotted(error.instancePath);
  const inside = (key: string) => (path === '' ? key : `${path}.${key}`);
  const params = error.params as { readonly additionalProperty?: string; readonly missingProperty?: string };
  if (params.additionalProperty !== undefined) {
    const known = Object.keys((error.parentSchema as Described).properties ?? {});
    return {
      path: inside(params.additionalProperty),
      message: `unknown key, ${suggestion(params.additionalProperty, known)}`,
    };
  }
  if (params.missingProperty !== undefined) {
    return { path: inside(params.missingProperty), message: 'got nothing, expected a value: the key is required' };
  }
  if (error.propertyName !== undefined) {
    return {
      path: inside(error.propertyName),
      message: `got the key ${show(error.propertyName)}, expected ${expectation(error)}`,
    };
  }
  return { path, message: `got ${show(error.data)}, expected ${expectation(error)}` };
}

/** These only repeat what another error says more exactly. */
const REPEATS = new Set(['if', 'propertyNames', 'allOf', 'anyOf']);

/** Errors of the branches of a choice: the choice itself says what is expected. */
const isBranch = ({ schemaPath }: ErrorObject): boolean => /\/(oneOf|anyOf)\/[0-9]+\//.test(schemaPath);

/** What is wrong with data: the place inside it, what was found, what was expected. Compiles the schema when it is first used. */
export function schemaProblems(schema: Schema, data: unknown): readonly Problem[] {
  const validate = validator(schema);
  if (validate(data)) return [];
  const problems = (validate.errors ?? [])
    .filter((error) => !REPEATS.has(error.keyword) && !isBranch(error))
    .map(problemOf);
  const seen = new Set<string>();
  return problems.filter(({ path, message }) => !seen.has(`${path} ${message}`) && seen.add(`${path} ${message}`));
}
