import { load, YAMLException } from 'js-yaml';
import type { Config } from '../registry.ts';
import { MAX_YAML_BYTES } from '../schema/bounds.ts';
import { bytesOf } from '../schema/limits.ts';
import { escaped, type Problem, ProblemError, show } from '../schema/problems.ts';
import { describeErrors } from '../schema/translate.ts';
import { redactLine } from '../schema/urls.ts';
import { renamedSetting } from '../settings/renamed.ts';
import { checkConfig } from './checks.ts';
import { plainCopy } from './plain.ts';
import type { Catalogue, Json } from './schema.ts';
import { validatorFor } from './validator.ts';

const isMapping = (value: unknown): value is Json => Object.prototype.toString.call(value) === '[object Object]';

/**
 * Checks a configuration that is already parsed, and fills in all defaults.
 * @param file name of the configuration for messages, such as `azimuth.yaml`.
 * @param given a mapping of settings, such as `{ flows: { source: 'obi' } }`; `{}` gives the defaults.
 * @param catalogue the names that the configuration may use, from `makeCatalogue`.
 * @returns a new object; `given` is not changed.
 * @throws ProblemError with all problems at once.
 */
export function completeConfig(file: string, given: unknown, catalogue: Catalogue): Config {
  const { schema, validate } = validatorFor(catalogue);
  const { copy: config, problems: unreadable } = plainCopy(given, schema);
  if (unreadable.length > 0) throw new ProblemError(file, unreadable);
  if (!isMapping(config)) {
    throw new ProblemError(file, [{ path: '', message: `got ${show(config)}, expected a mapping of settings` }]);
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

/** The problem of a file that is longer than any configuration. */
const tooLong = (file: string): ProblemError =>
  new ProblemError(file, [
    {
      path: '',
      message: `is longer than ${MAX_YAML_BYTES / 1024} KiB, expected a configuration in YAML, or a .ts file`,
    },
  ]);

/** Whether a file contains only comments and blank lines. */
const isBlank = (text: string): boolean => text.split('\n').every((line) => /^(?:---)?\s*(?:#|$)/.test(line));

/** The line at which a second document begins, from 1. */
function secondDocument(source: string): number {
  const lines = source.split('\n');
  const first = lines.findIndex((line) => !/^\s*(?:#|$)|^(?:---|\.\.\.|%)/.test(line));
  return lines.findIndex((line, index) => index > first && /^(?:---|\.\.\.)(?:\s|$)/.test(line)) + 1;
}

/** Why a text is not YAML, with the line and an excerpt. */
function syntaxMessage(source: string, { mark, reason }: YAMLException): string {
  if (mark === undefined) {
    const line = reason.includes('single document') ? Math.max(1, secondDocument(source)) : 1;
    return `not YAML: line ${line}: ${reason}`;
  }
  // An excerpt of a long line around the column.
  const line = redactLine(source.split('\n')[mark.line] ?? '')
    .trimEnd()
    .replaceAll('\t', ' ');
  const before = escaped(line.slice(Math.max(0, mark.column - 80), mark.column));
  const after = escaped(line.slice(mark.column, mark.column + 40));
  const excerpt = `${before}${after}\n${' '.repeat(before.length)}^`.replaceAll(/^/gm, '    ');
  return `not YAML: line ${mark.line + 1}, column ${mark.column + 1}: ${escaped(reason)}\n${excerpt}`;
}

/**
 * Parses YAML. An empty file is an empty configuration.
 * @throws ProblemError with line, column and the offending line, or if the text is too long.
 */
export function parseYaml(file: string, text: string): unknown {
  const source = text.replace(/^\uFEFF/, '');
  if (bytesOf(source) > MAX_YAML_BYTES) throw tooLong(file);
  if (isBlank(source)) return {};
  try {
    return load(source) ?? {};
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new ProblemError(file, [{ path: '', message: syntaxMessage(source, error) }]);
  }
}
