import { describe, expect, test } from '@jest/globals';
import { generate } from '../../../support/generate.ts';

/** The head of a values file as running text: its lines are broken where they are full, not where sentences end. */
const headOf = (given: object, path: string): string => {
  const lines = generate(given).file(path).split('\n');
  return lines
    .slice(
      0,
      lines.findIndex((line) => !line.startsWith('#')),
    )
    .map((line) => line.slice(2))
    .join(' ');
};

const HUBBLE = 'helm-values/retina-hubble.yaml';
const STANDARD = 'helm-values/retina.yaml';
const standard = { flows: { source: 'retina-standard' } };

// The roles' names are those of v1.2.0 and v1.2.1 upstream; the API server answers "cannot change roleRef".
describe('bindings that Helm cannot upgrade', () => {
  const BINDINGS = ['retina-operator-rolebinding', 'hubble-generate-certs'];

  test.each([
    ['v0.0.31', []],
    ['v1.2.0', []],
    ['v1.2.1', BINDINGS],
    ['v1.2.6', BINDINGS],
    ['v2.0.0', BINDINGS],
  ])('%s names %j', (version, expected) => {
    const head = headOf({ retina: { version } }, HUBBLE);
    expect(BINDINGS.filter((binding) => head.includes(binding))).toEqual(expected);
  });

  test('are looked for where the release is', () => {
    expect(headOf({ retina: { namespace: 'observe' } }, HUBBLE)).toContain('in observe, the RoleBinding');
  });

  test('are none of the standard chart', () => {
    expect(headOf(standard, STANDARD)).not.toMatch(/[Bb]inding/);
  });
});

describe('a release of the other chart', () => {
  test.each([
    [HUBBLE, {}, 'retina'],
    [STANDARD, standard, 'retina-hubble'],
  ])('is to be uninstalled before %s', (path, given, other) => {
    const head = headOf(given, path);
    expect(head).toContain(`If the chart ${other} is installed, uninstall it first`);
    // Only then is it a matter at all: both install under the same name.
    expect(head).toContain('helm upgrade --install retina ');
  });
});
