import type { ErrorObject } from 'ajv';
import { show, suggestion, type Problem } from './problems.ts';
import { renamedSetting } from './renamed.ts';

/** What a schema says about itself, as far as messages use it. */
interface Described {
  readonly expected?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly enum?: readonly unknown[];
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

/** The path as messages show it; a name that is empty is shown as one. */
const dotted = (path: readonly string[]): string => path.map((part) => (part === '' ? '""' : part)).join('.');

/** What a key at this place names, for "unknown alert", "unknown panel of zone-traffic". */
function nounAt(path: readonly string[]): string {
  if (path.length === 1 && path[0] === 'alerts') return 'alert';
  if (path.length === 1 && path[0] === 'dashboards') return 'dashboard';
  if (path.length === 3 && path[0] === 'dashboards' && path[2] === 'panels') return `panel of ${path[1]}`;
  return 'setting';
}

/** Switches of sections: `section: true` is what people try first. */
const SWITCHES = ['enabled', 'scrape', 'standalone'];

/** Kinds of values in words. A section that is switched on and off shows how; a list shows that one item is a list too. */
function kinds(error: ErrorObject, { properties = {} }: Described): string {
  const words = [(error.params as { readonly type: string | readonly string[] }).type]
    .flat()
    .map((kind) => KINDS[kind] ?? kind)
    .join(' or ');
  const key = SWITCHES.find((name) => name in properties);
  if (typeof error.data === 'boolean' && key !== undefined) return `${words} such as { ${key}: ${String(error.data)} }`;
  return typeof error.data === 'string' && /^[\w.-]+$/.test(error.data) && words === 'a list'
    ? `a list such as [${error.data}]`
    : words;
}

/** Completes "expected ...". */
function expectation(error: ErrorObject): string {
  const schema = error.parentSchema as Described;
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'type':
      return schema.expected ?? kinds(error, schema);
    case 'const':
      return 'false or a mapping of changes';
    case 'enum': {
      const known = (schema.enum ?? []).map(String);
      const hint = typeof error.data === 'string' ? suggestion(error.data, known) : '';
      return `one of ${known.join(', ')}${hint.startsWith('did') ? `; ${hint}` : ''}`;
    }
    case 'minimum':
      return `at least ${String(params['limit'])}`;
    case 'maximum':
      return `at most ${String(params['limit'])}`;
    case 'minItems':
    case 'minLength':
      return 'it not to be empty';
    case 'uniqueItems':
      return 'every item once';
    default:
      return schema.expected ?? error.message ?? error.keyword;
  }
}

/** Turns what ajv found into problems: one for each place, each with what was found and what was expected. */
export function describeErrors(errors: readonly ErrorObject[]): Problem[] {
  const problems = errors
    // These only repeat what another error already said.
    .filter((error) => error.keyword !== 'if' && error.keyword !== 'propertyNames')
    .map((error): Problem => {
      const path = pathOf(error.instancePath);
      const key = (error.params as { additionalProperty?: unknown }).additionalProperty;
      if (error.keyword === 'additionalProperties') {
        const known = Object.keys((error.parentSchema as Described).properties ?? {});
        const place = dotted([...path, String(key)]);
        return {
          path: place,
          message: renamedSetting(place) ?? `unknown ${nounAt(path)}, ${suggestion(String(key), known)}`,
        };
      }
      if (error.propertyName !== undefined) {
        return {
          path: dotted([...path, error.propertyName]),
          message: `got the name ${show(error.propertyName)}, expected ${expectation(error)}`,
        };
      }
      return { path: dotted(path), message: `got ${show(error.data)}, expected ${expectation(error)}` };
    });
  // One line for each place: a value of the wrong type also fails the checks meant for the right one.
  const seen = new Set<string>();
  return problems.filter(({ path }) => !seen.has(path) && seen.add(path));
}
