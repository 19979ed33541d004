import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { findChromium } from '../../preview/host/chromium.ts';
import { isClean, takePictures, type Preview } from '../../preview/host/index.ts';
import { PAGES } from './host-pages.ts';
import { dashboard, failure, fakeRoot, makeTempDir, preview, removeTempDirs } from './host-support.ts';

// A browser takes its time on a busy machine.
jest.setTimeout(60_000);

const systemTmp = process.env['TMPDIR'];
let tmp: string;
let root: string;
let dir: string;
let running: Preview;

beforeAll(async () => {
  root = await fakeRoot(await makeTempDir(), PAGES);
  running = await preview(root);
  // A folder of our own, as other tests have browsers with profiles too.
  tmp = await makeTempDir();
  process.env['TMPDIR'] = tmp;
});

beforeEach(async () => {
  dir = join(await makeTempDir(), 'pictures');
});

afterAll(async () => {
  if (systemTmp === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = systemTmp;
  await running.close();
  await removeTempDirs();
});

const take = (uids: readonly string[], themes: readonly ('dark' | 'light')[] = ['dark'], more: object = {}) =>
  takePictures({ url: running.url, root, dir, themes, dashboards: uids.map((uid) => dashboard(uid)), ...more });

/** Width and height as a PNG says them in its first chunk. */
async function sizeOf(name: string): Promise<number[]> {
  const png = await readFile(join(dir, name));
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

const profiles = async (): Promise<string[]> =>
  (await readdir(tmp)).filter((name) => name.startsWith('azimuth-chromium-'));

/** Ids of the processes that run with a profile of ours. */
function browsers(): string[] {
  const commandLine = (pid: string): string => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    } catch {
      return '';
    }
  };
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandLine(pid).includes(`user-data-dir=${tmp}`));
}

async function expectSoon(isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!isTrue() && performance.now() < deadline) await sleep(50);
  expect(isTrue()).toBe(true);
}

describe('pictures', () => {
  test('are taken of each dashboard in each theme, and reported', async () => {
    const report = await take(['clean', 'quiet'], ['dark', 'light']);
    const picture = (uid: string, theme: string, quiet: string[]) => ({
      uid,
      theme,
      file: `${uid}-${theme}.png`,
      faults: [],
      quiet,
    });
    expect(report.pictures).toEqual([
      picture('clean', 'dark', []),
      picture('clean', 'light', []),
      picture('quiet', 'dark', ['Traffic']),
      picture('quiet', 'light', ['Traffic']),
    ]);
    expect(isClean(report)).toBe(true);
    expect(JSON.parse(await readFile(join(dir, 'report.json'), 'utf8'))).toEqual(report);
    expect((await readdir(dir)).toSorted()).toEqual([
      ...report.pictures.map(({ file }) => file).toSorted(),
      'report.json',
    ]);
    expect(await sizeOf('clean-dark.png')).toEqual([1_600, 1_000]);
    // The themes differ, or the page was not told.
    const [dark, light] = await Promise.all(['dark', 'light'].map((name) => readFile(join(dir, `clean-${name}.png`))));
    expect(dark?.equals(light ?? Buffer.of())).toBe(false);
  });

  test('are the same bytes each time, of the whole page, drawn to its end', async () => {
    await take(['tall', 'moving'], ['light'], { width: 800 });
    expect(await sizeOf('tall-light.png')).toEqual([800, expect.any(Number)]);
    const [, height = 0] = await sizeOf('tall-light.png');
    expect(height).toBeGreaterThanOrEqual(3_000);
    const files = ['tall-light.png', 'moving-light.png', 'report.json'];
    const first = await Promise.all(files.map((file) => readFile(join(dir, file))));
    expect(await take(['tall', 'moving'], ['light'], { width: 800 })).toMatchObject({
      pictures: [{ faults: [] }, { faults: [] }],
    });
    const second = await Promise.all(files.map((file) => readFile(join(dir, file))));
    expect(second.map((bytes, index) => first[index]?.equals(bytes))).toEqual([true, true, true]);
  });
});

describe('failures', () => {
  test('write nothing and leave no profile', async () => {
    expect(await failure(take(['clean'], ['dark'], { url: 'http://127.0.0.1:1' }))).toMatch(
      /^http:\/\/127\.0\.0\.1:1\/d\/clean\?kiosk&theme=dark cannot be opened: /,
    );
    expect(await failure(take(['clean', '../x']))).toBe(
      'dashboard "Dashboard ../x": got uid "../x", expected letters, digits, "-" and "_" only',
    );
    expect(existsSync(dir)).toBe(false);
    expect(await profiles()).toEqual([]);
  });

  test('a signal ends the browser', async () => {
    const controller = new AbortController();
    const taken = failure(take(['loading'], ['dark'], { signal: controller.signal }));
    setTimeout(() => controller.abort(new Error('ended by the user')), 1_000);
    expect(await taken).toBe('ended by the user');
    expect(existsSync(dir)).toBe(false);
    expect(await profiles()).toEqual([]);
  });

  test('a command that is killed takes its browser along', async () => {
    const host = pathToFileURL(join(process.cwd(), 'preview', 'host', 'index.ts')).href;
    const script = join(tmp, 'take.mts');
    const options = { url: running.url, root, dir, themes: ['dark'], dashboards: [dashboard('loading')] };
    await writeFile(script, `import { takePictures } from '${host}';\nawait takePictures(${JSON.stringify(options)});`);
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
    const child = spawn(process.execPath, ['--import', tsx, script], { env: { ...process.env, TMPDIR: tmp } });
    await expectSoon(() => browsers().length > 0);
    const left = (): string[] => readdirSync(tmp).filter((name) => /^(?:azimuth-chromium|playwright)/.test(name));
    expect(left()).toHaveLength(1);
    child.kill('SIGKILL');
    await expectSoon(() => browsers().length === 0);
    // So does its profile, and what Playwright keeps.
    await expectSoon(() => left().length === 0);
  });

  test('a missing browser names the package', async () => {
    const empty = await makeTempDir();
    expect(await failure((async () => findChromium({ PATH: empty }))())).toBe(
      'pictures need Chromium, and there is no chromium, chromium-browser or google-chrome on PATH; on Debian, install it with: apt-get install chromium (or name it with AZIMUTH_CHROMIUM)',
    );
    expect(await failure((async () => findChromium({ AZIMUTH_CHROMIUM: empty }))())).toBe(
      `AZIMUTH_CHROMIUM: got "${empty}", expected the path of a program`,
    );
    expect(findChromium({ AZIMUTH_CHROMIUM: process.execPath })).toBe(process.execPath);
  });
});
