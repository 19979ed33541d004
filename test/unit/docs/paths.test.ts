import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseRequest } from '../../../generators/commands/options.ts';
import { EVERY_SOURCE } from '../../support/everything.ts';
import { generate } from '../../support/generate.ts';
import { generatedPaths, isWritten } from '../../support/guide.ts';
import { section } from '../../support/markdown.ts';

/** Every guide but that of the sources, whose folders have the same names as those of artifacts. */
const GUIDES = readdirSync('docs')
  .filter((name) => name.endsWith('.md') && name !== 'architecture.md')
  .map((name) => `docs/${name}`);
const COMMANDS = [
  'init',
  'build',
  'check',
  'validate',
  'list',
  'print',
  'explain',
  'diff',
  'preview',
  'demo',
  'advise',
  'completion',
];

const pathsOf = (given: object): string[] => generate(given).artifacts.map(({ path }) => path);
const defaults = pathsOf({});

/** Whatever the generator can be made to write, as far as any guide names it. */
const anything = [
  ...EVERY_SOURCE,
  { descheduler: { enabled: true } },
  { kubeStateMetrics: { standalone: true } },
  { flows: { source: 'beyla' } },
  { ethtool: { exporter: 'network-flow-monitor' } },
  { ethtool: { exporter: 'cloudwatch-agent' } },
  { coreDns: { scrape: 'job' }, monitors: { enabled: true } },
  { controlPlane: { managed: false } },
  { targets: ['prometheus-operator'] },
  // What advice on the demo names.
  {
    routing: {
      services: [{ namespace: 'payments', name: 'ledger' }],
      workloads: [{ namespace: 'search', kind: 'Deployment', name: 'query', labels: { app: 'query' } }],
    },
  },
  {},
]
  .flatMap(pathsOf)
  // Named after files of the user's own.
  .concat('rules/prometheus/extra-checkout.rules.yaml');

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
    const used = Array.from(markdown.matchAll(/npm run ([\w:-]*\w)/g), ([, name = '']) => name);
    expect(used.filter((name) => !(name in scripts))).toEqual([]);
    const calls = Array.from(
      markdown.matchAll(/(?:(?:npx |^ {4}|`)azimuth ([a-z]+)|npm run (build|check|demo|preview) --)([^`#&|\n]*)/gm),
      ([, direct, script, rest = '']) => [direct ?? script ?? '', ...rest.trim().split(/\s+/).filter(Boolean)],
    );
    const problems = calls.map((argv) => parseRequest(argv, COMMANDS)).filter((request) => 'misuse' in request);
    expect(problems).toEqual([]);
  });
});

test('docs/gitops.md runs the checks in the pipelines of two systems', () => {
  const shown = section(readFileSync('docs/gitops.md', 'utf8'), 'In a pipeline');
  for (const command of ['npm ci', 'npx azimuth check', 'npx azimuth demo --png'])
    expect(shown.split(command)).toHaveLength(3);
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
