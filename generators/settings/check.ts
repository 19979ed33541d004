import { RE2JS } from 're2js';
import { messageOf, show, type Problem } from '../schema/problems.ts';
import { pick, type PathIn, type Picked } from './section.ts';

/** A condition that one schema keyword cannot say. It runs only when every place that it reads is valid by itself. */
export interface Check {
  /** Paths of settings; the check sees nothing else. */
  readonly reads: readonly string[];
  readonly find: (config: object) => readonly Problem[];
}

/**
 * Makes checks over a slice of the configuration. Each receives what lies at the paths that it names and cannot read anything else.
 * @example checkOf<RetinaConfig>()(['retina.version'], ({ retina }) => [])
 */
export const checkOf =
  <In>() =>
  <const P extends PathIn<In>>(reads: readonly P[], find: (config: Picked<In, P>) => readonly Problem[]): Check => ({
    reads,
    find: (config) => find(pick(config, reads) as Picked<In, P>),
  });

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
