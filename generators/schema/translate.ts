import type { ErrorObject } from 'ajv/dist/2020.js';
import { dotted, show, suggestion, type Problem } from './problems.ts';

/** The keywords of a schema that messages use. */
interface Described {
  readonly expected?: string;
  readonly publicUrl?: boolean;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly unknown[];
}

/** The parameters of errors that messages use; each keyword sets some of them. */
interface Params {
  readonly type?: string | readonly string[];
  readonly limit?: number;
  readonly additionalProperty?: string;
  readonly missingProperty?: string;
}

const KINDS: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
};

const pathOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

/** Switches of sections. Many people try `section: true` first. */
const SWITCHES = ['enabled', 'scrape', 'standalone'];

/** Types in words. For a boolean instead of a section, an example sets its switch; for a single item instead of a list, it is a list. */
function kinds({ data }: ErrorObject, type: string | readonly string[], { properties = {} }: Described): string {
  const words = [type]
    .flat()
    .map((kind) => KINDS[kind] ?? kind)
    .join(' or ');
  const key = SWITCHES.find((name) => name in properties);
  if (typeof data === 'boolean' && key !== undefined) return `${words} such as { ${key}: ${String(data)} }`;
  return typeof data === 'string' && /^[\w.-]+$/.test(data) && words === 'a list' ? `a list such as [${data}]` : words;
}

function choices({ data }: ErrorObject, values: readonly unknown[]): string {
  const known = values.map(String);
  const hint = typeof data === 'string' ? suggestion(data, known) : '';
  return `one of ${known.join(', ')}${hint.startsWith('did') ? `; ${hint}` : ''}`;
}

/** The bound that a value exceeds. */
const BOUNDS: Readonly<Record<string, string>> = { maxLength: 'characters', maxItems: 'items', maxProperties: 'keys' };

/** Completes "expected ..."; undefined if ajv's own message must do. */
function expectation(error: ErrorObject, schema: Described, { type, limit }: Params): string | undefined {
  if (error.keyword === 'publicUrl') return 'no user, password or token in it, as everyone can read what is generated';
  const noun = BOUNDS[error.keyword];
  const bound = noun === undefined ? '' : `at most ${limit} ${noun}`;
  if (schema.expected !== undefined) {
    return bound === '' || schema.expected.includes(String(limit)) ? schema.expected : `${schema.expected}, ${bound}`;
  }
  if (bound !== '') return bound;
  switch (error.keyword) {
    case 'type':
      return kinds(error, type ?? [], schema);
    case 'enum':
      return choices(error, schema.enum ?? []);
    case 'minimum':
      return `at least ${limit}`;
    case 'maximum':
      return `at most ${limit}`;
    case 'uniqueItems':
      return 'every item once';
    default:
      return undefined;
  }
}

/** Completes "got X, ...". */
function complaint(error: ErrorObject): string {
  const schema = error.parentSchema as Described;
  const params = error.params as Params;
  const isEmpty = /^min(Length|Items|Properties)$/.test(error.keyword) && params.limit === 1;
  // The `expected` of a string describes its format, not its length; of lists and mappings, it says more than "empty".
  if (isEmpty && (error.keyword === 'minLength' || schema.expected === undefined)) return 'must not be empty';
  const expected = expectation(error, schema, params);
  return expected === undefined ? (error.message ?? error.keyword) : `expected ${expected}`;
}

function problemOf(error: ErrorObject, nounAt: (path: readonly string[]) => string): Problem {
  const path = pathOf(error.instancePath);
  const { additionalProperty, missingProperty } = error.params as Params;
  const { expected, oneOf, properties = {}, publicUrl = false } = error.parentSchema as Described;
  if (additionalProperty !== undefined) {
    const hint = suggestion(additionalProperty, Object.keys(properties));
    return { path: dotted([...path, additionalProperty]), message: `unknown ${nounAt(path)}, ${hint}` };
  }
  // The `expected` of a mapping names its required keys, unless it describes a choice among them.
  if (missingProperty !== undefined && (expected === undefined || oneOf !== undefined)) {
    const message = 'got nothing, expected a value: the key is required';
    return { path: dotted([...path, missingProperty]), message };
  }
  if (error.propertyName !== undefined) {
    const message = `got the name ${show(error.propertyName)}, ${complaint(error)}`;
    return { path: dotted([...path, error.propertyName]), message };
  }
  return { path: dotted(path), message: `got ${show(error.data, publicUrl)}, ${complaint(error)}` };
}

/** Whether an error repeats another: `if` and `propertyNames` fail because of an inner error; a choice has its own `expected`. */
const repeats = ({ keyword, schemaPath }: ErrorObject): boolean =>
  keyword === 'if' || keyword === 'propertyNames' || /\/(oneOf|anyOf)\/[0-9]+\//.test(schemaPath);

/** The noun for an unknown key at a path of the configuration: "unknown alert", "unknown panel of zone-traffic". */
function settingAt(path: readonly string[]): string {
  if (path.length === 1 && path[0] === 'alerts') return 'alert';
  if (path.length === 1 && path[0] === 'dashboards') return 'dashboard';
  if (path.length === 3 && path[0] === 'dashboards' && path[2] === 'panels') return `panel of ${path[1]}`;
  return 'setting';
}

/** Translates errors of ajv into problems, each with its path, the value and the expectation. */
export function describeErrors(errors: readonly ErrorObject[], nounAt = settingAt): Problem[] {
  const problems = errors
    .filter((error) => !repeats(error))
    .map((error) => ({ schema: error.parentSchema, problem: problemOf(error, nounAt) }));
  // One problem per path and schema: a value that violates one keyword of a format often violates others.
  const told = new Map<unknown, Set<string>>();
  const isFirst = ({ schema, problem }: (typeof problems)[number]): boolean => {
    const paths = told.get(schema) ?? new Set();
    told.set(schema, paths);
    return paths.size < paths.add(problem.path).size;
  };
  return problems.filter(isFirst).map(({ problem }) => problem);
}
