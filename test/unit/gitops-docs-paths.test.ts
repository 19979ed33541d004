import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseRequest } from '../../generators/commands/options.ts';
import { EVERY_SOURCE } from '../support/everything.ts';
import { generate } from '../support/generate.ts';
import { generatedPaths, isWritten } from '../support/guide.ts';
import { blocks } from '../support/markdown.ts';

const GUIDES = ['gitops', 'packagings', 'nodelocal-dns', 'coverage'].map((name) => `docs/${name}.md`);
const COMMANDS = ['build', 'check', 'validate', 'list', 'print', 'preview', 'demo'];

const pathsOf = (given: object): string[] => generate(given).artifacts.map(({ path }) => path);
const defaults = pathsOf({});

/** Whatever the generator can be made to write, as far as any guide names it. */
const anything = [...EVERY_SOURCE, { descheduler: { enabled: true } }, { flows: { source: 'beyla' } }, {}].flatMap(
  pathsOf,
);

/** A section of a guide, from its heading to the next one of its level. */
function section(markdown: string, title: string): string {
  const [, text] = new RegExp(`^## ${title}\n([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, 'm').exec(markdown) ?? [];
  if (text === undefined) throw new TypeError(`no section ${title}`);
  return text;
}

describe.each(GUIDES)('%s', (file) => {
  const markdown = readFileSync(file, 'utf8');

  test('names files, folders and globs that are written', () => {
    expect(generatedPaths(markdown).filter((path) => !isWritten(path, anything))).toEqual([]);
  });

  test('links to files that exist', () => {
    const links = Array.from(markdown.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g), ([, link = '']) => link);
    expect(links.filter((link) => !existsSync(posix.join('docs', link)))).toEqual([]);
  });

  test('names npm scripts, commands and options that exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const used = Array.from(markdown.matchAll(/npm run ([\w:]+)/g), ([, name = '']) => name);
    expect(used.filter((name) => !(name in scripts))).toEqual([]);
    const calls = Array.from(
      markdown.matchAll(/(?:npx azimuth (\w+)|npm run (build|check|demo|preview) --)([^`#&|\n]*)/g),
      ([, direct, script, rest = '']) => [direct ?? script ?? '', ...rest.trim().split(/\s+/).filter(Boolean)],
    );
    const problems = calls.map((argv) => parseRequest(argv, COMMANDS)).filter((request) => 'misuse' in request);
    expect(problems).toEqual([]);
  });
});

describe('docs/gitops.md', () => {
  const markdown = readFileSync('docs/gitops.md', 'utf8');

  test('the table of files is what the default configuration writes, but for the lock and the schema', () => {
    const named = Array.from(section(markdown, 'The files').matchAll(/^\| `([^`]+)`/gm), ([, path = '']) => path);
    const meant = defaults.filter((path) => path.includes('/'));
    expect(named.filter((path) => !isWritten(path, defaults))).toEqual([]);
    expect(meant.filter((path) => !named.some((name) => isWritten(name, [path])))).toEqual([]);
  });

  test('the commands of plain Helm use what the default configuration writes', () => {
    const named = blocks(section(markdown, 'Plain Helm'), 'sh').flatMap(generatedPaths);
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((path) => !isWritten(path, defaults))).toEqual([]);
  });

  test('its pipelines run the checks in each of two systems', () => {
    const shown = section(markdown, 'In a pipeline');
    for (const command of ['npm ci', 'npm run check', 'npx azimuth demo --png'])
      expect(shown.split(command)).toHaveLength(3);
  });
});

test('paths are found and held: a wrong one would be seen', () => {
  expect(generatedPaths('See `manifests/monitors`, rules/prometheus/*.rules.yaml and my-rules/x.')).toEqual([
    'manifests/monitors',
    'rules/prometheus/*.rules.yaml',
  ]);
  expect(isWritten('rules/prometheus/*.rules.yaml', defaults)).toBe(true);
  expect(isWritten('rules/prometheus/<name>.rules.yaml', defaults)).toBe(true);
  expect(isWritten('dashboards/configmaps', defaults)).toBe(false);
  expect(isWritten('helm-values/retina-hubbel.yaml', defaults)).toBe(false);
});
