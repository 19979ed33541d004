import { RE2JS } from 're2js';
import { messageOf } from '../schema/problems.ts';

/**
 * Maximum size of a regular expression with all repetitions written out. RE2 takes 1,000 for each repetition, so a line of them would take
 * seconds to compile, here and at each evaluation of the rules.
 */
export const MAX_REGEX_SIZE = 1000;

/** A token: an escape, a class, a repetition with numbers, or one character. */
const TOKEN = /\\(?:[pP]\{[^}]*\}|Q[^]*?(?:\\E|$)|[^])|\[\^?\]?(?:\\[^]|\[:[^\]]*:\]|[^\]\\])*\]|\{\d+(?:,\d*)?\}|[^]/g;

/** About how many steps a regular expression (RE2) has with all repetitions written out; a class counts as one. */
export function regexSize(regex: string): number {
  /** Sizes of the open groups, and of the last part in each, which a repetition multiplies. */
  let sizes = [0];
  let last = 0;
  for (const [token] of regex.matchAll(TOKEN)) {
    const [size = 0, ...outer] = sizes;
    const [, from, to] = /^\{(\d+)(?:,(\d*))?\}$/.exec(token) ?? [];
    if (token === '(') {
      sizes = [0, ...sizes];
    } else if (token === ')' && outer.length > 0) {
      last = size + 1;
      sizes = [(outer[0] ?? 0) + last, ...outer.slice(1)];
    } else if (from === undefined) {
      last = token.startsWith('\\Q') ? token.length : 1;
      sizes = [size + last, ...outer];
    } else {
      const times = Math.max(Number(from), Number(to ?? 0), 1);
      sizes = [size + last * (times - 1), ...outer];
      last *= times;
    }
  }
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Cache of the latest expressions: one is compared with many texts. */
const latest = new Map<string, RE2JS>();
const KEPT = 200;

/** A compiled regular expression. @throws if Prometheus would refuse it. */
function compile(regex: string): RE2JS {
  const result = latest.get(regex) ?? RE2JS.compile(regex);
  latest.set(regex, result);
  const [oldest = ''] = latest.keys();
  if (latest.size > KEPT) latest.delete(oldest);
  return result;
}

/** Whether a regular expression (RE2) matches the whole text, as a matcher of Prometheus does. @throws if it is invalid. */
export const matchesWhole = (regex: string, text: string): boolean => compile(`(?s:${regex})`).matches(text);

/** Number of groups of a regular expression, and the names of those that have one. @throws if it is invalid. */
export function groupsOf(regex: string): { readonly count: number; readonly names: readonly string[] } {
  const read = compile(regex);
  return { count: read.groupCount(), names: Object.keys(read.namedGroups()) };
}

/** Why Prometheus would reject a regular expression (RE2), or why it is too large; undefined if it is taken. */
export function regexProblem(regex: string): string | undefined {
  const size = regexSize(regex);
  if (size > MAX_REGEX_SIZE)
    return `it has ${size} steps with repetitions written out, at most ${MAX_REGEX_SIZE} are taken`;
  try {
    compile(regex);
    return undefined;
  } catch (error) {
    return messageOf(error).replace('error parsing regexp: ', '');
  }
}
