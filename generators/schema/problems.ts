import { distance } from 'fastest-levenshtein';
import { redactText, redactUrl, redactValue } from './urls.ts';

/** One problem in the input of a user. `ProblemError` formats problems as text. */
export interface Problem {
  /** Dotted path inside the file, such as `alerts.PPSAllowanceExceeded.for`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
}

/**
 * All problems in the input of a user, at once. The command line prints the message without a stack trace and exits with 1. Holds no
 * secrets of URLs, wherever in the input they are.
 */
export class ProblemError extends Error {
  readonly file: string;
  readonly problems: readonly Problem[];
  constructor(file: string, problems: readonly Problem[]) {
    const safe = problems.map(({ path, message }) => ({ path: redactValue(path), message: redactText(message) }));
    const name = redactValue(file);
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    const lines = safe.map(({ path, message }) =>
      (path === '' ? message : `${path}: ${message}`).replaceAll(/^(?=.)/gm, '  '),
    );
    super(`${name}: ${count}\n${lines.join('\n')}`);
    this.name = 'ProblemError';
    this.file = name;
    this.problems = safe;
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

/** A mapping without secrets in the names of its keys; other values as they are. */
function withoutSecretKeys(item: unknown): unknown {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
  const entries = Object.entries(item);
  const isSafe = entries.every(([key]) => !key.includes('://'));
  return isSafe ? item : Object.fromEntries(entries.map(([key, value]) => [redactValue(key), value]));
}

/**
 * A value for a message: JSON on one line, without secrets of URLs, truncated. A TypeScript configuration may hold values that JSON cannot
 * represent.
 * @param isUrl whether all text in it should be URLs; else only what has a scheme is one.
 */
export function show(value: unknown, isUrl = false): string {
  const shown = (_key: string, item: unknown): unknown => {
    if (typeof item === 'bigint') return `${item}n`;
    if (typeof item !== 'string') return withoutSecretKeys(item);
    return isUrl ? redactUrl(item) : redactValue(item);
  };
  const isJson = !['number', 'bigint', 'function', 'symbol', 'undefined'].includes(typeof value);
  // Before the truncation, which could cut off what tells a password. Functions are shown as their text.
  const text = redactText(String(isJson ? JSON.stringify(value, shown) : value).replaceAll(/\s+/g, ' '));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
