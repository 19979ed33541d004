import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ensureInstalled, isInstalled, type Run } from '../../preview/host/install.ts';
import { previewRoot, requireFrom } from '../../preview/host/root.ts';
import { put } from '../support/built-dir.ts';
import { failure, makeTempDir, removeTempDirs } from './host-support.ts';

let root: string;
let logged: string[];
const log = (text: string): void => void logged.push(text);

beforeEach(async () => {
  root = await makeTempDir();
  logged = [];
});

afterAll(removeTempDirs);

const write = (file: string, text: string) => put(root, file, text);

describe('installing', () => {
  const LOCK = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
      'node_modules/a/node_modules/b': { version: '2.0.0', integrity: 'sha512-b' },
      'node_modules/other-platform': { version: '1.0.0', integrity: 'sha512-o', optional: true },
      'node_modules/types': { version: '1.0.0', integrity: 'sha512-t', dev: true },
    },
  };
  const { 'node_modules/other-platform': _, '': __, ...installed } = LOCK.packages;
  const calls: string[] = [];
  const run: Run = async (program, args, cwd) => {
    calls.push([program, ...args, cwd].join(' '));
    return { code: 0, output: '' };
  };
  const setUp = async (packages?: object): Promise<void> => {
    await write('package-lock.json', JSON.stringify(LOCK));
    if (packages !== undefined) await write('node_modules/.package-lock.json', JSON.stringify({ packages }));
    calls.length = 0;
  };

  test('the real one is installed', async () => {
    expect(await isInstalled(previewRoot())).toBe(true);
  });

  test('happens once, with npm, in the folder of the preview', async () => {
    await setUp();
    await ensureInstalled(root, log, run);
    expect(calls).toEqual([`npm ci --no-audit --no-fund ${root}`]);
    expect(logged).toEqual(["installing the preview's packages, once (about half a minute)"]);
    await setUp(installed);
    await ensureInstalled(root, log, run);
    expect(calls).toEqual([]);
  });

  const { 'node_modules/a': a, 'node_modules/types': types, ...others } = installed;
  test.each([
    ['is as the lockfile says', installed, true],
    ['lacks packages for development', { ...others, 'node_modules/a': a }, true],
    ['lacks a package', { ...others, 'node_modules/types': types }, false],
    ['has another version', { ...installed, 'node_modules/a': { ...a, version: '1.0.1' } }, false],
    [
      'has another file of the same version',
      { ...installed, 'node_modules/a': { ...a, integrity: 'sha512-x' } },
      false,
    ],
    ['has a package too many', { ...installed, 'node_modules/c': a }, false],
    ['is empty', {}, false],
  ])('what is there %s', async (_name, packages, fits) => {
    await setUp(packages);
    expect(await isInstalled(root)).toBe(fits);
  });

  test('that fails says what to do', async () => {
    await setUp();
    const output = Array.from({ length: 40 }, (__ignored, index) => `line ${index}`).join('\n');
    expect(await failure(ensureInstalled(root, log, async () => ({ code: 1, output })))).toMatch(
      /^the preview's packages cannot be installed: npm ended with code 1; run "npm ci" in .*\nline 25\n[^]*\nline 39$/,
    );
    const missing: Run = () => Promise.reject(Object.assign(new Error('spawn npm ENOENT'), { code: 'ENOENT' }));
    expect(await failure(ensureInstalled(root, log, missing))).toBe(
      `the preview's packages cannot be installed: npm is not on PATH; run "npm ci" in ${root}`,
    );
  });

  test('needs a lockfile', async () => {
    expect(await failure(ensureInstalled(root, log, run))).toBe(
      `${join(root, 'package-lock.json')} is missing or is not npm's; restore it`,
    );
  });
});

describe('the folder of the preview', () => {
  test('is found from here, and in a named project', async () => {
    expect(previewRoot()).toBe(join(process.cwd(), 'preview'));
    await write('preview/package.json', '{}');
    expect(previewRoot(root)).toBe(join(root, 'preview'));
    expect(await failure((async () => previewRoot(join(root, 'preview')))())).toBe(
      `there is no folder preview with a package.json in ${join(root, 'preview')}`,
    );
  });

  test('without its packages says what to run', async () => {
    await write('package.json', '{}');
    expect(await failure((async () => requireFrom(root, 'playwright-core'))())).toBe(
      `playwright-core is not installed in ${root}; run "npm ci" there`,
    );
  });
});
