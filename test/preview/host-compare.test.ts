import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { PanelJson } from '../../preview/app/model/dashboard-json.ts';
import { compareDashboards, writeComparison } from '../../preview/host/index.ts';
import { dashboard, makeTempDir, removeTempDirs } from './host-support.ts';

afterAll(removeTempDirs);

const panel = (id: number, title: string, more: Partial<PanelJson> = {}): PanelJson => ({
  id,
  title,
  type: 'stat',
  gridPos: { x: 0, y: id, w: 12, h: 8 },
  targets: [{ refId: 'A', expr: title }],
  ...more,
});

const NOTHING = { added: [], removed: [], changed: [], moved: [] };

/** What happened to the panels of one dashboard. */
const panelsOf = (before: readonly PanelJson[], after: readonly PanelJson[]) =>
  compareDashboards([dashboard('a', { panels: before })], [dashboard('a', { panels: after })])[0]?.panels;

describe('dashboards', () => {
  test('changed ones come first, then new ones, gone ones and those as before', () => {
    const before = [dashboard('same', { version: 1 }), dashboard('gone'), dashboard('b'), dashboard('a')];
    const after = [
      dashboard('new'),
      dashboard('same', { version: 2 }),
      dashboard('b', { refresh: '1m' }),
      dashboard('a', { tags: ['x'], time: { from: 'now-1h', to: 'now' } }),
    ];
    expect(compareDashboards(before, after).map(({ uid, state, parts }) => [uid, state, parts])).toEqual([
      ['a', 'changed', ['tags', 'time']],
      ['b', 'changed', ['refresh']],
      ['new', 'added', []],
      ['gone', 'removed', []],
      ['same', 'unchanged', []],
    ]);
  });
});

describe('panels', () => {
  test('are added, removed, changed and moved', () => {
    const before = [panel(1, 'Stays'), panel(2, 'Goes'), panel(3, 'Changes'), panel(4, 'Moves')];
    const after = [
      panel(1, 'Stays'),
      panel(3, 'Changes', { targets: [], description: 'new', gridPos: { x: 1, y: 1, w: 1, h: 1 } }),
      panel(4, 'Moves', { gridPos: { x: 12, y: 4, w: 12, h: 8 } }),
      panel(5, 'Comes', { type: 'table' }),
    ];
    expect(panelsOf(before, after)).toEqual({
      added: ['Comes'],
      removed: ['Goes'],
      changed: [{ title: 'Changes', parts: ['description', 'targets'] }],
      moved: ['Moves'],
    });
  });

  test('are known by their title when all ids shift', () => {
    const same = { gridPos: { x: 0, y: 0, w: 1, h: 1 } };
    const before = [panel(1, 'One', same), panel(2, 'Two', same)];
    const after = [panel(1, 'Zero', same), panel(2, 'One', same), panel(3, 'Two', same)];
    expect(panelsOf(before, after)).toEqual({ ...NOTHING, added: ['Zero'] });
  });

  test('are known by their id when their title is reworded', () => {
    const targets = [{ refId: 'A', expr: 'a' }];
    expect(panelsOf([panel(1, 'Old', { targets })], [panel(1, 'New', { targets })])).toEqual({
      ...NOTHING,
      changed: [{ title: 'New', parts: ['title'] }],
    });
  });

  test('are counted where titles repeat, and found in collapsed rows', () => {
    const row = (panels: PanelJson[]) => panel(9, 'Row', { type: 'row', collapsed: true, panels });
    expect(panelsOf([row([panel(1, 'Same'), panel(2, 'Same')])], [row([panel(1, 'Same')])])).toEqual({
      ...NOTHING,
      removed: ['Same'],
    });
    const text = { type: 'text', title: '' };
    expect(panelsOf([], [panel(3, '', text)])).toEqual({ ...NOTHING, added: ['text 3'] });
  });
});

describe('the page', () => {
  const write = async (dir: string, file: string, text: string): Promise<void> => {
    await mkdir(join(dir, 'before'), { recursive: true });
    await mkdir(join(dir, 'after'), { recursive: true });
    await writeFile(join(dir, file), text);
  };
  const base64 = (text: string): string => Buffer.from(text).toString('base64');

  test('holds the pictures of both sides and loads nothing', async () => {
    const dir = await makeTempDir();
    for (const file of ['before/a-dark.png', 'after/a-dark.png', 'before/a-light.png', 'after/a-light.png']) {
      await write(dir, file, file.includes('light') ? 'light' : file);
    }
    await write(dir, 'after/new-dark.png', 'new');
    const changes = await writeComparison({
      dir,
      before: [dashboard('a', { panels: [panel(1, 'Cost')] })],
      after: [dashboard('a', { panels: [panel(1, 'Cost', { targets: [] })] }), dashboard('new')],
      labels: { before: 'v1', after: 'working tree' },
      themes: ['dark', 'light'],
    });
    expect(changes.map(({ state }) => state)).toEqual(['changed', 'added']);

    const html = await readFile(join(dir, 'index.html'), 'utf8');
    const sources = [...html.matchAll(/src="([^"]*)"/g)].map(([, source]) => source);
    expect(sources).toEqual(
      ['before/a-dark.png', 'after/a-dark.png', 'light', 'light', 'new'].map(
        (text) => `data:image/png;base64,${base64(text)}`,
      ),
    );
    expect(html).not.toMatch(/https?:|href=|url\(|@import/);
    expect(html).toContain("default-src 'none'; img-src data:;");
    expect(html).toContain('Cost: <code>targets</code>');
    expect(html).toContain('1 changed, 1 added');
    expect(html.match(/The pictures are the same/g)).toHaveLength(1);
    // One picture alone has nothing to slide over.
    expect(html.match(/type="range"/g)).toHaveLength(2);
    expect(html.indexOf('Dashboard a')).toBeLessThan(html.indexOf('Dashboard new'));
  });

  test('writes titles as text', async () => {
    const dir = await makeTempDir();
    const title = '<img src=x onerror="alert(1)"> & \'more\'';
    await writeComparison({
      dir,
      before: [dashboard('a')],
      after: [dashboard('a', { title, panels: [panel(1, '<script>')] })],
      labels: { before: '<b>', after: 'x' },
      themes: ['dark'],
    });
    const html = await readFile(join(dir, 'index.html'), 'utf8');
    expect(html).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &#39;more&#39;');
    expect(html).toContain('&lt;script&gt;');
    expect(html.match(/<script>/g)).toHaveLength(1);
    expect(html).not.toContain('<img');
    expect(html).not.toContain('Dashboards: <b>');
  });
});
