import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { run, type Ran } from '../../support/run-main.ts';
import { inTempDir } from '../../support/temp-dir.ts';

jest.setTimeout(120_000);

const git = (cwd: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd, encoding: 'utf8' });

/** Files by their paths; undefined removes one. */
type Files = Readonly<Record<string, string | undefined>>;

async function write(dir: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(dir, path, '..'), { recursive: true });
    if (text === undefined) await rm(join(dir, path));
    else await writeFile(join(dir, path), text);
  }
}

const leftovers = (): readonly string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('azimuth-diff-'));

/** Runs `diff` in a repository with a commit and later changes of the work tree. Neither may change by it, and nothing may be left. */
const diffed = async (committed: Files, later: Files, ...argv: readonly string[]): Promise<Ran> =>
  inTempDir(async (dir) => {
    git(dir, 'init', '-q');
    await write(dir, committed);
    git(dir, 'add', '-A');
    git(dir, 'commit', '-qm', 'first');
    await write(dir, later);
    const before = [git(dir, 'status', '--porcelain'), git(dir, 'rev-parse', 'HEAD'), leftovers()];
    const ran = await run(dir, 'diff', ...argv);
    expect([git(dir, 'status', '--porcelain'), git(dir, 'rev-parse', 'HEAD'), leftovers()]).toEqual(before);
    return ran;
  });

const LOOSER = { 'azimuth.yaml': 'alerts: { PPSAllowanceExceeded: { threshold: 200 } }' };

test('HEAD is compared with by default; breaking changes fail only where that is asked for', async () => {
  const { code, stdout, stderr } = await diffed({ 'azimuth.yaml': '' }, LOOSER);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(
    'alerts\n  ~ PPSAllowanceExceeded (warning)\n      threshold: 100 to 200  BREAKING: looser: it fires for less than before\n1 change, 1 breaking\n',
  );
  expect((await diffed({ 'azimuth.yaml': '' }, LOOSER, 'HEAD', '--fail-on', 'breaking')).code).toBe(2);
  const tighter = { 'azimuth.yaml': 'alerts: { PPSAllowanceExceeded: { threshold: 50 } }' };
  expect((await diffed({ 'azimuth.yaml': '' }, tighter, '--fail-on', 'breaking')).code).toBe(0);
});

test('nothing changed', async () => {
  expect((await diffed(LOOSER, {})).stdout).toBe('nothing changed\n');
});

test('JSON and Markdown say the same', async () => {
  const { stdout: json } = await diffed({ 'azimuth.yaml': '' }, LOOSER, '--json');
  expect(JSON.parse(json)).toMatchObject({
    against: 'HEAD',
    breaking: true,
    changes: [
      {
        changes: [
          { name: 'PPSAllowanceExceeded (warning)', fields: [{ field: 'threshold', before: 100, after: 200 }] },
        ],
      },
    ],
  });
  const { stdout } = await diffed(
    { 'azimuth.yaml': '' },
    LOOSER,
    '--markdown',
    '--pictures',
    'https://ci.example/report',
  );
  expect(stdout).toContain('1 change, 1 breaking. [Pictures before and after](<https://ci.example/report>)');
  expect(stdout).toContain(
    '| **breaking** | alerts | <code>PPSAllowanceExceeded (warning)</code> | changed<br><code>threshold: 100 to 200</code> (**looser: it fires for less than before**) |',
  );
});

test('files that the configuration names are those of the revision: extended, own rules, TypeScript', async () => {
  const rule = (limit: number) =>
    `groups: [{ name: own, rules: [{ alert: Own, expr: up < ${limit}, labels: { severity: info } }] }]`;
  const extended = await diffed(
    { 'azimuth.yaml': 'extends: base.yaml\nextra: { rules: [own/*.yaml] }', 'base.yaml': '', 'own/a.yaml': rule(2) },
    { 'base.yaml': LOOSER['azimuth.yaml'], 'own/a.yaml': rule(1) },
  );
  expect(extended.stdout).toContain('PPSAllowanceExceeded (warning)\n      threshold: 100 to 200');
  expect(extended.stdout).toContain('Own (info)\n      threshold: 2 to 1  BREAKING: looser');
});

test('a configuration in TypeScript is that of the revision, with what it imports', async () => {
  await inTempDir(async (dir) => {
    git(dir, 'init', '-q');
    await write(dir, {
      'azimuth.config.ts': "import { name } from './name.ts';\nexport default { cluster: { name } };",
      'name.ts': "export const name: string = 'a';",
    });
    git(dir, 'add', '-A');
    git(dir, 'commit', '-qm', 'first');
    await write(dir, { 'name.ts': "export const name: string = 'b';" });
    // In a process: Jest has no hooks for modules.
    const args = [join(process.cwd(), 'bin/azimuth.mjs'), 'diff', '--config', 'azimuth.config.ts'];
    expect(execFileSync('node', args, { cwd: dir, encoding: 'utf8' })).toMatch(/replacement: a to b/);
  });
});

