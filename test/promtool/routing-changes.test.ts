import { describe, test } from '@jest/globals';
import { groupsOf } from '../../mutation/rules.ts';
import { generate, RULES } from '../support/generate.ts';
import { type ExpressionTest, type InputSeries, seriesText, testRules } from '../support/rule-test.ts';
import { holds, INTERVAL, type Labels } from './allowances-input.ts';
import { ABSENT, during, holding, type Turn } from './pipeline-input.ts';

// Each minute, as rules on routing are evaluated at half of the pace of others.
const generated = generate({ rules: { interval: '30s' } });
// Without the records that they read, as each case says itself what those hold.
const rules = JSON.stringify({
  groups: groupsOf(generated.file(RULES.routing)).filter(({ name }) => name === 'azimuth-routing-changes'),
});
const CART: Labels = { cluster: 'c1', namespace: 'shop', service: 'cart' };
const MINUTES = 40;

const zones = (turns: readonly Turn[], labels: Labels = CART): InputSeries =>
  holding('service:hinted_zones:count', labels, during(...turns));
const auto = (turns: readonly Turn[], labels: Labels = CART): InputSeries =>
  holding('service:topology_mode_auto:bool', labels, during(...turns));
const steady = (record: typeof zones): InputSeries => record([[MINUTES, 0]]);

/** That changes were recorded in these minutes and in no other: the value is the time. */
const changes = (
  ...expected: readonly (readonly [minute: number, change: string, labels?: Labels])[]
): readonly ExpressionTest[] =>
  Array.from({ length: MINUTES - 5 }, (_, minute) =>
    holds(
      'service:routing_changed:timestamp_seconds',
      `${minute}m`,
      expected.filter(([at]) => at === minute).map(([at, change, labels = CART]) => [{ ...labels, change }, at * 60]),
    ),
  );

const expectAll = (input_series: readonly InputSeries[], promql_expr_test: readonly ExpressionTest[]) =>
  testRules([rules], [{ name: 'changes', interval: INTERVAL, input_series, promql_expr_test }]);

/** A level that changes in a minute is seen by the evaluation after it. */
const CHANGED = 11;

describe('a change is recorded once, when it is seen', () => {
  test.each([
    [0, 3, 'hints_appeared'],
    [3, 0, 'hints_vanished'],
    [2, 3, 'zone_gained'],
    [3, 2, 'zone_lost'],
  ] as const)('zones with hints from %d to %d: %s', async (from, to, change) => {
    const elsewhere = zones([[MINUTES, 3]], { ...CART, cluster: 'c2' });
    await expectAll(
      [
        zones([
          [10, from],
          [MINUTES, to],
        ]),
        elsewhere,
        steady(auto),
      ],
      changes([CHANGED, change]),
    );
  });

  test.each([
    [0, 1, 'auto_set'],
    [1, 0, 'auto_removed'],
  ] as const)('topology-mode Auto from %d to %d: %s', async (from, to, change) => {
    await expectAll(
      [
        auto([
          [10, from],
          [MINUTES, to],
        ]),
        steady(zones),
      ],
      changes([CHANGED, change]),
    );
  });

  test('two changes of one Service are two, and two at once are both', async () => {
    await expectAll(
      [
        zones([
          [10, 0],
          [10, 2],
          [MINUTES, 3],
        ]),
        auto([
          [10, 0],
          [MINUTES, 1],
        ]),
      ],
      changes([CHANGED, 'hints_appeared'], [CHANGED, 'auto_set'], [21, 'zone_gained']),
    );
  });
});

describe('is no change', () => {
  test('a Service that is new, or gone', async () => {
    await expectAll(
      [
        zones([
          [10, ABSENT],
          [10, 3],
          [MINUTES, ABSENT],
        ]),
        auto([
          [10, ABSENT],
          [10, 1],
          [MINUTES, ABSENT],
        ]),
      ],
      changes(),
    );
  });

  test('a restart of kube-state-metrics; what changes meanwhile is seen after it', async () => {
    const restarted = (then: number) => [
      zones([
        [10, 3],
        [8, ABSENT],
        [MINUTES, then],
      ]),
      steady(auto),
    ];
    await expectAll(restarted(3), changes());
    await expectAll(restarted(2), changes([19, 'zone_lost']));
  });
});

test('what crossed zones in the hour before is recorded with the change, and found by a range over it', async () => {
  const crossing = (record: string, level: number, after: number): InputSeries =>
    holding(record, CART, during([10, level], [MINUTES, after]));
  const before = {
    series: seriesText('service:network_flows_inbound:rate5m', { ...CART, service: 'other' }),
    values: '1x80',
  };
  await expectAll(
    [
      zones([
        [10, 0],
        [MINUTES, 3],
      ]),
      steady(auto),
      crossing('service:network_flows_inbound:rate5m', 10, 10),
      crossing('service:network_flows_inbound_cross_zone:rate5m', 6, 1),
      before,
    ],
    [
      holds('service:network_flows_cross_zone_before_change:ratio_rate1h', '10m', []),
      holds('service:network_flows_cross_zone_before_change:ratio_rate1h', `${CHANGED}m`, [[CART, 0.6]]),
      holds('service:network_flows_cross_zone_before_change:ratio_rate1h', `${CHANGED + 1}m`, []),
      holds('last_over_time(service:network_flows_cross_zone_before_change:ratio_rate1h[1h])', '35m', [[CART, 0.6]]),
      holds('last_over_time(service:routing_changed:timestamp_seconds[1h])', '35m', [
        [{ ...CART, change: 'hints_appeared' }, CHANGED * 60],
      ]),
    ],
  );
});
