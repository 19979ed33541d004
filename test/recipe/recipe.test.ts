import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runTool } from '../../bench/process/tools.ts';
import { inlineCode, section } from '../support/markdown.ts';
import { ADDITIONS, type Addition } from './additions.ts';
import { add, copyRepository } from './copy.ts';

/** Suites that follow the registry, and tests of the toys themselves. */
const SUITES = [
  'test/unit/bench/sources.test.ts',
  'test/unit/components/goldfinch/values.test.ts',
  'test/unit/conformance/cases.test.ts',
  'test/unit/docs/compatibility.test.ts',
  'test/unit/docs/configuration.test.ts',
  'test/unit/docs/gitops.test.ts',
  'test/unit/docs/index.test.ts',
  'test/unit/docs/install.test.ts',
  'test/unit/docs/runbooks.test.ts',
  'test/unit/docs/settings.test.ts',
  'test/unit/outputs/ruler-api.test.ts',
  'test/unit/build/dashboards.test.ts',
  'test/promtool/pipeline-alerts.test.ts',
  'test/promtool/sources/steady.test.ts',
];

/** Of those suites, the tests that are about a toy or about everything that is registered. */
const ABOUT = [
  'netmeter',
  'TrafficMostlyCrossZone',
  'zone-history',
  'goldfinch',
  'ruler-api',
  'every flow source',
  'values for every chart',
  'the index has',
  'is what the schema gives',
  'gives the unit',
  'these are all alerts',
  'has a row for every chart',
  'names exactly the artifacts',
  'every file of the kustomization',
];

/** Everything that is added, switched on. */
const CONFIGURATION = `
flows: { source: [retina-hubble, netmeter] }
goldfinch: { enabled: true }
descheduler: { enabled: true, maxEvictionsTotal: 7 }
alerts: { TrafficMostlyCrossZone: { threshold: 0.7 } }
dashboards: { zone-history: { panels: { locality-history: { title: History } } } }
targets: [prometheus, kube-prometheus-stack, helm-values, grafana, ruler-api]
`;

const architecture = readFileSync('docs/architecture.md', 'utf8');

/** Paths that a recipe names: code with a slash in the list below its heading. */
function pathsOf({ heading }: Addition): readonly string[] {
  const list = section(architecture, heading)
    .split('\n')
    .filter((line) => /^\d+\. /.test(line));
  return inlineCode(list.map((line) => line.replaceAll(/\(.*?\)/g, '')).join('\n')).filter((code) =>
    code.includes('/'),
  );
}

/** Whether a path is one that a recipe names, with names in angle brackets filled in. */
const isNamed = (pattern: string, path: string): boolean =>
  new RegExp(`^${pattern.replaceAll(/[.+]/g, String.raw`\$&`).replaceAll(/<[^>]+>/g, '[^/]+')}$`).test(path);

let dir: string;
const touched = new Map<string, readonly string[]>();
const inCopy = async (program: string, ...argv: string[]) => runTool(program, argv, { cwd: dir });

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'azimuth-recipe-'));
  await copyRepository(dir);
  for (const addition of ADDITIONS) touched.set(addition.name, await add(dir, addition));
}, 60_000);

afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

describe.each(ADDITIONS)('the recipe for $heading', (addition) => {
  const files = () => touched.get(addition.name) ?? [];
  const named = pathsOf(addition);

  test(`touches at most ${addition.limit} files`, () => {
    expect(files().length).toBeGreaterThan(1);
    expect(files().length).toBeLessThanOrEqual(addition.limit);
  });

  test('names every file that is touched, and no other', () => {
    expect(files().filter((path) => !named.some((pattern) => isNamed(pattern, path)))).toEqual([]);
    expect(named.filter((pattern) => !files().some((path) => isNamed(pattern, path)))).toEqual([]);
  });
});

describe('a copy with all additions', () => {
  test('has no drift that a build does not mend, and builds the toys', async () => {
    expect(await inCopy('node', 'docs/build.mjs', 'check')).toMatchObject({ code: 2 });
    expect(await inCopy('node', 'docs/build.mjs', 'build')).toMatchObject({ code: 0 });
    expect(await inCopy('node', 'docs/build.mjs', 'check')).toMatchObject({ code: 0 });
    await writeFile(join(dir, 'toys.yaml'), CONFIGURATION);
    expect(await inCopy('node', 'bin/azimuth.mjs', 'build', '--config', 'toys.yaml', '--out', 'out')).toMatchObject({
      code: 0,
      stdout: expect.not.stringContaining('no effect'),
    });
    const built = async (path: string) => readFile(join(dir, 'out', path), 'utf8');
    expect(await built('rules/prometheus/zone-traffic.rules.yaml')).toContain('netmeter_sent_bytes_total');
    expect(await built('rules/prometheus/traffic-pipeline.rules.yaml')).toMatch(
      /alert: TrafficMostlyCrossZone[\s\S]*> 0\.7/,
    );
    expect(await built('rules/ruler-api/traffic-pipeline.json')).toContain('"TrafficMostlyCrossZone"');
    expect(await built('helm-values/kube-prometheus-stack.yaml')).toContain('job_name: netmeter');
    expect(await built('helm-values/goldfinch.yaml')).toContain('Generated by Azimuth');
    expect(await built('helm-values/descheduler.yaml')).toContain('maxNoOfPodsToEvictTotal: 7');
    expect(await built('dashboards/grafana/zone-history.json')).toContain('"title": "History"');
    expect(await readFile(join(dir, 'docs/settings.md'), 'utf8')).toContain('| `descheduler.maxEvictionsTotal` |');
  }, 300_000);

  test('has no mistake of types and none that the linter finds', async () => {
    const files = [...touched.values()].flat().filter((file) => file.endsWith('.ts'));
    expect(await inCopy('node', 'node_modules/.bin/tsc', '--noEmit')).toMatchObject({ code: 0, stdout: '' });
    expect(
      await inCopy('node', 'node_modules/.bin/oxlint', '--type-aware', '--deny-warnings', ...new Set(files)),
    ).toMatchObject({
      code: 0,
    });
  }, 300_000);

  test('passes the suites that follow the registry', async () => {
    const { code, stderr } = await inCopy(
      'node',
      '--experimental-vm-modules',
      '--no-warnings',
      'node_modules/jest/bin/jest.js',
      '--testNamePattern',
      ABOUT.join('|'),
      ...SUITES,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining(`${SUITES.length} passed`) });
    const [, passed] = /^Tests: .* (\d+) passed/m.exec(stderr) ?? [];
    expect(Number(passed)).toBeGreaterThan(40);
  }, 300_000);
});
