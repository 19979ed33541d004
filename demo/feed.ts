import type { Config } from '../generators/index.ts';
import type { Labels, Series } from '../bench/model.ts';
import type { WrittenSample, WrittenSeries } from '../bench/remote-write.ts';
import { storedLabels } from '../bench/scrape.ts';
import type { Stage } from '../bench/timeline.ts';
import { type DemoTarget, demoTargets } from './feed/targets.ts';

/** What Prometheus would have scraped, span by span. */
export interface Feed {
  /**
   * The samples of all scrapes since the last call, up to a Unix time in seconds, that time included. Series that ended get
   * their stale marker.
   */
  until(unixSeconds: number): readonly WrittenSeries[];
}

/** What is fed: a timeline, and the Unix times in seconds of its 0 and of the first scrape. */
export interface Fedable<S extends Stage = Stage> {
  readonly start: number;
  readonly fedFrom: number;
  readonly timeline: readonly S[];
}

/** One series while it is fed: a line that bends when the stage changes. */
interface Line {
  readonly labels: Labels;
  /** Value at `from`, in seconds of the timeline. */
  base: number;
  from: number;
  perSecond: number;
  readonly isFractional: boolean;
  /** Has grown: it counts, and must never jump. */
  isCounter: boolean;
  samples: WrittenSample[];
}

/** A target while it is fed. */
interface Fed {
  dependsOn: readonly unknown[];
  restarts: number | undefined;
  readonly lines: Map<string, Line>;
  /** The lines that are exposed now, and those that the last scrape found. */
  current: readonly Line[];
  scraped: readonly Line[];
  /** Tells how many series are new. */
  added: Line | undefined;
  churn: number;
}

/**
 * The samples of a story, one scrape of everything at each whole multiple of the scrape interval. `targetsOf` says what is scraped in a
 * stage, by default all that the cluster has. It goes from stage to stage and
 * works out only what a stage changes: series of all stages at once, as `scrapesOf` makes them, would be a million.
 */
export function createFeed<S extends Stage>(
  { start, fedFrom, timeline }: Fedable<S>,
  config: Config,
  intervalSeconds: number,
  targetsOf: (stage: S) => readonly DemoTarget[] = ({ cluster }) => demoTargets(cluster, config),
): Feed {
  const fed = new Map<string, Fed>();
  let next = Math.ceil(fedFrom / intervalSeconds) * intervalSeconds;
  // Entered with the first scrape.
  let stage = timeline.findLastIndex(({ from }) => start + from <= next) - 1;

  const enter = (index: number): void => {
    const entered = timeline[index];
    if (entered === undefined) return;
    const targets = targetsOf(entered);
    for (const target of targets) {
      const { isDown, restarts, churn } = target;
      const state = fed.get(target.path) ?? {
        dependsOn: [],
        restarts,
        lines: new Map(),
        current: [],
        scraped: [],
        added: undefined,
        churn: 0,
      };
      fed.set(target.path, state);
      const dependsOn = [...target.dependsOn, isDown, restarts, churn];
      if (isSame(state.dependsOn, dependsOn)) continue;
      state.dependsOn = dependsOn;
      state.current = bent(state.lines, target, entered.from);
      state.added = state.current.find(({ labels }) => labels['__name__'] === ADDED);
      state.churn = target.churn ?? 0;
      if (state.restarts !== restarts) for (const line of state.current) if (line.isCounter) line.base = 0;
      state.restarts = restarts;
    }
    const paths = new Set(targets.map(({ path }) => path));
    for (const [path, state] of fed) if (!paths.has(path)) [state.dependsOn, state.current] = [[], []];
    stage = index;
  };

  const scrape = (milliseconds: number, written: Set<Line>): void => {
    const seconds = milliseconds / 1000 - start;
    while ((timeline[stage + 1]?.from ?? Infinity) <= seconds) enter(stage + 1);
    for (const state of fed.values()) {
      countAdded(state);
      for (const line of state.current) {
        line.samples.push({ value: valueAt(line, seconds), milliseconds });
        written.add(line);
      }
      if (state.scraped === state.current) continue;
      const exposed = new Set(state.current);
      for (const line of state.scraped) {
        if (exposed.has(line)) continue;
        line.samples.push({ value: 'stale', milliseconds });
        written.add(line);
      }
      state.scraped = state.current;
    }
  };

  return {
    until(unixSeconds) {
      const written = new Set<Line>();
      for (; next <= unixSeconds; next += intervalSeconds) scrape(Math.round(next * 1000), written);
      return [...written].map((line) => {
        const { labels, samples } = line;
        line.samples = [];
        return { labels, samples };
      });
    },
  };
}

