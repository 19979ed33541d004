import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { isClean, reportText, takePictures, type Fault, type Preview } from '../../preview/host/index.ts';
import { PAGES } from './host-pages.ts';
import { dashboard, fakeRoot, makeTempDir, preview, removeTempDirs } from './host-support.ts';

// A browser takes its time on a busy machine.
jest.setTimeout(60_000);

let root: string;
let running: Preview;
let dir: string;

beforeAll(async () => {
  root = await fakeRoot(await makeTempDir(), PAGES);
  running = await preview(root);
});

afterAll(async () => {
  await running.close();
  await removeTempDirs();
});

/** Faults of each page by its uid. */
async function faultsOf(...uids: string[]): Promise<Record<string, readonly Fault[]>> {
  const { url } = running;
  dir = join(await makeTempDir(), 'pictures');
  const dashboards = uids.map((uid) => dashboard(uid));
  const { pictures } = await takePictures({ url, root, dir, dashboards, themes: ['dark'], timeoutMs: 1_500 });
  return Object.fromEntries(pictures.map(({ uid, faults }) => [uid, faults]));
}

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
    expect(await readdir(dir)).toEqual(['loading-dark.png', 'report.json', 'silent-dark.png']);
  });
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
