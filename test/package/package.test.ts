import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { compile } from '../../package/compile.ts';
import { filesIn, treeOf } from '../support/temp-dir.ts';
import { type Ended, type Installed, install, ran } from './installed.ts';

// What users get: packed once, installed in an empty folder, and used there.

jest.setTimeout(240_000);

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

const MANIFEST = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const TSC = resolve('node_modules/typescript/bin/tsc');

let installed: Installed;
let files: readonly string[];

beforeAll(async () => {
  installed = await install();
  files = await filesIn(installed.packed);
});

afterAll(async () => {
  await installed?.remove();
});

/** Runs the installed program in the user's folder. */
const azimuth = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  ran(installed.user, join(installed.user, 'node_modules', '.bin', 'azimuth'), args, env);

const put = (file: string, text: string): Promise<void> => writeFile(join(installed.user, file), text);
const inPackage = (file: string): Promise<string> => readFile(join(installed.packed, file), 'utf8');

/** Names of packages in paths of modules, such as `node_modules/@lezer/lr/dist/index.js`. */
const packagesIn = (paths: readonly string[]): string[] => [
  ...new Set(paths.flatMap((path) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [])),
];

/** Hashes of all files below a folder, by path. */
const hashesOf = async (folder: string): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries(
    Object.entries(await treeOf(folder)).map(([path, text]) => [path, createHash('sha256').update(text).digest('hex')]),
  );

describe('the tarball', () => {
  test('holds programs, declarations, the page and guides; no sources', () => {
    const expected = [
      'CHANGELOG.md',
      'LICENSE',
      'NOTICE',
      'README.md',
      'bin/azimuth.mjs',
      'dist/cli.mjs',
      'dist/cli.mjs.map',
      'dist/library.mjs',
      'dist/preview/main.js',
      'dist/sbom.cdx.json',
      'dist/types/library.d.ts',
      'docs/install.md',
      'docs/runbooks/TrafficLost.md',
      'examples/cilium.yaml',
      'package.json',
    ];
    expect(expected.filter((file) => !files.includes(file))).toEqual([]);
    expect(files.filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))).toEqual([]);
    const folders = new Set(files.map((file) => file.replace(/\/.*$/, '/')).filter((file) => file.endsWith('/')));
    expect([...folders].toSorted()).toEqual(['bin/', 'dist/', 'docs/', 'examples/']);
  });

  test('is small, as are the packages that come with it', async () => {
    expect(installed.packages).toEqual([MANIFEST.name, 'playwright-core']);
    expect(installed.tarballBytes).toBeLessThan(4_000_000);
    const modules = join(installed.user, 'node_modules');
    const sizes = await Promise.all(
      (await filesIn(modules)).map(async (file) => (await stat(join(modules, file))).size),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(25_000_000);
  });

  test('names no folder of the machine that packed it', async () => {
    const texts = files.filter((file) => !/^docs\/|\.(?:woff2|png)$/.test(file));
    const places = [resolve('.'), `${homedir()}/`, `${tmpdir()}/azimuth-`];
    const found = await Promise.all(
      texts.map(async (file) => {
        const text = await inPackage(file);
        return places.filter((place) => text.includes(place)).map((place) => `${file}: ${place}`);
      }),
    );
    expect(found.flat()).toEqual([]);
  });

  test('has the same bytes wherever it is compiled', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'azimuth-test-package-'));
    try {
      await compile(resolve('.'), dir);
      const [packed, compiled] = await Promise.all([hashesOf(join(installed.packed, 'dist')), hashesOf(dir)]);
      expect(Object.keys(compiled).length).toBeGreaterThan(8);
      expect(packed).toMatchObject(compiled);
      const bom = await inPackage('dist/sbom.cdx.json');
      expect(bom).not.toMatch(/serialNumber|timestamp/);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});

