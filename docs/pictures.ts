/**
 * `npm run pictures`: draws the pictures of README and docs from the demo at a fixed time, so that the same tree gives the same pictures
 * (with the same Chromium). WebP, as a PNG of a dashboard is three times as large. Ends with 2 when a panel is empty, fails or is cut off.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot, startShown } from '../bench/preview/shown.ts';
import { temporaryFolder } from '../bench/process/temporary.ts';
import type { Browser } from '../preview/host/browser.ts';
import { isClean, previewRoot, reportText, takePictures } from '../preview/host/index.ts';

const QUALITY = 0.8;
const PAGE = { width: 1600, height: 1000 } as const;

const target = join(projectRoot(), 'docs', 'pictures');
const log = (text: string): void => void process.stderr.write(`${text}\n`);

/** A PNG as WebP, by the browser's own encoder. */
async function toWebP(browser: Browser, png: Buffer): Promise<Buffer> {
  const page = await browser.newPage();
  const encoded = (await page.evaluate(`(async () => {
    const bytes = Uint8Array.from(atob('${png.toString('base64')}'), (c) => c.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(image.width, image.height);
    canvas.getContext('2d').drawImage(image, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/webp', quality: ${QUALITY} });
    const reader = new FileReader();
    await new Promise((done) => { reader.onload = done; reader.readAsDataURL(blob); });
    return reader.result.split(',')[1];
  })()`)) as string;
  await page.close();
  return Buffer.from(encoded, 'base64');
}

/** The page as people see it first: the head, what happens, which alerts fire, and the top of a dashboard. */
async function firstSight(browser: Browser, url: string): Promise<Buffer> {
  const page = await browser.newPage();
  await page.setViewportSize(PAGE);
  await page.goto(url, { waitUntil: 'commit', timeout: 20_000 });
  for (let settled = false; !settled;) settled = (await page.evaluate('window.azimuthPreview?.settled')) === true;
  // Its lists come with the alerts, which no panel waits for.
  await page.evaluate('new Promise((done) => setTimeout(() => done(true), 1000))');
  const png = await page.screenshot({
    fullPage: false,
    type: 'png',
    animations: 'disabled',
    caret: 'hide',
    scale: 'css',
  });
  await page.close();
  return png;
}

/** Configurations whose demo is drawn, and the dashboards that no other has; all of them where there is no list. */
const DRAWN: readonly { readonly file: string; readonly only?: readonly string[] }[] = [
  { file: 'azimuth.yaml' },
  { file: 'examples/cilium.yaml', only: ['cilium-health'] },
];

const folder = await temporaryFolder('pictures');
const temporary = folder.path;
try {
  await mkdir(target, { recursive: true });
  for (const { file, only } of DRAWN) {
    const shown = await startShown(log, file);
    try {
      const { preview, browser, content } = shown;
      const dashboards = content.dashboards.filter(({ uid }) => only?.includes(uid) !== false);
      const options = { url: preview.url, dashboards, dir: temporary, root: previewRoot() };
      const report = await takePictures({ ...options, themes: ['dark', 'light'] });
      log(reportText(report).trimEnd());
      if (!isClean(report)) process.exitCode = 2;
      const pictures: (readonly [string, Buffer])[] = await Promise.all(
        report.pictures.map(async (one) => [one.file, await readFile(join(temporary, one.file))] as const),
      );
      if (only === undefined) pictures.push(['preview.png', await firstSight(browser, preview.url)]);
      for (const [name, png] of pictures) {
        await writeFile(join(target, name.replace(/png$/, 'webp')), await toWebP(browser, png));
      }
    } finally {
      await shown.stop();
    }
  }
} finally {
  await folder.remove();
}
