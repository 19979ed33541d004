import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startBrowser } from './browser.ts';
import type { Fault } from './faults.ts';
import { FIRST_HEIGHT, takePicture } from './picture.ts';
import { previewRoot } from './root.ts';

/** Which pictures to take, and where to put them. */
export interface PictureOptions {
  /** Of the running preview, without a trailing slash. */
  readonly url: string;
  readonly dashboards: readonly { readonly uid: string; readonly title: string }[];
  /** Folder for the pictures and their report; made where it is missing. */
  readonly dir: string;
  readonly themes: readonly ('dark' | 'light')[];
  /** In pixels; 1600 by default. */
  readonly width?: number;
  /** How long a page may take until it has settled, in milliseconds; 20,000 by default. */
  readonly timeoutMs?: number;
  /** Ends the browser; the promise then rejects, and nothing is written. */
  readonly signal?: AbortSignal;
  /** The folder of the preview's package; found by default. */
  readonly root?: string;
}

/** A picture that was taken. */
export interface Picture {
  readonly uid: string;
  readonly theme: 'dark' | 'light';
  /** Name of the file in the folder. */
  readonly file: string;
  readonly faults: readonly Fault[];
  /** Titles of panels that have no data and say so themselves. */
  readonly quiet: readonly string[];
}

/** What was taken, and what is wrong with it. */
export interface PictureReport {
  readonly pictures: readonly Picture[];
}

const WIDTH = 1_600;
const TIMEOUT_MS = 20_000;
const REPORT = 'report.json';

/** Grafana allows nothing else in a uid; and it becomes the name of a file. */
function checkUids(dashboards: PictureOptions['dashboards']): void {
  const wrong = dashboards.find(({ uid }) => !/^[A-Za-z0-9_-]+$/.test(uid));
  if (wrong === undefined) return;
  throw new Error(`dashboard "${wrong.title}": got uid "${wrong.uid}", expected letters, digits, "-" and "_" only`);
}

/**
 * Takes a picture of each dashboard in each theme, and writes them as `<uid>-<theme>.png` with a `report.json`: the same bytes wherever
 * pages and fonts are the same. What is wrong with a page is in the report. Rejects with an Error, and writes nothing, when there is no
 * browser or it dies.
 */
export async function takePictures(options: PictureOptions): Promise<PictureReport> {
  const { url, dashboards, dir, themes, width = WIDTH, timeoutMs = TIMEOUT_MS, signal, root = previewRoot() } = options;
  checkUids(dashboards);
  signal?.throwIfAborted();
  const taken: { readonly picture: Picture; readonly png: Buffer }[] = [];
  const browser = await startBrowser(root, { width, height: FIRST_HEIGHT });
  // What the browser was doing when it is ended need not ever end by itself.
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('ended', { cause: signal.reason })), { once: true });
  });
  aborted.catch(() => undefined);
  try {
    for (const { uid } of dashboards) {
      for (const theme of themes) {
        signal?.throwIfAborted();
        const taking = takePicture(browser, { url, uid, theme, width, timeoutMs });
        taking.catch(() => undefined);
        const { png, faults, quiet } = await Promise.race([taking, aborted]);
        taken.push({ picture: { uid, theme, file: `${uid}-${theme}.png`, faults, quiet }, png });
      }
    }
  } catch (error) {
    // Whatever the browser says about being ended: it was asked for.
    signal?.throwIfAborted();
    throw error;
  } finally {
    await browser.close();
  }

  const report: PictureReport = { pictures: taken.map(({ picture }) => picture) };
  await mkdir(dir, { recursive: true });
  for (const { picture, png } of taken) await writeFile(join(dir, picture.file), png);
  await writeFile(join(dir, REPORT), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}
