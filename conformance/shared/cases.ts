import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { build, type Build, completeConfig, makeCatalogue, parseYaml, ProblemError } from '../../generators/index.ts';
import { CannotRun } from './program.ts';

/** A configuration that is checked, as its author would write it. */
export interface Case {
  readonly name: string;
  readonly given: Readonly<Record<string, unknown>>;
}

const catalogue = makeCatalogue();

/** The complete configuration of a case. @throws ProblemError when it is wrong. */
export const configOf = ({ name, given }: Case): Build['config'] => completeConfig(name, given, catalogue);

/** What a configuration generates, without a disk. @throws ProblemError when the configuration is wrong. */
export const generated = (one: Case): Build => build(configOf(one), catalogue, []);

/** What a function gives, or the sentence of a mistake in a configuration: one of many must not end the run. */
export function attempted<Result>(make: () => Result): { readonly result: Result } | { readonly problem: string } {
  try {
    return { result: make() };
  } catch (error) {
    if (!(error instanceof ProblemError || error instanceof CannotRun)) throw error;
    return { problem: error.message };
  }
}

/** The configuration in a YAML file. @throws CannotRun when it cannot be read; ProblemError when it is no YAML. */
export function caseOf(file: string): Case {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new CannotRun(`--config: ${file} cannot be read; expected a configuration in YAML`);
  }
  return { name: file, given: parseYaml(file, text) as Case['given'] };
}

/** The configuration of the repository and every example, by their files below the current folder. */
export const repositoryCases = (): readonly Case[] =>
  [
    'azimuth.yaml',
    ...readdirSync('examples')
      .filter((name) => name.endsWith('.yaml'))
      .toSorted()
      .map((name) => `examples/${name}`),
  ].map(caseOf);

/** Cases for file names or, where there are none, for the repository and what is added here. */
export const casesFor = (files: readonly string[], more: readonly Case[]): readonly Case[] =>
  files.length > 0 ? files.map(caseOf) : [...repositoryCases(), ...more];

/** A short name of a case, fit for a file. */
export const slug = ({ name }: Case): string =>
  basename(name)
    .replace(/\.ya?ml$/, '')
    .replaceAll(/[^\w.-]+/g, '-');
