import { show, type Problem } from '../schema/problems.ts';
import { type PathIn, type Picked, type Sections, type Slice, viewOf } from './section.ts';

/** A rule that the schema cannot express. It runs only if the schema accepts every setting that it reads. */
export interface Check {
  /** Paths of settings; the check sees nothing else. */
  readonly reads: readonly string[];
  readonly find: (config: object) => readonly Problem[];
}

/** A component, a domain or an output as its author defines it: `S` are its own sections, `R` those of others. */
export interface Part<S extends Sections, R extends Sections> {
  readonly id: string;
  /** Sections of the configuration that belong to it. */
  readonly settings: S;
  /** Sections of others that it reads. */
  readonly reads: R;
  readonly checks?: readonly Check[];
}

/** A part as the engine knows it. */
export interface EnginePart<S extends Sections> {
  readonly id: string;
  readonly settings: S;
  /** Names of the sections of others that it reads. */
  readonly reads: readonly string[];
  readonly checks: readonly Check[];
}

/** The engine's view of a part. */
export const enginePart = <S extends Sections>({
  id,
  settings,
  reads,
  checks = [],
}: Part<S, Sections>): EnginePart<S> => ({ id, settings, reads: Object.keys(reads), checks });

/** The sections of a configuration that a part sees: its own and those that it reads. */
export const sliceOf = <S extends Sections, R extends Sections>(part: Part<S, R>, config: object): Slice<S & R> =>
  viewOf(config, [...Object.keys(part.settings), ...Object.keys(part.reads)]) as Slice<S & R>;

/**
 * Builds checks over a slice of the configuration. A check receives the settings that it names and nothing else.
 * @example checkOf<RetinaConfig>()(['retina.version'], ({ retina }) => [])
 */
export const checkOf =
  <In>() =>
  <const P extends PathIn<In>>(reads: readonly P[], find: (config: Picked<In, P>) => readonly Problem[]): Check => ({
    reads,
    find: (config) => find(viewOf(config, reads) as Picked<In, P>),
  });

/** A problem of the form `got X, expected Y`. */
export const problem = (path: string, value: unknown, expected: string): Problem => ({
  path,
  message: `got ${show(value)}, expected ${expected}`,
});

/** The problem of a duration that must not be zero; `why` is appended to the message. */
export const zeroDuration = (path: string, value: string, why = ''): Problem => ({
  path,
  message: `got ${show(value)}, must be greater than 0s${why}`,
});

/** The problem of a regular expression for the reason `why`; none if there is no reason. `such` says more of what was expected. */
export const rejectedRegex = (path: string, value: string, why: string | undefined, such = ''): readonly Problem[] =>
  why === undefined ? [] : [problem(path, value, `a regular expression as Prometheus reads it (RE2)${such} (${why})`)];
