import { checkConfig } from './checks.ts';
import { describeErrors } from '../schema/translate.ts';
import type { Config } from '../registry.ts';
import type { Catalogue, Json } from './schema.ts';
import { parseYaml } from './parse.ts';
import { messageOf, ProblemError, show, type Problem } from '../schema/problems.ts';
import { renamedSetting } from '../settings/renamed.ts';
import { validatorFor } from './validator.ts';

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
