import { expect, jest, test } from '@jest/globals';
import { load } from 'js-yaml';
import { generate, RULES } from '../support/generate.ts';
import { type ExpressionTest, seriesText, testRules } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';

jest.setTimeout(240_000);

/**
 * Two months of virtual time, from the first of January, 1970, on. The rates are given every five minutes, as the rules record them,
 * and the groups of hours and months run every hour. The truth is what the rates come to over time, summed by this test from minute to minute.
 */
const rules = generate({
  cloud: { region: 'eu-west-1', price: { natPerGB: 0.05 } },
  flows: { source: 'obi' },
  obi: { addresses: true },
  rules: { interval: '5m', window: '10m' },
  cost: { budgetPerMonth: 100, groupBy: ['team'] },
}).file(RULES.zoneCost);

const STEP = 5;
const DAY = 24 * 60;
const JANUARY = 31 * DAY;
const END = 62 * DAY;

/** A rate of money per second from a minute on; undefined where there are no figures. */
type Phase = readonly [from: number, rate: number | undefined];

interface Pair {
  readonly cluster: string;
  readonly source: string;
  readonly destination: string;
  readonly phases: readonly Phase[];
  /** Which share of it could be avoided. */
  readonly avoidable: boolean;
}

/** The price is doubled on the tenth, in the morning. The hole is on the twentieth, from three to nine. */
const PRICE_CHANGE = 9 * DAY + 8 * 60 + 40;
const HOLE = { from: 19 * DAY + 3 * 60, until: 19 * DAY + 9 * 60 };
/** The second cluster appears on the twelfth, at a quarter to eight. */
const APPEARS = 11 * DAY + 7 * 60 + 45;

const withHole = (before: number): readonly Phase[] => [
  [0, before],
  [PRICE_CHANGE, 2 * before],
  [HOLE.from, undefined],
  [HOLE.until, 2 * before],
];

const PAIRS: readonly Pair[] = [
  { cluster: 'one', source: 'web', destination: 'db', phases: withHole(4e-6), avoidable: true },
  { cluster: 'one', source: 'db', destination: 'web', phases: withHole(2e-5), avoidable: false },
  // Three days of February only.
  {
    cluster: 'one',
    source: 'job',
    destination: 'db',
    phases: [
      [40 * DAY, 3e-5],
      [43 * DAY, undefined],
    ],
    avoidable: true,
  },
  { cluster: 'two', source: 'web', destination: 'db', phases: [[APPEARS, 1e-5]], avoidable: false },
];

const rateAt = ({ phases }: Pair, minute: number): number | undefined =>
  phases.findLast(([from]) => from <= minute)?.[1];

/** What a pair cost between two minutes, by rates that are each recorded at the end of their interval. */
function cost(pair: Pair, from: number, until: number): number {
  let sum = 0;
  for (let minute = from + STEP; minute <= until; minute += STEP) sum += (rateAt(pair, minute) ?? 0) * STEP * 60;
  return sum;
}

/** Values as promtool reads them: runs of the same rate. */
function valuesOf(rate: (minute: number) => number | undefined): string {
  const runs: { value: string; count: number }[] = [];
  for (let minute = 0; minute <= END; minute += STEP) {
    const value = String(rate(minute) ?? '_');
    const last = runs.at(-1);
    if (last?.value === value) last.count += 1;
    else runs.push({ value, count: 1 });
  }
  return runs
    .map(({ value, count }) => (value === '_' ? `_x${count}` : count === 1 ? value : `${value}x${count - 1}`))
    .join(' ');
}

/** What leaves the region, beside the pairs: with the hole and the price of its cluster, and for three days only. */
const LEAVES = PAIRS.map((pair, index) => ({
  pair,
  labels: {
    cluster: pair.cluster,
    namespace: 'shop',
    workload_type: 'Deployment',
    workload: pair.source,
    external: index === 0 ? 's3' : 'external',
    external_zone: index === 0 ? 'storage' : 'internet',
    class: index === 0 ? 'nat' : 'internet',
  },
}));

const NAMESPACES: Readonly<Record<string, string>> = { web: 'shop', db: 'data', job: 'data' };

const ends = ({ source, destination }: Pair): Labels => ({
  source_namespace: NAMESPACES[source] ?? '',
  source_workload_type: 'Deployment',
  source_workload: source,
  destination_namespace: NAMESPACES[destination] ?? '',
  destination_workload_type: 'Deployment',
  destination_workload: destination,
});

const clusters = ['one', 'two'] as const;
const of = (cluster: string) => PAIRS.filter((pair) => pair.cluster === cluster);

const sumAt = (pairs: readonly Pair[]) => (minute: number) => {
  const rates = pairs.map((pair) => rateAt(pair, minute));
  return rates.every((rate) => rate === undefined)
    ? undefined
    : rates.reduce<number>((sum, rate) => sum + (rate ?? 0), 0);
};

