import { readFile, symlink, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { load } from 'js-yaml';
import { main } from '../../../generators/main.ts';
import { run } from '../../support/run-main.ts';
import { filesIn, inTempDir } from '../../support/temp-dir.ts';

jest.setTimeout(60_000);

const { name: PACKAGE, version: VERSION } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, string>;

/** Runs `init` where somebody answers; questions are returned. */
async function asked(cwd: string, answers: readonly string[], ...argv: readonly string[]) {
  const questions: string[] = [];
  const output = { stdout: '', stderr: '' };
  const code = await main(['init', ...argv], {
    cwd,
    stdout: (text) => (output.stdout += text),
    stderr: (text) => (output.stderr += text),
    interrupted: () => new AbortController().signal,
    rerun: () => Promise.reject(new Error('no other process is started here')),
    ask: (question) => {
      questions.push(question);
      return Promise.resolve(answers[questions.length - 1] ?? '');
    },
  });
  return { code, ...output, questions };
}

const settingsIn = async (dir: string): Promise<unknown> => load(await readFile(join(dir, 'azimuth.yaml'), 'utf8'));

test('options answer all questions; only what differs from the defaults is written; it builds and is up to date', async () => {
  await inTempDir(async (dir) => {
    const options = [
      '--cluster',
      'prod',
      '--source',
      'retina-hubble,obi',
      '--region',
      'eu-west-1',
      '--exporter',
      'none',
    ];
    const { code, stdout, stderr } = await run(dir, 'init', ...options);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await filesIn(dir)).toEqual(['.github/workflows/azimuth.yml', '.gitignore', 'azimuth.yaml', 'package.json']);
    expect(await settingsIn(dir)).toEqual({
      cluster: { name: 'prod' },
      flows: { source: ['retina-hubble', 'obi'] },
      cloud: { region: 'eu-west-1' },
      ethtool: { exporter: 'none' },
    });
    expect(JSON.parse(await readFile(join(dir, 'package.json'), 'utf8'))).toEqual({
      private: true,
      scripts: { build: 'azimuth build', check: 'azimuth check' },
      devDependencies: { [PACKAGE ?? '']: VERSION },
    });
    expect(stdout).toContain('next: npm install && npx azimuth build\n');
    expect((await run(dir, 'build', '--quiet')).code).toBe(0);
    expect((await run(dir, 'check')).code).toBe(0);
  });
});

test('without options and without a terminal, the defaults apply', async () => {
  await inTempDir(async (dir) => {
    expect((await run(dir, 'init', 'new/place', '--ci', 'none')).stdout).toContain('next: cd new/place && npm install');
    expect(await filesIn(dir)).toEqual(['new/place/.gitignore', 'new/place/azimuth.yaml', 'new/place/package.json']);
    expect(await settingsIn(join(dir, 'new/place'))).toEqual({ cluster: { name: 'production' } });
  });
});

describe('on a terminal', () => {
  test('six questions; empty answers take what stands in brackets', async () => {
    await inTempDir(async (dir) => {
      const { code, questions } = await asked(dir, []);
      expect(code).toBe(0);
      expect(questions).toHaveLength(6);
      for (const question of questions) expect(question).toMatch(/(?:\[[^\]]+\]|if you do not know): $/);
      expect(await settingsIn(dir)).toEqual({ cluster: { name: 'production' } });
    });
  });

  test('a wrong answer is asked for again, with the nearest name', async () => {
    await inTempDir(async (dir) => {
      const { questions, stdout } = await asked(dir, ['staging', 'obii', 'obi', 'none', '', 'none', 'gitlab']);
      expect(questions).toHaveLength(7);
      expect(questions[2]).toMatch(/^got "obii", did you mean obi\?\n/);
      expect(await settingsIn(dir)).toEqual({
        cluster: { name: 'staging' },
        flows: { source: 'obi' },
        cloud: { provider: 'none' },
        ethtool: { exporter: 'none' },
      });
      expect(stdout).toContain('source: obi (as you said)');
      expect(load(await readFile(join(dir, '.gitlab-ci.yml'), 'utf8'))).toHaveProperty('azimuth.script');
    });
  });

  test('three wrong answers end it, and nothing is written', async () => {
    await inTempDir(async (dir) => {
      const { code, stderr } = await asked(dir, ['a', 'x', 'y', 'z']);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('source: got "z"') });
      expect(await filesIn(dir)).toEqual([]);
    });
  });

  test('what is an option is not asked', async () => {
    await inTempDir(async (dir) => {
      expect((await asked(dir, [], '--cluster', 'a', '--ci', 'none', '--source', 'none')).questions).toHaveLength(3);
    });
  });
});