test('clusters of a fleet: those with the same changes stand together', async () => {
  const { stdout } = await diffed(
    { 'azimuth.yaml': 'clusters: { a: {}, b: {}, c: {}, old: {} }' },
    {
      'azimuth.yaml':
        'clusters: { a: { alerts: { CoreDNSDown: false } }, b: { alerts: { CoreDNSDown: false } }, c: {}, new: {} }',
    },
  );
  expect(stdout).toContain(
    '+ cluster new\n- cluster old  BREAKING: nothing watches it any more\n== 2 clusters: a, b\nalerts\n  - CoreDNSDown (critical)  BREAKING',
  );
  expect(stdout).toContain('1 change, 2 breaking, 1 cluster added, 1 cluster gone');
});

const OWN_BOARD = (expr: string, more: object = {}) =>
  JSON.stringify({
    uid: 'own',
    title: 'Own',
    schemaVersion: 39,
    panels: [{ id: 1, type: 'stat', title: 'Up', targets: [{ refId: 'A', expr }] }],
    templating: { list: [{ name: 'job', type: 'query', query: 'label_values(up, job)' }] },
    ...more,
  });

test('rules and dashboards of own files: labels, groups, spaces in strings, queries, variables', async () => {
  const rules = (matcher: string, tier: string, limit: number) =>
    `groups: [{ name: own, limit: ${limit}, rules: [{ record: own:up:sum, expr: 'sum(up{job="${matcher}"})', labels: { tier: ${tier} } }] }]`;
  const config = 'extra: { rules: [own/a.yaml], dashboards: [own/d.json] }';
  const committed = {
    'azimuth.yaml': config,
    'own/a.yaml': rules('a  b', 'gold', 4),
    'own/d.json': OWN_BOARD('sum(up)'),
  };
  const board = OWN_BOARD('count(up)', { templating: { list: [] } });
  const { stdout } = await diffed(committed, { 'own/a.yaml': rules('a b', 'silver', 5), 'own/d.json': board });
  for (const part of [
    'own:up:sum\n      expression: ',
    'group.limit: 4 to 5',
    'set.tier: gold to silver',
    '- own/$job  BREAKING',
    '~ own/Up\n      targets.A.expr: sum(up) to count(up)',
  ])
    expect(stdout).toContain(part);
  const moved = JSON.parse(OWN_BOARD('sum(up)')) as { panels: object[] };
  const first = { id: 2, type: 'text', title: 'First' };
  const { stdout: inserted } = await diffed(committed, {
    'own/d.json': JSON.stringify({ ...moved, panels: [first, ...moved.panels.map((one) => ({ ...one, id: 3 }))] }),
  });
  expect(inserted).toBe('panels\n  + own/First\n1 change, 0 breaking\n');
});

test('how rules and dashboards are packaged', async () => {
  const config = (release: string, namespace: string) =>
    `targets: [prometheus-operator, grafana-sidecar]\nprometheusOperator: { labels: { release: ${release} } }\ngrafana: { sidecar: { namespace: ${namespace} } }`;
  const { stdout } = await diffed({ 'azimuth.yaml': config('a', 'x') }, { 'azimuth.yaml': config('b', 'y') });
  expect(stdout).toMatch(/rules\/prometheus-operator\/\S+\n {6}metadata\.labels\.release: a to b/);
  expect(stdout).toMatch(/metadata\.namespace: x to y/);
});

test('what a fleet shares, and a fleet that comes or goes', async () => {
  const fleet = 'clusters: { a: {}, b: {} }\ntargets: [prometheus, grafana]';
  const shared = `${fleet}\nfleet: { shared: [grafana, prometheus] }`;
  expect((await diffed({ 'azimuth.yaml': fleet }, { 'azimuth.yaml': shared })).stdout).toContain(
    '~ fleet.shared\n      outputs:',
  );
  const single = 'cluster: { name: a }\ntargets: [prometheus, grafana]';
  const { code, stdout } = await diffed({ 'azimuth.yaml': fleet }, { 'azimuth.yaml': single }, '--fail-on', 'breaking');
  expect(code).toBe(2);
  expect(stdout).toContain('- cluster b  BREAKING');
  expect(stdout).toMatch(/1 breaking, 1 cluster gone\n$/);
  expect(stdout).not.toContain('cluster \n');
});

test('a revision without the configuration: everything is new', async () => {
  const { code, stdout, stderr } = await diffed({ x: '' }, { 'azimuth.yaml': '' }, '--fail-on', 'breaking');
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: 'azimuth.yaml is not at "HEAD": everything is new\n',
    stderr: '',
  });
});

test('a name that is a branch and a folder is the branch; a path is the folder', async () => {
  const other = { 'HEAD/azimuth.yaml': 'alerts: { CoreDNSDown: false }', 'azimuth.yaml': '' };
  expect((await diffed(other, {})).stdout).toBe('nothing changed\n');
  expect((await diffed(other, {}, './HEAD')).stdout).toContain('+ CoreDNSDown (critical)');
});

