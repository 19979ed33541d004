import { describe, expect, test } from '@jest/globals';
import { startPreview } from '../../preview/host/index.ts';
import { previewRoot } from '../../preview/host/root.ts';
import { panel, type ShownDemo } from './page-fixture.ts';
import { changed, settled, stateOf } from './page-support.ts';

/** Problems that the page reports. */
export function describeProblems({ shown, open }: ShownDemo): void {
  describe('what cannot be drawn is reported', () => {
    const TITLE = 'Zone × zone';

    /** What the page says once a panel has been changed. */
    const reportOf = async (change: object) => {
      const zoneTraffic = shown().content.dashboards.find(({ uid }) => uid === 'zone-traffic');
      if (zoneTraffic === undefined) throw new Error('no dashboard zone-traffic');
      const page = await open('/d/zone-traffic');
      const { revision } = await settled(page);
      // While the page is open: it shows the change by itself.
      shown().preview.update({ dashboards: [changed(zoneTraffic, TITLE, change)], problems: [] });
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
      const withText = (noValue?: string) =>
        reportOf({ targets, fieldConfig: { defaults: noValue === undefined ? {} : { noValue }, overrides: [] } });
      expect((await withText()).panel?.state).toBe('empty');
      const { page, panel: quiet } = await withText('all is well');
      expect(quiet?.state).toBe('quiet');
      expect(await panel(page, TITLE).innerText()).toContain('all is well');
    });

    test('a variable whose options Prometheus cannot give', async () => {
      const zoneTraffic = shown().content.dashboards.find(({ uid }) => uid === 'zone-traffic');
      const list = (zoneTraffic?.templating?.list ?? []).map((variable) =>
        variable.name === 'namespace'
          ? { ...variable, query: 'label_values(sum(, namespace)', definition: '' }
          : variable,
      );
      if (zoneTraffic === undefined) throw new Error('no dashboard zone-traffic');
      shown().preview.update({ dashboards: [{ ...zoneTraffic, templating: { list } }], problems: [] });
      const page = await open('/d/zone-traffic');
      expect((await settled(page)).problems.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^variable \$namespace: .*parse error/),
      ]);
    });

    test('a build that failed, above the dashboards of the last good one', async () => {
      shown().preview.update({ dashboards: shown().content.dashboards, problems: ['azimuth.yaml: 1 problem'] });
      const page = await open('/d/zone-traffic');
      expect((await settled(page)).panels.every(({ state }) => state === 'drawn')).toBe(true);
      expect(await page.getByRole('alert').innerText()).toContain('azimuth.yaml: 1 problem');
    });

    test('a dashboard that does not exist, with those that do', async () => {
      const page = await open('/d/zone-trafic');
      expect((await settled(page)).problems).toHaveLength(1);
      expect(await page.getByRole('link').allInnerTexts()).toEqual(
        shown().content.dashboards.map(({ title }) => title),
      );
    });

    test('a time range that cannot be read', async () => {
      const page = await open('/d/zone-traffic?from=yesterday&to=now');
      const { problems } = await settled(page);
      expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('got "yesterday"')]);
    });
  });

  test('a page whose host has ended says so, above what it last knew', async () => {
    const { demo, content } = shown();
    const host = await startPreview({
      content,
      prometheus: { url: demo.url, scrapeInterval: 30 },
      port: 0,
      now: shown().now,
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
}
