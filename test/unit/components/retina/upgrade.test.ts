import { describe, expect, test } from '@jest/globals';
import { generate } from '../../../support/generate.ts';

/** The header of a values file as running text, without its line breaks. */
const headerOf = (given: object, path: string): string => {
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
    const header = headerOf({ retina: { version } }, HUBBLE);
    expect(BINDINGS.filter((binding) => header.includes(binding))).toEqual(expected);
  });

  test('are in the namespace of the release', () => {
    expect(headerOf({ retina: { namespace: 'observe' } }, HUBBLE)).toContain('in observe, the RoleBinding');
  });

  test('do not concern the standard chart', () => {
    expect(headerOf(standard, STANDARD)).not.toMatch(/[Bb]inding/);
  });
});

describe('a release of the other chart', () => {
  test.each([
    [HUBBLE, {}, 'retina'],
    [STANDARD, standard, 'retina-hubble'],
  ])('must be uninstalled before %s', (path, given, other) => {
    const header = headerOf(given, path);
    expect(header).toContain(`If the chart ${other} is installed, uninstall it first`);
    // The reason: both install under the same name.
    expect(header).toContain('helm upgrade --install retina ');
  });
});
