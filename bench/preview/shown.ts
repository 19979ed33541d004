import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Demo, type DemoOptions, PICTURES_AT, startDemo } from '../../demo/index.ts';
import {
  build,
  type Config,
  loadConfig,
  LOCK_PATH,
  makeCatalogue,
  parseLock,
  printed,
  seconds,
} from '../../generators/index.ts';
import { type Browser, startBrowser } from '../../preview/host/browser.ts';
import { type Content, type Preview, previewRoot, startPreview } from '../../preview/host/index.ts';

/** The demo of a committed configuration at a time that stands still, its page, and a browser. */
export interface Shown {
  /** The clock of all of it, in Unix milliseconds. */
  readonly now: number;
  readonly config: Config;
  /** Texts of the generated rule files, by name. */
  readonly rules: DemoOptions['rules'];
  readonly demo: Demo;
  readonly preview: Preview;
  readonly browser: Browser;
  readonly content: Content;
  stop(): Promise<void>;
}

/** The folder of the project. */
export const projectRoot = (): string => dirname(previewRoot());

const read = (path: string): string => readFileSync(join(projectRoot(), path), 'utf8');

/** Starts it, for pictures, tests and measurements. @param log receives a line for each step. @param file the configuration, from the folder of the project. */
export async function startShown(log: (text: string) => void, file = 'azimuth.yaml'): Promise<Shown> {
  const root = previewRoot();
  const catalogue = makeCatalogue();
  const config = loadConfig(file, read(file), catalogue);
  const { rules, dashboards } = printed(build(config, catalogue, parseLock(read(LOCK_PATH))));
  const content: Content = { dashboards: dashboards as Content['dashboards'], problems: [] };
  const undo: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    const demo = await startDemo({ config, rules, at: PICTURES_AT, log });
    undo.push(async () => demo.stop());
    const preview = await startPreview({
      content,
      prometheus: { url: demo.url, scrapeInterval: seconds(config.scrape.interval) },
      port: 0,
      now: PICTURES_AT,
      story: demo.story,
      root,
      log,
    });
    undo.push(async () => preview.close());
    const browser = await startBrowser(root, { width: 1600, height: 1000 });
    undo.push(async () => browser.close());
    return { now: PICTURES_AT, config, rules, demo, preview, browser, content, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
