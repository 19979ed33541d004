import { setTimeout as sleep } from 'node:timers/promises';
import { performance } from 'node:perf_hooks';
import { type Config, readingsOf } from '../../generators/index.ts';
import { CannotRun } from '../shared/program.ts';
import type { RecordedSeries } from '../shared/recording.ts';
import { taken } from '../shared/recording-counts.ts';
import type { TrafficCase } from './cases.ts';
import type { Lab } from './lab.ts';
import { CONTROL_PLANE, type LabPod, masquerade, NODES, nodeOf, offloads, PODS } from './network.ts';
import type { Links } from './record.ts';
import { changes, type Page, parsePage, seriesOf } from './scrape.ts';
import { type Flow, flowsOf, flushes, isFlush, keyOf, probes } from './traffic.ts';

/** How the counters of an agent are read. */
export interface Observer {
  readonly config: Config;
  /** Counters of what it lost. */
  readonly losses: readonly RegExp[];
  /** How long it may keep what it saw. */
  readonly delaySeconds: number;
  /** Pages of counters, each of a node, or `-` for one of the whole cluster. */
  readonly pages: readonly { readonly node: string; readonly host: string; readonly url: string }[];
}

type Pages = readonly { readonly node: string; readonly page: Page }[];

const ATTACH_TIMEOUT_MS = 180_000;
const SETTLE_TIMEOUT_MS = 60_000;
const POLL_MS = 2000;
const FLUSHES = 6;

/** All pages. A page that does not answer yet is empty. */
const pagesOf = async (lab: Lab, { pages }: Observer): Promise<Pages> =>
  Promise.all(
    pages.map(async ({ node, host, url }) => ({ node, page: parsePage((await lab.host(host).page(url)) ?? '') })),
  );

const seriesBetween = (before: Pages, after: Pages): readonly RecordedSeries[] =>
  after.flatMap(({ node, page }, index) => seriesOf(node, changes(before[index]?.page ?? new Map(), page)));

/** Sends traffic, one flow after the other. @throws CannotRun if a client or a server fails. */
async function send(lab: Lab, flows: readonly Flow[]): Promise<void> {
  for (const { host, exchange } of flows) {
    try {
      await lab.host(host).call({ do: 'exchange', ...exchange });
    } catch (error) {
      throw new CannotRun(
        `traffic to ${exchange.host}:${exchange.port}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}

async function flush(lab: Lab): Promise<void> {
  for (let times = 0; times < FLUSHES; times += 1) await send(lab, flushes());
}

/** The series of the source's selections, without those of the pods that only flush. */
const selected = ({ config }: Observer, series: readonly RecordedSeries[]): readonly RecordedSeries[] =>
  readingsOf(config)
    .inputs.flatMap((input) => taken({ series }, input))
    .filter(({ labels }) => !isFlush(labels));

/** Series that belong in a recording: of every selection of the source, and losses. */
function worthRecording({ config, losses }: Observer, series: readonly RecordedSeries[]): readonly RecordedSeries[] {
  const { sources } = readingsOf(config);
  const metrics = new Set(
    sources.flatMap(({ selections }) => Object.values(selections).flatMap((one) => Object.values(one.metrics))),
  );
  return series.filter(({ metric }) => metrics.has(metric) || losses.some((pattern) => pattern.test(metric)));
}

/** Pods that no selected series of their node tells of. */
export function unseenPods(series: readonly RecordedSeries[]): readonly LabPod[] {
  return PODS.filter((pod) => {
    if (pod.app === undefined) return false;
    const marks = new Set([pod.app, keyOf(pod).split('/')[1] ?? '', ...Object.values(pod.address)]);
    const node = nodeOf(pod).name;
    return !series.some(
      (one) => (one.node === node || one.node === '-') && Object.values(one.labels).some((value) => marks.has(value)),
    );
  });
}

/** Programs that have ended, each with its host. */
async function endedPrograms(lab: Lab): Promise<readonly string[]> {
  const hosts = [CONTROL_PLANE.host, ...NODES.map(({ name }) => name)];
  const ended = await Promise.all(
    hosts.map(async (host) => {
      const names = (await lab.host(host).call({ do: 'ended' })) as readonly string[];
      return names.map((name) => `${name} on ${host}`);
    }),
  );
  return ended.flat();
}

/** Waits until counters that count no longer change. */
async function settle(lab: Lab, observer: Observer): Promise<Pages> {
  const deadline = performance.now() + SETTLE_TIMEOUT_MS;
  let last = await pagesOf(lab, observer);
  let since = performance.now();
  while (performance.now() < deadline && performance.now() - since < observer.delaySeconds * 1000) {
    await sleep(POLL_MS);
    const now = await pagesOf(lab, observer);
    if (selected(observer, seriesBetween(last, now)).length > 0) since = performance.now();
    last = now;
  }
  return last;
}

/**
 * Polls with a little traffic until the agents watch every pod. Returns how many seconds it took.
 * @throws CannotRun that names the pods which they do not see, or a program that has ended.
 */
export async function attach(lab: Lab, observer: Observer): Promise<number> {
  const start = performance.now();
  let unseen: readonly LabPod[] = PODS;
  while (performance.now() - start < ATTACH_TIMEOUT_MS) {
    const ended = await endedPrograms(lab);
    if (ended.length > 0) throw new CannotRun(`ended by itself: ${ended.join(', ')}`);
    const before = await pagesOf(lab, observer);
    await send(lab, probes());
    await flush(lab);
    const limit = performance.now() + (observer.delaySeconds + 5) * 1000;
    while (performance.now() < limit) {
      await sleep(POLL_MS);
      unseen = unseenPods(selected(observer, seriesBetween(before, await pagesOf(lab, observer))));
      if (unseen.length > 0) continue;
      await settle(lab, observer);
      return Math.round((performance.now() - start) / 1000);
    }
  }
  throw new CannotRun(
    `the agents do not see ${unseen.map(({ host }) => host).join(', ')} after ${ATTACH_TIMEOUT_MS / 1000} s`,
  );
}

/** Counters of all interfaces that matter: eth0 of every pod and node. */
const linksOf = async (lab: Lab): Promise<Links> => {
  const hosts = [...PODS.map(({ host }) => host), ...NODES.map(({ name }) => name)];
  const counters = await Promise.all(
    hosts.map(async (host) => [host, (await lab.host(host).counters())['eth0']] as const),
  );
  return Object.fromEntries(counters.flatMap(([host, eth0]) => (eth0 === undefined ? [] : [[host, eth0]])));
};

/** One round of traffic: the counters of interfaces right around it, and those of the agents once they no longer change. */
export async function round(lab: Lab, observer: Observer, one: TrafficCase) {
  await lab.run([
    ...offloads(lab.naming, one.offloads === 'offloads-on', one.cni),
    ...masquerade(lab.naming, one.outside === 'masqueraded'),
  ]);
  await flush(lab);
  const pages = await settle(lab, observer);
  const before = await linksOf(lab);
  await send(lab, flowsOf(one));
  // The last packets of a connection follow its end.
  await sleep(500);
  const after = await linksOf(lab);
  await flush(lab);
  const series = worthRecording(observer, seriesBetween(pages, await settle(lab, observer)));
  return { truth: { before, after }, series };
}
