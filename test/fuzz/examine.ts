import { ProblemError, type Artifact, type Problem } from '../../generators/index.ts';
import { type Limits, measured } from './measure.ts';

/** A configuration as a program gives it, or as text. */
export type Input = { readonly given: unknown } | { readonly text: string };

/**
 * What is examined: it reads a configuration, and generates everything from it.
 * @throws ProblemError if the configuration, or what is generated from it, is refused.
 */
export type Subject = (input: Input) => readonly Artifact[];

/** Kinds of findings. */
export const FINDINGS = ['crash', 'slow', 'big', 'placeless', 'unreadable'] as const;

/** What became of one input. */
export type Verdict =
  | { readonly kind: 'accepted'; readonly artifacts: readonly Artifact[] }
  | { readonly kind: 'refused' }
  | { readonly kind: (typeof FINDINGS)[number]; readonly detail: string };

/** Two seconds and 100 MB for each run. */
export const LIMITS: Limits = { seconds: 2, bytes: 100_000_000 };

/** Messages about the file as a whole. */
const OF_FILE = /^(not YAML: line [1-9]|is longer than |got .*, expected (a mapping of settings|plain data)$)/;

/** How messages begin that say in words what is wrong. */
const IN_WORDS =
  /^(got|unknown|not YAML|renamed,|is longer|\S+ is set by|\S+ has one tier|\S+ is not among|\S+ is renamed) ?/;

/** What a terminal would not show, or obey. */
const INVISIBLE = /[\p{Cc}\p{Cs}]/u;

/** Why a problem does not help: it has no place, no words, or characters that cannot be seen. */
export function helplessness({ path, message }: Problem): string | undefined {
  const isOfFile = path === '' && OF_FILE.test(message);
  if (typeof path !== 'string' || (path === '' && !isOfFile)) return 'no place';
  if (INVISIBLE.test(path + message.replaceAll('\n', ''))) return 'characters that cannot be seen';
  const isInWords = IN_WORDS.test(message) && !/\[object (?!.*expected plain data$)|undefined, expected/.test(message);
  return isOfFile || isInWords ? undefined : 'no words';
}

const told = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/** Reads one configuration, generates everything from it, and says what was wrong with that. */
export function examine(subject: Subject, input: Input, limits = LIMITS): Verdict {
  const end = measured(() => subject(input), limits);
  if ('stopped' in end) return { kind: 'slow', detail: 'it did not end' };
  const { seconds, bytes } = end.cost;
  if (bytes > limits.bytes) return { kind: 'big', detail: `${Math.round(bytes / 1e6)} MB more` };
  if (seconds > limits.seconds) return { kind: 'slow', detail: `${seconds.toFixed(1)} s` };
  if ('result' in end) return { kind: 'accepted', artifacts: end.result };
  if (!(end.thrown instanceof ProblemError)) return { kind: 'crash', detail: told(end.thrown) };
  for (const problem of end.thrown.problems) {
    const why = helplessness(problem);
    if (why !== undefined) return { kind: 'placeless', detail: `${why}: ${JSON.stringify(problem)}` };
  }
  return { kind: 'refused' };
}