const isSame = (before: readonly unknown[], after: readonly unknown[]): boolean =>
  before.length === after.length && before.every((one, index) => one === after[index]);

/** Upstream: Prometheus, scrape/scrape.go, report. */
const ADDED = 'scrape_series_added';
const REPORTED = ['up', 'scrape_samples_scraped', ADDED];

/** The scrape itself: whether it worked, how many series it found, and how many of them are new. */
const reports = (isDown: boolean, series: number): readonly Series[] =>
  [isDown ? 0 : 1, series, 0].map((start, index) => ({
    metric: REPORTED[index] ?? '',
    labels: {},
    start,
    perSecond: 0,
  }));

/** Sets how many series the next scrape finds that the one before did not; those that come and go within one are in `churn`. */
function countAdded({ added, current, scraped, churn }: Fed): void {
  if (added === undefined) return;
  const before = current === scraped ? undefined : new Set(scraped);
  const isNew = ({ labels }: Line): boolean => !REPORTED.includes(labels['__name__'] ?? '');
  const found = before === undefined ? 0 : current.filter((line) => isNew(line) && !before.has(line)).length;
  // A scrape that fails finds nothing.
  added.base = found + (current.length > REPORTED.length ? churn : 0);
}

/** Whatever grows counts whole things, but for seconds. */
function valueAt({ base, from, perSecond, isCounter, isFractional }: Line, seconds: number): number {
  if (!isCounter) return base;
  const value = base + perSecond * (seconds - from);
  return isFractional ? value : Math.floor(value);
}

/** Tells series of a target apart. Made by hand, as JSON takes several times as long, and there are millions of them. */
function keyOf({ metric, labels }: Series): string {
  let key = metric;
  for (const name of Object.keys(labels)) key += `\0${name}\0${labels[name] ?? ''}`;
  return key;
}

/** The lines that a target exposes from `from` on: those that were there go on from where they are. */
function bent(lines: Map<string, Line>, target: DemoTarget, from: number): readonly Line[] {
  const { isDown = false } = target;
  const series = isDown ? [] : target.families().flatMap((family) => family.series);
  // What a running exporter counts for the first time begins at 0.
  const isRunning = lines.size > REPORTED.length;
  return [...reports(isDown, series.length), ...series].map((one) => {
    const key = keyOf(one);
    const line = lines.get(key) ?? begun(one, target, from, isRunning);
    lines.set(key, line);
    if (line.from !== from) {
      // A gauge jumps; a counter goes on, also while it stands still.
      line.base = line.isCounter || one.perSecond > 0 ? line.base + line.perSecond * (from - line.from) : one.start;
      line.from = from;
    }
    line.perSecond = one.perSecond;
    line.isCounter ||= one.perSecond > 0;
    return line;
  });
}

function begun(
  { metric, labels, start, perSecond, isFractional = false }: Series,
  target: DemoTarget,
  from: number,
  isRunning: boolean,
): Line {
  return {
    labels: { __name__: metric, ...storedLabels(labels, target) },
    base: isRunning && perSecond > 0 ? 0 : start + perSecond * from,
    from,
    perSecond,
    isFractional,
    isCounter: perSecond > 0,
    samples: [],
  };
}
