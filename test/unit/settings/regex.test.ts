import { describe, expect, test } from '@jest/globals';
import { matchesWhole, MAX_REGEX_SIZE, regexProblem, regexSize } from '../../../generators/settings/regex.ts';

test.each([
  ['a', 1],
  ['abc', 3],
  ['a{3}', 3],
  ['a{3,}', 3],
  ['a{3,7}', 7],
  ['(ab){10}', 30],
  ['((a{2}b){3}|c){4}', 60],
  ['[^]a]{5}x', 6],
  ['[[:alpha:]{2}]{7}', 7],
  [String.raw`\p{Greek}{3}`, 3],
  [String.raw`\{3\}`, 3],
  ['(a{1000}){1000}', 1_001_000],
])('%s has %i steps', (regex, size) => {
  expect(regexSize(regex)).toBe(size);
});

describe('a regular expression', () => {
  test.each(['a{1000}', '(.+)-[0-9]{10}', 'x'.repeat(MAX_REGEX_SIZE)])(
    'of up to a thousand steps is taken',
    (regex) => {
      expect(regexProblem(regex)).toBeUndefined();
      expect(matchesWhole(regex, 'b')).toBe(false);
    },
  );

  test.each(['a{1000}b', '(a{100}){100}', 'a{1000}'.repeat(140), '(?i:\\pL{1000})', '(('.repeat(300) + 'a'])(
    'of more is refused by its size: %s',
    (regex) => {
      expect(regexProblem(regex)).toMatch(regexSize(regex) > MAX_REGEX_SIZE ? /^it has \d+ steps/ : /missing closing/);
    },
  );
});
