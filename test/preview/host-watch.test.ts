import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { watchFiles, type Watcher } from '../../preview/host/index.ts';
import { makeTempDir, removeTempDirs } from './host-support.ts';

const DEBOUNCE_MS = 40;
/** Long enough for a change to be told on a busy machine, were it to be. */
const SILENCE_MS = 300;

let dir: string;
let changes: number;
let watcher: Watcher | undefined;

beforeEach(async () => {
  dir = await makeTempDir();
  changes = 0;
});

afterEach(() => watcher?.close());
afterAll(removeTempDirs);

const path = (...parts: string[]): string => join(dir, ...parts);
const watch = (...paths: string[]): void => {
  watcher = watchFiles(
    paths.map((each) => path(each)),
    () => (changes += 1),
    { debounce: DEBOUNCE_MS },
  );
};

/** Waits for the next change; fails when there is none. */
async function expectChange(act: () => Promise<unknown>): Promise<void> {
  const before = changes;
  await act();
  const deadline = performance.now() + 4_000;
  const isTold = (): boolean => changes > before;
  while (!isTold() && performance.now() < deadline) await sleep(5);
  expect(changes).toBeGreaterThan(before);
  // What else belongs to the same burst.
  await sleep(3 * DEBOUNCE_MS);
}

async function expectSilence(act: () => Promise<unknown>): Promise<void> {
  const before = changes;
  await act();
  await sleep(SILENCE_MS);
  expect(changes).toBe(before);
}

describe('a file', () => {
  test('is told when it is written, replaced by renaming over it, removed, and made again', async () => {
    await writeFile(path('a.yaml'), '1');
    watch('a.yaml');
    await expectChange(() => writeFile(path('a.yaml'), '2'));
    for (const text of ['3', '4']) {
      await expectChange(async () => {
        await writeFile(path('.a.yaml.swp'), text);
        await rename(path('.a.yaml.swp'), path('a.yaml'));
      });
    }
    await expectChange(() => rm(path('a.yaml')));
    await expectChange(() => writeFile(path('a.yaml'), '5'));
  });

  test('is told alone, not its neighbours', async () => {
    await writeFile(path('a.yaml'), '1');
    watch('a.yaml');
    await expectSilence(async () => {
      await writeFile(path('a.yaml.bak'), '1');
      await writeFile(path('b.yaml'), '1');
      await mkdir(path('a'));
    });
  });

  test('need not exist, nor its folder', async () => {
    watch('x/y/a.yaml');
    await expectChange(async () => {
      await mkdir(path('x', 'y'), { recursive: true });
      await writeFile(path('x', 'y', 'a.yaml'), '1');
    });
    await expectChange(() => writeFile(path('x', 'y', 'a.yaml'), '2'));
    await expectSilence(() => writeFile(path('x', 'y', 'b.yaml'), '2'));
  });
});

describe('a folder', () => {
  test('is told with all that is in it, also in folders made later', async () => {
    await mkdir(path('src', 'deep'), { recursive: true });
    watch('src');
    await expectChange(() => writeFile(path('src', 'a.ts'), '1'));
    await expectChange(() => writeFile(path('src', 'deep', 'b.ts'), '1'));
    await expectChange(() => mkdir(path('src', 'later', 'deeper'), { recursive: true }));
    await expectChange(() => writeFile(path('src', 'later', 'deeper', 'c.ts'), '1'));
    await expectChange(() => rm(path('src', 'later'), { recursive: true }));
    await expectChange(() => writeFile(path('src', 'a.ts'), '2'));
  });

  test('that is replaced by another is still watched', async () => {
    await mkdir(path('src'));
    watch('src');
    await expectChange(async () => {
      await mkdir(path('new'));
      await rename(path('src'), path('old'));
      await rename(path('new'), path('src'));
    });
    await expectChange(() => writeFile(path('src', 'a.ts'), '1'));
    await expectSilence(() => writeFile(path('old', 'a.ts'), '1'));
  });

  test('is told without node_modules and .git', async () => {
    await mkdir(path('src', 'node_modules'), { recursive: true });
    await mkdir(path('src', '.git'));
    watch('src');
    await expectSilence(async () => {
      await writeFile(path('src', 'node_modules', 'a.js'), '1');
      await writeFile(path('src', '.git', 'index'), '1');
    });
  });
});

test('a burst of changes is told once', async () => {
  await mkdir(path('src'));
  watch('src');
  await expectChange(async () => {
    for (const name of ['a', 'b', 'c']) await writeFile(path('src', name), '1');
  });
  expect(changes).toBe(1);
});

test('nothing is told after close, not even what had already happened', async () => {
  await mkdir(path('src'));
  watch('src');
  await expectSilence(async () => {
    await writeFile(path('src', 'a'), '1');
    await sleep(DEBOUNCE_MS / 4);
    watcher?.close();
    await writeFile(path('src', 'b'), '1');
  });
});
