import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type Shown, startShown } from '../../bench/preview/shown.ts';
import { prometheusApi } from '../../bench/prometheus-api.ts';
import { isClean, reportText, startPreview, takePictures } from '../../preview/host/index.ts';
import { previewRoot } from '../../preview/host/root.ts';
import type { Page } from '../../preview/node_modules/playwright-core/index.js';
import { inTempDir } from '../support/temp-dir.ts';
import { changed, openPage, queriesOf, settled, stateOf, until } from './page-support.ts';

jest.setTimeout(60_000);

let shown: Shown;
const pages: Page[] = [];

const open = async (path: string): Promise<Page> => {
  const page = await openPage(shown, path);
  pages.push(page);
  return page;
};

const panel = (page: Page, title: string) => page.locator(`[data-panel=${JSON.stringify(title)}]`);

beforeAll(async () => {
  shown = await startShown(() => undefined);
}, 240_000);

afterEach(async () => {
  for (const page of pages.splice(0)) await page.close();
  shown.preview.update({ dashboards: shown.content.dashboards, problems: [] });
});

afterAll(async () => {
  await shown?.stop();
}, 60_000);

describe('over the demo', () => {
  test('every dashboard is drawn in both themes without a fault, and no panel is without data', async () => {
    await inTempDir(async (dir) => {
      const { preview, content } = shown;
      const { dashboards } = content;
      const report = await takePictures({
        url: preview.url,
        dashboards,
        dir,
        themes: ['dark', 'light'],
        root: previewRoot(),
      });
      expect(reportText(report)).toBe(
        dashboards.flatMap(({ uid }) => [`${uid}-dark.png: ok\n`, `${uid}-light.png: ok\n`]).join(''),
      );
      expect(isClean(report)).toBe(true);
      expect(report.pictures.flatMap(({ quiet }) => quiet)).toEqual([]);
    });
  });

  test('the page shows the number that Prometheus gives', async () => {
    const query = 'sum(cluster:network_flows:rate5m{locality="cross_zone"}) / sum(cluster:network_flows:rate5m)';
    const { samples } = await prometheusApi(shown.demo.url).instant(query, shown.now / 1000);
    const page = await open('/d/zone-traffic');
    await settled(page);
    const share = ((samples[0]?.value ?? Number.NaN) * 100).toFixed(1);
    expect((await panel(page, 'Cross-zone share').innerText()).replaceAll(/\s/g, '')).toContain(`${share}%`);
  });

  test('the page lists the alerts that fire and what happens', async () => {
    const { samples } = await prometheusApi(shown.demo.url).instant('ALERTS{alertstate="firing"}', shown.now / 1000);
    const page = await open('/');
    await settled(page);
    const alerts = await page.getByRole('list', { name: 'Alerts' }).innerText();
    expect(samples.length).toBeGreaterThan(2);
    for (const { metric } of samples) expect(alerts).toContain(metric['alertname']);
    expect(await page.getByRole('button', { name: `${samples.length} alerts firing` }).count()).toBe(1);
    const story = await page.getByRole('list', { name: 'What happens' }).innerText();
    const past = shown.demo.story.filter(({ at }) => at <= shown.now);
    expect(story).toContain(past.at(-1)?.title);
  });
});

describe('a picker', () => {
  test('changes the queries and the address, by keyboard alone', async () => {
    const page = await open('/d/zone-traffic');
    await settled(page);
    const queries = queriesOf(page);
    const picker = page.getByLabel('Namespace', { exact: false }).first();
    await picker.focus();
    await page.keyboard.type('shop');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/var-namespace=shop/);
    await settled(page);
    expect(queries.some((query) => query.includes('source_namespace=~"shop"'))).toBe(true);
    const linked = panel(page, 'Workload pairs across zones').locator('a');
    await linked.first().waitFor();
    const links = await linked.allInnerTexts();
    expect(links.length).toBeGreaterThan(2);
    // Two links a row, the source's namespace and the destination's: one of them is the one that was picked.
    const rows = Array.from({ length: links.length / 2 }, (_, index) => links.slice(2 * index, 2 * index + 2));
    expect(rows.filter((row) => !row.includes('shop'))).toEqual([]);
  });

  test('of All is All again when the last value is taken away', async () => {
    const page = await open('/d/zone-traffic?var-namespace=shop');
    await settled(page);
    await page.getByLabel('Remove shop').click();
    await page.waitForURL(/var-namespace=%24__all/);
    expect((await settled(page)).panels.every(({ state }) => state === 'drawn')).toBe(true);
  });
});

