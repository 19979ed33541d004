import type { ErrorObject } from 'ajv/dist/2020.js';
import { load, YAMLException } from 'js-yaml';
import type { Config } from '../registry.ts';
import { closed } from '../schema/objects.ts';
import { messageOf, type Problem, ProblemError, show } from '../schema/problems.ts';
import { describeErrors } from '../schema/translate.ts';
import { schemaErrors } from '../schema/validator.ts';
import { renamedSetting } from '../settings/renamed.ts';
import { checkConfig } from './checks.ts';
import { type Catalogue, defaultsOf, type Json, namedSchema } from './schema.ts';

const isMapping = (value: unknown): value is Json => Object.prototype.toString.call(value) === '[object Object]';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * A deep copy that holds plain data only, as a program may give anything: what is undefined is left out, and objects that are no
 * mappings (a Map, a Date, a Promise) become their names, so that the schema refuses them. Empty sections (`alerts:` with
 * nothing but comments under it) are left out too, so that they are defaults; an empty `rules.window` stays null.
 * @throws RangeError when a value holds itself.
 */
function plainCopy(value: unknown, schema: Json = {}, around: readonly object[] = []): unknown {
  if (!isObject(value)) return value;
  if (around.includes(value)) throw new RangeError('holds itself');
  const inside = [...around, value];
  // Array.from and not map, which would ask the list for its constructor: a mutated one need not have any.
  if (Array.isArray(value)) return Array.from(value, (item) => plainCopy(item, {}, inside));
  if (!isMapping(value)) return Object.prototype.toString.call(value);
  const properties = (schema['properties'] ?? {}) as Record<string, Json>;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
      const found = Object.hasOwn(properties, key) ? properties[key] : undefined;
      // A change is false or what "then" describes.
      const inner = (found?.['then'] ?? found) as Json | undefined;
      const isEmptySection = item === null && (inner?.['type'] === 'object' || inner?.['type'] === 'array');
      return item === undefined || isEmptySection ? [] : [[key, plainCopy(item, inner, inside)]];
    }),
  );
}

/**
 * Completes and checks a configuration.
 * @param file name for messages.
 * @param given what the file holds: a mapping of settings.
 * @throws ProblemError with every problem at once.
 */
export function completeConfig(file: string, given: unknown, catalogue: Catalogue): Config {
  if (!isMapping(given)) {
    throw new ProblemError(file, [{ path: '', message: `got ${show(given)}, expected a mapping of settings` }]);
  }
  const { schema, validate } = validatorFor(catalogue);
  let config: Json;
  try {
    config = plainCopy(given, schema) as Json;
  } catch (error) {
    throw new ProblemError(file, [{ path: '', message: `a value ${messageOf(error)}; expected plain data` }]);
  }
  const problems = describeErrors(validate(config)).map((found): Problem => ({
    ...found,
    message: renamedSetting(found.path) ?? found.message,
  }));
  // The schema has completed what it could, so that the remaining checks find their settings; they skip broken places.
  problems.push(...checkConfig(config as Config, catalogue, problems));
  if (problems.length > 0) throw new ProblemError(file, problems);
  return config as Config;
}

/** Reads and completes a configuration written in YAML. @throws ProblemError with every problem at once. */
export const loadConfig = (file: string, text: string, catalogue: Catalogue): Config =>
  completeConfig(file, parseYaml(file, text), catalogue);

/** A file in which nothing but comments and blank lines stands. */
const isBlank = (text: string): boolean => text.split('\n').every((line) => /^(?:---)?\s*(?:#|$)/.test(line));

/**
 * Reads YAML. An empty file is an empty configuration.
 * @throws ProblemError with line, column and the offending line.
 */
export function parseYaml(file: string, text: string): unknown {
  const source = text.replace(/^\uFEFF/, '');
  if (isBlank(source)) return {};
  try {
    return load(source) ?? {};
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { mark, reason } = error;
    if (mark === undefined) throw new ProblemError(file, [{ path: '', message: `not YAML: ${reason}` }]);
    // Of a long line, what stands around the place.
    const from = Math.max(0, mark.column - 80);
    const line = (source.split('\n')[mark.line] ?? '').slice(from, mark.column + 40).trimEnd();
    const excerpt = `${line}\n${' '.repeat(mark.column - from)}^`.replaceAll(/^/gm, '    ');
    const message = `not YAML: line ${mark.line + 1}, column ${mark.column + 1}: ${reason}\n${excerpt}`;
    throw new ProblemError(file, [{ path: '', message }]);
  }
}

/** Completes a configuration in place with the schema's defaults, and returns everything that the schema finds wrong. */
interface Validator {
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
