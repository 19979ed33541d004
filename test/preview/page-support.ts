import { setTimeout as sleep } from 'node:timers/promises';
import type { Shown } from '../../bench/preview/shown.ts';
import type { DashboardJson } from '../../preview/app/model/dashboard-json.ts';
import type { PageState } from '../../preview/app/model/page-state.ts';
import type { Page } from '../../preview/node_modules/playwright-core/index.js';

/** Opens a page of what is shown in a real browser. */
export async function openPage({ browser, preview }: Shown, path: string): Promise<Page> {
  // The host knows a few of Playwright's faces only.
  const page = (await browser.newPage()) as unknown as Page;
  await page.goto(preview.url + path);
  return page;
}

/** What the page says of itself. */
export const stateOf = async (page: Page): Promise<PageState> =>
  JSON.parse(await page.evaluate('JSON.stringify(window.azimuthPreview)')) as PageState;

const TIMEOUT_MS = 20_000;

/** Waits until an expression is true on the page; in text, as the page forbids to compile any. */
export async function until(page: Page, expression: string): Promise<void> {
  for (const deadline = performance.now() + TIMEOUT_MS; performance.now() < deadline; await sleep(50)) {
    if ((await page.evaluate(expression).catch(() => false)) === true) return;
  }
  throw new Error(`not so within ${TIMEOUT_MS} ms: ${expression}`);
}

/** Waits until every panel has its data and is drawn, for a revision of the content where one is named. */
export async function settled(page: Page, revision = 0): Promise<PageState> {
  await until(page, `window.azimuthPreview?.settled === true && window.azimuthPreview.revision >= ${revision}`);
  return stateOf(page);
}

/** Queries that a page sends from now on, decoded; those of panels, not those of pickers. */
export function queriesOf(page: Page): string[] {
  const queries: string[] = [];
  page.on('request', (request) => {
    if (!/\/api\/v1\/query(_range)?$/.test(new URL(request.url()).pathname)) return;
    queries.push(new URLSearchParams(request.postData() ?? '').get('query') ?? '');
  });
  return queries;
}

/** A dashboard whose panels are changed, to see what the page says to that. */
export const changed = (dashboard: DashboardJson, title: string, change: object): DashboardJson => ({
  ...dashboard,
  panels: (dashboard.panels ?? []).map((panel) => (panel.title === title ? { ...panel, ...change } : panel)),
});
