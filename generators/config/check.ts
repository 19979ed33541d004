import { RE2JS } from 're2js';
import type { Catalogue } from './names.ts';
import { messageOf, show, type Problem } from '../schema/problems.ts';
import type { Config } from '../settings/index.ts';

/** A condition that one schema keyword cannot say. It runs only when every place it reads is valid by itself. */
export interface Check {
  readonly reads: readonly string[];
  find(config: Config, catalogue: Catalogue, isBroken: (place: string) => boolean): readonly Problem[];
}

/** A value that was found, and what was expected in its place. */
export const problem = (path: string, value: unknown, expected: string): Problem => ({
  path,
  message: `got ${show(value)}, expected ${expected}`,
});

/** A duration that is zero where it must not be; `why` may go on after the message. */
export const zeroDuration = (path: string, value: string, why = ''): Problem => ({
  path,
  message: `got ${show(value)}, must be greater than 0s${why}`,
});

/** Why Prometheus would refuse a regular expression (RE2); undefined where it takes it. */
export function regexProblem(regex: string): string | undefined {
  try {
    RE2JS.compile(regex);
    return undefined;
  } catch (error) {
    return messageOf(error).replace('error parsing regexp: ', '');
  }
}
