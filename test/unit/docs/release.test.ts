import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load, loadAll } from 'js-yaml';
import { parseRequest } from '../../../generators/commands/options.ts';

const text = (file: string): string => readFileSync(file, 'utf8');

interface Manifest {
  readonly name: string;
  readonly private: boolean;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
}

const MANIFEST = JSON.parse(text('package.json')) as Manifest;

const filesIn = (folder: string, ending: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file))
    .map((file) => `${folder}/${file}`);

/** What people read, and what runs for them. */
const READ = [
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'Dockerfile',
  'action.yml',
  'azimuth.yaml',
  ...filesIn('docs', /\.md$/),
  ...filesIn('templates', /\.yml$/),
  ...filesIn('examples', /\.yaml$/),
  ...filesIn('.github', /\.yml$/),
];
const SOURCES = ['bin', 'demo', 'generators', 'package', 'preview/app', 'preview/host', 'bench'].flatMap((folder) =>
  filesIn(folder, /\.(?:tsx?|mts|mjs)$/),
);

/** Whether every `npx azimuth` stands behind a step that installs it. */
function installsFirst(document: string): boolean {
  const call = document.search(/npx (?:--no-install )?azimuth/);
  const installed = document.search(/npm (?:install|ci)\b/);
  return call === -1 || (installed !== -1 && installed < call);
}

describe('the name of the package', () => {
  test('has a scope, and stands in package.json only', () => {
    expect(MANIFEST.name).toMatch(/^@[a-z-]+\/azimuth$/);
    expect([...READ, ...SOURCES].filter((file) => text(file).includes(MANIFEST.name))).toEqual([]);
    const lock = JSON.parse(text('package-lock.json')) as { name: string };
    expect(lock.name).toBe(MANIFEST.name);
  });

  test('is never that of the other project: nothing installs or runs it', () => {
    const others = /npx azimuth@|(?:npm (?:i|install|add|exec)|npx -p|yarn add|pnpm add)(?: -[\w-]+)* azimuth\b/;
    expect('npm install --save-dev azimuth').toMatch(others);
    expect([...READ, ...SOURCES].filter((file) => others.test(text(file)))).toEqual([]);
  });

  test('is installed before npx runs it', () => {
    expect(installsFirst('npx azimuth list, after npm ci')).toBe(false);
    expect([...READ, ...SOURCES].filter((file) => !installsFirst(text(file)))).toEqual([]);
  });
});

describe('package.json', () => {
  test('cannot be published by accident', () => {
    expect(MANIFEST.private).toBe(true);
  });

  test('needs at run time what the page needs too, in the same version', () => {
    const preview = JSON.parse(text('preview/package.json')) as Manifest;
    expect(Object.keys(MANIFEST.dependencies)).toEqual(['playwright-core']);
    expect(MANIFEST.dependencies['playwright-core']).toBe(preview.dependencies['playwright-core']);
  });

  test('has optional peers for configurations in TypeScript, which the repository installs', () => {
    const peers = Object.keys(MANIFEST.peerDependencies);
    expect(peers).toEqual(['esbuild', 'tsx']);
    expect(peers.map((name) => MANIFEST.peerDependenciesMeta[name])).toEqual([{ optional: true }, { optional: true }]);
    expect(peers.filter((name) => !(name in MANIFEST.devDependencies))).toEqual([]);
  });
});

interface Step {
  readonly run?: string;
  readonly uses?: string;
}

describe('pipelines', () => {
  const workflow = load(text('.github/workflows/release.yml')) as {
    readonly permissions: object;
    readonly jobs: Readonly<Record<string, { readonly permissions: object; readonly steps: readonly Step[] }>>;
  };
  const action = load(text('action.yml')) as {
    readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
    readonly runs: { readonly using: string; readonly steps: readonly Step[] };
  };

  test('pin actions by commit, with the version beside it', () => {
    const used = ['.github/workflows/release.yml', 'action.yml'].flatMap((file) => text(file).match(/uses: .*/g) ?? []);
    expect(used.length).toBeGreaterThan(4);
    expect(used.filter((line) => !/^uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  test('publish with provenance, and no right that takes none', () => {
    expect(workflow.permissions).toEqual({});
    expect(Object.values(workflow.jobs).map(({ permissions }) => permissions)).toEqual([
      { contents: 'read', 'id-token': 'write' },
    ]);
    const scripts = Object.values(workflow.jobs).flatMap(({ steps }) => steps.flatMap(({ run = [] }) => run));
    expect(scripts.some((run) => run.includes('npm publish ./*.tgz --provenance'))).toBe(true);
    expect(scripts.indexOf('.ci/run')).toBeGreaterThan(-1);
    expect(scripts.indexOf('.ci/run')).toBeLessThan(scripts.findIndex((run) => run.includes('npm publish')));
  });

  test('put no expression into a script, where it could be code', () => {
    const scripts = [...Object.values(workflow.jobs).flatMap(({ steps }) => steps), ...action.runs.steps].flatMap(
      ({ run = [] }) => run,
    );
    expect(scripts.length).toBeGreaterThan(5);
    expect(scripts.filter((run) => run.includes('${{'))).toEqual([]);
  });

  test('run commands and options that exist', () => {
    const [, jobs] = loadAll(text('templates/azimuth.yml')) as [unknown, Record<string, { script: string[] }>];
    const lines = [
      ...action.runs.steps.flatMap(({ run = '' }) => run.split('\n')),
      ...Object.values(jobs).flatMap(({ script }) => script),
    ];
    const calls = lines.flatMap((line) => /npx --no-install azimuth (.*)/.exec(line)?.[1] ?? []);
    expect(calls).toHaveLength(4);
    const requests = calls.map((call) =>
      call
        .replace('"${before[@]}"', '--before main')
        .replaceAll(/\$\[\[ inputs\.(\w+) \]\]/g, '$1')
        .split(' '),
    );
    const commands = ['check', 'demo'];
    expect(requests.map((argv) => parseRequest(argv, commands)).filter((one) => 'misuse' in one)).toEqual([]);
    expect(requests.map(([command]) => command)).toEqual(['check', 'demo', 'check', 'demo']);
  });

  test('describe every input', () => {
    expect(action.runs.using).toBe('composite');
    const unused = Object.keys(action.inputs).filter((name) => !text('action.yml').includes(`inputs.${name}`));
    expect(unused).toEqual([]);
    expect(Object.values(action.inputs).filter(({ description }) => description.length < 15)).toEqual([]);
  });
});

test('the container runs as nobody, from a stage that has nothing but the package', () => {
  const stages = text('Dockerfile')
    .split(/^(?=FROM )/m)
    .slice(1);
  expect(stages).toHaveLength(2);
  const [, last = ''] = stages;
  expect(last).toMatch(/^USER nonroot$/m);
  expect(last).toMatch(/^ENTRYPOINT \[/m);
  expect(last.match(/^COPY.*$/gm)).toEqual(['COPY --from=build /app/node_modules /app/node_modules']);
  expect(stages.filter((stage) => /^FROM \S+:latest|^FROM [^:\s]+(?: |$)/m.test(stage))).toEqual([]);
  expect(text('.dockerignore')).toContain('**/node_modules');
});
