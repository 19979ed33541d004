import { setTimeout as sleep } from 'node:timers/promises';
import { VIOLATIONS, type Browser } from './browser.ts';
import { faultsOf, type Fault, type Snapshot } from './faults.ts';
import { listenTo, type Violation } from './page-events.ts';
import type { Page } from './playwright.ts';

/** What to take. */
export interface PictureRequest {
  /** Of the server, without a trailing slash. */
  readonly url: string;
  readonly uid: string;
  readonly theme: 'dark' | 'light';
  /** In pixels. */
  readonly width: number;
  /** How long the page may take until it has settled, in milliseconds. */
  readonly timeoutMs: number;
}

/** A picture, and what is wrong with it. */
export interface Taken {
  readonly png: Buffer;
  readonly faults: readonly Fault[];
  /** Titles of panels that have no data and say so themselves. */
  readonly quiet: readonly string[];
}

/** The height that the page has before its own is known, in pixels; a picture is never lower. */
export const FIRST_HEIGHT = 1_000;
// Chromium draws nothing below.
const LARGEST_HEIGHT = 16_384;
const POLL_MS = 50;

const SETTLED = 'window.azimuthPreview?.settled === true';
const HEIGHT = 'Math.ceil(document.documentElement.scrollHeight)';
// Two frames: the first may still be that of what was there before. A page in the background has none, hence the limit.
const DRAWN = `Promise.race([
  document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))),
  new Promise((done) => setTimeout(done, 1000)),
]).then(() => true)`;
const SNAPSHOT = `(() => {
  const state = window.azimuthPreview;
  if (!state) return null;
  const { uid, revision, settled, problems, panels } = state;
  let cutOff = [];
  try {
    cutOff = state.cutOff();
  } catch (error) {
    console.error('what is cut off cannot be measured: ' + error.message);
  }
  return JSON.parse(JSON.stringify({ uid, revision, settled, problems, panels, cutOff }));
})()`;

/** Whether the expression is true; not so while the page loads itself anew. */
async function holds(page: Page, expression: string): Promise<boolean> {
  return (await page.evaluate(expression).catch(() => false)) === true;
}

/** Waits until the page has settled and what it drew can be seen, or until the deadline. Rejects when the browser ends. */
async function untilSettled(page: Page, deadline: number): Promise<void> {
  while (performance.now() < deadline) {
    // After a frame, as a page that has just been changed may not know yet that it has something to do.
    if ((await holds(page, SETTLED)) && (await holds(page, DRAWN)) && (await holds(page, SETTLED))) return;
    if (page.isClosed()) throw new Error('the browser has ended');
    await sleep(POLL_MS);
  }
}

async function open(page: Page, { url, uid, theme, timeoutMs }: PictureRequest): Promise<void> {
  const address = `${url}/d/${encodeURIComponent(uid)}?kiosk&theme=${theme}`;
  try {
    await page.goto(address, { waitUntil: 'commit', timeout: timeoutMs });
  } catch (error) {
    const [reason = ''] = String((error as { message?: unknown }).message).split('\n');
    throw new Error(`${address} cannot be opened: ${reason}`, { cause: error });
  }
}

/** Makes the window as high as the page, so that whatever is drawn only where it can be seen is drawn. */
async function grow(page: Page, width: number): Promise<void> {
  const height = Number(await page.evaluate(HEIGHT));
  await page.setViewportSize({ width, height: Math.min(Math.max(height, FIRST_HEIGHT), LARGEST_HEIGHT) });
}

/** Opens a dashboard, waits until it has settled, and takes its picture. What is wrong is in the result; rejects when the browser dies. */
export async function takePicture(browser: Browser, request: PictureRequest): Promise<Taken> {
  const { url, uid, width, timeoutMs } = request;
  const page = await browser.newPage();
  try {
    const events = listenTo(page, new URL(url).origin);
    const deadline = performance.now() + timeoutMs;
    await page.setViewportSize({ width, height: FIRST_HEIGHT });
    await open(page, request);
    await untilSettled(page, deadline);
    await grow(page, width);
    await untilSettled(page, deadline);
    const png = await page.screenshot({
      fullPage: true,
      type: 'png',
      animations: 'disabled',
      caret: 'hide',
      scale: 'css',
    });
    const snapshot = (await page.evaluate(SNAPSHOT)) as Snapshot | null;
    const violations = (await page.evaluate(`window.${VIOLATIONS}`)) as readonly Violation[];
    const quiet = (snapshot?.panels ?? []).filter(({ state }) => state === 'quiet').map(({ title }) => title);
    return { png, quiet, faults: faultsOf(uid, snapshot, events(violations), timeoutMs) };
  } finally {
    await page.close();
  }
}
