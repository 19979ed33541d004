import { describe, expect, test } from '@jest/globals';
import { prometheusApi } from '../../bench/prometheus-api.ts';
import { isClean, reportText, takePictures } from '../../preview/host/index.ts';
import { previewRoot } from '../../preview/host/root.ts';
import { inTempDir } from '../support/temp-dir.ts';
import { panel, type ShownDemo } from './page-fixture.ts';
import { queriesOf, settled, until } from './page-support.ts';

/** The page as it is drawn, and all that can be done on it. */
export function describeDrawn({ shown, open }: ShownDemo): void {
  describe('over the demo', () => {
    test('every dashboard is drawn in both themes without a fault, and no panel is without data', async () => {
      await inTempDir(async (dir) => {
        const { preview, content } = shown();
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
      const query =
        'sum(cluster:network_bytes:rate5m{locality="cross_zone"}) / sum(cluster:network_bytes:rate5m{locality=~".+_zone|unknown"})';
      const { samples } = await prometheusApi(shown().demo.url).instant(query, shown().now / 1000);
      const page = await open('/d/zone-traffic');
      await settled(page);
      const share = ((samples[0]?.value ?? Number.NaN) * 100).toFixed(1);
      expect((await panel(page, 'Cross-zone share').innerText()).replaceAll(/\s/g, '')).toContain(`${share}%`);
    });

    test('the pods at first are those of the namespace with the most cross-zone traffic, and a locality can be chosen', async () => {
      const { samples } = await prometheusApi(shown().demo.url).instant(
        'topk(1, sum by (source_namespace) (workload_pair:network_bytes:rate5m{locality="cross_zone", source_namespace!~"_.*|unknown"}))',
        shown().now / 1000,
      );
      const page = await open('/d/zone-traffic?var-locality=same_zone');
      await settled(page);
      const pods = `Pod pairs of ${samples[0]?.metric['source_namespace']} (Same zone)`;
      expect(await panel(page, pods).count()).toBe(1);
      const zones = await panel(page, 'Traffic by zone pair (Same zone)').innerText();
      expect(zones).toMatch(/(\S+a) → \1/);
    });

    test('a graph has a node for each zone, and an edge for each direction between two', async () => {
      const page = await open('/d/zone-traffic');
      await settled(page);
      const graph = panel(page, 'Zones').locator('svg[role=img]');
      expect(await graph.getAttribute('aria-label')).toBe('3 nodes, 6 edges');
      expect(await graph.locator('circle').count()).toBe(3);
    });

    test('the page lists the alerts that fire and what happens', async () => {
      const { samples } = await prometheusApi(shown().demo.url).instant(
        'ALERTS{alertstate="firing"}',
        shown().now / 1000,
      );
      const page = await open('/');
      await settled(page);
      const alerts = await page.getByRole('list', { name: 'Alerts' }).innerText();
      expect(samples.length).toBeGreaterThan(2);
      for (const { metric } of samples) expect(alerts).toContain(metric['alertname']);
      expect(await page.getByRole('button', { name: `${samples.length} alerts firing` }).count()).toBe(1);
      const story = await page.getByRole('list', { name: 'What happens' }).innerText();
      const past = shown().demo.story.filter(({ at }) => at <= shown().now);
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
      const linked = panel(page, 'Workload pairs (Cross zone)').locator('a');
      await linked.first().waitFor();
      const links = await linked.allInnerTexts();
      expect(links.length).toBeGreaterThan(2);
      // Four links a row, namespace and workload of both ends: one of the namespaces is the one that was picked.
      const rows = Array.from({ length: links.length / 4 }, (_, index) => links.slice(4 * index, 4 * index + 4));
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
      const link = panel(page, 'Workload pairs (Cross zone)').locator('a', { hasText: 'payments' }).first();
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
      expect(await panel(page, 'Pod pairs of payments (Cross zone)').count()).toBe(1);
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

  describe('rows', () => {
    test('open and close, by keyboard, and what is closed is not on the page', async () => {
      const page = await open('/d/node-allowances');
      const all = (await settled(page)).panels.length;
      const row = page.getByRole('button', { name: /^Over time, by interface/ });
      expect(await row.getAttribute('aria-expanded')).toBe('true');
      await row.focus();
      await page.keyboard.press('Enter');
      expect(await row.getAttribute('aria-expanded')).toBe('false');
      const closed = await settled(page);
      expect(closed.panels.length).toBe(all - 7);
      expect(await row.innerText()).toContain('7 panels');
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
      for (const start of starts) expect(Math.abs(shown().now / 1000 - 1800 - start)).toBeLessThanOrEqual(60);
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
      const graph = panel(page, 'Traffic by zone pair (Cross zone)').locator('.u-over');
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
    expect(Number(new URL(page.url()).searchParams.get('to'))).toBe(shown().now);
  });
}
