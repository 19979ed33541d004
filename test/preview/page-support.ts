import { load } from 'js-yaml';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Demo, startDemo } from '../../demo/index.ts';
import { startBrowser } from '../../preview/host/browser.ts';
import { type Preview, startPreview } from '../../preview/host/index.ts';
import { previewRoot } from '../../preview/host/root.ts';
import type { DashboardJson } from '../../preview/app/model/dashboard-json.ts';
import type { PageState } from '../../preview/app/model/page-state.ts';
import type { Page } from '../../preview/node_modules/playwright-core/index.js';
import { generate } from '../support/generate.ts';

/** When the clock of these tests stands still: a whole minute, in Unix milliseconds. */
export const NOW = Date.UTC(2026, 0, 15, 12, 10);

/** The demo of the committed configuration, and what it shows. */
export interface Shown {
  readonly demo: Demo;
  readonly preview: Preview;
  /** The dashboards as they are generated. */
  readonly dashboards: readonly DashboardJson[];
  /** Opens a page in a real browser. */
  readonly open: (path: string) => Promise<Page>;
  readonly stop: () => Promise<void>;
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

/** Starts the demo at a fixed time, its page, and a browser. */
export async function show(): Promise<Shown> {
  const generated = generate(load(await readFile('azimuth.yaml', 'utf8')) as object);
  const texts = (kind: string) => generated.artifacts.filter((artifact) => artifact.kind === kind);
  const rules = Object.fromEntries(texts('rules').map(({ path, text }) => [path, text]));
  const dashboards = texts('dashboard').map(({ text }) => JSON.parse(text) as DashboardJson);
  const quiet = (): void => undefined;
  const root = previewRoot();
  const demo = await startDemo({ config: generated.config, rules, at: NOW, log: quiet });
  const preview = await startPreview({
    content: { dashboards, problems: [] },
    prometheus: { url: demo.url, scrapeInterval: 30 },
    port: 0,
    now: NOW,
    story: demo.story,
    root,
    log: quiet,
  });
  const browser = await startBrowser(root, { width: 1600, height: 1000 });
  return {
    demo,
    preview,
    dashboards,
    // The host knows a few of Playwright's faces only.
    open: async (path) => {
      const page = (await browser.newPage()) as unknown as Page;
      await page.goto(preview.url + path);
      return page;
    },
    stop: async () => {
      await browser.close();
      await preview.close();
      await demo.stop();
    },
  };
}
