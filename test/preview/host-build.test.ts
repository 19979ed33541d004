import { mkdir, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ensureBuilt, type Built } from '../../preview/host/bundle.ts';
import { ensureInstalled, isInstalled, type Run } from '../../preview/host/install.ts';
import { previewRoot, requireFrom } from '../../preview/host/root.ts';
import { failure, fakeRoot, makeTempDir, removeTempDirs } from './host-support.ts';

let root: string;
let logged: string[];
const log = (text: string): void => void logged.push(text);

beforeEach(async () => {
  root = await makeTempDir();
  logged = [];
});

afterAll(removeTempDirs);

const write = async (file: string, text: string): Promise<void> => {
  await mkdir(dirname(join(root, file)), { recursive: true });
  await writeFile(join(root, file), text);
};

/** Builds, and tells whether anything was built. */
async function builds(): Promise<boolean> {
  logged = [];
  await ensureBuilt(root, log);
  return logged.length > 0;
}

describe('building', () => {
  test('happens when a source or package changed, and only then', async () => {
    await fakeRoot(root);
    expect(await builds()).toBe(true);
    expect(await builds()).toBe(false);
    await write('app/deep/unused.ts', 'export const a = 1;');
    expect(await builds()).toBe(true);
    await write('app/deep/unused.ts', 'export const a = 1;');
    expect(await builds()).toBe(false);
    await unlink(join(root, 'app/deep/unused.ts'));
    expect(await builds()).toBe(true);
    await write('package-lock.json', '{}');
    expect(await builds()).toBe(true);
    await rm(join(root, 'dist'), { recursive: true });
    expect(await builds()).toBe(true);
    await write('dist/build.json', 'cut o');
    expect(await builds()).toBe(true);
    expect(await builds()).toBe(false);
  });

  test('leaves only the new files, also when two do it at once', async () => {
    await fakeRoot(root, `import('./old.ts')`);
    await write('app/old.ts', 'export const name = 1;');
    await ensureBuilt(root, log);
    await write('app/main.tsx', 'document.title = "NEW"');
    await Promise.all([ensureBuilt(root, log), ensureBuilt(root, log)]);
    expect((await readdir(join(root, 'dist'))).toSorted()).toEqual(['build.json', 'main.js', 'public']);
    expect(await readFile(join(root, 'dist/main.js'), 'utf8')).toContain('NEW');
    expect((await readdir(root)).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  test('measures what the page starts with apart from what it may load later', async () => {
    await fakeRoot(root, `import './style.css'; import './first.ts'; import('./later.ts');`);
    await write('app/style.css', `a { color: red; /* ${'x'.repeat(5_000)} */ }`);
    await write('app/first.ts', `console.log('${'a'.repeat(20_000)}')`);
    await write('app/later.ts', `console.log('${'b'.repeat(50_000)}')`);
    const { initialBytes, totalBytes } = await ensureBuilt(root, log);
    expect(initialBytes).toBeGreaterThan(20_000);
    // Comments are gone.
    expect(initialBytes).toBeLessThan(22_000);
    expect(totalBytes - initialBytes).toBeGreaterThan(50_000);
    expect(totalBytes - initialBytes).toBeLessThan(51_000);
    expect(logged).toEqual([expect.stringMatching(/ 0\.0 MB to start with, 0\.1 MB in all$/)]);
    expect(await ensureBuilt(root, log)).toEqual({ dist: join(root, 'dist'), initialBytes, totalBytes });
  });

  test('names the place of a mistake, and keeps what was built before', async () => {
    await fakeRoot(root, 'document.title = "GOOD"');
    await ensureBuilt(root, log);
    await write('app/main.tsx', `\nimport { a } from './nowhere.ts';\nalert(a);`);
    expect(await failure(ensureBuilt(root, log))).toMatch(
      /^the preview's app cannot be built:\n {2}app\/main\.tsx:2: Could not resolve "\.\/nowhere\.ts"$/,
    );
    expect(await readFile(join(root, 'dist/main.js'), 'utf8')).toContain('GOOD');
  });

  test('leaves out what is never drawn, and says so where it is loaded after all', async () => {
    await fakeRoot(root, `import('monaco-editor'); import('ol/format/WKT'); import('@codemirror/view');`);
    expect((await ensureBuilt(root, log)).totalBytes).toBeLessThan(5_000);
    const chunks = await readdir(join(root, 'dist/chunks'));
    const texts = await Promise.all(chunks.map((name) => readFile(join(root, 'dist/chunks', name), 'utf8')));
    expect(texts.join('\n')).toContain('monaco-editor is not part of the preview: ');
  });

  test('keeps the real app under 4 MB', async () => {
    const { totalBytes, initialBytes }: Built = await ensureBuilt(previewRoot(), log);
    expect(totalBytes).toBeLessThan(4_000_000);
    expect(initialBytes).toBeGreaterThan(500_000);
  });
});

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
