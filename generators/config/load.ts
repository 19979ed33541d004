import type { ErrorObject } from 'ajv/dist/2020.js';
import { load, YAMLException } from 'js-yaml';
import type { Config } from '../registry.ts';
import { closed } from '../schema/objects.ts';
import { messageOf, type Problem, ProblemError, show } from '../schema/problems.ts';
import { describeErrors } from '../schema/translate.ts';
import { redactLine } from '../schema/urls.ts';
import { schemaErrors } from '../schema/validator.ts';
import { renamedSetting } from '../settings/renamed.ts';
import { checkConfig } from './checks.ts';
import { type Catalogue, defaultsOf, type Json, namedSchema } from './schema.ts';

const isMapping = (value: unknown): value is Json => Object.prototype.toString.call(value) === '[object Object]';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * A deep copy that holds plain data only. A program may pass anything: undefined values are dropped, and other objects (a Map, a Date, a
 * Promise) become their type names, so that the schema rejects them. Empty sections (`alerts:` with only comments below) are dropped too
 * and get their defaults; an empty `rules.window` stays null.
 * @throws RangeError if a value contains itself.
 */
function plainCopy(value: unknown, schema: Json = {}, around: readonly object[] = []): unknown {
  if (!isObject(value)) return value;
  if (around.includes(value)) throw new RangeError('holds itself');
  const inside = [...around, value];
  // Array.from, not map: map reads the constructor of the list, which a manipulated list may lack.
  if (Array.isArray(value)) return Array.from(value, (item) => plainCopy(item, {}, inside));
  if (!isMapping(value)) return Object.prototype.toString.call(value);
  const properties = (schema['properties'] ?? {}) as Record<string, Json>;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
      const found = Object.hasOwn(properties, key) ? properties[key] : undefined;
      // The schema of a change has its mapping under "then".
      const inner = (found?.['then'] ?? found) as Json | undefined;
      const isEmptySection = item === null && (inner?.['type'] === 'object' || inner?.['type'] === 'array');
      return item === undefined || isEmptySection ? [] : [[key, plainCopy(item, inner, inside)]];
    }),
  );
}

/**
 * Checks a configuration that is already parsed, and fills in all defaults.
 * @param file name of the configuration for messages, such as `azimuth.yaml`.
 * @param given a mapping of settings, such as `{ flows: { source: 'obi' } }`; `{}` gives the defaults.
 * @param catalogue the names that the configuration may use, from `makeCatalogue`.
 * @returns a new object; `given` is not changed.
 * @throws ProblemError with all problems at once.
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
  // Defaults are filled in by now. The checks skip settings that the schema rejects.
  problems.push(...checkConfig(config as Config, catalogue, problems));
  if (problems.length > 0) throw new ProblemError(file, problems);
  return config as Config;
}

/**
 * Parses and checks a configuration in YAML, and fills in all defaults.
 * @param file name of the file for messages.
 * @param text content of the file; empty text gives the defaults.
 * @param catalogue the names that the configuration may use, from `makeCatalogue`.
 * @throws ProblemError with all problems at once, or with line and column of invalid YAML.
 * @example const config = loadConfig('azimuth.yaml', await readFile('azimuth.yaml', 'utf8'), makeCatalogue());
 */
export const loadConfig = (file: string, text: string, catalogue: Catalogue): Config =>
  completeConfig(file, parseYaml(file, text), catalogue);

/** Whether a file contains only comments and blank lines. */
const isBlank = (text: string): boolean => text.split('\n').every((line) => /^(?:---)?\s*(?:#|$)/.test(line));

/**
 * Parses YAML. An empty file is an empty configuration.
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
    // An excerpt of a long line around the column.
    const from = Math.max(0, mark.column - 80);
    const line = redactLine(source.split('\n')[mark.line] ?? '')
      .slice(from, mark.column + 40)
      .trimEnd();
    const excerpt = `${line}\n${' '.repeat(mark.column - from)}^`.replaceAll(/^/gm, '    ');
    const message = `not YAML: line ${mark.line + 1}, column ${mark.column + 1}: ${reason}\n${excerpt}`;
    throw new ProblemError(file, [{ path: '', message }]);
  }
}

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