const INPUT = [
  ...PAIRS.flatMap((pair) => {
    const labels = { cluster: pair.cluster, ...ends(pair), locality: 'cross_zone' };
    // The same workloads in two pairs of zones.
    const placed = (from: string, to: string) => ({ ...labels, source_zone: from, destination_zone: to });
    const half = valuesOf((minute) => {
      const rate = rateAt(pair, minute);
      return rate === undefined ? undefined : rate / 2;
    });
    return [placed('a', 'b'), placed('b', 'a')].flatMap((one) => [
      { series: seriesText('workload_pair:network_cost:rate10m', one), values: half },
      ...(pair.avoidable
        ? [{ series: seriesText('workload_pair:network_cost_avoidable:rate10m', one), values: half }]
        : []),
    ]);
  }),
  ...clusters.flatMap((cluster) => {
    const half = (share: number) => {
      const all = sumAt(of(cluster));
      return valuesOf((minute) => {
        const rate = all(minute);
        return rate === undefined ? undefined : rate * share;
      });
    };
    return [
      { series: seriesText('cluster:network_cost:rate10m', { cluster, direction: 'egress' }), values: half(0.5) },
      { series: seriesText('cluster:network_cost:rate10m', { cluster, direction: 'ingress' }), values: half(0.5) },
      {
        series: seriesText('zone_pair:network_cost:rate10m', {
          cluster,
          source_zone: 'a',
          destination_zone: 'b',
          locality: 'cross_zone',
        }),
        values: half(1),
      },
    ];
  }),
  ...LEAVES.map(({ pair, labels }) => ({
    series: seriesText('workload_external:network_cost:rate10m', labels),
    values: valuesOf((minute) => rateAt(pair, minute)),
  })),
  ...clusters.map((cluster) => ({
    series: seriesText('cluster_namespace:cost_group:info', {
      cluster,
      namespace: 'shop',
      group_by: 'team',
      group: 'storefront',
    }),
    values: `1x${END / STEP}`,
  })),
];

/** The month groups alone: the others would record what is given. */
const monthRules = JSON.stringify({
  groups: (load(rules) as { groups: { name: string }[] }).groups.filter(
    ({ name }) => name === 'azimuth-network-cost-month',
  ),
});

/** That a record is within a share of a truth, at a minute. */
const near = (expr: string, truth: number, minute: number, labels = '{}'): ExpressionTest => ({
  expr: `abs(${expr} / ${truth} - 1) < bool 0.002`,
  eval_time: `${minute}m`,
  exp_samples: [{ labels, value: 1 }],
});

const is = (expr: string, minute: number, value?: number): ExpressionTest => ({
  expr,
  eval_time: `${minute}m`,
  exp_samples: value === undefined ? [] : [{ labels: '{}', value }],
});

const inCluster = (record: string, cluster: string) => `sum(${record}{cluster="${cluster}"})`;

const MOMENTS: readonly (readonly [name: string, at: number, monthFrom: number])[] = [
  ['in the first hours', 3 * 60, 0],
  ['after the change of price', 12 * DAY, 0],
  ['after the hole', 25 * DAY, 0],
  ['at the end of January', JANUARY, 0],
  ['in the first hour of February', JANUARY + 60, JANUARY],
  ['in the middle of February', JANUARY + 14 * DAY + 5 * 60, JANUARY],
  ['at the end of February, which has 28 days', JANUARY + 28 * DAY, JANUARY],
  ['in March', JANUARY + 30 * DAY, JANUARY + 28 * DAY],
];

/** So far, by cluster and billed direction, by pair of zones, by pair of workloads, by workload and by team. */
function soFar(): readonly ExpressionTest[] {
  return MOMENTS.flatMap(([, at, from]) => {
    const spent = (pairs: readonly Pair[]) => pairs.reduce((sum, pair) => sum + cost(pair, from, at), 0);
    return clusters.flatMap((cluster) => {
      const all = spent(of(cluster));
      if (all === 0) return [is(inCluster('cluster:network_cost:month_to_date', cluster), at)];
      const workload = (name: string, direction: string) =>
        `sum(workload:network_cost:month_to_date{cluster="${cluster}",workload="${name}",direction="${direction}"})`;
      const sends = spent(of(cluster).filter(({ source }) => source === 'web'));
      const gets = spent(of(cluster).filter(({ destination }) => destination === 'db'));
      return [
        near(inCluster('cluster:network_cost:month_to_date', cluster), all, at),
        near(`sum(cluster:network_cost:month_to_date{cluster="${cluster}",direction="egress"})`, all / 2, at),
        near(inCluster('zone_pair:network_cost:month_to_date', cluster), all, at),
        near(inCluster('workload_pair:network_cost:month_to_date', cluster), all, at),
        near(inCluster('workload:network_cost:month_to_date', cluster), all, at),
        near(workload('web', 'egress'), sends / 2, at),
        near(workload('db', 'ingress'), gets / 2, at),
        near(inCluster('cost_group:network_cost:month_to_date', cluster), all, at),
      ];
    });
  });
}

/** What could have been avoided. */
function avoidable(): readonly ExpressionTest[] {
  const at = JANUARY + 14 * DAY;
  const all = PAIRS.filter((pair) => pair.avoidable).reduce((sum, pair) => sum + cost(pair, JANUARY, at), 0);
  return [near('sum(workload_pair:network_cost_avoidable:month_to_date)', all, at)];
}

