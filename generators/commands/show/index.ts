import { resolve } from 'node:path';
import type { StoryEvent } from '../../../preview/app/model/state.ts';
import type { Content } from '../../../preview/host/index.ts';
import { printed, type Printed } from '../../build/printed.ts';
import { requireFolder } from '../../output-dir/folders.ts';
import { seconds } from '../../promql/index.ts';
import type { Config } from '../../registry.ts';
import { messageOf, ProblemError } from '../../schema/problems.ts';
import { buildFor, type Flags, type Io } from '../context.ts';
import { dashboardsFolder, takeAll } from './pictures.ts';
import { contentOf, rebuildOnChange } from './rebuild.ts';

const PORT = 19_200;

/** Starts the data source of a command. */
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

/** Errors that the user can fix (a port in use, a missing program) are plain `Error`s; all others are bugs. */
const isFixable = (error: unknown): boolean => (error as { name?: unknown } | null)?.name === 'Error';

/** Builds, starts the preview, and takes pictures or serves until interrupted. Each step adds its cleanup to `undo`. */
async function run(io: Io, flags: Flags, startData: StartData, undo: (() => unknown)[]): Promise<number> {
  const signal = io.interrupted('exit');
  const log = (text: string): void => io.stderr(`${text}\n`);
  const build = await buildFor(io, flags);
  const generated = printed(build);
  const content = contentOf(generated);
  if (content.dashboards.length === 0) {
    throw new ProblemError(flags.config, [
      { path: 'dashboards', message: 'all are left out, so there is none to show' },
    ]);
  }
  const host = await import('../../../preview/host/index.ts');
  const root = host.previewRoot();
  // Pictures need no fixed port.
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
    // Pictures without data are useless; a page shows data as soon as there is any.
    if (flags.png !== undefined) throw new Error(trouble);
    log(`warning: ${trouble}`);
  }
  if (flags.png !== undefined) {
    return takeAll(io, flags, { host, root, preview, content, dir: flags.png, before, signal });
  }
  let good = content;
  const watcher = rebuildOnChange(io, flags, {
    sources: host.sourcesFolder(),
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
 * Shows the dashboards with data from `startData`.
 * @returns the exit code: 0 when interrupted, 1 for errors that the user can fix, 2 for faulty panels in pictures.
 * @throws ProblemError if the configuration is invalid.
 */
export async function show(io: Io, flags: Flags, startData: StartData): Promise<number> {
  const undo: (() => unknown)[] = [];
  try {
    return await run(io, flags, startData, undo);
  } catch (error) {
    // Without the pictures, the command has failed.
    if (io.interrupted('exit').aborted) return flags.png === undefined ? 0 : 1;
    if (!isFixable(error)) throw error;
    io.stderr(`azimuth: ${messageOf(error)}\n`);
    return 1;
  } finally {
    for (const step of undo.toReversed()) await step();
  }
}

/** The data source of the shown dashboards. */
interface Data {
  /** Address of a Prometheus. */
  readonly url: string;
  /** A fixed time in Unix milliseconds; the clock of the browser if undefined. */
  readonly now?: number;
  readonly story: readonly StoryEvent[];
  /** Loads regenerated rules. */
  readonly updateRules: (rules: Readonly<Record<string, string>>) => Promise<void>;
  /** Resolves with a message if it ends by itself. */
  readonly died: Promise<string>;
  readonly stop: () => Promise<void>;
}

/** The reason why Prometheus does not answer through the preview host; undefined if it does. */
async function whyUnreachable(previewUrl: string): Promise<string | undefined> {
  const response = await fetch(`${previewUrl}/prometheus/api/v1/query?query=1`);
  if (response.ok) return undefined;
  const { error } = (await response.json().catch(() => ({}))) as { readonly error?: string };
  return error ?? `Prometheus answers ${response.status}`;
}
