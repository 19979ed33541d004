import { seconds, type Config } from '../generators/index.ts';
import type { Prometheus } from '../bench/process/prometheus.ts';
import { requireTool } from '../bench/process/tools.ts';
import type { State } from '../preview/app/model/state.ts';
import { createFeed } from './feed.ts';
import { timer, writeHistory } from './history.ts';
import { type Live, startLive } from './live.ts';
import { hasty, settleAlerts } from './restart.ts';
import { type Home, makeHome } from './server.ts';
import { makeStory } from './story.ts';

/** What the demo shows. */
export interface DemoOptions {
  readonly config: Config;
  /** Texts of the generated rule files, by name. */
  readonly rules: Readonly<Record<string, string>>;
  /** A fixed clock in Unix milliseconds: history ends there, and nothing moves. The clock of the machine by default. */
  readonly at?: number;
  /** Ends a start-up that is under way. */
  readonly signal?: AbortSignal;
  /** Receives a line for each step. */
  readonly log: (text: string) => void;
}

/** A Prometheus with six hours of history of a synthetic cluster, which goes on live. */
export interface Demo {
  /** Address of its Prometheus, without a trailing slash. */
  readonly url: string;
  /** The fixed clock in Unix milliseconds, or null: the clock of the machine. */
  readonly now: number | null;
  readonly story: State['story'];
  /** Has Prometheus read other rules. Rejects with its message when it refuses them, and where the clock is fixed. */
  updateRules(rules: Readonly<Record<string, string>>): Promise<void>;
  /** Resolves with a sentence (exit code, last words) when Prometheus ends by itself. */
  readonly died: Promise<string>;
  /** Ends everything and leaves nothing on the disk. */
  stop(): Promise<void>;
}

/** The time at which the demo's pictures are taken: always the same, so that the pictures are, too. */
export const PICTURES_AT = Date.UTC(2026, 0, 15, 12, 10);

/** Prometheus takes samples up to ten minutes ahead of the clock. Upstream: storage/remote/write_handler.go. */
const AHEAD_MS = 600_000;

/**
 * Starts the demo. It takes half a minute to a minute of processor time, by the number of sources: six hours are written, and the rules evaluated over them.
 * @throws Error when prometheus is not installed (with the package that brings it), when it does not start or ends, or when a rule
 * fails; the reason of `signal` when that is aborted. Nothing is left behind then.
 */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  requireTool('prometheus');
  const { signal = new AbortController().signal, at } = options;
  signal.throwIfAborted();
  if (at !== undefined && at > Date.now() + AHEAD_MS) {
    throw new RangeError(`at: got ${new Date(at).toISOString()}, expected a time no later than ten minutes from now`);
  }
  const home = await makeHome();
  const running: Running = {};
  try {
    return await begin({ ...options, signal }, home, running);
  } catch (error) {
    await end(home, running);
    signal.throwIfAborted();
    throw error;
  }
}

/** What runs, and must be ended. */
interface Running {
  prometheus?: Prometheus;
  live?: Live;
}

async function end(home: Home, { prometheus, live }: Running): Promise<void> {
  await live?.stop();
  await prometheus?.stop();
  await home.remove();
}

async function begin(
  { config, rules, at, signal, log }: DemoOptions & { readonly signal: AbortSignal },
  home: Home,
  running: Running,
): Promise<Demo> {
  const all = timer();
  const interval = seconds(config.scrape.interval);
  const aligned = seconds(config.rules.interval);
  const now = at === undefined ? Math.floor(Date.now() / 1000 / aligned) * aligned : Math.floor(at / 1000);
  const story = makeStory(now, config);
  const feed = createFeed(story, config, interval);

  const first = await home.start({});
  running.prometheus = first;
  await whileUp(first, signal, writeHistory({ prometheus: first, config, story, feed, rules, signal, log }));
  const demo = { story: story.events, stop: () => end(home, running) };
  if (at !== undefined) {
    log(`Prometheus on port ${home.port} stands still at ${new Date(at).toISOString()}, after ${all()}`);
    return {
      ...demo,
      url: first.url,
      now: at,
      updateRules: () => Promise.reject(new Error('a demo with a fixed clock takes no new rules: start it again')),
      died: first.died,
    };
  }

  const restarted = timer();
  await first.stop();
  signal.throwIfAborted();
  const second = await home.start(hasty(rules));
  running.prometheus = second;
  const { url, died } = second;
  running.live = await startLive({ url, feed, interval, log });
  const firing = await whileUp(second, signal, settleAlerts(home, second, rules, now));
  log(`started again with the rules, ${firing} alerts firing: ${restarted()}`);
  log(`Prometheus on port ${home.port} goes on live, after ${all()}`);
  return { ...demo, url, now: null, updateRules: (files) => home.reload(second, files), died };
}

/** Work that ends with its Prometheus, and when it is no longer wanted. */
async function whileUp<T>(prometheus: Prometheus, signal: AbortSignal, work: Promise<T>): Promise<T> {
  const ends: (() => void)[] = [];
  const aborted = new Promise<never>((_, reject) => {
    const abort = () => reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    signal.addEventListener('abort', abort);
    ends.push(() => signal.removeEventListener('abort', abort));
  });
  const died = prometheus.died.then((how) => {
    throw new Error(how);
  });
  try {
    return await Promise.race([work, aborted, died]);
  } finally {
    for (const off of ends) off();
    // Whichever lost the race fails when Prometheus ends; nobody is to hear of it.
    work.catch(() => {});
    died.catch(() => {});
  }
}
