import { setTimeout as sleep } from 'node:timers/promises';
import type { Feed } from './feed.ts';
import { messageOf } from './message.ts';
import { writeInBatches } from './replay.ts';

/** What goes on live. */
export interface LiveOptions {
  readonly url: string;
  readonly feed: Feed;
  /** Seconds between two scrapes. */
  readonly interval: number;
  /** Told the first failure of each kind; the feed goes on with the next scrape. */
  readonly log: (text: string) => void;
}

/** A feed in step with the clock. */
export interface Live {
  /** Resolves when nothing is written any more. */
  stop(): Promise<void>;
}

/** Scrapes are written so long after their time that the clock has surely reached it; milliseconds. */
const LATE = 20;

/** Writes what has been missed so far, then every scrape when its time comes. Never rejects after the first write. */
export async function startLive({ url, feed, interval, log }: LiveOptions): Promise<Live> {
  const write = () => writeInBatches(url, feed.until(Date.now() / 1000));
  await write();
  const ending = new AbortController();
  const logged = new Set<string>();
  const running = (async () => {
    while (!ending.signal.aborted) {
      const next = (Math.floor(Date.now() / 1000 / interval) + 1) * interval * 1000;
      await sleep(next - Date.now() + LATE, undefined, { signal: ending.signal });
      try {
        await write();
      } catch (error) {
        const message = `a scrape could not be written: ${messageOf(error)}`;
        if (!logged.has(message) && !ending.signal.aborted) log(message);
        logged.add(message);
      }
    }
  })().catch((error: unknown) => {
    if (!ending.signal.aborted) log(`the feed has ended: ${messageOf(error)}`);
  });
  return {
    async stop() {
      ending.abort();
      await running;
    },
  };
}
