import { inspect } from 'node:util';
import { expect, jest, test } from '@jest/globals';
import { ProblemError, type Artifact } from '../../generators/index.ts';
import { valueAt } from '../../generators/settings/section.ts';
import { examine, type Input, type Subject } from '../fuzz/examine.ts';
import { disagreement, Reader } from '../fuzz/outputs.ts';
import { azimuth, fuzz, INPUTS } from '../fuzz/run.ts';
import { mutatedAmong } from '../support/arbitrary-mutation.ts';

jest.setTimeout(120_000);

const changed = (...originals: readonly object[]) => mutatedAmong(originals).map((given): Input => ({ given }));

/** Something that is examined instead of Azimuth; what it does, it does while it reads. */
const reading =
  (read: (given: unknown) => unknown): Subject =>
  (input) => {
    read('given' in input ? input.given : input.text);
    return [];
  };

const artifact = (path: string, text: string, format: Artifact['format'] = 'yaml') =>
  ({ path, text, format }) as Artifact;

test('a check that reads more than it declares is found, with a small input', () => {
  /** It declares `flows.source`, so it runs where that is valid, whatever is in `retina`. */
  const greedy = (given: unknown): void => {
    if (valueAt(given, ['flows', 'source']) !== 'retina-standard') return;
    (given as { retina: { version: string } }).retina.version.startsWith('v');
  };
  const original = { flows: { source: 'retina-standard' }, retina: { version: 'v1.2.6' } };
  const { findings } = fuzz({ seed: 1, runs: 500, most: 1, subject: reading(greedy), inputs: changed(original) });
  expect(findings).toEqual([expect.objectContaining({ kind: 'crash', detail: expect.stringContaining('TypeError') })]);
  expect(JSON.stringify(findings[0]?.input).length).toBeLessThan(150);
});

test('a configuration whose expanded size has no bound is found', () => {
  /** Every alias is copied where it stands, as a plain copy does that counts nothing. */
  const copied = (value: unknown, around: readonly unknown[] = []): unknown => {
    if (typeof value !== 'object' || value === null || around.includes(value)) return value;
    return Object.entries(value).map(([key, inner]) => [key, copied(inner, [...around, value])]);
  };
  const { findings } = fuzz({
    seed: 1,
    runs: 2000,
    most: 1,
    subject: reading((given) => copied(given)),
    inputs: changed({ keep: ['a'] }),
  });
  expect(findings.map(({ kind }) => kind)).toEqual([expect.stringMatching(/^(big|slow)$/)]);
});

test('a schema without a bound is found', () => {
  /** A label that stands many times in each of many rules. */
  const unbounded = (given: unknown): string => {
    const label = String(valueAt(given, ['cluster', 'label']));
    return Array.from({ length: 20_000 }, (_, index) => `${index}${label}`)
      .join('')
      .normalize('NFD');
  };
  expect(examine(reading(unbounded), { given: { cluster: { label: 'cluster' } } }).kind).toBe('accepted');
  expect(examine(reading(unbounded), { given: { cluster: { label: 'a'.repeat(5000) } } }).kind).toBe('big');
  expect(examine(azimuth(), { given: { cluster: { label: 'a'.repeat(5000) } } }).kind).toBe('refused');
});

test.each([
  ['no place', { path: '', message: 'got 1, expected 2' }],
  ['no words', { path: 'a', message: 'must match schema "then"' }],
  ['no words', { path: 'a', message: 'got [object Object], expected text' }],
  ['characters that cannot be seen', { path: 'a\u0007', message: 'got 1, expected 2' }],
  ['characters that cannot be seen', { path: 'a', message: 'got "\ud800", expected 2' }],
])('a problem with %s is found', (why, problem) => {
  const subject = reading(() => {
    throw new ProblemError('azimuth.yaml', [{ path: 'b', message: 'got 1, expected 2' }, problem]);
  });
  expect(examine(subject, { given: {} })).toEqual({
    kind: 'placeless',
    detail: expect.stringContaining(`${why}: {`),
  });
});

test('a problem without a path at all is found as an exception', () => {
  const subject = reading(() => {
    throw new ProblemError('azimuth.yaml', [{ path: undefined as unknown as string, message: 'got 1, expected 2' }]);
  });
  expect(examine(subject, { given: {} }).kind).toBe('crash');
});

test('files that cannot be read are found', () => {
  const problemOf = (one: Artifact) => new Reader({ yaml: 1, promtool: 1 }).problemOf([one]);
  expect(problemOf(artifact('a.yaml', 'a: 1\n---\nb: [x, "y"]\n'))).toBeUndefined();
  expect(problemOf(artifact('a.yaml', 'a: [\n'))).toMatch(/^a\.yaml: /);
  expect(problemOf(artifact('a.json', '{', 'json'))).toMatch(/^a\.json: SyntaxError/);
  expect(
    problemOf(artifact('rules/prometheus/a.yaml', 'groups:\n  - name: a\n    rules: [{ record: a, expr: "1 +" }]\n')),
  ).toMatch(/promtool: .*parse error/s);
  expect(disagreement('a: 1\nb: {c: "x\\ty"}\n')).toBeUndefined();
  expect(disagreement('a: 1\na: 2\n')).toMatch(/uplicate/);
});

test('the same seed gives the same inputs', () => {
  const seen = () => {
    const texts: string[] = [];
    // Where they are made: what is examined may be examined again, to measure it once more.
    const inputs = INPUTS.map((input) => {
      texts.push(inspect(input, { depth: 3, maxArrayLength: 3, maxStringLength: 50 }));
      return input;
    });
    const { counts } = fuzz({ seed: 3, runs: 600, subject: () => [], inputs });
    expect(counts.accepted).toBe(600);
    return texts;
  };
  const texts = seen();
  expect(texts).toHaveLength(600);
  expect(seen()).toEqual(texts);
});
