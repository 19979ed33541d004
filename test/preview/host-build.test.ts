import { readdir, readFile, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ensureBuilt, type Built } from '../../preview/host/bundle.ts';
import { prebuiltPage } from '../../preview/host/prebuilt.ts';
import { previewRoot } from '../../preview/host/root.ts';
import { put } from '../support/built-dir.ts';
import { failure, fakeRoot, makeTempDir, removeTempDirs } from './host-support.ts';

let root: string;
let logged: string[];
const log = (text: string): void => void logged.push(text);

beforeEach(async () => {
  root = await makeTempDir();
  logged = [];
});

afterAll(removeTempDirs);

const write = (file: string, text: string) => put(root, file, text);

/** Builds, and tells whether anything was built. */
async function builds(): Promise<boolean> {
  logged = [];
  await ensureBuilt(root, log);
  return logged.length > 0;
}

test('a page that came built is found beside the host, and nowhere above it', async () => {
  expect(prebuiltPage()).toBeUndefined();
  await write('dist/preview/main.js', '');
  expect(prebuiltPage(join(root, 'dist'))).toBe(join(root, 'dist', 'preview'));
  expect(prebuiltPage(join(root, 'dist', 'chunks'))).toBeUndefined();
});

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
    expect(await ensureBuilt(root, log)).toMatchObject({ dist: join(root, 'dist'), initialBytes, totalBytes });
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
  }, 60_000);
});