describe('nothing is overwritten', () => {
  test('a configuration that is there is an error', async () => {
    await inTempDir(async (dir) => {
      await writeFile(join(dir, 'azimuth.yaml'), 'cluster: { name: mine }');
      const { code, stderr } = await run(dir, 'init');
      expect(code).toBe(1);
      expect(stderr).toContain('azimuth.yaml: 1 problem\n  is there already');
      expect(await filesIn(dir)).toEqual(['azimuth.yaml']);
    });
  });

  test('other files stay as they are, and what to add is said', async () => {
    await inTempDir(async (dir) => {
      const mine = { 'package.json': '{"name":"mine"}', '.gitignore': 'mine\n' };
      for (const [path, text] of Object.entries(mine)) await writeFile(join(dir, path), text);
      const { code, stdout } = await run(dir, 'init');
      expect(code).toBe(0);
      for (const [path, text] of Object.entries(mine)) expect(await readFile(join(dir, path), 'utf8')).toBe(text);
      expect(stdout).toContain('left as it is: package.json (add the scripts "build": "azimuth build"');
      expect(stdout).toContain('next: npm install && npx azimuth build\n');
    });
  });
});

test.each([
  ['.github', '.', 'is a file, expected a folder'],
  ['deep', 'deep/er', 'is a file, expected a folder'],
])('where a folder should be, %s is a file: a problem, and nothing is written', async (file, folder, message) => {
  await inTempDir(async (dir) => {
    await writeFile(join(dir, file), '');
    const { code, stderr } = await run(dir, 'init', folder);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(await filesIn(dir)).toEqual([file]);
  });
});

test('a link that leads nowhere is there, too; a file system that takes nothing is a problem', async () => {
  await inTempDir(async (dir) => {
    await symlink('nowhere', join(dir, 'azimuth.yaml'));
    expect((await run(dir, 'init')).stderr).toContain('is there already');
    const { code, stderr } = await run(dir, 'init', '/proc/azimuth-test');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('1 problem') });
  });
});

test('names of folders are quoted where a shell would read them otherwise', async () => {
  await inTempDir(async (dir) => {
    const { stdout } = await run(dir, 'init', "a b;c's", '--ci', 'none');
    expect(stdout).toContain(String.raw`next: cd 'a b;c'\''s' && npm install`);
    expect(stdout).toContain('3 files in ');
  });
});

test('all wrong options at once, and nothing is written', async () => {
  await inTempDir(async (dir) => {
    const { code, stderr } = await run(
      dir,
      'init',
      '--source',
      'obii,retina-hubble',
      '--provider',
      'amazon',
      '--ci',
      '',
      '--cluster',
      '',
    );
    expect(code).toBe(1);
    expect(stderr).toContain('init: 4 problems');
    expect(stderr).toContain('--source: got "obii", did you mean obi?');
    expect(await filesIn(dir)).toEqual([]);
  });
});

test.each([
  [['--source', 'none,obi'], 'got none beside others'],
  [['--prometheus', 'localhost'], '--prometheus'],
  [['--prometheus', 'http://127.0.0.1:1'], 'cannot be reached'],
  [['a', 'b'], 'unexpected argument b'],
  [['--cluster', 'a\nb'], 'cluster.name'],
])('%j is refused in a sentence', async (argv, message) => {
  await inTempDir(async (dir) => {
    const { code, stderr } = await run(dir, 'init', ...argv);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(await filesIn(dir)).toEqual([]);
  });
});
