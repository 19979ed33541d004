import { completeConfig, loadConfig, ProblemError, type Problem } from '../../generators/index.ts';
import { catalogue } from './generate.ts';

/** The problems that `load` reports, or none when it succeeds. @throws whatever else `load` throws: that is a bug. */
function reported(load: () => unknown): readonly Problem[] {
  try {
    load();
    return [];
  } catch (error) {
    if (error instanceof ProblemError) return error.problems;
    throw error;
  }
}

/** A problem as its line of the message shows it. */
export const lineOf = ({ path, message }: Problem): string => (path === '' ? message : `${path}: ${message}`);

/** What is wrong with a configuration that a program gives; empty when it is valid. */
export const problemsOf = (given: unknown): readonly Problem[] =>
  reported(() => completeConfig('azimuth.ts', given, catalogue));

/** What is wrong with a configuration in YAML; empty when it is valid. */
export const problemsOfYaml = (text: string): readonly Problem[] =>
  reported(() => loadConfig('azimuth.yaml', text, catalogue));

/** The lines of the message about a configuration that a program gives. */
export const complaints = (given: unknown): string[] => problemsOf(given).map(lineOf);

/** The lines of the message about a configuration in YAML. */
export const complaintsOfYaml = (text: string): string[] => problemsOfYaml(text).map(lineOf);
