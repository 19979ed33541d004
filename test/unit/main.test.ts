import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import { run } from '../support/run-main.ts';
import { filesIn, inTempDir, treeOf } from '../support/temp-dir.ts';

jest.setTimeout(60_000);

const USAGE = /^usage: azimuth <command> \[options\]\n/;
const COUNT = generate().artifacts.length;
const DASHBOARDS = generate().bundle.dashboards.length;

/** Runs a command beside a configuration of this text. */
const runWith = async (config: string, ...argv: string[]) =>
  inTempDir(async (dir) => {
    await writeFile(join(dir, 'azimuth.yaml'), config);
    const ran = await run(dir, ...argv);
    return { ...ran, files: await filesIn(dir) };
  });

describe('help', () => {
  test.each([['--help'], ['-h'], ['help'], ['help', 'biuld'], ['--help', 'biuld']])('%s %s', async (...argv) => {
    const { code, stdout, stderr } = await run('/', ...argv.filter((word) => word !== undefined));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(USAGE);
  });
});

test('--version is that of package.json, whatever stands beside it', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { readonly version: string };
  for (const argv of [['--version'], ['build', '--version'], ['--version', 'biuld']]) {
    expect(await run('/', ...argv)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  }
});

describe('a mistake on the command line', () => {
  test.each([
    [[], 'no command given'],
    [['--json'], 'no command given'],
    [['biuld'], 'unknown command biuld, did you mean build?'],
    [['chek'], 'unknown command chek, did you mean check?'],
    [
      ['deploy'],
      'unknown command deploy, known: init, build, check, validate, list, print, explain, diff, preview, demo, advise, completion',
    ],
    [
      ['constructor'],
      'unknown command constructor, known: init, build, check, validate, list, print, explain, diff, preview, demo, advise, completion',
    ],
    [['build', 'now'], 'unexpected argument now'],
    [['build', '--chek'], 'unknown option --chek, did you mean --check?'],
    [
      ['build', '-x'],
      'unknown option -x, known: --config, --out, --cluster, --check, --json, --quiet, --sources, --prices, --markdown, --window, --source, --provider, --region, --exporter, --ci, --prometheus, --port, --png, --before, --artifacts, --fail-on, --pictures, --help, --version',
    ],
    [['list', '--check'], '--check goes with build, not with list'],
    [['check', '--png', 'out'], '--png goes with preview and demo, not with check'],
    [
      ['demo', '--prometheus', 'http://127.0.0.1:9090'],
      '--prometheus goes with init, preview and advise, not with demo',
    ],
    [
      ['demo', '--json'],
      '--json goes with build, check, validate, list, print, explain, diff and advise, not with demo',
    ],
    [['list', '--window', '1d'], '--window goes with advise, not with list'],
    [['advise', '--window', '7 days'], '--window: got "7 days", expected a duration such as 7d or 12h'],
    [['advise', '--window', '0s'], '--window: got "0s", expected a duration such as 7d or 12h'],
    [['advise', '--json', '--markdown'], 'either --json or --markdown'],
    [['demo', '--port', '70000'], '--port: got "70000", expected a port such as 19200, or 0 for any that is free'],
    [['demo', '--port', 'http'], '--port: got "http", expected a port such as 19200, or 0 for any that is free'],
    [['demo', '--png='], '--png takes a folder'],
    [['preview', '--before', 'HEAD'], '--before goes with --png, which takes the pictures to compare'],
    [['prewiev'], 'unknown command prewiev, did you mean preview?'],
    [['build', '--config'], "Option '-c, --config <value>' argument missing"],
    [['build', '--json=yes'], "Option '--json' does not take an argument"],
    [['build', '--config='], '--config: got "", expected the name of a file such as azimuth.yaml'],
    [['build', '--out', ''], '--out: got "", expected the name of a folder, such as . for this one'],
  ])('%j', async (argv, message) => {
    const { code, stdout, stderr, files } = await runWith('', ...argv);
    expect({ code, stdout, files }).toEqual({ code: 1, stdout: '', files: ['azimuth.yaml'] });
    // What is wrong, how it is called, and where to read more.
    const [first, call, ...rest] = stderr.trimEnd().split('\n');
    expect(first).toBe(`azimuth: ${message}`);
    expect(call).toMatch(/^usage: azimuth /);
    expect(rest).toEqual([expect.stringContaining('--help')]);
  });
});

