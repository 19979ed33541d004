import { distance } from 'fastest-levenshtein';

/** One problem in the input of a user. `ProblemError` formats problems as text. */
export interface Problem {
  /** Dotted path inside the file, such as `alerts.PPSAllowanceExceeded.for`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
}

/** All problems in the input of a user, at once. The command line prints the message without a stack trace and exits with 1. */
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

/** The known name most similar to the given one, if it is similar enough to be a typo. */
function nearest(written: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((name) => ({ name, away: distance(written.toLowerCase(), name.toLowerCase()) }))
    .toSorted((a, b) => a.away - b.away || a.name.localeCompare(b.name, 'en'));
  return best !== undefined && best.away <= Math.max(2, Math.floor(best.name.length / 3)) ? best.name : undefined;
}

/** `did you mean X?`, or the list of known names if none is similar. */
export function suggestion(written: string, known: readonly string[]): string {
  const name = nearest(written, known);
  if (name !== undefined) return `did you mean ${name}?`;
  return known.length === 0 ? 'there are none here' : `known: ${known.join(', ')}`;
}

/** `a`, `a or b`, `a, b or c`. */
export const listed = (items: readonly string[], word: 'and' | 'or'): string =>
  [items.slice(0, -1).join(', '), ...items.slice(-1)].filter((part) => part !== '').join(` ${word} `);

/** The message of a thrown value. */
export const messageOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'message' in thrown ? String(thrown.message) : String(thrown);

const withBigInt = (_key: string, item: unknown): unknown => (typeof item === 'bigint' ? `${item}n` : item);

/** A value for a message: JSON on one line, truncated. A TypeScript configuration may hold values that JSON cannot represent. */
export function show(value: unknown): string {
  const isJson = !['number', 'bigint', 'function', 'symbol', 'undefined'].includes(typeof value);
  const text = String(isJson ? JSON.stringify(value, withBigInt) : value).replaceAll(/\s+/g, ' ');
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
