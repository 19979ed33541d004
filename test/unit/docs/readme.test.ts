import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { loadConfig, ProblemError } from '../../../generators/index.ts';
import { catalogue, generate } from '../../support/generate.ts';
import { blocks } from '../../support/markdown.ts';

const readme = readFileSync('README.md', 'utf8');
const defaults = readFileSync('azimuth.yaml', 'utf8');

const LONGEST_README = 900;

describe('README', () => {
  test('is read in a few minutes', () => {
    expect(readme.split(/\s+/).length).toBeLessThan(LONGEST_README);
  });

  test('shows a configuration that is valid, and that does what its comments say', () => {
    const [example, ...others] = blocks(readme, 'yaml');
    expect(others).toEqual([]);
    const config = loadConfig('README.md', example ?? '', catalogue);
    expect(config).toMatchObject({
      cluster: { label: 'cluster', name: 'staging' },
      rules: { window: '10m', labels: { team: 'platform' } },
      alerts: { PPSAllowanceExceeded: { threshold: 500, for: '20m' }, BWINAllowanceExceeded: false },
      dashboards: { 'zone-traffic': { from: 'now-24h', panels: { matrix: false } } },
    });
  });

  test.each(['README.md', 'docs/configuration.md'])('%s shows messages as they are', (file) => {
    const shown = [...readFileSync(file, 'utf8').matchAll(/^ {4}(azimuth\.yaml: \d problems\n(?: {6}.*\n)+)/gm)].map(
      ([, text]) => (text ?? '').replaceAll(/^ {4}/gm, '').trimEnd(),
    );
    let message = '';
    try {
      loadConfig('azimuth.yaml', 'rules: { window: 30 seconds }\nalerts: { PPSAllowanceExeeded: false }', catalogue);
    } catch (error) {
      message = error instanceof ProblemError ? error.message : '';
    }
    expect(shown).toEqual([message]);
  });

  test('lists every folder and file of the default configuration, and pictures and commands that exist', () => {
    const paths = generate({ flows: { source: 'retina-standard' } }).artifacts.map(({ path }) => path);
    const listed = [...readme.matchAll(/^\| \[?`([\w./-]+)`/gm)].map(([, path]) => path ?? '');
    expect(listed.length).toBeGreaterThan(5);
    expect(paths.filter((path) => !listed.some((name) => path.startsWith(name)))).toEqual([]);
    expect(listed.filter((name) => !existsSync(name) && !paths.some((path) => path.startsWith(name)))).toEqual([]);
    const pictures = [...readme.matchAll(/src(?:set)?="([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(pictures.length).toBeGreaterThan(0);
    expect(pictures.filter((path) => !existsSync(path))).toEqual([]);
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const used = [...readme.matchAll(/npm (?:run )?(\w[\w:]*)/g)]
      .map(([, name]) => name ?? '')
      .filter((name) => !['ci', 'install'].includes(name));
    expect(new Set(used)).toEqual(new Set(['build', 'package', 'test']));
    expect(used.filter((name) => !(name in scripts))).toEqual([]);
  });
});

test('azimuth.yaml has at most a dozen settings', () => {
  const lines = defaults.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines.length).toBeLessThanOrEqual(12);
});
