import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { type Shown, startShown } from '../../bench/preview/shown.ts';
import type { Page } from '../../preview/node_modules/playwright-core/index.js';
import { openPage } from './page-support.ts';

/** The demo that the tests of a file look at. A page that a test opens is closed after it, and the content is as it was. */
export interface ShownDemo {
  readonly shown: () => Shown;
  /** What it has said. */
  readonly lines: readonly string[];
  readonly open: (path: string) => Promise<Page>;
}

/** Starts the demo before the tests of a file and ends it after them. */
export function showDemo(): ShownDemo {
  const state: { shown?: Shown } = {};
  const pages: Page[] = [];
  const lines: string[] = [];
  const shown = (): Shown => {
    if (state.shown === undefined) throw new Error('the demo has not started');
    return state.shown;
  };

  beforeAll(async () => {
    state.shown = await startShown((line) => lines.push(line));
  }, 300_000);

  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close();
    shown().preview.update({ dashboards: shown().content.dashboards, problems: [] });
  });

  afterAll(async () => {
    await state.shown?.stop();
  }, 60_000);

  const open = async (path: string): Promise<Page> => {
    const page = await openPage(shown(), path);
    pages.push(page);
    return page;
  };
  return { shown, lines, open };
}

/** A panel on the page, by its title. */
export const panel = (page: Page, title: string) => page.locator(`[data-panel=${JSON.stringify(title)}]`);
