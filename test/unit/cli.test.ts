import { spawn } from 'node:child_process';
import { mkdir, watch, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { runTool } from '../../bench/process/tools.ts';
import { thisProcess } from '../../generators/output-dir/owner.ts';
import { filesIn, inTempDir } from '../support/temp-dir.ts';

const BIN = resolve('bin/azimuth.mjs');

/** Runs the program as a user does, in a folder with these files. */
const runProgram = async (files: Readonly<Record<string, string>>, ...argv: string[]) =>
  inTempDir(async (dir) => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(dir, path, '..'), { recursive: true });
      await writeFile(join(dir, path), text);
    }
    const ran = await runTool('node', [BIN, ...argv], { cwd: dir });
    return { ...ran, files: await filesIn(dir) };
  });

/** What makes Node read .ts and .js files as modules; without it they are CommonJS. */
const MODULES = { 'package.json': '{ "type": "module" }' };

const validate = ['validate', '--config', 'azimuth.config.ts'] as const;

describe('a configuration in TypeScript', () => {
  const source =
    "import { names } from './names.ts';\n" +
    'const [name = ""]: readonly string[] = names;\n' +
    'export default { cluster: { name }, targets: ["prometheus"] } as const;\n';
  const computed = { 'azimuth.config.ts': source, 'names.ts': 'export const names: string[] = ["blue"];\n' };

  test('is run', async () => {
    const files = { ...MODULES, ...computed };
    const { code, stderr, files: written } = await runProgram(files, 'build', '--config', 'azimuth.config.ts');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(written).toContain('rules/prometheus/zone-traffic.rules.yaml');
    expect(written).not.toContain('dashboards/grafana/zone-traffic.json');
  }, 60_000);

  test.each([
    ['with a mistake', 'export default { cluser: {} };', /^ {2}cluser: unknown setting, did you mean cluster\?$/],
    ['with a syntax error', 'export default {;', /^ {2}cannot be run: \S/],
    [
      'that throws',
      'throw new Error("no such region");',
      /^ {2}cannot be run: no such region \(azimuth\.config\.ts:1\)$/,
    ],
    ['that imports what is not there', 'import "./nowhere.ts";', /^ {2}cannot be run: Cannot find module/],
    [
      'without a default export',
      'export const config = {};',
      /^ {2}has no default export; expected `export default \{ \.\.\. \}`$/,
    ],
    ['whose default export is no mapping', 'export default [];', /^ {2}got \[\], expected a mapping of settings$/],
  ])(
    '%s is refused in a sentence, without a stack trace',
    async (_name, text, line) => {
      const given = { ...MODULES, 'azimuth.config.ts': text };
      const { code, stdout, stderr, files } = await runProgram(given, ...validate);
      const [head, problem, ...rest] = stderr.split('\n');
      expect({ code, stdout, head, rest }).toEqual({
        code: 1,
        stdout: '',
        head: 'azimuth.config.ts: 1 problem',
        rest: [''],
      });
      expect(problem).toMatch(line);
      expect(files).toEqual(Object.keys(given).toSorted());
    },
    60_000,
  );

  const THROWS = [
    "import { readFileSync } from 'node:fs';",
    'interface Region { readonly name: string }',
    '',
    'const regionOf = ({ name }: Region): string => {',
    "  throw new Error(`no region ${name}`, { cause: new TypeError('nothing there') });",
    '};',
  ].join('\n');

  // Whatever Node makes of the file, and wherever in it, or in a file it imports.
  test.each([
    ['a module', MODULES],
    ['no module', {}],
  ])(
    'that throws names file and line: %s',
    async (_name, more) => {
      const text = `${THROWS}\n\nexport default { cluster: { name: regionOf({ name: 'x' }) } };\n`;
      const { code, stderr } = await runProgram({ ...more, 'azimuth.config.ts': text }, ...validate);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr:
          'azimuth.config.ts: 1 problem\n  cannot be run: no region x; caused by: nothing there (azimuth.config.ts:5)\n',
      });
      const inner = { ...more, 'a/names.ts': '\n\nexport const name: string = (undefined as never)["x"]["y"];\n' };
      const outer = "import { name } from './a/names.ts';\nexport default { cluster: { name } };\n";
      expect((await runProgram({ ...inner, 'azimuth.config.ts': outer }, ...validate)).stderr).toMatch(
        /cannot be run: Cannot read properties of undefined \(reading 'x'\) \(a\/names\.ts:3\)\n$/,
      );
    },
    60_000,
  );

  test.each(['setTimeout(() => regionOf({ name: "x" }), 0);', 'void (async () => regionOf({ name: "x" }))();'])(
    'that fails on its own, %s: a mistake of the user, not a bug',
    async (line) => {
      const text = `${THROWS}\n${line}\nexport default {};\n`;
      const { code, stderr } = await runProgram({ 'azimuth.config.ts': text }, ...validate);
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /^(azimuth\.config\.ts: valid\n(.*\n)*)?azimuth: azimuth\.config\.ts:5: no region x; caused by: nothing there\n$/,
      );
    },
    60_000,
  );

  // Most repositories of infrastructure have no package.json at all, or one without "type".
  test.each([
    ['without a package.json', computed],
    ['beside a package.json of CommonJS', { ...computed, 'package.json': '{}' }],
  ])(
    '%s is run too',
    async (_name, files) => {
      expect(await runProgram(files, ...validate)).toMatchObject({
        code: 0,
        stderr: expect.stringMatching(/^azimuth\.config\.ts: valid\n/),
      });
    },
    60_000,
  );

  // "Transform failed with 1 error:" is the first line of what esbuild says; the place follows.
  test('with a syntax error names its line', async () => {
    const given = { ...MODULES, 'azimuth.config.ts': 'const name = "blue";\nexport default {;\n' };
    expect((await runProgram(given, ...validate)).stderr).toMatch(/:2:16|line 2/);
  }, 60_000);

  test('may say itself that it is a module', async () => {
    const files = { 'config.mts': source, 'names.ts': computed['names.ts'] };
    expect(await runProgram(files, 'validate', '--config', 'config.mts')).toMatchObject({ code: 0 });
  }, 60_000);

  test('may be plain JavaScript', async () => {
    const files = { 'config.mjs': 'export default { cluster: { name: "blue" } };\n' };
    expect(await runProgram(files, 'validate', '--config', 'config.mjs')).toMatchObject({
      code: 0,
      stderr: 'config.mjs: valid\n',
    });
  }, 60_000);
});

