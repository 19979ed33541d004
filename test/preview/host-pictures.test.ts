import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { findChromium } from '../../preview/host/chromium.ts';
import { isClean, reportText, takePictures, type Fault, type Preview } from '../../preview/host/index.ts';
import { dashboard, failure, fakeRoot, makeTempDir, preview, removeTempDirs } from './host-support.ts';

/** A page that behaves as its dashboard's uid says. */
const APP = `
  const uid = location.pathname.split('/')[2];
  const theme = new URLSearchParams(location.search).get('theme');
  const panel = (state: string, message = '') => ({ id: 1, title: 'Traffic', type: 'stat', state, message });
  const state = {
    uid, revision: 1, settled: false, problems: [] as unknown[], panels: [panel('drawn')], cutOff: () => [] as unknown[],
  };
  const root = document.querySelector('#root') as HTMLElement;
  root.textContent = uid + ' ' + theme;
  const settle = () => (state.settled = true);
  const pages: Record<string, () => unknown> = {
    clean: () => setTimeout(settle, 200),
    quiet: () => { state.panels = [panel('quiet')]; settle(); },
    tall: () => { root.style.height = '3000px'; root.style.background = 'linear-gradient(red, blue)'; settle(); },
    moving: () => {
      // Drawn only where it can be seen, and not before then.
      root.style.height = '2500px';
      const end = root.appendChild(document.createElement('b'));
      end.style.cssText = 'position: absolute; top: 2400px';
      settle();
      new IntersectionObserver(([entry]) => {
        if (!entry?.isIntersecting || end.textContent) return;
        state.settled = false;
        setTimeout(() => { end.textContent = 'END'; settle(); }, 300);
      }).observe(end);
      state.cutOff = () => (end.textContent ? [] : [{ panel: 'Traffic', text: 'not drawn yet' }]);
    },
    empty: () => { state.panels = [panel('empty')]; settle(); },
    failed: () => { state.panels = [panel('failed', 'query A: parse error')]; fetch('/prometheus/api/v1/query').then(settle); },
    variable: () => fetch('/prometheus/api/v1/labels').then(settle),
    unknown: () => {
      state.problems = [{ panel: 'Traffic', message: 'unknown transformation "sortby"' }, { panel: null, message: 'odd' }];
      settle();
    },
    cut: () => { state.cutOff = () => [{ panel: 'Traffic', text: 'A long title' }]; settle(); },
    broken: () => { state.cutOff = () => { throw new Error('no canvas'); }; settle(); },
    external: () => {
      fetch('http://example.invalid/collect?a=b').catch(() => {});
      root.append(Object.assign(new Image(), { src: 'https://example.invalid/logo.png' }));
      root.append(Object.assign(new Image(), { src: 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=' }));
      setTimeout(settle, 200);
    },
    inline: () => {
      const script = document.createElement('script');
      script.textContent = 'window.ran = true';
      document.body.append(script);
      setTimeout(settle, 100);
    },
    throwing: () => { setTimeout(() => { throw new Error('boom'); }); console.error('React says\\nmore'); setTimeout(settle, 100); },
    missing: () => fetch('/public/build/img/icons/unicons/none.svg').then(settle),
    loading: () => { state.panels = [panel('loading'), panel('drawn')]; },
    other: () => { state.uid = 'home'; settle(); },
  };
  if (uid !== 'silent') Object.assign(window, { azimuthPreview: state });
  pages[uid ?? '']?.();`;

// A browser takes its time on a busy machine.
jest.setTimeout(60_000);

const systemTmp = process.env['TMPDIR'];
let tmp: string;
let root: string;
let dir: string;
let running: Preview;

beforeAll(async () => {
  root = await fakeRoot(await makeTempDir(), APP);
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

/** Faults of each page by its uid. */
async function faultsOf(...uids: string[]): Promise<Record<string, readonly Fault[]>> {
  const { pictures } = await take(uids, ['dark'], { timeoutMs: 1_500 });
  return Object.fromEntries(pictures.map(({ uid, faults }) => [uid, faults]));
}

/** Width and height as a PNG says them in its first chunk. */
async function sizeOf(name: string): Promise<number[]> {
  const png = await readFile(join(dir, name));
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

const profiles = async (): Promise<string[]> =>
  (await readdir(tmp)).filter((name) => name.startsWith('azimuth-chromium-'));

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

describe('faults', () => {
  test('of panels', async () => {
    expect(await faultsOf('empty', 'failed', 'unknown', 'cut')).toEqual({
      empty: [{ panel: 'Traffic', kind: 'empty', message: 'no data' }],
      failed: [{ panel: 'Traffic', kind: 'failed', message: 'query A: parse error' }],
      unknown: [
        { panel: 'Traffic', kind: 'unknown', message: 'unknown transformation "sortby"' },
        { panel: null, kind: 'unknown', message: 'odd' },
      ],
      cut: [{ panel: 'Traffic', kind: 'cut-off', message: '"A long title" does not fit' }],
    });
  });

  test('of the page', async () => {
    const pageError = (message: string): Fault => ({ panel: null, kind: 'page-error', message });
    expect(await faultsOf('throwing', 'missing', 'variable', 'broken', 'inline', 'other')).toEqual({
      throwing: expect.arrayContaining([pageError('boom'), pageError('React says')]),
      missing: [pageError('/public/build/img/icons/unicons/none.svg answered with status 404')],
      // No panel tells that Prometheus failed.
      variable: [pageError('/prometheus/api/v1/labels answered with status 502')],
      broken: [pageError('what is cut off cannot be measured: no canvas')],
      inline: [pageError("the page's policy forbids inline (script-src-elem)")],
      other: [pageError('the page shows dashboard "home"')],
    });
  });

  test('of requests that leave the machine', async () => {
    const { external = [] } = await faultsOf('external');
    expect(external.map(({ kind }) => kind)).toEqual(['external-request', 'external-request']);
    expect(external.map(({ message }) => message).toSorted()).toEqual([
      expect.stringContaining('http://example.invalid/collect'),
      expect.stringContaining('https://example.invalid/logo.png'),
    ]);
  });

  test('of pages that never settle; their pictures are there all the same', async () => {
    expect(await faultsOf('loading', 'silent')).toEqual({
      loading: [
        { panel: null, kind: 'page-error', message: 'the page did not settle within 1.5 s; still loading: Traffic' },
      ],
      silent: [{ panel: null, kind: 'page-error', message: 'the page did not start within 1.5 s' }],
    });
    expect(await sizeOf('silent-dark.png')).toEqual([1_600, 1_000]);
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

  test('the report has a line for each picture and each fault', () => {
    const faults: Fault[] = [
      { panel: 'Traffic', kind: 'empty', message: 'no data' },
      { panel: null, kind: 'page-error', message: 'boom' },
    ];
    const report = {
      pictures: [
        { uid: 'a', theme: 'dark', file: 'a-dark.png', faults: [], quiet: [] },
        { uid: 'a', theme: 'light', file: 'a-light.png', faults, quiet: ['Drops', 'Alerts'] },
      ],
    } as const;
    expect(isClean(report)).toBe(false);
    expect(reportText(report)).toBe(`a-dark.png: ok
a-light.png: 2 faults (no data, and said so: Drops, Alerts)
  Traffic: empty: no data
  page-error: boom
`);
  });
});
