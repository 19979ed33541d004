import { describe, expect, test } from '@jest/globals';
import { loadConfig, ProblemError } from '../../../generators/index.ts';
import { catalogue } from '../../support/generate.ts';
import { complaints, complaintsOfYaml } from '../../support/problems.ts';

/** The message as the terminal shows it. */
function messageFor(text: string): string {
  try {
    loadConfig('azimuth.yaml', text, catalogue);
  } catch (error) {
    if (error instanceof ProblemError) return error.message;
    throw error;
  }
  return 'valid';
}

describe('a syntax error is shown in its line, with a caret under the place', () => {
  test('in the middle of the file', () => {
    expect(messageFor('cluster:\n  name: blue\n  label: [\nrules: {}\n')).toBe(
      [
        'azimuth.yaml: 1 problem',
        '  not YAML: line 4, column 1: deficient indentation',
        '      rules: {}',
        '      ^',
      ].join('\n'),
    );
  });

  test.each([
    ['a tab as indentation', 'cluster:\n\tname: blue\n', 2, 1, ' name: blue'],
    ['a key that stands twice', 'cluster: {}\nrules: {}\ncluster: {}\n', 3, 1, 'cluster: {}'],
    ['a key that stands twice below', 'cluster: { name: a, name: b }\n', 1, 21, 'cluster: { name: a, name: b }'],
    ['a string without an end', 'cluster: { name: "blue }\n', 2, 1, ''],
    ['an unknown alias', 'cluster: *blue\n', 1, 11, 'cluster: *blue'],
    ['an unknown tag', 'cluster: !!set {}\n', 1, 10, 'cluster: !!set {}'],
    ['a key that is a list', '? [a]\n: b\n', 1, 1, '? [a]'],
    ['Windows line ends', 'cluster: {}\r\nrules: {}\r\ncluster: {}\r\n', 3, 1, 'cluster: {}'],
    ['characters that a terminal obeys', 'a: \u001b[2J\u202e\ud800}\n', 1, 4, String.raw`a: \u001b[2J\u202e\ud800}`],
    ['a byte order mark', '\uFEFFcluster: {}\ncluster: {}\n', 2, 1, 'cluster: {}'],
  ])('%s', (_name, text, line, column, excerpt) => {
    const [message, shown, caret] = messageFor(text).split('\n').slice(1);
    expect(message).toMatch(new RegExp(`^  not YAML: line ${line}, column ${column}: \\w`));
    expect(shown).toBe(`      ${excerpt}`);
    expect(caret).toBe(`      ${' '.repeat(column - 1)}^`);
  });

  test('of a long line, as much as stands around the place', () => {
    const [message, shown, caret] = messageFor(`keep: ${'['.repeat(200)}`)
      .split('\n')
      .slice(1);
    expect(message).toMatch(/^ {2}not YAML: line 1, column 106: \w/);
    expect(shown).toBe(`      ${'['.repeat(120)}`);
    expect(caret).toBe(`      ${' '.repeat(80)}^`);
  });

  test('unless it is the file as a whole', () => {
    expect(complaintsOfYaml('cluster: {}\n---\nrules: {}\n')).toEqual([
      'not YAML: line 2: expected a single document in the stream, but found more',
    ]);
  });
});

describe('a file that is no mapping', () => {
  test.each([
    ['- cluster', '["cluster"]'],
    ['cluster', '"cluster"'],
    ['42', '42'],
    ['true', 'true'],
    ['2026-11-20', '"2026-11-20"'],
  ])('%s', (text, shown) => {
    expect(complaintsOfYaml(text)).toEqual([`got ${shown}, expected a mapping of settings`]);
  });
});

describe('values that YAML is famous for', () => {
  test.each([
    ['on', '"on"'],
    ['2026-11-20', '"2026-11-20"'],
    ['0x10', '16'],
    ['.inf', 'Infinity'],
    ['1e3', '1000'],
  ])('rules.compatibilityRecords: %s', (text, shown) => {
    expect(complaintsOfYaml(`rules: { compatibilityRecords: ${text} }`)).toEqual([
      `rules.compatibilityRecords: got ${shown}, expected true or false`,
    ]);
  });

  test('anchors and aliases', () => {
    const text = 'alerts:\n  PPSAllowanceExceeded: &slow { for: 1h }\n  BWINAllowanceExceeded: *slow\n';
    expect(loadConfig('azimuth.yaml', text, catalogue).alerts).toEqual({
      PPSAllowanceExceeded: { for: '1h' },
      BWINAllowanceExceeded: { for: '1h' },
    });
  });
});

test('a mapping of settings is asked for whatever is given', () => {
  expect(complaints(null)).toEqual(['got null, expected a mapping of settings']);
  expect(complaints([])).toEqual(['got [], expected a mapping of settings']);
  expect(complaints('text')).toEqual(['got "text", expected a mapping of settings']);
});

test.each([
  ['alerts: &all { PPSAllowanceExceeded: *all }', 'alerts.PPSAllowanceExceeded'],
  ['keep: &all [*all]', 'keep.0'],
  ['&all cluster: &all { name: *all }', 'cluster.name'],
  ['&all { cluster: { name: *all } }', 'cluster.name'],
  ['&all [*all]', '0'],
])('an alias inside its own anchor is a mistake: %s', (text, path) => {
  expect(complaintsOfYaml(text)).toEqual([`${path}: got a value that holds itself, expected plain data`]);
});

// As for every other section: nothing but comments in it is no change.
test.each([
  'alerts:\n  PPSAllowanceExceeded:\n    # threshold: 10\n',
  'dashboards:\n  zone-traffic:\n    # refresh: 5m\n',
  'dashboards:\n  zone-traffic:\n    panels:\n      # matrix: false\n',
])('an empty change changes nothing: %j', (text) => {
  expect(complaintsOfYaml(text)).toEqual([]);
});
