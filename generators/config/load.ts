import { Ajv2020 } from 'ajv/dist/2020.js';
import { checkConfig } from './checks.ts';
import { describeErrors } from './messages.ts';
import { namedSchema, type Catalogue } from './names.ts';
import { parseYaml } from './parse.ts';
import { ProblemError, show, type Problem } from './problems.ts';
import type { Config } from './schema.ts';

type Json = Record<string, unknown>;

const isMapping = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A deep copy in which empty sections (`alerts:` with nothing but comments under it) are left out, so that they are defaults.
 * Only mappings and lists may be empty: an empty `rules.window` stays null and is reported.
 */
function withoutEmptySections(value: Json, schema: Json): Json {
  const properties = (schema['properties'] ?? {}) as Record<string, Json>;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
      const inner = Object.hasOwn(properties, key) ? properties[key] : undefined;
      if (item === null && (inner?.['type'] === 'object' || inner?.['type'] === 'array')) return [];
      return [[key, isMapping(item) ? withoutEmptySections(item, inner ?? {}) : structuredClone(item)]];
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
  const schema = namedSchema(catalogue);
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    useDefaults: true,
    allowUnionTypes: true,
    // The validator runs once: optimizing its code costs more than it saves. Our tests check the schema itself.
    code: { optimize: false },
    validateSchema: false,
  });
  ajv.addVocabulary(['expected']);
  const validate = ajv.compile(schema);
  const config = withoutEmptySections(given, schema);
  const problems: Problem[] = validate(config) ? [] : describeErrors(validate.errors ?? []);
  // The schema has completed what it could, so that the remaining checks find their settings; they skip broken places.
  problems.push(...checkConfig(config as Config, catalogue, problems));
  if (problems.length > 0) throw new ProblemError(file, problems);
  return config as Config;
}

/** Reads and completes a configuration written in YAML. @throws ProblemError with every problem at once. */
export const loadConfig = (file: string, text: string, catalogue: Catalogue): Config =>
  completeConfig(file, parseYaml(file, text), catalogue);