describe('NOTICE and the bill of materials', () => {
  test('name every package with code in it, with its licence', async () => {
    const maps = files.filter((file) => /^dist\/[^/]+\.map$/.test(file));
    const texts = await Promise.all(maps.map(inPackage));
    const code = packagesIn(texts.flatMap((text) => (JSON.parse(text) as { sources: string[] }).sources));
    const { packages } = JSON.parse(readFileSync('preview/dist/build.json', 'utf8')) as { packages: string[] };
    const page = packagesIn(packages);
    expect(code).toEqual(expect.arrayContaining(['ajv', '@grafana/grafana-foundation-sdk']));
    expect(page).toEqual(expect.arrayContaining(['react', '@grafana/ui', '@fontsource/inter']));
    expect(page).not.toContain('get-document');

    const notice = await inPackage('NOTICE');
    const noticed = [...notice.matchAll(/^(\S+) \d\S* \((.+)\)$/gm)].map(([, name = '']) => name);
    expect([...new Set([...code, ...page])].filter((name) => !noticed.includes(name))).toEqual([]);
    expect(notice).not.toMatch(/UNLICENSED|\((?:undefined|UNKNOWN)\)/);

    const bom = JSON.parse(await inPackage('dist/sbom.cdx.json')) as {
      readonly metadata: { readonly component: { readonly version: string } };
      readonly components: readonly {
        readonly name: string;
        readonly licenses?: object[];
        readonly hashes?: object[];
      }[];
    };
    const names = new Set(bom.components.map(({ name }) => name));
    expect([...noticed, ...Object.keys(MANIFEST.dependencies)].filter((name) => !names.has(name))).toEqual([]);
    expect(bom.components.filter(({ licenses, hashes }) => licenses === undefined || hashes === undefined)).toEqual([]);
    expect(bom.metadata.component.version).toBe(MANIFEST.version);
  });
});

