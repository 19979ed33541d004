import { MONTH_NAMES, type Config } from '../generators/index.ts';
import { groupBy } from '../bench/group.ts';
import { keyOfLabels, type Labels } from '../bench/model.ts';
import type { RangeSeries } from '../bench/prometheus-api.ts';
import type { WrittenSeries } from '../bench/remote-write.ts';
import type { Past } from './replay.ts';
import type { Story } from './story.ts';
import { createNoise, timeOfDay } from './story/noise.ts';
import { hasMoney } from './story/owners.ts';
import { PLOT } from './story/plot.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
/** So many hours of the past are made: the longest month, and a week more. */
const HOURS_BEFORE = (38 * DAY) / HOUR;
/** So far back months and weeks are worked out from them: what the dashboard shows, and the week that it compares with. */
const SHOWN = 8 * DAY;

const { hour, month, ...others } = MONTH_NAMES;
const OF_HOURS: ReadonlySet<string> = new Set(Object.values(hour));
const OF_MONTHS: ReadonlySet<string> = new Set([...Object.values(month), ...Object.values(others)]);

/** What the pair that rises costs before, and what the one that is mended costs until then: shares of what the first costs now. */
const [BEFORE_RISE, BEFORE_MENDING] = [0.06, 0.5];

/** What something costs in the hour that ends at a Unix time, without the course of days. */
type CostAt = (time: number) => number;

interface Pair {
  readonly metric: Labels;
  readonly cost: CostAt;
}

/** Prometheus answers in the order of a hash map, and sums of the same numbers differ in their last bits with it. */
const byLabels = (one: RangeSeries, other: RangeSeries): number =>
  keyOfLabels(one.metric) < keyOfLabels(other.metric) ? -1 : 1;

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

const isBetween = (metric: Labels, one: string, other: string): boolean =>
  [one, other].every((name) => [metric['source_workload'], metric['destination_workload']].includes(name));

/** The same pair with another workload in the place of one. */
const withWorkload = (metric: Labels, from: string, to: string): Labels => {
  const ends = ['source', 'destination'].filter((side) => metric[`${side}_workload`] === from.split('/')[1]);
  const [namespace = '', workload = ''] = to.split('/');
  return {
    ...metric,
    ...Object.fromEntries(
      ends.flatMap((side) => [
        [`${side}_namespace`, namespace],
        [`${side}_workload`, workload],
      ]),
    ),
  };
};

/**
 * The hours before the six that the demo plays, as the rules would have recorded them: what the first whole hour cost, with the course of days and
 * weeks and what the plot says of money. Undefined where nothing has a cost.
 */
export function pastOfMoney({ now, shownFrom }: Story, config: Config): Past | undefined {
  if (!hasMoney(config)) return undefined;
  const answers = new Map<string, readonly RangeSeries[]>();
  // The first evaluation has less than an hour behind it.
  const until = Math.ceil(shownFrom / HOUR) * HOUR;
  const base = until + HOUR;
  const times = Array.from({ length: HOURS_BEFORE }, (_, index) => until - (HOURS_BEFORE - 1 - index) * HOUR);
  const noise = createNoise(1);

  const course = (time: number): number => {
    const weekday = [0, 6].includes(new Date(time * 1000).getUTCDay()) ? 0.8 : 1;
    return (weekday * timeOfDay(time - now) * noise.wander('money', time - now, 0.04)) / timeOfDay(base - now);
  };
  const baseOf = ({ values }: RangeSeries): number => values.find(([time]) => time === base)?.[1] ?? 0;
  const recorded = (record: string): readonly RangeSeries[] => answers.get(record) ?? [];

  const pairsOf = (record: string): readonly Pair[] =>
    recorded(record).flatMap((series): Pair[] => {
      const { metric } = series;
      const cost = baseOf(series);
      if (!isBetween(metric, 'products', 'index')) return [{ metric, cost: () => cost }];
      const { risesAt, savedAt } = PLOT.money;
      return [
        { metric, cost: (time) => (time <= now + risesAt ? BEFORE_RISE : 1) * cost },
        {
          metric: withWorkload(metric, 'catalog/products', 'search/query'),
          cost: (time) => (time <= now + savedAt ? BEFORE_MENDING : 0) * cost,
        },
      ];
    });

  /** The series of a record, one for each month. */
  const written = (record: string, { month: _month, ...labels }: Labels, cost: CostAt): readonly WrittenSeries[] => {
    const hours = times
      .map((time) => ({ time, value: cost(time), of: new Date((time - HOUR / 2) * 1000).getUTCMonth() + 1 }))
      .filter(({ value }) => value > 0);
    return [...groupBy(hours, ({ of }) => String(of))].map(([of, some]) => ({
      labels: { ...labels, __name__: record, month: of },
      samples: some.map(({ time, value }) => ({ value, milliseconds: time * 1000 })),
    }));
  };

  /** What each workload is billed: its side of its pairs. */
  const workloads = (pairs: readonly Pair[], whole: number): readonly WrittenSeries[] =>
    (['source', 'destination'] as const).flatMap((side) => {
      const direction = side === 'source' ? 'egress' : 'ingress';
      const billed = recorded(hour.workload).filter(({ metric }) => metric['direction'] === direction);
      const [sample] = billed;
      if (sample === undefined) return [];
      const share = sum(billed.map(baseOf)) / whole;
      const own = ({ metric }: Pair): Labels =>
        Object.fromEntries(
          ['namespace', 'workload_type', 'workload'].map((field) => [field, metric[`${side}_${field}`] ?? '']),
        );
      return [...groupBy(pairs, (pair) => JSON.stringify(own(pair))).values()].flatMap((some) => {
        const [one] = some;
        if (one === undefined) return [];
        return written(
          hour.workload,
          { ...sample.metric, ...own(one) },
          (time) => share * course(time) * sum(some.map(({ cost }) => cost(time))),
        );
      });
    });

  const all = (): readonly WrittenSeries[] => {
    const pairs = pairsOf(hour.workloadPair);
    const whole = sum(recorded(hour.workloadPair).map(baseOf));
    /** Against the first whole hour. */
    const level: CostAt = (time) => course(time) * (whole === 0 ? 1 : sum(pairs.map(({ cost }) => cost(time))) / whole);
    return [
      ...[hour.cluster, hour.zonePair].flatMap((record) =>
        recorded(record).flatMap((series) => written(record, series.metric, (time) => baseOf(series) * level(time))),
      ),
      ...[hour.workloadPair, hour.avoidable].flatMap((record) =>
        pairsOf(record).flatMap(({ metric, cost }) => written(record, metric, (time) => cost(time) * course(time))),
      ),
      ...(whole === 0 ? [] : workloads(pairs, whole)),
      ...recorded(hour.covered).flatMap(({ metric }) => written(hour.covered, metric, () => 1)),
    ];
  };

  return {
    from(record) {
      if (OF_HOURS.has(record)) return base;
      return OF_MONTHS.has(record) ? now - SHOWN : undefined;
    },
    before(record, series) {
      if (OF_HOURS.has(record)) answers.set(record, series.toSorted(byLabels));
      // The last of the hours: months and weeks read them.
      return record === hour.covered ? all() : [];
    },
  };
}
