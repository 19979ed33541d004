import { distance } from 'fastest-levenshtein';

/** One thing that is wrong with what a user gave. Data; `ProblemError` turns it into text. */
export interface Problem {
  /** Dotted path inside the file, such as `alerts.PPSAllowanceExceeded.for`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/** A user's mistakes, all of them at once. The command line prints the message and exits with 1: no stack trace. */
export class ProblemError extends Error {
  readonly file: string;
  readonly problems: readonly Problem[];
  constructor(file: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    const lines = problems.map(({ path, message }) =>
      (path === '' ? message : `${path}: ${message}`).replaceAll(/^(?=.)/gm, '  '),
    );
    super(`${file}: ${count}\n${lines.join('\n')}`);
    this.name = 'ProblemError';
    this.file = file;
    this.problems = problems;
  }
}

/** The known name nearest to what was written, if it is near enough to be meant. */
function nearest(written: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((name) => ({ name, away: distance(written.toLowerCase(), name.toLowerCase()) }))
    .toSorted((a, b) => a.away - b.away || a.name.localeCompare(b.name, 'en'));
  return best !== undefined && best.away <= Math.max(2, Math.floor(best.name.length / 3)) ? best.name : undefined;
}

/** `did you mean X?`, or the known names where none is near. */
export function suggestion(written: string, known: readonly string[]): string {
  const name = nearest(written, known);
  if (name !== undefined) return `did you mean ${name}?`;
  return known.length === 0 ? 'there are none here' : `known: ${known.join(', ')}`;
}

/** The message of whatever was thrown. */
export const messageOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'message' in thrown ? String(thrown.message) : String(thrown);

const withBigInt = (_key: string, item: unknown): unknown => (typeof item === 'bigint' ? `${item}n` : item);

/** A value as a message shows it: JSON on one line, cut when long. Programs may give what JSON cannot say. */
export function show(value: unknown): string {
  const isJson = !['number', 'bigint', 'function', 'symbol', 'undefined'].includes(typeof value);
  const text = String(isJson ? JSON.stringify(value, withBigInt) : value).replaceAll(/\s+/g, ' ');
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
