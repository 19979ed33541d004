import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DashboardJson } from '../app/model/dashboard-json.ts';
import { compareDashboards, type DashboardChanges } from './compare-dashboards.ts';
import { compareHtml, type Side, type Theme } from './compare-html.ts';

/** What to compare. */
export interface ComparisonOptions {
  /** Folder that has the pictures in `before/` and `after/`, as `takePictures` names them; gets the `index.html`. */
  readonly dir: string;
  readonly before: readonly DashboardJson[];
  readonly after: readonly DashboardJson[];
  /** What the two sides are called, such as a revision and `working tree`. */
  readonly labels: Readonly<Record<Side, string>>;
  readonly themes: readonly Theme[];
}

const PAGE = 'index.html';

async function dataUrl(file: string): Promise<string | undefined> {
  try {
    return `data:image/png;base64,${await readFile(file, 'base64')}`;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Writes `index.html`: each dashboard before and after, changed ones first, with the panels that changed. The page holds its pictures and
 * loads nothing. A side without a picture is left out. Returns what happened to each dashboard.
 */
export async function writeComparison(options: ComparisonOptions): Promise<DashboardChanges[]> {
  const { dir, before, after, labels, themes } = options;
  const changes = compareDashboards(before, after);
  const urls = new Map<string, string>();
  for (const side of ['before', 'after'] as const) {
    for (const { uid } of side === 'before' ? before : after) {
      for (const theme of themes) {
        const file = join(side, `${uid}-${theme}.png`);
        const url = await dataUrl(join(dir, file));
        if (url !== undefined) urls.set(`${side} ${uid} ${theme}`, url);
      }
    }
  }
  const picture = (side: Side, uid: string, theme: Theme): string | undefined => urls.get(`${side} ${uid} ${theme}`);
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, PAGE), compareHtml({ changes, labels, themes, picture }));
  return changes;
}
