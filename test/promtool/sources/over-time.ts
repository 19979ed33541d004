import type { Connection, Endpoint } from '../../../bench/model.ts';
import { addressOf } from '../../../bench/model.ts';
import { rememberedAt, type Timeline } from '../../../bench/timeline.ts';
import type { Observed, Traffic } from '../../../bench/truth.ts';
import type { Check } from './expectations.ts';
import { observedBy, type Setup, STEP } from './harness.ts';

const WINDOW = 300;
/** How long rules remember identities by default. */
const LOOKBACK = 600;

/** From when to when a series has samples; seconds, `until` excluded. */
interface Life {
  readonly from: number;
  readonly until: number;
}

/**
 * The share of its rate that `rate()` shows at a time for a straight line that does not fill the window: Prometheus takes the
 * first and the last sample in it, and adds up to half a scrape interval where samples are missing.
 */
export function share({ from, until }: Life, at: number): number {
  const start = at - WINDOW;
  const first = Math.ceil(Math.max(from, start) / STEP) * STEP;
  const last = Math.min(Math.ceil(until / STEP) * STEP - STEP, Math.floor(at / STEP) * STEP);
  if (last <= first) return 0;
  const beyond = (gap: number) => (gap < STEP * 1.1 ? gap : STEP / 2);
  return (last - first + beyond(first - start) + beyond(at - last)) / WINDOW;
}

const keyOf = (end: Endpoint) => `${end.kind === 'pod' ? end.pod.uid : end.kind} ${addressOf(end)}`;

/** The connections of all stages, each with the time in which it was. */
function connectionsOver(timeline: Timeline): { connection: Connection; life: Life }[] {
  const found = new Map<string, { connection: Connection; life: Life }>();
  for (const [index, { from, cluster }] of timeline.entries()) {
    const until = timeline[index + 1]?.from ?? Infinity;
    for (const connection of cluster.connections) {
      const { client, server, via } = connection;
      const key = JSON.stringify([keyOf(client), keyOf(server), via?.clusterIp]);
      found.set(key, { connection, life: { from: found.get(key)?.life.from ?? from, until } });
    }
  }
  return [...found.values()];
}

const scaled = (traffic: readonly Traffic[] = [], factor: number) =>
  traffic.map((item) => ({ ...item, rate: item.rate * factor }));

/**
 * The truth about a cluster that changes: traffic that began or ended within the window counts in part, and pods are known as
 * long as rules remember them. Exact where connections that come or go have series of their own.
 */
export function truthOver(setup: Setup, timeline: Timeline, at: number): Check {
  const cluster = rememberedAt(timeline, at, LOOKBACK);
  const parts = connectionsOver(timeline)
    .map(({ connection, life }) => ({ connection, factor: share(life, at) }))
    .filter(({ factor }) => factor > 0)
    .map(({ connection, factor }) => {
      const observed = observedBy(setup, { ...cluster, connections: [connection] });
      return Object.entries(observed).map(([unit, traffic]) => [unit, scaled(traffic, factor)] as const);
    });
  const sum: Record<string, Traffic[]> = {};
  for (const [unit, traffic] of parts.flat()) (sum[unit] ??= []).push(...traffic);
  const truth: Observed = sum;
  return { at, truth: { [cluster.name]: truth } };
}
