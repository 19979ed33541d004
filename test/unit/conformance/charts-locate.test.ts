import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { chartsIn, identityOf, publicCharts } from '../../../conformance/charts/locate.ts';
import type { Program } from '../../../conformance/shared/program.ts';
import { inTempDir } from '../../support/temp-dir.ts';

const INSTALL = {
  release: 'r',
  chart: 'c',
  repository: 'https://example.com/charts',
  version: '1.2.3',
  namespace: 'n',
};

/** A program that answers in the same process, and remembers what it was asked. */
function pretended(answer: (args: readonly string[]) => Promise<string>) {
  const calls: (readonly string[])[] = [];
  const program: Program = async (args) => {
    calls.push(args);
    try {
      return { code: 0, stdout: await answer(args), stderr: '' };
    } catch (error) {
      return { code: 1, stdout: '', stderr: String(error) };
    }
  };
  return { program, calls };
}

describe('charts of a folder', () => {
  test('are files that helm pull wrote, or folders', async () => {
    await inTempDir(async (dir) => {
      const locate = chartsIn(dir);
      expect(await locate(INSTALL)).toEqual({ missing: `${dir} holds neither c-1.2.3.tgz nor the folder c-1.2.3` });
      await mkdir(join(dir, 'c-1.2.3'));
      expect(await locate(INSTALL)).toEqual({ path: join(dir, 'c-1.2.3') });
      await writeFile(join(dir, 'c-1.2.3.tgz'), '');
      expect(await locate(INSTALL)).toEqual({ path: join(dir, 'c-1.2.3.tgz') });
      expect(await locate({ ...INSTALL, version: '1.2.4' })).toHaveProperty('missing');
    });
  });
});

describe('charts of public repositories', () => {
  /** helm pull, which names the file by the chart's own version. */
  const pulls = () =>
    pretended(async (args) => {
      await writeFile(join(args[args.indexOf('--destination') + 1] ?? '', 'c-v1.2.3.tgz'), '');
      return '';
    });

  test('are downloaded once each', async () => {
    await inTempDir(async (dir) => {
      const { program, calls } = pulls();
      const locate = publicCharts(program, dir);
      const found = await Promise.all([locate(INSTALL), locate(INSTALL), locate({ ...INSTALL, version: '2.0.0' })]);
      expect(found.map((one) => ('path' in one ? one.path : one.missing))).toEqual([
        join(dir, 'c-1.2.3', 'c-v1.2.3.tgz'),
        join(dir, 'c-1.2.3', 'c-v1.2.3.tgz'),
        join(dir, 'c-2.0.0', 'c-v1.2.3.tgz'),
      ]);
      expect(calls.map((args) => args.slice(0, 6).join(' '))).toEqual([
        'pull c --repo https://example.com/charts --version 1.2.3',
        'pull c --repo https://example.com/charts --version 2.0.0',
      ]);
    });
  });

  test('are missing when they cannot be, with what helm says', async () => {
    await inTempDir(async (dir) => {
      const refuses = pretended(() => Promise.reject(new Error('not found')));
      expect(await publicCharts(refuses.program, dir)(INSTALL)).toEqual({
        missing: 'helm pull failed: Error: not found',
      });
      const silent = pretended(() => Promise.resolve(''));
      expect(await publicCharts(silent.program, dir)(INSTALL)).toHaveProperty('missing');
    });
  });
});

test('a chart is held against its own name and version', async () => {
  const says = (text: string) => identityOf(pretended(() => Promise.resolve(text)).program, '/c', INSTALL);
  expect(await says('apiVersion: v2\nname: c\nversion: "1.2.3"\n')).toEqual({});
  expect(await says('name: c\nversion: v1.2.3\n')).toEqual({});
  expect(await says('name: c\nversion: 0.0.1\n')).toEqual({
    note: '/c calls itself version 0.0.1; its name is believed',
  });
  expect(await says('name: d\nversion: 1.2.3\n')).toEqual({ problem: '/c is the chart d, expected c' });
});