describe('a link', () => {
  test('to the next level of detail opens the dashboard with the right variables, time range and theme', async () => {
    const page = await open('/d/zone-traffic?from=now-1h&to=now&theme=light&var-cluster=production');
    await settled(page);
    const queries = queriesOf(page);
    const link = panel(page, 'Workload pairs across zones').locator('a', { hasText: 'payments' }).first();
    await link.click();
    await page.waitForURL(/var-pods_namespace=payments/);
    await settled(page);
    const { pathname, searchParams } = new URL(page.url());
    expect(pathname).toBe('/d/zone-traffic');
    expect(Object.fromEntries(searchParams)).toMatchObject({
      from: 'now-1h',
      to: 'now',
      theme: 'light',
      'var-cluster': 'production',
      'var-pods_namespace': 'payments',
    });
    expect(await panel(page, 'Pod pairs across zones in payments').count()).toBe(1);
    expect(queries.some((query) => query.includes('"payments"'))).toBe(true);
  });

  test('to another dashboard keeps the time range, and back leads back', async () => {
    const page = await open('/d/zone-traffic?from=now-2h&to=now');
    await settled(page);
    await page.getByRole('link', { name: 'Node network allowances' }).click();
    await page.waitForURL(/node-allowances\?from=now-2h&to=now/);
    expect((await settled(page)).uid).toBe('node-allowances');
    await page.goBack();
    await until(page, `window.azimuthPreview?.uid === 'zone-traffic'`);
    expect((await settled(page)).panels.map(({ state }) => state)).not.toContain('failed');
  });
});

describe('what cannot be drawn is reported', () => {
  const TITLE = 'Workload pairs across zones';

  /** What the page says once a panel has been changed. */
  const reportOf = async (change: object) => {
    const zoneTraffic = shown.content.dashboards.find(({ uid }) => uid === 'zone-traffic');
    if (zoneTraffic === undefined) throw new Error('no dashboard zone-traffic');
    const page = await open('/d/zone-traffic');
    const { revision } = await settled(page);
    // While the page is open: it shows the change by itself.
    shown.preview.update({ dashboards: [changed(zoneTraffic, TITLE, change)], problems: [] });
    const state = await settled(page, revision + 1);
    const of = state.panels.find(({ title }) => title === TITLE);
    return { page, problems: state.problems, panel: of };
  };

  test('a misspelt transformation', async () => {
    const { page, problems } = await reportOf({ transformations: [{ id: 'orgnize', options: {} }] });
    expect(problems.map(({ panel: where }) => where)).toEqual([TITLE]);
    expect(problems[0]?.message).toMatch(/"orgnize" is unknown, did you mean "organize"\?/);
    expect(await page.getByRole('alert').innerText()).toContain('"orgnize"');
  });

  test('a broken query', async () => {
    const { page, panel: failed } = await reportOf({ targets: [{ refId: 'A', expr: 'sum(', instant: true }] });
    expect(failed).toMatchObject({ state: 'failed', message: expect.stringMatching(/^query A: .*parse error/) });
    expect(await panel(page, TITLE).innerText()).toContain('parse error');
  });

  test('a panel type that Grafana does not publish', async () => {
    const { page, problems, panel: failed } = await reportOf({ type: 'piechart' });
    expect(failed?.state).toBe('failed');
    expect(problems.some(({ message }) => message.includes('piechart'))).toBe(true);
    expect(await panel(page, TITLE).innerText()).toContain('piechart');
  });

  test('a query without an answer, unless the panel says so itself', async () => {
    const targets = [{ refId: 'A', expr: 'absent_metric', format: 'table', instant: true }];
    expect((await reportOf({ targets })).panel?.state).toBe('empty');
    const noValue = { fieldConfig: { defaults: { noValue: 'all is well' }, overrides: [] } };
    const { page, panel: quiet } = await reportOf({ targets, ...noValue });
    expect(quiet?.state).toBe('quiet');
    expect(await panel(page, TITLE).innerText()).toContain('all is well');
  });

  test('a variable whose options Prometheus cannot give', async () => {
    const zoneTraffic = shown.content.dashboards.find(({ uid }) => uid === 'zone-traffic');
    const list = (zoneTraffic?.templating?.list ?? []).map((variable) =>
      variable.name === 'namespace'
        ? { ...variable, query: 'label_values(sum(, namespace)', definition: '' }
        : variable,
    );
    if (zoneTraffic === undefined) throw new Error('no dashboard zone-traffic');
    shown.preview.update({ dashboards: [{ ...zoneTraffic, templating: { list } }], problems: [] });
    const page = await open('/d/zone-traffic');
    expect((await settled(page)).problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^variable \$namespace: .*parse error/),
    ]);
  });

  test('a build that failed, above the dashboards of the last good one', async () => {
    shown.preview.update({ dashboards: shown.content.dashboards, problems: ['azimuth.yaml: 1 problem'] });
    const page = await open('/d/zone-traffic');
    expect((await settled(page)).panels.every(({ state }) => state === 'drawn')).toBe(true);
    expect(await page.getByRole('alert').innerText()).toContain('azimuth.yaml: 1 problem');
  });

  test('a dashboard that does not exist, with those that do', async () => {
    const page = await open('/d/zone-trafic');
    expect((await settled(page)).problems).toHaveLength(1);
    expect(await page.getByRole('link').allInnerTexts()).toEqual(shown.content.dashboards.map(({ title }) => title));
  });

  test('a time range that cannot be read', async () => {
    const page = await open('/d/zone-traffic?from=yesterday&to=now');
    const { problems } = await settled(page);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('got "yesterday"')]);
  });
});