describe('a signal while a build waits or writes', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends it with a sentence, and leaves nothing: %s',
    async (signal) => {
      await inTempDir(async (dir) => {
        // A build that lives and does not end: this process.
        await mkdir(join(dir, '.azimuth'));
        await writeFile(join(dir, '.azimuth/owner'), JSON.stringify(await thisProcess()));
        await writeFile(join(dir, 'azimuth.yaml'), '');
        const before = await filesIn(dir);
        const child = spawn(process.execPath, [BIN, 'build'], { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'] });
        let stderr = '';
        child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
        const ended = new Promise<number | null>((done) => void child.once('close', done));
        const isReady = (name: string | null) => name?.startsWith(`.azimuth-${child.pid ?? 0}-`) === true;
        for await (const { filename } of watch(dir)) if (isReady(filename)) break;
        // npm passes on what the terminal has sent already.
        child.kill(signal);
        child.kill(signal);
        expect(await ended).toBe(1);
        expect(stderr).toBe(`azimuth: interrupted (${signal}): the files in . are as they were before\n`);
        expect(await filesIn(dir)).toEqual(before);
      });
    },
    60_000,
  );
});

describe('the program', () => {
  test('passes exit codes and output on', async () => {
    const check = await runProgram({ 'azimuth.yaml': '' }, 'check');
    expect(check).toMatchObject({ code: 2, stderr: expect.stringContaining('differences in .: run') });
    expect(check.stdout).toMatch(/^(missing: \S+\n)+$/);
    expect(await runProgram({}, 'build')).toMatchObject({ code: 1, stdout: '' });
    expect(await runProgram({}, '--help')).toMatchObject({ code: 0, stderr: '' });
  }, 60_000);
});
