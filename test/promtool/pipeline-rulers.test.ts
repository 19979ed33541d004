import { describe, expect, test } from '@jest/globals';
import { complaints } from '../support/problems.ts';
import { type InputSeries, testRules } from '../support/rule-test.ts';
import { INTERVAL, type Labels, silent } from './allowances-input.ts';
import { ABSENT, constant, counting, during, expectAlerts, PIPELINE } from './pipeline-input.ts';
import { atVmalert, CLUSTER, ENGINES, FAILING, firing, INSTANCE, MINUTES, OURS, rulesFor, SLOW } from './rulers.ts';

const OTHERS = ['my-azimuth-identity', 'azimuth', 'inter_az_traffic_analysis_rules', 'node-exporter'];

const metricOf = ({ series }: InputSeries): string => series.slice(0, series.indexOf('{'));

test('a ruler is missing here only if it has no metrics', () => {
  const known = ENGINES.map(({ ruler }) => ruler);
  expect(() => rulesFor('none of these')).toThrow(
    new RegExp(['prometheus', 'thanos', 'cortex', 'mimir', 'vmalert', 'amp'].join(', ')),
  );
  expect([...known, 'amp']).toEqual(['prometheus', 'thanos', 'cortex', 'mimir', 'vmalert', 'amp']);
});

describe.each(ENGINES)('$ruler', ({ ruler, at, failing, taking, named }) => {
  test('the alerts read its metrics of our groups, and of no other', async () => {
    await expectAlerts(
      rulesFor(ruler),
      [...OURS, ...OTHERS].flatMap((group) => [...failing(group, 1), ...taking(group, 48.01)]),
      firing(FAILING, ...OURS.map(at)),
      firing(SLOW, ...OURS.map(at)),
    );
  });

  test('they are silent while nothing fails and nothing is slow', async () => {
    await expectAlerts(
      rulesFor(ruler),
      OURS.flatMap((group) => [...failing(group, 0), ...taking(group, 48)]),
      ...[FAILING, SLOW].flatMap((alert) => silent(alert, 'warning', [5, 20, MINUTES - 5])),
    );
  });

  test('they are silent on the metrics of all other engines', async () => {
    const [group = ''] = OURS;
    const own = new Set([...failing(group, 1), ...taking(group, 1)].map(metricOf));
    const foreign = ENGINES.flatMap((one) => [...one.failing(group, 1), ...one.taking(group, 59)]).filter(
      (series) => !own.has(metricOf(series)),
    );
    await expectAlerts(
      rulesFor(ruler),
      foreign,
      ...[FAILING, SLOW].flatMap((alert) => silent(alert, 'warning', [20, MINUTES - 5])),
    );
  });

  test('they name it, and count exactly', async () => {
    const [group = ''] = OURS;
    const [instance, groupName, errors] = named;
    const who = `${instance} of cluster ${CLUSTER}`;
    const text = (alert: string, description: string) => ({ alert, description });
    const expected = [
      text(
        FAILING,
        `${who}: ${2 * 15} evaluations of group ${groupName(group)} failed in the last 15 minutes. A failing rule keeps its last ` +
          `value for minutes: do not trust the figures of this group. First: find the error ${errors}.`,
      ),
      text(
        SLOW,
        `${who}: group ${groupName(group)} takes ${(54 / 60) * 100}% of its interval. Above 100 %, evaluations are skipped. ` +
          'First: lower flows.granularity, lengthen rules.interval, or turn off rules.compatibilityRecords.',
      ),
    ];
    const generated = rulesFor(ruler, { grafana: { url: 'https://grafana.example.com' } });
    // Where two rules fail in turn, each fails half as often.
    await testRules(
      [generated.file(PIPELINE)],
      [
        {
          name: ruler,
          interval: INTERVAL,
          input_series: [...failing(group, 2), ...taking(group, 54)],
          alert_rule_test: expected.map(({ alert, description }) => ({
            alertname: alert,
            eval_time: `${MINUTES - 5}m`,
            exp_alerts: [
              {
                exp_labels: { ...at(group), severity: 'warning' },
                exp_annotations: {
                  summary:
                    alert === FAILING
                      ? 'A rule of Azimuth fails, so its figures are out of date.'
                      : 'A rule group of Azimuth takes almost as long as its interval.',
                  description,
                  runbook_url: `docs/runbooks/${alert}.md`,
                  dashboard_url: `https://grafana.example.com/d/zone-traffic?from=now-3h&to=now&var-cluster=${CLUSTER}`,
                },
              },
            ],
          })),
        },
      ],
    );
  });
});

test.each(ENGINES)(
  'no label by which $ruler tells groups apart can be fixed, or be that of the cluster',
  ({ ruler, at }) => {
    const given = (label: string) => [{ rules: { ruler, labels: { [label]: 'one' } } }, { cluster: { label } }];
    const own = Object.keys(at('')).filter((label) => label !== 'cluster');
    expect(
      complaints({ rules: { ruler: 'amp', labels: Object.fromEntries(own.slice(1).map((label) => [label, 'one'])) } }),
    ).toEqual([]);
    expect(own.flatMap(given).map((config) => complaints(config).length)).toEqual(own.flatMap(() => [1, 1]));
  },
);

test('tenants with the same file and group are told apart', async () => {
  const at = (user: string): Labels => ({ ...INSTANCE, user, rule_group: 'zone-traffic;azimuth-identity' });
  const failures = (user: string, level: number) =>
    counting('cortex_prometheus_rule_evaluation_failures_total', at(user), during([MINUTES, level]));
  await expectAlerts(rulesFor('mimir'), [failures('one', 0), failures('two', 1)], firing(FAILING, at('two')));
});

test('a group of vmalert is slow again only when it was for 15 minutes, and a restart is no time', async () => {
  const at = atVmalert('azimuth-identity');
  const counters = (seconds: readonly (number | typeof ABSENT)[]) => [
    counting('vmalert_iteration_duration_seconds_sum', at, seconds),
    counting(
      'vmalert_iteration_duration_seconds_count',
      at,
      seconds.map((one) => (one === ABSENT ? ABSENT : 1)),
    ),
    constant('vmalert_iteration_interval_seconds', at, 60, seconds.length),
  ];
  await expectAlerts(
    rulesFor('vmalert'),
    counters(during([20, 2], [1, ABSENT], [40, 2])),
    ...silent(SLOW, 'warning', [19, 22, 30, 55]),
  );
  await expectAlerts(
    rulesFor('vmalert'),
    counters(during([20, 2], [40, 90])),
    ...silent(SLOW, 'warning', [20, 25]),
    firing(SLOW, at),
  );
});
