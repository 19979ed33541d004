import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { generate } from '../../support/generate.ts';

const text = readFileSync('docs/coverage.md', 'utf8');

/** Rows of the tables: which configuration makes which artifact. */
const rows = [...text.matchAll(/^\|[^|]+\| `([^`]+)` +\| (.+?) +\|/gm)].map(([, config = '', artifact = '']) => ({
  config,
  artifact,
}));

const configs = [...new Set(rows.map(({ config }) => config))];

describe('docs/coverage.md', () => {
  test('uses every example', () => {
    expect(configs.filter((path) => path.startsWith('examples/')).toSorted()).toEqual(
      readdirSync('examples').map((name) => `examples/${name}`),
    );
    expect(rows.length).toBeGreaterThan(20);
  });

  test('has sections of the names that the guide to the change-over gives the write-ups', () => {
    const headings = (markdown: string) => [...markdown.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title);
    const known = headings(readFileSync('docs/migration.md', 'utf8'));
    expect(headings(text).filter((title) => !known.includes(title))).toEqual([]);
    expect(headings(text).length).toBeGreaterThan(3);
  });

  test.each(configs)('names artifacts that %s makes', (config) => {
    const { artifacts } = generate(load(readFileSync(config, 'utf8')) as object);
    const made = new Set(artifacts.map(({ path }) => path));
    const named = rows.filter((row) => row.config === config).map(({ artifact }) => artifact);
    const missing = named.filter((artifact) => {
      const [, path] = /^`([^`]+)`$/.exec(artifact) ?? [];
      const [, document] = /^\[[^\]]+\]\(([^)]+)\)$/.exec(artifact) ?? [];
      return path === undefined ? !existsSync(`docs/${document ?? '?'}`) : !made.has(path);
    });
    expect(missing).toEqual([]);
  });
});
