import { existsSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { cyclesIn, type Import, importsOf, IS_SOURCE, type Sources, sourcesIn } from '../support/imports.ts';

/** The folders of domains. */
const DOMAINS = ['traffic', 'allowances', 'workloads', 'dns', 'routing', 'cilium', 'control-plane', 'flow-pipeline'];

/** Parts of the registry: each is one folder. */
const PART = new RegExp(String.raw`^generators\/(?:(?:components|outputs)\/[^/]+|${DOMAINS.join('|')})(?=\/)`);

/** The folder of the part that a file belongs to; undefined for the engine and for what parts share. */
const partOf = (file: string): string | undefined => PART.exec(file)?.[0];

const kindOf = (part: string | undefined): string => /^generators\/([\w-]+)/.exec(part ?? '')?.[1] ?? '';

/** The file of a part that others read, to name its settings. */
const isSettings = (file: string): boolean => file.endsWith('/settings.ts');

/** The files of a domain that components read: what a source or an exporter of counters is, and the domain's settings. */
const isFace = (file: string): boolean => isSettings(file) || file.endsWith('/index.ts');

/** Why an import crosses a boundary; undefined where it may be. */
function crossing({ from, to }: Import): string | undefined {
  if (!from.startsWith('generators/')) {
    return to.startsWith('generators/') && to !== 'generators/index.ts' ? 'not through the public face' : undefined;
  }
  const [own, other] = [partOf(from), partOf(to)];
  if (other === undefined || own === other || from === 'generators/registry.ts') return undefined;
  if (own === undefined) return 'only the registry names parts';
  const kinds = `${kindOf(own)} > ${kindOf(other)}`;
  if (['components > components', 'outputs > components'].includes(kinds) && isSettings(to)) return undefined;
  if (DOMAINS.some((domain) => kinds === `components > ${domain}`) && isFace(to)) {
    return undefined;
  }
  return 'inside of another part';
}

/** Imports that cross a boundary nevertheless, each with its reason. */
const EXCEPTIONS: readonly (Import & { readonly reason: string })[] = [
  ...['domain', 'components/contract'].flatMap((file) =>
    ['traffic/source', 'allowances/exporter'].map((to) => ({
      from: `generators/${file}.ts`,
      to: `generators/${to}.ts`,
      reason: 'The type of an adapter is part of the contract between components and domains.',
    })),
  ),
  {
    from: 'generators/domain.ts',
    to: 'generators/traffic/input.ts',
    reason: 'The type of a reading is part of the contract between components and domains.',
  },
  ...['build/bundle', 'build/index', 'build/readings', 'config/checks'].map((file) => ({
    from: `generators/${file}.ts`,
    to: 'generators/traffic/index.ts',
    reason: 'Asks which flow sources flows.source chooses, and for their counters and labels.',
  })),
  {
    from: 'generators/build/money.ts',
    to: 'generators/traffic/index.ts',
    reason: 'Prices are a fact of the configuration that a command lists, and nothing that a build generates.',
  },
  ...['traffic', 'routing'].map((domain) => ({
    from: 'generators/build/advice.ts',
    to: `generators/${domain}/index.ts`,
    reason: 'Names the records that a command reads, and the prices that it applies.',
  })),
  ...['index', 'settings'].map((file) => ({
    from: 'generators/shared/flows.ts',
    to: `generators/traffic/${file}.ts`,
    reason: 'Says for many components whether flows.source chooses a source, and the reason if it does not.',
  })),
  {
    from: 'generators/index.ts',
    to: 'generators/control-plane/index.ts',
    reason: 'The demo asks which processes of the control plane can be scraped.',
  },
];

const shown = ({ from, to }: Import): string => `${from} > ${to}`;

const crossings = (sources: Sources): readonly string[] =>
  importsOf(sources).flatMap((one) => {
    const why = crossing(one);
    return why === undefined ? [] : [`${shown(one)}: ${why}`];
  });

const generators = sourcesIn('generators');
const outside = sourcesIn('bench', 'conformance', 'demo', 'docs', 'mutation', 'package', 'preview');

test('every import of a relative path is found, and leads to a file', () => {
  const imports = importsOf({ ...generators, ...outside });
  expect(imports.length).toBeGreaterThan(1000);
  const files = new Set(Object.keys({ ...generators, ...outside }));
  // Styles and assets are imported, too.
  expect(imports.filter(({ to }) => IS_SOURCE.test(to) && !files.has(to)).map(shown)).toEqual([]);
  // Every line with a relative specifier is one that was seen.
  const lines = Object.values(generators).flatMap(
    (text) => text.match(/^(?:import|export|\}).*['"]\.{1,2}\/.*$/gm) ?? [],
  );
  expect(importsOf(generators).length).toBeGreaterThanOrEqual(lines.length);
});

describe('generators/', () => {
  test('has no cycle of imports, types included', () => {
    expect(cyclesIn(importsOf(generators))).toEqual([]);
  });

  test('has parts that know each other by their settings only, and an engine that knows the registry only', () => {
    const known = new Set(EXCEPTIONS.map(shown));
    expect(crossings(generators).filter((line) => !known.has(line.replace(/: .*$/, '')))).toEqual([]);
  });

  test('needs every exception, and each has a reason', () => {
    const crossed = new Set(
      importsOf(generators)
        .filter((one) => crossing(one) !== undefined)
        .map(shown),
    );
    expect(EXCEPTIONS.map(shown).filter((one) => !crossed.has(one))).toEqual([]);
    for (const { reason } of EXCEPTIONS) expect(reason.length).toBeGreaterThan(20);
  });
});

test('test/unit has folders of generators/, and of the repository, only', () => {
  const folders = readdirSync('test/unit', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => posix.join(entry.parentPath.replaceAll('\\', '/'), entry.name).replace('test/unit/', ''));
  expect(folders.length).toBeGreaterThan(20);
  expect(folders.filter((folder) => !existsSync(`generators/${folder}`) && !existsSync(folder))).toEqual([]);
});

test('bench, conformance, demo, docs, mutation and preview import the public face only', () => {
  expect(crossings(outside)).toEqual([]);
  expect(importsOf(outside).some(({ to }) => to === 'generators/index.ts')).toBe(true);
});

describe('a violation is found', () => {
  /** The sources with one more line in a file, which may be new. */
  const planted = (file: string, line: string): Sources => ({
    ...generators,
    [file]: `${generators[file] ?? ''}\n${line}\n`,
  });

  test.each([
    ['a value', "import { component } from './components/contract.ts';"],
    ['a type', "import type { Component } from './components/contract.ts';"],
    ['a type among values', "import { type Component } from './components/contract.ts';"],
    ['all of it', "export * from './components/contract.ts';"],
    ['a type in its place', "type Found = import('./components/contract.ts').Component;"],
    ['over several lines', "import {\n  component,\n} from './components/contract.ts';"],
  ])('a cycle by %s', (_name, line) => {
    const cycles = cyclesIn(importsOf(planted('generators/domain.ts', line)));
    expect(cycles).toContainEqual(expect.stringContaining('generators/domain.ts'));
  });

  test.each([
    ['generators/components/adot/index.ts', '../amp/checks.ts', 'inside of another part'],
    ['generators/components/contract.ts', './amp/settings.ts', 'only the registry names parts'],
    ['generators/outputs/manifests/index.ts', '../helm-values/index.ts', 'inside of another part'],
    ['generators/outputs/manifests/index.ts', '../../components/amp/checks.ts', 'inside of another part'],
    ['generators/outputs/manifests/index.ts', '../../traffic/settings.ts', 'inside of another part'],
    ['generators/traffic/records/pairs.ts', '../../components/amp/settings.ts', 'inside of another part'],
    ['generators/allowances/alerts.ts', '../outputs/amp/index.ts', 'inside of another part'],
    ['generators/allowances/alerts.ts', '../traffic/index.ts', 'inside of another part'],
    ['generators/workloads/alerts.ts', '../traffic/index.ts', 'inside of another part'],
    ['generators/identity/pods.ts', '../traffic/config.ts', 'only the registry names parts'],
    ['generators/dns/clients.ts', '../traffic/source.ts', 'inside of another part'],
    ['generators/components/coredns/index.ts', '../../dns/servers.ts', 'inside of another part'],
    ['generators/components/amp/checks.ts', '../../traffic/records/pairs.ts', 'inside of another part'],
    ['generators/build/bundle.ts', '../components/amp/index.ts', 'only the registry names parts'],
    ['generators/commands/list.ts', '../outputs/grafana/index.ts', 'only the registry names parts'],
    ['generators/index.ts', './traffic/source.ts', 'only the registry names parts'],
    ['bench/summary.ts', '../generators/promql/index.ts', 'not through the public face'],
    ['preview/host/root.ts', '../../generators/commands/demo.ts', 'not through the public face'],
  ])('%s imports %s', (file, specifier, why) => {
    const line = `${file} > ${posix.join(posix.dirname(file), specifier)}: ${why}`;
    expect(crossings(planted(file, `import type { X } from '${specifier}';`))).toContain(line);
    expect(crossings({ ...generators, ...outside })).not.toContain(line);
  });

  test.each([
    ['generators/components/amp/checks.ts', '../adot/settings.ts'],
    ['generators/components/amp/checks.ts', '../contract.ts'],
    ['generators/components/amp/checks.ts', '../../traffic/index.ts'],
    ['generators/outputs/amp/index.ts', '../yaml.ts'],
    ['generators/outputs/amp/index.ts', '../../components/amp/settings.ts'],
    ['generators/registry.ts', './outputs/amp/index.ts'],
    ['bench/summary.ts', '../generators/index.ts'],
  ])('but not where %s imports %s', (file, specifier) => {
    expect(crossings({ [file]: `import { x } from '${specifier}';` })).toEqual([]);
  });
});
