import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { loadConfig, ProblemError } from '../../generators/index.ts';
import { catalogue, generate } from '../support/generate.ts';
import { blocks } from '../support/markdown.ts';

const readme = readFileSync('README.md', 'utf8');
const defaults = readFileSync('azimuth.yaml', 'utf8');

describe('README', () => {
  test('shows configurations that are valid, and that do what their comments say', () => {
    const [sources, example] = blocks(readme, 'yaml');
    expect(loadConfig('README.md', sources ?? '', catalogue)).toMatchObject({
      flows: { source: ['retina-hubble', 'obi'], granularity: 'workload' },
      cloud: { price: { egressPerGB: 0.01, ingressPerGB: 0.01, currency: 'USD', asOf: '2026-11-01' } },
    });
    const config = loadConfig('README.md', example ?? '', catalogue);
    expect(config).toMatchObject({
      cluster: { label: 'cluster', name: 'staging' },
      rules: { window: '10m', labels: { team: 'platform' } },
      alerts: { PPSAllowanceExceeded: { threshold: 500, for: '20m' }, BWINAllowanceExceeded: false },
    });
    expect(blocks(readme, 'yaml')).toHaveLength(2);
  });

  test('shows messages as they are', () => {
    const shown = [...readme.matchAll(/^ {4}(azimuth\.yaml: \d problems\n(?: {6}.*\n)+)/gm)].map(([, text]) =>
      (text ?? '').replaceAll(/^ {4}/gm, '').trimEnd(),
    );
    let message = '';
    try {
      loadConfig('azimuth.yaml', 'rules: { window: 30 seconds }\nalerts: { PPSAllowanceExeeded: false }', catalogue);
    } catch (error) {
      message = error instanceof ProblemError ? error.message : '';
    }
    expect(shown).toEqual([message]);
  });

  test('names exactly the artifacts of azimuth.yaml, and pictures and commands that exist', () => {
    const built = generate(load(defaults) as object);
    const listed = [...readme.matchAll(/^\| `([^`]+\.(?:ya?ml|json))`/gm)].map(([, path]) => path ?? '');
    expect(listed.toSorted()).toEqual(built.artifacts.map(({ path }) => path).toSorted());
    const pictures = [...readme.matchAll(/src(?:set)?="([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(pictures.length).toBeGreaterThan(0);
    expect(pictures.filter((path) => !existsSync(path))).toEqual([]);
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const used = [...readme.matchAll(/npm (?:run )?(\w[\w:]*)/g)]
      .map(([, name]) => name ?? '')
      .filter((name) => name !== 'ci');
    expect(used.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('describes settings that exist', () => {
    const names = [...readme.matchAll(/^\| ((?:`[a-z][a-zA-Z.]+`(?:, )?)+) *\|/gm)].flatMap(([, cell]) =>
      [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '').filter((name) => !name.endsWith('.json')),
    );
    const known = (name: string) =>
      name.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], generate().config);
    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => known(name) === undefined)).toEqual([]);
  });
});

test('azimuth.yaml has at most a dozen settings', () => {
  const lines = defaults.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines.length).toBeLessThanOrEqual(12);
});
