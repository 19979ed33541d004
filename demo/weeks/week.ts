import type { Config } from '../../generators/index.ts';
import type { Cluster } from '../../bench/model.ts';
import type { Stage } from '../../bench/timeline.ts';
import { type DemoTarget, demoTargets } from '../feed/targets.ts';
import type { Fedable } from '../feed.ts';
import { createNoise } from '../story/noise.ts';
import { type Affects, down, type Effect, nodeLocalSetup, ruleGroups } from './effects.ts';
import { loaded } from './load.ts';
import { firstShape, makeWorld, type Move, type Shape } from './shape.ts';

/** A part of what happens. All times in minutes, from the start of what it belongs to. */
export interface Part {
  /** 0 by default. */
  readonly after?: number;
  /** Until the end, by default. */
  readonly until?: number;
  readonly effect: Effect;
}

/** Something that happens in a week, such as a deploy or an incident. All times in minutes. */
export interface Happening {
  readonly title: string;
  /** From the start of the week. */
  readonly from: number;
  readonly lasts: number;
  readonly parts?: readonly Part[];
  /** Lasting changes of what runs, each so long after the beginning. */
  readonly moves?: readonly (readonly [after: number, move: Move])[];
  /** Targets that do not answer for as long as it lasts, and count from 0 afterwards. */
  readonly restarts?: Affects;
}

/** A stage of a week, with what happens to the scrapes. */
interface WeekStage extends Stage {
  readonly effects: readonly Effect[];
  /** Restarts that are done. */
  readonly restarted: readonly Affects[];
}

/** A week that can be fed and replayed; Unix times in seconds. */
export interface Week extends Fedable<WeekStage> {
  readonly from: number;
  readonly until: number;
  readonly targetsOf: (stage: WeekStage) => readonly DemoTarget[];
}

const MINUTE = 60;
/** Windows are full by then; minutes. */
const LOOKBACK = 20;
/** How often rates change; minutes. */
const RATES_EVERY = 15;
/** Minutes of a day from one quiet night to the next. */
const DAY = 70;

/** A Monday, as a Unix time in seconds. */
export const WEEK_STARTS = Date.UTC(2026, 0, 12) / 1000;

/** Always there: NodeLocal DNSCache, and the Prometheus that evaluates the rules. */
const USUALLY: readonly Effect[] = [ruleGroups(), nodeLocalSetup()];

/** A week of so many minutes in which all of this happens; the same for the same seed. */
export function makeWeek(happenings: readonly Happening[], minutes: number, config: Config, seed = 16): Week {
  const start = WEEK_STARTS - LOOKBACK * MINUTE;
  const world = makeWorld(seed);
  const noise = createNoise(seed);
  const moves = happenings
    .flatMap(({ from, moves: all = [] }) => all.map(([after, move]) => ({ at: from + after, move })))
    .toSorted((one, other) => one.at - other.at);
  const rates = Array.from(
    { length: Math.ceil((minutes + LOOKBACK) / RATES_EVERY) },
    (_, at) => at * RATES_EVERY - LOOKBACK,
  );
  const times = new Set([...rates, ...moves.map(({ at }) => at), ...happenings.flatMap(edgesOf)]);

  let shape: Shape = firstShape(world, start);
  let [moved, busyAt]: [number, number] = [0, -LOOKBACK];
  let usual: Cluster | undefined;
  const timeline = [...times]
    .toSorted((one, other) => one - other)
    .map((at): WeekStage => {
      for (; moved < moves.length && (moves[moved]?.at ?? Infinity) <= at; moved += 1) {
        shape = moves[moved]?.move(shape, world, WEEK_STARTS + at * MINUTE) ?? shape;
        usual = undefined;
      }
      if (at >= busyAt + RATES_EVERY || usual === undefined) {
        busyAt = Math.floor(at / RATES_EVERY) * RATES_EVERY;
        const factor = 1 - 0.3 * Math.cos((2 * Math.PI * at) / DAY);
        usual = loaded(config.cluster.name, shape, { noise, seconds: at * MINUTE, factor });
      }
      const effects = [...USUALLY, ...happenings.flatMap((one) => effectsAt(one, at))];
      return {
        from: (at + LOOKBACK) * MINUTE,
        cluster: effects.reduce((cluster, effect) => effect.cluster?.(cluster) ?? cluster, usual),
        effects,
        restarted: happenings.flatMap(({ from, lasts, restarts }) =>
          restarts === undefined || at < from + lasts ? [] : [restarts],
        ),
      };
    });
  return {
    start,
    fedFrom: start,
    from: WEEK_STARTS,
    until: WEEK_STARTS + minutes * MINUTE,
    timeline,
    targetsOf: (stage) => targetsAt(stage, config),
  };
}

/** When something begins, changes or ends. */
const edgesOf = ({ from, lasts, parts = [] }: Happening): readonly number[] => [
  from,
  from + lasts,
  ...parts.flatMap(({ after = 0, until = lasts }) => [from + after, from + until]),
];

function effectsAt({ from, lasts, parts = [], restarts }: Happening, at: number): readonly Effect[] {
  const since = at - from;
  const isOn = since >= 0 && since < lasts;
  const active = parts.filter(({ after = 0, until = lasts }) => after <= since && since < until);
  return [...active.map(({ effect }) => effect), ...(isOn && restarts !== undefined ? [down(restarts)] : [])];
}

function targetsAt({ cluster, effects, restarted }: WeekStage, config: Config): readonly DemoTarget[] {
  const started = demoTargets(cluster, config).map((target) => ({
    ...target,
    restarts: restarted.filter((affects) => affects(target)).length,
  }));
  return effects.reduce<readonly DemoTarget[]>((all, { targets }) => targets?.(all, cluster) ?? all, started);
}
