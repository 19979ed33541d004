import { describe, jest, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import { type ExpressionTest, seriesText, testRules } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';

jest.setTimeout(240_000);

const rules = generate({ flows: { source: 'obi' }, cost: { groupBy: ['team', 'example.com/costCenter'] } }).file(
  RULES.zoneTraffic,
);

const MINUTES = 30;
const always = (labels: Labels) => ({
  series: seriesText('kube_namespace_labels', labels),
  values: `1x${2 * MINUTES}`,
});

const belongs = (expr: string, minute: number, ...groups: readonly Labels[]): ExpressionTest => ({
  expr,
  eval_time: `${minute}m`,
  exp_samples: groups.map((labels) => ({ labels: seriesText('cluster_namespace:cost_group:info', labels), value: 1 })),
});

describe('whom a namespace belongs to', () => {
  test('is one group for each label, whatever kube-state-metrics says and how often', async () => {
    const input = [
      // Two replicas, one of which says what was.
      ...['a', 'b'].map((instance) =>
        always({
          cluster: 'c1',
          namespace: 'shop',
          instance,
          label_team: 'storefront',
          label_example_com_cost_center: '17',
        }),
      ),
      // Relabelled at minute 15.
      {
        series: seriesText('kube_namespace_labels', { cluster: 'c1', namespace: 'data', label_team: 'old' }),
        values: '1x29 _x31',
      },
      {
        series: seriesText('kube_namespace_labels', { cluster: 'c1', namespace: 'data', label_team: 'new' }),
        values: '_x30 1x30',
      },
      // Another cluster with the same namespace.
      always({ cluster: 'c2', namespace: 'shop', label_team: 'other' }),
      // Without the label, and of a scrape that does not honour labels.
      always({ cluster: 'c1', namespace: 'bare' }),
      always({ cluster: 'c1', namespace: 'monitoring', exported_namespace: 'shop', label_team: 'wrong' }),
    ];
    const groups = (data: string) => [
      { cluster: 'c1', namespace: 'data', group_by: 'team', group: data },
      { cluster: 'c1', namespace: 'shop', group_by: 'example.com/costCenter', group: '17' },
      { cluster: 'c1', namespace: 'shop', group_by: 'team', group: 'storefront' },
      { cluster: 'c2', namespace: 'shop', group_by: 'team', group: 'other' },
    ];
    await testRules(
      [rules],
      [
        {
          name: 'groups',
          interval: '30s',
          input_series: input,
          promql_expr_test: [
            belongs('cluster_namespace:cost_group:info', 10, ...groups('old')),
            belongs('cluster_namespace:cost_group:info', 20, ...groups('new')),
          ],
        },
      ],
    );
  });

  test('is remembered while kube-state-metrics is away for some minutes', async () => {
    const shop = { cluster: 'c1', namespace: 'shop', label_team: 'storefront' };
    await testRules(
      [rules],
      [
        {
          name: 'away',
          interval: '30s',
          input_series: [{ series: seriesText('kube_namespace_labels', shop), values: '1x20 stale _x40' }],
          promql_expr_test: [
            belongs('cluster_namespace:cost_group:info', 15, {
              cluster: 'c1',
              namespace: 'shop',
              group_by: 'team',
              group: 'storefront',
            }),
            belongs('cluster_namespace:cost_group:info', 29),
          ],
        },
      ],
    );
  });
});
