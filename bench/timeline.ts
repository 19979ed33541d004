import { type Cluster, keyOfLabels, type MetricFamily, type Pod, type Series } from './model.ts';
import { type Scrape, scrapeOf } from './scrape.ts';
import { type Target, type TargetOptions, targetsOf } from './targets.ts';

/** A cluster from some time on, in seconds since the start. */
export interface Stage {
  readonly from: number;
  readonly cluster: Cluster;
}

/** A cluster that changes: stages in order, the first from 0 on. */
export type Timeline = readonly Stage[];

/** The cluster at a time, in seconds since the start. The truth at that time is the truth of this cluster. */
export function clusterAt(timeline: Timeline, seconds: number): Cluster {
  const stage = timeline.findLast(({ from }) => from <= seconds);
  if (stage === undefined) throw new RangeError(`the timeline has no stage at ${seconds} s, it must begin at 0`);
  return stage.cluster;
}

/**
 * The cluster at a time, with all pods that were known within the seconds before as well: what rules that remember so
 * long know of it.
 */
export function rememberedAt(timeline: Timeline, seconds: number, lookback: number): Cluster {
  const now = clusterAt(timeline, seconds);
  const recent = timeline.filter(({ from }, index) => {
    const until = timeline[index + 1]?.from ?? Infinity;
    return from <= seconds && until > seconds - lookback;
  });
  // The latest word on each incarnation counts.
  const pods = new Map<string, Pod>();
  for (const { cluster } of [...recent, { cluster: now }]) for (const pod of cluster.pods) pods.set(pod.uid, pod);
  return { ...now, pods: [...pods.values()] };
}

/**
 * All targets of a cluster that changes, their series stitched together: what is the same before and after goes on,
 * counters go on from where they were, and the rest begins or ends with its stage.
 */
export function scrapesOf(timeline: Timeline, options: TargetOptions = {}): Scrape[] {
  const byPlace = new Map<string, { target: Target; stages: { from: number; families: MetricFamily[] }[] }>();
  for (const { from, cluster } of timeline) {
    for (const target of targetsOf(cluster, options)) {
      const key = JSON.stringify([target.path, target.labels]);
      const entry = byPlace.get(key) ?? { target, stages: [] };
      byPlace.set(key, entry);
      entry.stages.push({ from, families: target.families() });
    }
  }
  const ends = new Map(timeline.map(({ from }, index) => [from, timeline[index + 1]?.from ?? Infinity]));
  return [...byPlace.values()].map(({ target, stages }) => ({ ...scrapeOf(target), families: stitched(stages, ends) }));
}

function stitched(
  stages: readonly { from: number; families: readonly MetricFamily[] }[],
  ends: ReadonlyMap<number, number>,
): MetricFamily[] {
  const families = new Map<string, { family: MetricFamily; series: Map<string, Series[]> }>();
  for (const stage of stages) {
    const until = ends.get(stage.from) ?? Infinity;
    for (const family of stage.families) {
      const entry = families.get(family.name) ?? { family, series: new Map<string, Series[]>() };
      families.set(family.name, entry);
      for (const one of family.series) {
        const key = keyOfLabels(one.labels);
        const segments = entry.series.get(key) ?? [];
        entry.series.set(key, continued(segments, { ...one, from: stage.from, until }));
      }
    }
  }
  return [...families.values()].map(({ family, series }) => ({ ...family, series: [...series.values()].flat() }));
}

/** Far less than one, and more than what floating point loses: a counter must not fall by a rounding error. */
const EPSILON = 1e-6;

function continued(segments: readonly Series[], next: Series): Series[] {
  const last = segments.at(-1);
  const { from = 0 } = next;
  if (last === undefined || last.until !== from) return [...segments, next];
  const others = segments.slice(0, -1);
  const isSame = last.perSecond === next.perSecond;
  const isCounter = [...segments, next].some(({ perSecond }) => perSecond > 0);
  // A gauge jumps; a counter that was bent before has another start, yet goes on, also while it stands still.
  if (isSame && (isCounter || last.start === next.start)) {
    return [...others, { ...last, ...(next.until !== undefined && { until: next.until }) }];
  }
  if (next.perSecond === 0 && last.perSecond === 0) return [...segments, next];
  const reached = last.start + last.perSecond * from;
  return [...segments, { ...next, start: reached + EPSILON - next.perSecond * from }];
}
