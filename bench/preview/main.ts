/** `npm run bench:preview`: how long the preview's page takes over the demo's data, and how large it is. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { previewRoot } from '../../preview/host/index.ts';
import { startShown } from './shown.ts';

const RUNS = 7;
const SETTLED = 'window.azimuthPreview?.settled === true';

const log = (text: string): void => void process.stderr.write(`${text}\n`);
const middle = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
const shown = await startShown(log);

/** Milliseconds until a page has settled, in a tab of its own. */
async function load(path: string): Promise<number> {
  const page = await shown.browser.newPage();
  const started = performance.now();
  await page.goto(shown.preview.url + path, { waitUntil: 'commit', timeout: 30_000 });
  while ((await page.evaluate(SETTLED).catch(() => false)) !== true) await sleep(5);
  const took = performance.now() - started;
  await page.close();
  return took;
}

try {
  const lines = [];
  for (const { uid } of shown.content.dashboards) {
    const first = await load(`/d/${uid}`);
    const others = [];
    for (let run = 1; run < RUNS; run += 1) others.push(await load(`/d/${uid}`));
    const seconds = [first, middle(others)].map((ms) => (ms / 1000).toFixed(2).padStart(8));
    lines.push(`${uid.padEnd(18)}${seconds.join('')} s`);
  }
  const dist = join(previewRoot(), 'dist');
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' });
  const loaded = files.filter((name) => /\.(js|css)$/.test(name));
  const bytes = loaded.reduce((sum, name) => sum + statSync(join(dist, name)).size, 0);
  process.stdout.write(`${'until settled'.padEnd(18)}   first  median\n${lines.join('\n')}\n`);
  process.stdout.write(`JavaScript and CSS: ${(bytes / 1e6).toFixed(2)} MB\n`);
} finally {
  await shown.stop();
}
