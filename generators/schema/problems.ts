import { distance } from 'fastest-levenshtein';
import { redactText, redactUrl, redactValue } from './urls.ts';

/** One problem in the input of a user. `ProblemError` formats problems as text. */
export interface Problem {
  /** Dotted path inside the file, such as `alerts.PPSAllowanceExceeded.for`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
}

/** Maximum number of problems in a message; `problems` has them all. */
const MAX_SHOWN = 100;

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
    const shown = safe.slice(0, MAX_SHOWN).map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
    const more = problems.length > MAX_SHOWN ? [`and ${problems.length - MAX_SHOWN} more`] : [];
    const lines = [...shown, ...more].map((line) => line.replaceAll(/^(?=.)/gm, '  '));
    super(`${name}: ${count}\n${lines.join('\n')}`);
    this.name = 'ProblemError';
    this.file = name;
    this.problems = safe;
  }
}

/** How many edits a name may be away to be meant. */
const maxEdits = (name: string): number => Math.max(2, Math.floor(name.length / 3));

/** The known names that are similar enough to the given one for it to be a typo, the most similar first. */
function similar(written: string, known: readonly string[]): readonly string[] {
  // A name that is much longer or shorter is no typo; comparing it with a long text would take long.
  return known
    .filter((name) => Math.abs(written.length - name.length) <= maxEdits(name))
    .map((name) => ({ name, away: distance(written.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, away }) => away <= maxEdits(name))
    .toSorted((a, b) => a.away - b.away || a.name.localeCompare(b.name, 'en'))
    .map(({ name }) => name);
}

/** The known name most similar to the given one, if it is similar enough to be a typo. */
const nearest = (written: string, known: readonly string[]): string | undefined => similar(written, known)[0];

/** A message names at most so many. */
const MAX_NEAREST = 5;

/** Names that may be meant: those that are similar, or else those that the given text is a part of. */
export function nearestNames(written: string, known: readonly string[]): readonly string[] {
  const typos = similar(written, [...new Set(known)]);
  const part = written.toLowerCase();
  const around = part.length < 3 ? [] : [...new Set(known)].filter((name) => name.toLowerCase().includes(part));
  return (around.length > 0 ? around : typos).slice(0, MAX_NEAREST);
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

/** What a terminal does not show as itself: control and format characters, lone surrogates, separators of lines. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** A text with escapes such as `\u200b` for what cannot be seen. */
export const escaped = (text: string): string =>
  text.replaceAll(INVISIBLE, (character) =>
    Array.from({ length: character.length }, (_, index) => character.charCodeAt(index).toString(16).padStart(4, '0'))
      .map((code) => `\\u${code}`)
      .join(''),
  );

/** At most `length` characters of a text; a pair of surrogates is not cut in half. */
const shortened = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 3).replace(/[\ud800-\udbff]$/, '')}...` : text;

/** JSON of a value. A program may give one whose `toJSON` throws. */
function jsonOf(value: unknown, shown: (key: string, item: unknown) => unknown): string {
  try {
    return JSON.stringify(value, shown);
  } catch {
    return Object.prototype.toString.call(value);
  }
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
  const text = redactText(String(isJson ? jsonOf(value, shown) : value).replaceAll(/\s+/g, ' '));
  return shortened(escaped(text), 60);
}

/** A name in a path: in quotes where it would not be seen as it is, and truncated. */
function shownName(name: string): string {
  const isPlain = name !== '' && name.trim() === name && escaped(name) === name;
  return shortened(isPlain ? name : escaped(JSON.stringify(name)), 100);
}

/** The path of a setting in messages. @example dotted(['rules', 'labels', '']) is `rules.labels.""` */
export const dotted = (path: readonly string[]): string => path.map(shownName).join('.');
