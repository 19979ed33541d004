import { describe, expect, jest, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import { type AlertTest, type InputSeries, seriesText, testRules } from '../support/rule-test.ts';
import { fires, type Labels } from './allowances-input.ts';

jest.setTimeout(240_000);

const BUDGET = 100;
const given = {
  flows: { source: 'obi' },
  rules: { interval: '5m', window: '10m' },
  cost: { budgetPerMonth: BUDGET },
} as const;
const rules = generate(given).file(RULES.zoneCost);
const HOUR = 60;
const DAY = 24 * HOUR;

/** Money per second that spends the budget in 730 hours. */
const PLANNED = BUDGET / (730 * 3600);

/** A level from a minute on; undefined where the series is absent. */
type Phase = readonly [from: number, level: number | undefined];

/** A series with a value every `step` minutes. */
function series(metric: string, labels: Labels, step: number, until: number, ...phases: readonly Phase[]): InputSeries {
  const [first = 0] = phases[0] ?? [];
  const runs: string[] = first > 0 ? [`_x${first / step}`] : [];
  for (const [index, [from, level]] of phases.entries()) {
    const end = phases[index + 1]?.[0] ?? until;
    const count = Math.ceil((end - from) / step);
    if (count > 0) runs.push(level === undefined ? `_x${count}` : count === 1 ? `${level}` : `${level}+0x${count - 1}`);
  }
  return { series: seriesText(metric, labels), values: runs.join(' ') };
}

const firing = (alertname: string, minute: number, ...where: readonly Labels[]) =>
  fires(alertname, 'warning', minute, where);

const expectFiring = async (
  input: readonly InputSeries[],
  every: string,
  step: string,
  tests: readonly ReturnType<typeof firing>[],
) => {
  await testRules([rules], [{ name: 'cost', interval: step, input_series: input, promql_expr_test: tests }], every);
};

describe('CrossZoneCostBudgetBurn', () => {
  const ALERT = 'CrossZoneCostBudgetBurn';
  const spends = (cluster: string, ...phases: readonly Phase[]) =>
    ['egress', 'ingress'].map((direction) =>
      series(
        'cluster:network_cost:rate10m',
        { cluster, direction },
        5,
        40 * HOUR,
        ...phases.map(([from, level]): Phase => [from, level === undefined ? undefined : (level * PLANNED) / 2]),
      ),
    );
  const slow = { cluster: 'above', pace: 'slow' };

  test('slow: once a day has cost half again as much as planned, for a quarter of an hour; and until an hour after it stopped', async () => {
    const input = [
      ...spends('above', [0, 1.501], [30 * HOUR, 0]),
      ...spends('below', [0, 1.499]),
      // Twice as much, but only half of the day is known.
      ...spends('young', [18 * HOUR, 2]),
    ];
    await expectFiring(input, '5m', '5m', [
      firing(ALERT, DAY + 5),
      firing(ALERT, DAY + 10, slow),
      firing(ALERT, 30 * HOUR + 50, slow),
      firing(ALERT, 31 * HOUR + 15),
    ]);
  });

  test('fast: once six hours have cost six times as much as planned, and the last one as well', async () => {
    const input = [
      ...spends('above', [0, 6.01]),
      ...spends('below', [0, 5.99]),
      // Enough for six hours in two, which are over: a slow burn.
      ...spends('burst', [0, 20], [2 * HOUR, 0]),
    ];
    await expectFiring(input, '5m', '5m', [
      firing(ALERT, 6 * HOUR + 5, { cluster: 'burst', pace: 'slow' }),
      firing(
        ALERT,
        6 * HOUR + 10,
        { cluster: 'above', pace: 'fast' },
        { cluster: 'above', pace: 'slow' },
        { cluster: 'burst', pace: 'slow' },
      ),
    ]);
  });
});

describe('CrossZoneCostForecast', () => {
  const ALERT = 'CrossZoneCostForecast';
  const forecast = (cluster: string, ...phases: readonly Phase[]) =>
    series('cluster:network_cost_forecast:month', { cluster }, HOUR, DAY, ...phases);

  test('three forecasts in a row above the budget, and three hours longer', async () => {
    const input = [
      forecast('over', [0, BUDGET], [2 * HOUR, BUDGET * 1.001], [8 * HOUR, BUDGET]),
      forecast('within', [0, BUDGET]),
      // The ruler is gone for an hour: the last forecast counts.
      forecast('missed', [0, BUDGET * 2], [3 * HOUR, undefined], [4 * HOUR, BUDGET * 2]),
    ];
    const missed = { cluster: 'missed' };
    await expectFiring(input, '30m', '1h', [
      firing(ALERT, 2.5 * HOUR),
      firing(ALERT, 3 * HOUR, missed),
      firing(ALERT, 4.5 * HOUR, missed),
      firing(ALERT, 5 * HOUR, missed, { cluster: 'over' }),
      firing(ALERT, 10.5 * HOUR, missed, { cluster: 'over' }),
      firing(ALERT, 11.5 * HOUR, missed),
    ]);
  });
});

describe('CrossZoneTrafficStep', () => {
  const ALERT = 'CrossZoneTrafficStep';
  const UNTIL = 6 * DAY;
  const pair = (cluster: string, name: string): Labels => ({
    cluster,
    source_namespace: 'shop',
    source_workload_type: 'Deployment',
    source_workload: name,
    destination_namespace: 'data',
    destination_workload_type: 'StatefulSet',
    destination_workload: 'db',
  });
  const hours = (cluster: string, name: string, month: string, ...phases: readonly Phase[]) =>
    series(
      'workload_pair:network_cost:sum1h',
      { ...pair(cluster, name), locality: 'cross_zone', month },
      HOUR,
      UNTIL,
      ...phases,
    );
  const dearest = (cluster: string, name: string, level: number) =>
    series('workload_pair:network_cost:max1w', pair(cluster, name), HOUR, UNTIL, [0, level]);
  const cluster = (name: string, cost: number, known: Phase = [0, 1]) => [
    series('cluster:network_cost:sum1h', { cluster: name, direction: 'egress', month: '1' }, HOUR, UNTIL, [
      0,
      cost / 2,
    ]),
    series('cluster:network_cost:sum1h', { cluster: name, direction: 'ingress', month: '1' }, HOUR, UNTIL, [
      0,
      cost / 2,
    ]),
    series('cluster:network_cost_covered:ratio1h', { cluster: name, month: '1' }, HOUR, UNTIL, known),
  ];
  const STEP = 4 * DAY;

  test('a pair that costs half again as much as in its dearest hour, and by more than a twentieth of the cluster', async () => {
    const steps = (level: number): readonly Phase[] => [
      [0, 1],
      [STEP, level],
    ];
    const input = [
      ...cluster('c', 10),
      ...['stepped', 'nearly', 'months', 'new', 'small']
        .map((name) => dearest('c', name, name === 'small' ? 0.1 : 1))
        .slice(0, 3),
      hours('c', 'stepped', '1', ...steps(1.501)),
      hours('c', 'nearly', '1', ...steps(1.499)),
      // In the hour between two months both are there, and are not summed.
      hours('c', 'months', '1', [0, 1], [STEP + HOUR, undefined]),
      hours('c', 'months', '2', [STEP + HOUR, 1]),
      // Never seen before.
      hours('c', 'new', '1', [STEP, 0.501]),
      hours('c', 'small', '1', [STEP, 0.499]),
      // Too little of its week is known to say that anything is new; a moment later it is.
      ...cluster('young', 1, [STEP - 46 * HOUR, 1]),
      hours('young', 'stepped', '1', [STEP - 10 * HOUR, 1]),
    ];
    const both = [pair('c', 'stepped'), pair('c', 'new')];
    await expectFiring(input, '1h', '1h', [
      firing(ALERT, STEP),
      firing(ALERT, STEP + HOUR, ...both),
      firing(ALERT, STEP + 2 * HOUR, ...both, pair('young', 'stepped')),
    ]);
  });
});

describe('CrossZoneShareHigh', () => {
  const ALERT = 'CrossZoneShareHigh';
  const UNTIL = 4 * DAY;
  const STEP = 3 * DAY;
  const share = (cluster: string, ...phases: readonly Phase[]) =>
    (['same_zone', 'cross_zone', 'unknown'] as const).map((locality) =>
      series(
        'cluster:network_bytes:rate10m',
        { cluster, locality },
        5,
        UNTIL,
        ...phases.map(([from, level]): Phase => {
          if (level === undefined) return [from, undefined];
          const parts = { same_zone: 900 - 1000 * level, cross_zone: 1000 * level, unknown: 100 };
          return [from, parts[locality]];
        }),
      ),
    );

  test('the share of an hour above that of six days by three tenths, and by five points', async () => {
    const input = [
      ...share('high', [0, 0.2], [STEP, 0.262]),
      ...share('nearly', [0, 0.2], [STEP, 0.259]),
      ...share('points', [0, 0.1], [STEP, 0.152]),
      ...share('few', [0, 0.1], [STEP, 0.149]),
      // Known for less than a day when its share rose.
      ...share('young', [STEP - 30 * HOUR, 0.2], [STEP, 0.6]),
    ];
    const both = [{ cluster: 'high' }, { cluster: 'points' }];
    await expectFiring(input, '30m', '5m', [firing(ALERT, STEP + 2.5 * HOUR), firing(ALERT, STEP + 3 * HOUR, ...both)]);
  });
});

test('alerts on money exist where there is money, and those on a budget where there is a budget', () => {
  const all = ['CrossZoneCostBudgetBurn', 'CrossZoneCostForecast', 'CrossZoneTrafficStep', 'CrossZoneShareHigh'];
  const reasons = (more: object) => {
    const { skipped } = generate({ ...given, ...more }).bundle;
    return all.map((name) => skipped.find(({ alert }) => alert === name)?.reason);
  };
  const none = undefined;
  expect(reasons({})).toEqual([none, none, none, none]);
  expect(reasons({ cost: {} })).toEqual(['cost.budgetPerMonth is null', 'cost.budgetPerMonth is null', none, none]);
  const free = 'cloud.provider is azure: traffic between zones is free';
  expect(reasons({ cloud: { provider: 'azure' } })).toEqual([free, free, free, free]);
  const unknown = 'no public source gives the prices of cn-north-1: set cloud.price';
  expect(reasons({ cloud: { region: 'cn-north-1' } })).toEqual([unknown, unknown, unknown, unknown]);
  const zones = 'flows.granularity is zone, so no workloads are recorded';
  expect(reasons({ flows: { source: 'obi', granularity: 'zone' } })).toEqual([none, none, zones, none]);
  const crossing = 'the source counts cross-zone traffic only';
  expect(reasons({ flows: { source: 'kubezonnet' } })).toEqual([none, none, none, crossing]);
});

test('what they say', async () => {
  const input = ['egress', 'ingress'].map((direction) =>
    series('cluster:network_cost:rate10m', { cluster: 'c', direction }, 5, 8 * HOUR, [0, 4 * PLANNED]),
  );
  const texts = (alertname: string, ...alerts: AlertTest['exp_alerts']): AlertTest => ({
    alertname,
    eval_time: `${7 * HOUR}m`,
    exp_alerts: alerts,
  });
  const links = (name: string) => ({
    runbook_url: `docs/runbooks/${name}.md`,
    dashboard_url: '/d/zone-cost?from=now-3h&to=now&var-cluster=c',
  });
  const severity = 'warning';
  await testRules(
    [rules],
    [
      {
        name: 'texts',
        interval: '5m',
        input_series: input,
        alert_rule_test: [
          texts(
            'CrossZoneCostBudgetBurn',
            ...(
              [
                ['slow', '2.361', 'over the last day and over the last six hours'],
                ['fast', '8', 'over the last six hours and over the last one'],
              ] as const
            ).map(([pace, factor, when]) => ({
              exp_labels: { cluster: 'c', severity, pace },
              exp_annotations: {
                summary: 'Traffic between zones costs more than its budget allows for.',
                description:
                  `Cluster c: it costs at least ${factor} times what 100 USD a month allow for, ${when}. First: see on the dashboard which pair of ` +
                  'workloads rose most, and what was deployed then.',
                ...links('CrossZoneCostBudgetBurn'),
              },
            })),
          ),
        ],
      },
    ],
    '5m',
  );
  await testRules(
    [rules],
    [
      {
        name: 'texts of the forecast',
        interval: '1h',
        input_series: [
          series('cluster:network_cost_forecast:month', { cluster: 'c' }, HOUR, 8 * HOUR, [0, 2 * BUDGET]),
        ],
        alert_rule_test: [
          texts('CrossZoneCostForecast', {
            exp_labels: { cluster: 'c', severity },
            exp_annotations: {
              summary: 'This month, traffic between zones will cost more than its budget.',
              description:
                'Cluster c: at the end of the month it will have cost 200% of the budget of 100 USD, if the days that are left are like the last seven. ' +
                'First: see what could be avoided, and who pays for it, on the dashboard.',
              ...links('CrossZoneCostForecast'),
            },
          }),
        ],
      },
    ],
    '1h',
  );
});