describe('a configuration', () => {
  test('that is missing is asked for', async () => {
    await inTempDir(async (dir) => {
      const { code, stdout, stderr } = await run(dir, 'build');
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toBe(
        `azimuth.yaml: 1 problem\n  not found in ${dir}; create it (an empty file is complete) or name another with --config FILE\n`,
      );
      expect((await run(dir, 'check', '--config', 'other.yaml')).stderr).toBe(
        `other.yaml: 1 problem\n  not found in ${dir}; name an existing file with --config FILE\n`,
      );
      expect(await filesIn(dir)).toEqual([]);
    });
  });

  test.each(['build', 'check', 'validate', 'list'])('with mistakes makes %s write nothing', async (command) => {
    const { code, stdout, stderr, files } = await runWith('cluser: {}\nrules: { window: 5 }\n', command);
    expect({ code, stdout, files }).toEqual({ code: 1, stdout: '', files: ['azimuth.yaml'] });
    expect(stderr).toBe(
      'azimuth.yaml: 2 problems\n' +
        '  cluser: unknown setting, did you mean cluster?\n' +
        '  rules.window: got 5, expected a duration such as 30s or 5m\n',
    );
  });

  test('with mistakes gives them as data', async () => {
    const { code, stdout, stderr } = await runWith('cluser: {}\n', 'validate', '--json');
    const message = 'unknown setting, did you mean cluster?';
    expect(JSON.parse(stdout)).toEqual({ file: 'azimuth.yaml', problems: [{ path: 'cluser', message }] });
    expect({ code, stderr }).toEqual({ code: 1, stderr: `azimuth.yaml: 1 problem\n  cluser: ${message}\n` });
  });
});

describe('build', () => {
  test('says what it wrote, and what it left out and why', async () => {
    const { code, stdout, stderr } = await runWith('alerts: { PPSAllowanceExceeded: false }', 'build');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')[0]).toBe(
      `${COUNT} artifacts in . (${DASHBOARDS} dashboard, 2 helm-values, 1 lock, 8 rules, 1 schema), ${COUNT} changes`,
    );
    expect(stdout).toContain('  new: artifacts.lock.json\n');
    expect(stdout).toContain('  left out: alert PPSAllowanceExceeded (switched off in the configuration)\n');
  });

  test('gives the same as data', async () => {
    const { stdout, stderr } = await runWith('flows: { source: none }', 'build', '--json');
    const { out, artifacts, changes, skipped } = JSON.parse(stdout) as Record<string, unknown>;
    expect({ out, stderr }).toEqual({ out: '.', stderr: '' });
    expect(artifacts).toContainEqual({ path: 'azimuth.schema.json', kind: 'schema' });
    expect(changes).toContainEqual({ path: 'azimuth.schema.json', state: 'missing' });
    expect(skipped).toContainEqual({ kind: 'dashboard', dashboard: 'zone-traffic', reason: 'flows.source is none' });
  });

  test('writes elsewhere when told so, by any kind of path', async () => {
    await inTempDir(async (dir) => {
      await writeFile(join(dir, 'other.yml'), '');
      const relative = await run(dir, 'build', '--config', 'other.yml', '--out', 'a/b');
      const absolute = await run(dir, 'build', '--config', join(dir, 'other.yml'), '--out', join(dir, 'c'));
      expect([relative.stdout, absolute.stdout]).toEqual([
        expect.stringContaining(' artifacts in a/b ('),
        expect.stringContaining(' artifacts in c ('),
      ]);
      expect(await treeOf(join(dir, 'a/b'))).toEqual(await treeOf(join(dir, 'c')));
      expect(await run(dir, 'check', '--config', 'other.yml', '--out', 'c')).toMatchObject({ code: 0 });
    });
  });

  test('with --check writes nothing', async () => {
    const { code, stdout, files } = await runWith('', 'build', '--check');
    expect({ code, files }).toEqual({ code: 2, files: ['azimuth.yaml'] });
    expect(stdout.split('\n')).toHaveLength(COUNT + 1);
    expect(stdout).toMatch(/^(missing: \S+\n)+$/);
  });
});

test('validate says that a configuration is valid, and writes nothing', async () => {
  expect(await runWith('', 'validate')).toEqual({
    code: 0,
    stdout: '',
    stderr: 'azimuth.yaml: valid\n',
    files: ['azimuth.yaml'],
  });
  const { stdout } = await runWith('', 'validate', '--json');
  expect(JSON.parse(stdout)).toEqual({ valid: true, artifacts: COUNT, warnings: [] });
});