/** What has left the region, under the labels of its rate. */
function leaves(): readonly ExpressionTest[] {
  return MOMENTS.flatMap(([, at, from]) =>
    LEAVES.map(({ pair, labels }) => {
      const spent = cost(pair, from, at);
      const one = seriesText('workload_external:network_cost:month_to_date', labels);
      return spent === 0 ? is(one, at) : near(one, spent, at, seriesText('', labels));
    }),
  );
}

/** That it is complete, or says since when it is not. */
function coverage(): readonly ExpressionTest[] {
  const since = (cluster: string, at: number, minute?: number) =>
    is(
      `round(${inCluster('cluster:network_cost_incomplete:since', cluster)}, 3600)`,
      at,
      minute === undefined ? undefined : minute * 60,
    );
  const covered = (cluster: string, at: number, hours: number, of_: number) =>
    near(inCluster('cluster:network_cost_covered:month_to_date', cluster), hours / of_, at);
  const beforeHole = HOLE.from - 60;
  return [
    covered('one', beforeHole, 1, 1),
    since('one', beforeHole),
    // Six hours are missing of what there is by then. It shows before they are over.
    since('one', HOLE.from + 5 * 60, HOLE.from),
    covered('one', 25 * DAY, 25 * 24 - 6, 25 * 24),
    since('one', 25 * DAY, HOLE.from),
    since('one', JANUARY, HOLE.from),
    covered('one', JANUARY + 10 * DAY, 1, 1),
    since('one', JANUARY + 10 * DAY),
    // A cluster that came during the month has not been there since its first hour.
    since('two', 20 * DAY, 0),
    covered('two', 20 * DAY, 20 * 24 - (11 * 24 + 7.75), 20 * 24),
    since('two', JANUARY + 10 * DAY),
  ];
}

/** It will cost what it has, and for the rest what the last seven days did. */
function forecasts(): readonly ExpressionTest[] {
  const at = JANUARY + 20 * DAY;
  const forecast = (cluster: string, from: number, hours: number, days: number) => {
    const spent = (start: number) => of(cluster).reduce((sum, pair) => sum + cost(pair, start, from), 0);
    const monthFrom = from < JANUARY ? 0 : JANUARY;
    const left = days * 24 - (from - monthFrom) / 60;
    return near(
      inCluster('cluster:network_cost_forecast:month', cluster),
      spent(monthFrom) + (left * spent(Math.max(0, from - 7 * DAY))) / hours,
      from,
    );
  };
  return [
    forecast('one', at, 168, 28),
    // The six hours of the hole do not count in the mean.
    forecast('one', 21 * DAY, 162, 31),
    forecast('two', 13 * DAY, 2 * 24 - 7.75 + 1 / 12, 31),
  ];
}

/** What the namespaces of a team cost, and what is nobody's. */
function groups(): readonly ExpressionTest[] {
  const at = JANUARY + 14 * DAY;
  const group = (name: string) => `sum(cost_group:network_cost:month_to_date{group_by="team",group="${name}"})`;
  const shop = PAIRS.filter(({ source, destination }) => source === 'web' || destination === 'web');
  const rest = PAIRS.flatMap((pair) => [pair.source, pair.destination].filter((end) => end !== 'web').map(() => pair));
  const half = (pairs: readonly Pair[]) => pairs.reduce((sum, pair) => sum + cost(pair, JANUARY, at), 0) / 2;
  return [near(group('storefront'), half(shop), at), near(group('unlabelled'), half(rest), at)];
}

/** The last week of each workload, and the dearest hour of each pair up to yesterday. */
function weeks(): readonly ExpressionTest[] {
  const at = 41 * DAY;
  const week = PAIRS.filter(({ source, destination }) => source === 'web' || destination === 'web');
  const spent = week.reduce((sum, pair) => sum + cost(pair, at - 7 * DAY, at), 0) / 2;
  const [first] = PAIRS;
  return [
    near('sum(workload:network_cost:sum1w{workload="web"})', spent, at),
    near(
      'workload_pair:network_cost:max1w{cluster="one",source_workload="web"}',
      first === undefined ? 0 : cost(first, at - 60, at),
      at,
      seriesText('', { cluster: 'one', ...(first === undefined ? {} : ends(first)) }),
    ),
    // The job began a day ago, so it has no hour in the six days up to then.
    is('sum(workload_pair:network_cost:max1w{source_workload="job"})', at - 60),
  ];
}

test('a calendar month of money, with a change of price, a cluster that comes later, and six hours without figures', async () => {
  const tests = [soFar(), avoidable(), leaves(), coverage(), forecasts(), groups(), weeks()].flat();
  await testRules(
    [monthRules],
    [{ name: 'months', interval: `${STEP}m`, input_series: INPUT, promql_expr_test: tests }],
    '1h',
  );
});

test('the groups keep the limit of Mimir', () => {
  const all = load(rules) as { groups: { name: string; rules: readonly object[] }[] };
  for (const group of all.groups) expect(group.rules.length).toBeLessThanOrEqual(20);
});
