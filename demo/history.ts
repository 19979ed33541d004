import type { Prometheus } from '../bench/process/prometheus.ts';
import type { Config } from '../generators/index.ts';
import type { Feed } from './feed.ts';
import { pastOfMoney } from './money.ts';
import { replay, writeInBatches } from './replay.ts';
import type { RuleFiles } from './server.ts';
import type { Story } from './story.ts';

/** What is needed to fill a Prometheus with the past. */
export interface HistoryOptions {
  readonly prometheus: Prometheus;
  readonly config: Config;
  readonly story: Story;
  readonly feed: Feed;
  readonly rules: RuleFiles;
  readonly signal: AbortSignal;
  readonly log: (text: string) => void;
}

/** So much of the past is made at a time; seconds. */
const SLICE = 1800;

/** Writes all samples until now, and then what the rules would have made of them. */
export async function writeHistory({
  prometheus,
  config,
  story,
  feed,
  rules,
  signal,
  log,
}: HistoryOptions): Promise<void> {
  const took = timer();
  let [samples, written]: [number, Promise<number>] = [0, Promise.resolve(0)];
  for (let until = story.fedFrom; until < story.now;) {
    signal.throwIfAborted();
    until = Math.min(story.now, until + SLICE);
    // The next slice is made while Prometheus takes in the one before.
    const next = feed.until(until);
    samples += await written;
    written = writeInBatches(prometheus.url, next);
    // Awaited a moment later.
    written.catch(() => {});
  }
  samples += await written;
  log(`wrote ${period(story.now - story.shownFrom)} of scrapes: ${samples} samples in ${took()}`);

  const evaluated = timer();
  const past = pastOfMoney(story, config);
  const all = await replay({
    prometheus,
    rules,
    from: story.shownFrom,
    until: story.now,
    ...(past !== undefined && { past }),
    signal,
    log,
  });
  log(`evaluated ${all.rules} rules over them: ${all.samples} samples in ${evaluated()}`);
}

const period = (seconds: number): string =>
  seconds % 3600 === 0 ? `${seconds / 3600} hours` : `${Math.round(seconds / 60)} minutes`;

/** Returns a function that tells how long ago it was made, such as `1.2 s`. */
export function timer(): () => string {
  const started = performance.now();
  return () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