describe('the command line', () => {
  test('says its version', async () => {
    expect(await azimuth(['--version'])).toEqual({ code: 0, stdout: `${MANIFEST.version}\n`, stderr: '' });
  });

  test('says so where npm has packed what was not compiled', async () => {
    const copy = join(installed.user, 'uncompiled');
    await cp(join(installed.packed, 'bin'), join(copy, 'bin'), { recursive: true });
    await writeFile(join(copy, 'package.json'), '{"type":"module"}');
    expect(await ran(copy, process.execPath, ['bin/azimuth.mjs', '--version'])).toMatchObject({
      code: 1,
      stderr: 'azimuth: this package was packed before it was compiled: pack it with npm run package\n',
    });
  });

  test('builds what the repository has committed, byte for byte, and finds it up to date', async () => {
    await put('azimuth.yaml', readFileSync('azimuth.yaml', 'utf8'));
    await put('artifacts.lock.json', readFileSync('artifacts.lock.json', 'utf8'));
    const built = await azimuth(['build', '--json']);
    expect(built).toMatchObject({ code: 0, stderr: '' });
    const { artifacts } = JSON.parse(built.stdout) as { artifacts: { path: string }[] };
    expect(artifacts.length).toBeGreaterThan(10);
    const other = artifacts.filter(
      ({ path }) => readFileSync(join(installed.user, path), 'utf8') !== readFileSync(path, 'utf8'),
    );
    expect(other).toEqual([]);
    expect(await azimuth(['check'])).toMatchObject({ code: 0, stdout: '' });
    expect(await azimuth(['validate'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('azimuth.yaml: valid'),
    });
    expect((await azimuth(['list'])).stdout).toContain('recorded series');
  });

  test('says what a configuration in TypeScript takes, and runs one in JavaScript', async () => {
    await put('azimuth.config.ts', 'export default {};\n');
    const missing = await azimuth(['validate', '--config', 'azimuth.config.ts']);
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toContain(
      `is TypeScript, which takes a package beside ${MANIFEST.name}: npm install --save-dev "tsx@`,
    );
    await put('azimuth.config.mjs', "export default { cluster: { name: 'staging' } };\n");
    expect(await azimuth(['validate', '--config', 'azimuth.config.mjs'])).toMatchObject({ code: 0 });
    await put('azimuth.config.mjs', 'const a = 1;\nexport default { cluster: missing };\n');
    const faulty = await azimuth(['validate', '--config', 'azimuth.config.mjs']);
    expect(faulty.stderr).toContain('cannot be run: missing is not defined (azimuth.config.mjs:2)');
  });

  test('tells where in the sources a bug is', async () => {
    const broken = 'globalThis.structuredClone = () => { throw new TypeError("boom"); };';
    const { code, stderr } = await azimuth(['validate'], {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(broken)}`,
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^azimuth: this is a bug of Azimuth, please report it\nTypeError: boom\n/);
    expect(stderr).toMatch(/\(generators\/config\/schema\.ts:\d+\)/);
    expect(stderr).not.toContain(installed.user);
  });

  test('takes pictures of the demo with the page that came with it', async () => {
    // One dashboard over few samples: this is about the package.
    const others = [
      'zone-traffic',
      'zone-workload',
      'workload-resources',
      'cluster-dns',
      'cluster-scale',
      'flow-pipeline',
      'zone-routing',
    ];
    const config = {
      flows: { source: 'none' },
      scrape: { interval: '5m' },
      rules: { interval: '5m', window: '20m' },
      workloads: { resources: false },
      routing: { records: false },
      dashboards: Object.fromEntries(others.map((uid) => [uid, false])),
    };
    await put('demo.yaml', JSON.stringify(config));
    const { code, stdout, stderr } = await azimuth(['demo', '--config', 'demo.yaml', '--png', 'pictures']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'node-allowances-dark.png: ok\nnode-allowances-light.png: ok\n',
    });
    expect(stderr).not.toMatch(/install|built the preview/);
  });
});

describe('docs/recipes.md', () => {
  /** The first code block under each heading. */
  const recipes = readFileSync('docs/recipes.md', 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((part) => ({
      title: part.split('\n', 1)[0] ?? '',
      kind: /```(\w+)\n/.exec(part)?.[1] ?? '',
      code: /```\w+\n([\s\S]*?)```/.exec(part)?.[1] ?? '',
    }));

  interface Printed {
    readonly artifacts: readonly { readonly path: string; readonly kind: string; readonly text: string }[];
  }
  const textsOf = ({ artifacts }: Printed, path: RegExp): string =>
    artifacts.flatMap((one) => (path.test(one.path) ? [one.text] : [])).join('\n');
  const RULES = /rules\/prometheus\//;
  const TRAFFIC = /dashboards\/grafana\/zone-traffic\.json$/;

  /** What each recipe must have done. */
  const DONE: Readonly<Record<string, (printed: Printed) => void>> = {
    'Disable an alert': (printed) => {
      expect(textsOf(printed, RULES)).not.toContain('alert: CoreDNSDown');
      expect(textsOf(printed, RULES)).toContain('alert: TrafficLost');
    },
    'Another threshold for one cluster': (printed) => {
      expect(textsOf(printed, /clusters\/staging\/rules\/prometheus\/ena/)).toMatch(/> 500\n/);
      expect(textsOf(printed, /clusters\/prod\/rules\/prometheus\/ena/)).not.toMatch(/> 500\n/);
    },
    'A label on all alerts, and on one': (printed) => {
      const alerts = textsOf(printed, RULES)
        .split(/alert: /)
        .slice(1);
      const teams = alerts.map((text) => [/^\w+/.exec(text)?.[0] === 'CoreDNSDown', /team: (\w+)/.exec(text)?.[1]]);
      expect(teams.length).toBeGreaterThan(20);
      for (const [isDns, team] of teams) expect(team).toBe(isDns === true ? 'dns' : 'platform');
    },
    'Another cluster label': (printed) => {
      expect(textsOf(printed, RULES)).toContain('by (k8s_cluster_name');
      expect(textsOf(printed, RULES)).not.toMatch(/by \(cluster[,)]/);
    },
    'Another runbook': (printed) => {
      const urls = new Set(textsOf(printed, RULES).match(/runbook_url: \S+/g));
      expect(urls).toContain('runbook_url: https://wiki.example.com/dns-is-down');
      expect(urls).toContain('runbook_url: https://wiki.example.com/runbooks/TrafficLost.md');
      expect(urls).not.toContain('runbook_url: https://wiki.example.com/runbooks/CoreDNSDown.md');
    },
    'Hide a panel': (printed) => {
      expect(textsOf(printed, TRAFFIC)).not.toContain('"From zone to zone"');
    },
    'Change a unit': (printed) => expect(textsOf(printed, TRAFFIC)).toContain('"unit": "binBps"'),
    'Add a panel': (printed) => expect(textsOf(printed, TRAFFIC)).toContain('"title": "Transmit errors"'),
    'Split money by team': (printed) => {
      expect(textsOf(printed, RULES)).toContain('label_team');
      expect(textsOf(printed, /helm-values/)).toMatch(/namespaces=\[[^\]]*team/);
    },
    'Another data source variable': (printed) => {
      const all = textsOf(printed, /dashboards\/grafana\//);
      expect(all.match(/"regex": "\/\^prod-\/"/g)?.length).toBe(all.match(/"type": "datasource"/g)?.length);
    },
    'More of `transform`': (printed) => {
      expect(textsOf(printed, RULES)).toContain('alert: ManyNodes');
      expect(textsOf(printed, RULES)).toContain('record: cluster:nodes:count');
    },
  };

  test('has the ten wishes, and each is tried', () => {
    expect(recipes.map(({ title }) => title)).toEqual(Object.keys(DONE));
  });

  test.each(recipes)('$title', async ({ title, kind, code }) => {
    const file = kind === 'yaml' ? 'recipe.yaml' : 'recipe.mjs';
    await put(file, code.replaceAll('@scope/azimuth', MANIFEST.name));
    const { code: ended, stdout, stderr } = await azimuth(['print', '--config', file]);
    expect({ ended, stderr }).toEqual({ ended: 0, stderr: '' });
    DONE[title]?.(JSON.parse(stdout) as Printed);
  });
});

/** A program that uses the library; comments say what must not compile. */
const PROGRAM = `
import { build, completeConfig, type Config, type ConfigInput, isRecording, loadConfig, makeBundle, makeCatalogue, parseLock, ProblemError } from '${MANIFEST.name}';
const given = {
  cluster: { name: 'staging' },
  flows: { source: 'obi' },
  alerts: { PPSAllowanceExceeded: { threshold: 500 }, BWINAllowanceExceeded: false },
  dashboards: { 'zone-traffic': { from: 'now-24h', panels: { matrix: false } } },
} as const satisfies ConfigInput;
const catalogue = makeCatalogue();
const config: Config = completeConfig('program', given, catalogue);
const { artifacts } = build(config, catalogue, parseLock(undefined));
const window: string = config.rules.window;
const rules = makeBundle(config).ruleFiles.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
const record: string | undefined = rules.filter(isRecording)[0]?.record;
// @ts-expect-error a setting that does not exist
export const wrong: ConfigInput = { cluster: { nmae: 'x' } };
// @ts-expect-error an alert that does not exist
export const unknown: ConfigInput = { alerts: { PPSAllowanceExeeded: false } };
let problem = '';
try {
  loadConfig('x.yaml', 'cluster: { nmae: x }', catalogue);
} catch (error) {
  if (error instanceof ProblemError) problem = error.problems[0]?.path ?? '';
}
console.log(JSON.stringify([artifacts.length > 10, window, record, problem]));
`;

/** Both directions; what is written may be read-only, and lists of our schemas are not. */
const SAME_TYPES = `
import type * as Source from '${resolve('generators/registry.ts')}';
import type * as Written from './node_modules/${MANIFEST.name}/dist/types/registry.js';
type Loose<T> = T extends readonly (infer E)[] ? Loose<E>[] : T extends object ? { -readonly [K in keyof T]: Loose<T[K]> } : T;
export const there = (config: Source.Config): Written.Config => config;
export const back = (config: Loose<Written.Config>): Source.Config => config;
export const given = (config: Loose<Written.ConfigInput>): Source.ConfigInput => config;
export const source = (name: Source.SourceName): Written.SourceName => name;
export const sourceBack = (name: Written.SourceName): Source.SourceName => name;
export const output = (name: Source.OutputName): Written.OutputName => name;
export const outputBack = (name: Written.OutputName): Source.OutputName => name;
`;

describe('the library', () => {
  test('compiles in a strict program that checks declarations too, and runs in plain Node', async () => {
    const compilerOptions = {
      target: 'es2022',
      module: 'nodenext',
      strict: true,
      skipLibCheck: false,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      types: [],
      outDir: 'out',
    };
    await put('program.mts', PROGRAM);
    await put('tsconfig.json', JSON.stringify({ compilerOptions, files: ['program.mts'] }));
    expect(await ran(installed.user, process.execPath, [TSC, '-p', '.'])).toEqual({ code: 0, stdout: '', stderr: '' });
    const { stdout, stderr } = await ran(installed.user, process.execPath, ['out/program.mjs'], { NODE_OPTIONS: '' });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([true, '5m', 'cluster_node:zone:info', 'cluster.nmae']);
  });

  test('has the types of the configuration that the sources infer', async () => {
    const config = {
      extends: resolve('tsconfig.json'),
      compilerOptions: { typeRoots: [resolve('node_modules/@types')] },
      include: [],
    };
    await put('same.mts', SAME_TYPES);
    await put('tsconfig.same.json', JSON.stringify({ ...config, files: ['same.mts'] }));
    const { stdout } = await ran(installed.user, process.execPath, [TSC, '-p', 'tsconfig.same.json']);
    expect(stdout).toBe('');
  });
});