describe('rows', () => {
  test('open and close, by keyboard, and what is closed is not on the page', async () => {
    const page = await open('/d/node-allowances');
    const all = (await settled(page)).panels.length;
    const row = page.getByRole('button', { name: /^By node and interface/ });
    expect(await row.getAttribute('aria-expanded')).toBe('true');
    await row.focus();
    await page.keyboard.press('Enter');
    expect(await row.getAttribute('aria-expanded')).toBe('false');
    const closed = await settled(page);
    expect(closed.panels.length).toBe(all - 6);
    expect(await row.innerText()).toContain('6 panels');
    await page.keyboard.press('Enter');
    await until(page, `window.azimuthPreview.panels.length === ${all}`);
    expect((await settled(page)).panels.every(({ state }) => state === 'drawn')).toBe(true);
  });
});

describe('the time range', () => {
  test('is chosen in the head of the page, and the queries ask for it', async () => {
    const page = await open('/d/node-allowances');
    await settled(page);
    const starts: number[] = [];
    page.on('request', (request) => {
      const start = new URLSearchParams(request.postData() ?? '').get('start');
      if (request.url().endsWith('/query_range')) starts.push(Number(start));
    });
    await page.getByTestId('data-testid TimePicker Open Button').click();
    await page.getByText('Last 30 minutes').click();
    await page.waitForURL(/from=now-30m&to=now/);
    await settled(page);
    expect(starts.length).toBeGreaterThan(5);
    for (const start of starts) expect(Math.abs(shown.now / 1000 - 1800 - start)).toBeLessThanOrEqual(60);
  });
});

describe('the theme', () => {
  test('is chosen in the head of the page', async () => {
    const page = await open('/d/node-allowances');
    await settled(page);
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const dark = await background();
    await page.getByRole('button', { name: 'Light theme' }).click();
    await page.waitForURL(/theme=light/);
    await settled(page);
    expect(await background()).not.toBe(dark);
  });
});

describe('a time series', () => {
  test('shows the values under the pointer', async () => {
    const page = await open('/d/zone-traffic');
    await settled(page);
    const graph = panel(page, 'Cross-zone traffic by zone pair').locator('.u-over');
    await graph.scrollIntoViewIfNeeded();
    const box = await graph.boundingBox();
    if (box === null) throw new Error('the graph is not drawn');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.move(box.x + box.width / 2 + 5, box.y + box.height / 2);
    const time = page.getByText(/^2026-01-15 0\d:\d\d:\d\d$/);
    await time.waitFor({ timeout: 5_000 });
    expect(await time.count()).toBe(1);
  });
});

describe('a legend', () => {
  test('isolates a series that is clicked, and shows all again', async () => {
    const page = await open('/d/zone-traffic');
    await settled(page);
    const graph = panel(page, 'Traffic by locality');
    const picture = async () => (await graph.locator('canvas').screenshot()).toString('base64');
    const all = await picture();
    await graph.getByText('Cross zone', { exact: true }).click();
    await page.waitForTimeout(300);
    expect(await picture()).not.toBe(all);
    await graph.getByText('Cross zone', { exact: true }).click();
    await page.waitForTimeout(300);
    expect(await picture()).toBe(all);
  });
});

test('moving forward ends at now', async () => {
  const page = await open('/d/node-allowances?from=now-1h&to=now');
  await settled(page);
  await page.getByRole('button', { name: /[Mm]ove time range forward/ }).click();
  await page.waitForURL(/to=\d+/);
  expect(Number(new URL(page.url()).searchParams.get('to'))).toBe(shown.now);
});

test('a page whose host has ended says so, above what it last knew', async () => {
  const { demo, content } = shown;
  const host = await startPreview({
    content,
    prometheus: { url: demo.url, scrapeInterval: 30 },
    port: 0,
    now: shown.now,
    root: previewRoot(),
    log: () => undefined,
  });
  const page = await open('/d/zone-traffic');
  await page.goto(`${host.url}/d/zone-traffic`);
  await settled(page);
  expect(await page.getByRole('alert').count()).toBe(0);
  await host.close();
  await page
    .getByRole('alert')
    .filter({ hasText: 'The host of this page does not answer' })
    .waitFor({ timeout: 15_000 });
  expect(await panel(page, 'Cross-zone share').innerText()).toContain('%');
});

test('a page whose host goes on without Prometheus says so in every panel', async () => {
  const page = await open('/d/zone-traffic');
  await settled(page);
  await page.route('**/prometheus/**', (route) =>
    route.fulfill({
      status: 502,
      json: { status: 'error', errorType: 'unavailable', error: 'Prometheus at http://x does not answer: refused' },
    }),
  );
  await page.getByTestId('data-testid RefreshPicker run button').click();
  await page.reload();
  await settled(page);
  const { panels, problems } = await stateOf(page);
  expect(new Set(panels.map(({ state }) => state))).toEqual(new Set(['failed']));
  expect(panels[0]?.message).toContain('does not answer');
  expect(problems.length).toBeGreaterThan(0);
});
