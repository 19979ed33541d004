import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runTool } from '../../../bench/process/tools.ts';

/** A repository that starts programs as ours does, with programs that have bugs. */
let dir: string;

const NEEDED = [
  'bin',
  'package-lock.json',
  ...['commands/trace.ts', 'schema/problems.ts', 'schema/urls.ts'].map((file) => `generators/${file}`),
];
const PACKAGES = ['esbuild', '@esbuild', 'tsx', 'fastest-levenshtein'];

/** Programs by name. Each throws in line 4 of thrower.ts, three blank lines down, if it says no more. */
const THROWER = `

interface Thrown { readonly message: string }
export function thrower({ message }: Thrown): never { throw new TypeError(message, { cause: new RangeError('the cause') }); }

export const deep = (depth: number): never => (depth === 0 ? thrower({ message: 'deep' }) : deep(depth - 1));
`;
const USE = "import { deep, thrower } from './thrower.ts';\n";
const PROGRAMS = {
  thrown: `${USE}\nthrower({ message: 'a bug' });\n`,
  deep: `${USE}\ndeep(50);\n`,
  rejected: `${USE}\nvoid (async () => thrower({ message: 'a bug' }))();\nawait new Promise((done) => setTimeout(done, 5000));\n`,
  later: `${USE}\nsetTimeout(() => thrower({ message: 'a bug' }), 0);\nawait new Promise((done) => setTimeout(done, 5000));\n`,
  evaluated: "import './evaluates.ts';\nconsole.log('not reached');\n",
  undefined: `throw undefined;\n`,
  text: `void Promise.reject('only a text');\nawait new Promise((done) => setTimeout(done, 5000));\n`,
  long: `${USE}\nthrower({ message: 'x'.repeat(50_000) + '\\n' + 'y\\n'.repeat(50) });\n`,
  secret: `${USE}\nthrower({ message: 'no answer of https://user:5ecr3T@h/?token=5ecr3T today' });\n`,
} as const;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'azimuth-test-'));
  for (const path of NEEDED) await cp(path, join(dir, path), { recursive: true });
  for (const folder of ['demo', 'bench', 'preview/host', 'preview/app/model']) {
    await mkdir(join(dir, folder), { recursive: true });
  }
  for (const name of PACKAGES) {
    await mkdir(dirname(join(dir, 'node_modules', name)), { recursive: true });
    await symlink(resolve('node_modules', name), join(dir, 'node_modules', name));
  }
  await writeFile(join(dir, 'generators/thrower.ts'), THROWER);
  await writeFile(join(dir, 'generators/evaluates.ts'), `${USE}\nthrower({ message: 'a bug' });\n`);
  for (const [name, text] of Object.entries(PROGRAMS)) await writeFile(join(dir, `generators/${name}.ts`), text);
  await writeFile(join(dir, 'run.mjs'), "import { start } from './bin/start.mjs';\nawait start(process.argv[2]);\n");
});

afterAll(async () => rm(dir, { recursive: true, force: true }));

const runPlanted = async (name: keyof typeof PROGRAMS) =>
  runTool('node', [join(dir, 'run.mjs'), `generators/${name}.ts`], { cwd: '/' });

/** Whether a text is a report: ten lines at most, none of them code. */
const isReport = (stderr: string): boolean => {
  const lines = stderr.trimEnd().split('\n');
  return lines.length <= 10 && lines.every((line) => line.length < 600 && !/__name|createRequire|\.cache/.test(line));
};

const HEAD = 'azimuth: this is a bug of Azimuth, please report it\n';

describe('a bug', () => {
  test.each(['thrown', 'rejected', 'later', 'evaluated'] as const)(
    '%s: names its source and line, and no code',
    async (name) => {
      const { code, stdout, stderr } = await runPlanted(name);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(
        `${HEAD}TypeError: a bug; caused by: the cause\n    at thrower (generators/thrower.ts:4)\n`,
      );
      // What called it is there too.
      expect(stderr).toMatch(/\n {4}at .*\(generators\/(?:thrown|rejected|later|evaluates)\.ts:3\)\n/);
      expect(isReport(stderr)).toBe(true);
    },
    60_000,
  );

  test('in deep calls ends after ten lines', async () => {
    const { stderr } = await runPlanted('deep');
    expect(stderr.trimEnd().split('\n')).toHaveLength(10);
    expect(stderr).toContain('    at deep (generators/thrower.ts:6)\n');
  }, 60_000);

  test('with a long message shows the beginning of it', async () => {
    const { code, stderr } = await runPlanted('long');
    expect(code).toBe(1);
    expect(stderr).toMatch(/\nTypeError: x{240}; caused by: the cause\n/);
    expect(isReport(stderr)).toBe(true);
  }, 60_000);

  test('that throws no error is a bug as well', async () => {
    expect(await runPlanted('undefined')).toMatchObject({ code: 1, stderr: `${HEAD}thrown: undefined\n` });
    const text = await runPlanted('text');
    expect(text).toMatchObject({ code: 1, stderr: expect.stringContaining('only a text') });
    expect(isReport(text.stderr)).toBe(true);
  }, 60_000);

  test('shows no secret', async () => {
    const { stderr } = await runPlanted('secret');
    expect(stderr).toContain('no answer of https://***@h/?*** today');
    expect(stderr).not.toContain('5ecr3T');
  }, 60_000);
});
