import { resolve } from 'node:path';
import type { StoryEvent } from '../../../preview/app/model/state.ts';
import type { Content } from '../../../preview/host/index.ts';
import { printed, type Printed } from '../../build/printed.ts';
import { requireFolder } from '../../output-dir/folders.ts';
import { seconds } from '../../promql/index.ts';
import type { Config } from '../../registry.ts';
import { messageOf, ProblemError } from '../../schema/problems.ts';
import { type Flags, type Io, makeBuild } from '../context.ts';
import { dashboardsFolder, takeAll } from './pictures.ts';
import { contentOf, rebuildOnChange } from './rebuild.ts';

const PORT = 19_200;

/** How a command comes by its data. */
type StartData = (start: {
  readonly config: Config;
  readonly rules: Printed['rules'];
  readonly signal: AbortSignal;
  readonly log: (text: string) => void;
}) => Promise<Data>;

/** Resolves when the signal is aborted. */
const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done();
    signal.addEventListener('abort', () => done(), { once: true });
  });

/** What a stranger can mend (a port that is taken, a program that is missing) is a plain Error; all else is a bug of ours. */
const isMistake = (error: unknown): boolean => (error as { name?: unknown } | null)?.name === 'Error';

/** Builds, shows, and either takes pictures or serves until it is interrupted. Every step is undone in the end. */
async function run(io: Io, flags: Flags, startData: StartData, undo: (() => unknown)[]): Promise<number> {
  const signal = io.interrupted();
  const log = (text: string): void => io.stderr(`${text}\n`);
  const build = await makeBuild(io, flags);
  const generated = printed(build);
  const content = contentOf(generated);
  if (content.dashboards.length === 0) {
    throw new ProblemError(flags.config, [
      { path: 'dashboards', message: 'all are left out, so there is none to show' },
    ]);
  }
  const host = await import('../../../preview/host/index.ts');
  const root = host.previewRoot();
  // Pictures need no port that anybody knows.
  const port = flags.png === undefined || flags.port !== undefined ? Number(flags.port ?? PORT) : 0;
  await host.requireFreePort(port);
  const before: Content | undefined =
    flags.before === undefined
      ? undefined
      : { dashboards: await host.dashboardsAt(io.cwd, flags.before, dashboardsFolder(io, flags)), problems: [] };
  if (flags.png !== undefined) await requireFolder(resolve(io.cwd, flags.png), '--png', flags.png);
  const data = await startData({ config: build.config, rules: generated.rules, signal, log });
  undo.push(async () => data.stop());
  signal.throwIfAborted();
  const preview = await host.startPreview({
    content,
    prometheus: { url: data.url, scrapeInterval: seconds(build.config.scrape.interval) },
    port,
    story: data.story,
    root,
    log,
    ...(data.now !== undefined && { now: data.now }),
  });
  undo.push(async () => preview.close());
  signal.throwIfAborted();
  const trouble = await whyUnreachable(preview.url);
  if (trouble !== undefined) {
    // Pictures of nothing help nobody; a page shows data as soon as there is any.
    if (flags.png !== undefined) throw new Error(trouble);
    log(`warning: ${trouble}`);
  }
  if (flags.png !== undefined) {
    return takeAll(io, flags, { host, root, preview, content, dir: flags.png, before, signal });
  }
  let good = content;
  const watcher = rebuildOnChange(io, flags, {
    previewRoot: root,
    watch: host.watchFiles,
    onBuilt: async (next) => {
      await data.updateRules(next.rules);
      good = contentOf(next);
      preview.update(good);
      log('built again');
    },
    onFailed: (problems) => {
      preview.update({ ...good, problems });
      log(problems.join('\n'));
    },
  });
  undo.push(() => watcher.close());
  io.stdout(`${preview.url}\n`);
  log('open this address in a browser; Ctrl-C ends');
  const death = await Promise.race([aborted(signal), data.died]);
  if (death === undefined) return 0;
  io.stderr(`azimuth: ${death}\n`);
  return 1;
}

/**
 * Shows the dashboards over some data.
 * @returns the exit code: 1 for what the user can mend, 2 for faulty panels in pictures, 0 when interrupted.
 * @throws ProblemError for a configuration that is invalid.
 */
export async function show(io: Io, flags: Flags, startData: StartData): Promise<number> {
  const undo: (() => unknown)[] = [];
  try {
    return await run(io, flags, startData, undo);
  } catch (error) {
    // Pictures that were not taken are no success.
    if (io.interrupted().aborted) return flags.png === undefined ? 0 : 1;
    if (!isMistake(error)) throw error;
    io.stderr(`azimuth: ${messageOf(error)}\n`);
    return 1;
  } finally {
    for (const step of undo.toReversed()) await step();
  }
}

/** Where the data of shown dashboards comes from. */
export interface Data {
  /** Address of a Prometheus. */
  readonly url: string;
  /** A fixed clock in Unix milliseconds; undefined is the browser's. */
  readonly now?: number;
  readonly story: readonly StoryEvent[];
  /** Takes rules that were generated anew. */
  readonly updateRules: (rules: Readonly<Record<string, string>>) => Promise<void>;
  /** Resolves with a sentence when it ends by itself. */
  readonly died: Promise<string>;
  readonly stop: () => Promise<void>;
}

/** Why Prometheus does not answer through the host of the page; undefined when it does. */
async function whyUnreachable(previewUrl: string): Promise<string | undefined> {
  const response = await fetch(`${previewUrl}/prometheus/api/v1/query?query=1`);
  if (response.ok) return undefined;
  const { error } = (await response.json().catch(() => ({}))) as { readonly error?: string };
  return error ?? `Prometheus answers ${response.status}`;
}