test('links, and a configuration of any name, are those of the revision', async () => {
  await inTempDir(async (dir) => {
    git(dir, 'init', '-q');
    await write(dir, { 'azimuth.conf': 'extends: link/base.yaml', 'real/base.yaml': '' });
    await symlink('real', join(dir, 'link'));
    git(dir, 'add', '-A');
    git(dir, 'commit', '-qm', 'first');
    await write(dir, { 'real/base.yaml': LOOSER['azimuth.yaml'] });
    const { stdout, stderr } = await run(dir, 'diff', '--config', 'azimuth.conf');
    expect(stderr).toBe('');
    expect(stdout).toContain('threshold: 100 to 200');
  });
});

test('Markdown holds no markup of others', async () => {
  const text = (name: string) => ({ 'azimuth.yaml': `alerts: { CoreDNSDown: { annotations: { note: '${name}' } } }` });
  const { stdout } = await diffed(
    text('a'),
    text('see @team ![p](http://e/x.png) **b** | `c` <img>'),
    '--markdown',
    '--pictures',
    'http://a/b c) [x](y)',
  );
  expect(stdout).not.toMatch(/@team|!\[p\]|\*\*b\*\*|<img/);
  expect(stdout).toContain('(<http://a/b%20c)%20%5Bx%5D(y)>)');
});

test('a bare repository is said to be one', async () => {
  await inTempDir(async (dir) => {
    git(dir, 'init', '-q', '--bare');
    await writeFile(join(dir, 'azimuth.yaml'), '');
    const { code, stderr } = await run(dir, 'diff', 'main');
    expect(code).toBe(1);
    expect(stderr).toContain('is in a bare repository');
  });
});

test('a folder in place of a revision', async () => {
  const { stdout } = await diffed({ 'azimuth.yaml': '', 'other/azimuth.yaml': LOOSER['azimuth.yaml'] }, {}, 'other');
  expect(stdout).toContain('threshold: 200 to 100');
});

test('--artifacts compares files as they were written, whatever wrote them', async () => {
  await inTempDir(async (dir) => {
    git(dir, 'init', '-q');
    await write(dir, { 'azimuth.yaml': 'targets: [prometheus, grafana, helm-values]' });
    expect((await run(dir, 'build', '--quiet')).stdout).toBe('');
    // As an earlier version could have written it.
    const file = readdirSync(join(dir, 'rules/prometheus')).find((name) => name.includes('dns')) ?? '';
    expect(file).not.toBe('');
    const text = execFileSync('sed', ['s/for: 5m/for: 7m/', join(dir, 'rules/prometheus', file)], { encoding: 'utf8' });
    await writeFile(join(dir, 'rules/prometheus', file), text);
    git(dir, 'add', '-A');
    git(dir, 'commit', '-qm', 'first');
    expect((await run(dir, 'diff')).stdout).toBe('nothing changed\n');
    const { stdout } = await run(dir, 'diff', '--artifacts');
    expect(stdout).toMatch(/^alerts\n {2}~ rules\/prometheus\/\S+: \w+ \(\w+\)\n {6}for: 7m to 5m/);
  });
});

test.each([
  [['nosuch'], 'got "nosuch", expected a Git revision such as HEAD or main, or a folder'],
  [['--', '-x'], 'got "-x", expected a Git revision'],
  [['HEAD~1'], 'no such revision (or it was not fetched)'],
  [[''], 'diff takes [REV|DIR]'],
  [['HEAD', 'main'], 'unexpected argument main'],
  [['--fail-on', 'anything'], '--fail-on: got "anything", expected breaking'],
  [['--pictures', 'x'], '--pictures goes with --markdown'],
  [['--config', '../x.yaml'], 'not found'],
  [['--artifacts'], 'artifacts.lock.json at HEAD: 1 problem'],
  [['empty'], 'azimuth.yaml at empty: 1 problem'],
])('%j is refused in a sentence', async (argv, message) => {
  const { code, stdout, stderr } = await diffed({ 'azimuth.yaml': '', 'empty/x.txt': '' }, {}, ...argv);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('azimuth-diff-');
});

test('a mistake in the revision is told with the revision, not with a temporary folder', async () => {
  const { code, stderr } = await diffed({ 'azimuth.yaml': 'clutser: {}' }, { 'azimuth.yaml': '' });
  expect(code).toBe(1);
  expect(stderr).toContain('azimuth.yaml at HEAD: 1 problem\n  clutser: unknown setting');
});

test('outside of a repository', async () => {
  await inTempDir(async (dir) => {
    await writeFile(join(dir, 'azimuth.yaml'), '');
    const { code, stderr } = await run(dir, 'diff');
    expect(code).toBe(1);
    expect(stderr).toContain('is in no Git repository');
  });
});
