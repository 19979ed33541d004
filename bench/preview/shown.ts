import { dirname } from 'node:path';
import { type Demo, startDemo } from '../../demo/index.ts';
import { buildFor, type Io } from '../../generators/commands/context.ts';
import { PICTURES_AT } from '../../generators/commands/demo.ts';
import { printed } from '../../generators/commands/print.ts';
import { contentOf } from '../../generators/commands/show/rebuild.ts';
import { seconds } from '../../generators/promql/index.ts';
import { type Browser, startBrowser } from '../../preview/host/browser.ts';
import { type Content, type Preview, previewRoot, startPreview } from '../../preview/host/index.ts';

/** The demo of the committed configuration at a time that stands still, its page, and a browser. */
export interface Shown {
  /** The clock of all of it, in Unix milliseconds. */
  readonly now: number;
  readonly demo: Demo;
  readonly preview: Preview;
  readonly browser: Browser;
  readonly content: Content;
  stop(): Promise<void>;
}

/** The folder of the project. */
export const projectRoot = (): string => dirname(previewRoot());

/** Starts it, for pictures, tests and measurements. @param log told what goes on. */
export async function startShown(log: (text: string) => void): Promise<Shown> {
  const root = previewRoot();
  const io: Io = {
    cwd: projectRoot(),
    stdout: log,
    stderr: log,
    interrupted: () => new AbortController().signal,
    rerun: () => Promise.reject(new Error('nothing is built again here')),
  };
  const build = await buildFor(io, { config: 'azimuth.yaml', out: '.', json: false, check: false, sources: false });
  const generated = printed(build);
  const content = contentOf(generated);
  const undo: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    const demo = await startDemo({ config: build.config, rules: generated.rules, at: PICTURES_AT, log });
    undo.push(async () => demo.stop());
    const preview = await startPreview({
      content,
      prometheus: { url: demo.url, scrapeInterval: seconds(build.config.scrape.interval) },
      port: 0,
      now: PICTURES_AT,
      story: demo.story,
      root,
      log,
    });
    undo.push(async () => preview.close());
    const browser = await startBrowser(root, { width: 1600, height: 1000 });
    undo.push(async () => browser.close());
    return { now: PICTURES_AT, demo, preview, browser, content, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
