import { describe, expect, test } from '@jest/globals';
import { type AlertingRule, isRecording } from '../../generators/index.ts';
import { generate, RULES } from '../support/generate.ts';
import { type ExpressionTest, type InputSeries, testRules } from '../support/rule-test.ts';
import { fires, silent } from './allowances-input.ts';
import { ALL, alertsIn, expectAlerts, PIPELINE, skippedAlerts } from './pipeline-input.ts';
import { hubbleFlows, kubeStateMetrics, type FlowSpec } from './scenario.ts';

const generated = generate();
const alerts = generated.bundle.ruleFiles
  .flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))
  .filter((rule): rule is AlertingRule => !isRecording(rule));

/** Selectors of kube-state-metrics that match series both with and without the cluster label. */
const careless = (expr: string): readonly string[] =>
  [...expr.matchAll(/\bkube_\w+(?:\{[^}]*\})?/g)]
    .map(([found]) => found)
    .filter((found) => !/[{,] ?cluster!?=""/.test(found));

describe('alerts that expect something of every cluster with kube-state-metrics', () => {
  test('read series with the cluster label only', () => {
    expect(alerts.flatMap(({ alert, expr }) => careless(expr.text).map((found) => ({ alert, found })))).toEqual([]);
    expect(alerts.filter(({ expr }) => expr.text.includes('kube_')).length).toBeGreaterThan(2);
  });

  test('a selector that reads any would be seen', () => {
    expect(careless('count(kube_node_info) > 0 unless up{cluster!=""}')).toEqual(['kube_node_info']);
    expect(careless('kube_pod_info{exported_cluster!="", node="a"}')).toHaveLength(1);
    expect(careless('kube_pod_info{node="a", cluster!=""} or kube_pod_info{cluster=""}')).toEqual([]);
  });
});

const NODES = ['a', 'b'];
const described = (cluster: string): InputSeries[] =>
  kubeStateMetrics(
    NODES.map((name) => ({ name, cluster, label: `zone-${name}` })),
    NODES.map((node) => ({ cluster, namespace: 'shop', name: `pod-${node}`, node })),
  );
const flow = (cluster: string): FlowSpec => ({
  cluster,
  source: ['shop', 'pod-a'],
  destination: ['shop', 'pod-b'],
  rate: 10,
});
const healthy = [...described('one'), ...hubbleFlows([flow('one')])];

/** Nothing but the alert on the label fires, and that once, without the labels of a cluster. */
const once: readonly ExpressionTest[] = [
  ...[5, 12, 20, 29].map((minute) => ({
    expr: 'ALERTS{alertname!="ClusterLabelMissing"}',
    eval_time: `${minute}m`,
    exp_samples: [],
  })),
  fires('ClusterLabelMissing', 'warning', 9, []),
  fires('ClusterLabelMissing', 'warning', 20, [{}]),
];

describe('series without the cluster label beside a healthy cluster raise one alert, and no other of any domain', () => {
  test.each([
    { name: 'nodes without agents', planted: kubeStateMetrics([{ name: 'x', cluster: '' }], []) },
    { name: 'nodes and pods without agents', planted: described('') },
    { name: 'a whole cluster', planted: [...described(''), ...hubbleFlows([flow('')])] },
    { name: 'traffic alone', planted: hubbleFlows([flow('')]) },
  ])('$name', async ({ planted }) => {
    const rules = generated.bundle.ruleFiles.map(({ name }) => generated.file(`rules/prometheus/${name}.rules.yaml`));
    expect(rules.length).toBeGreaterThan(2);
    await testRules(rules, [
      { name: 'label', interval: '30s', input_series: [...healthy, ...planted], promql_expr_test: once },
    ]);
  });

  test('a healthy cluster raises none', async () => {
    await testRules(
      [generated.file(RULES.zoneTraffic), generated.file(PIPELINE)],
      [
        {
          name: 'healthy',
          interval: '30s',
          input_series: healthy,
          promql_expr_test: silent('ClusterLabelMissing', 'warning', [5, 20]),
        },
      ],
    );
  });
});

describe('ClusterLabelMissing', () => {
  test('is left out where there is no cluster label', () => {
    const given = { cluster: { label: null } };
    expect(skippedAlerts({ ...ALL, ...given })).toEqual({ ClusterLabelMissing: 'cluster.label is null' });
    expect(alertsIn(generate(given))).not.toContain('ClusterLabelMissing');
  });

  test('has the threshold, the wait and the text that the configuration asks for', async () => {
    const changed = generate({
      cluster: { label: 'k8s' },
      alerts: { ClusterLabelMissing: { threshold: 3, for: '5m' } },
    });
    const planted = kubeStateMetrics(
      NODES.map((name) => ({ name, cluster: '' })),
      [{ cluster: '', namespace: 'shop', name: 'cart', node: 'a' }],
    );
    await expectAlerts(changed, planted, ...silent('ClusterLabelMissing', 'warning', [20]));
    const more = kubeStateMetrics([{ name: 'c', cluster: '' }], []);
    await testRules(
      [changed.file(PIPELINE)],
      [
        {
          name: 'text',
          interval: '30s',
          input_series: [...planted, ...more],
          alert_rule_test: [
            {
              alertname: 'ClusterLabelMissing',
              eval_time: '6m',
              exp_alerts: [
                {
                  exp_labels: { severity: 'warning' },
                  exp_annotations: {
                    summary: 'Series have no cluster label.',
                    description:
                      '4 series of kube-state-metrics or of traffic have no label k8s: their figures stand under an empty name, and ' +
                      'FlowSourceSilent and IdentitySourceSilent leave them out. First: count by (job) (kube_node_info{k8s=""}) names the job; add the label there.',
                    runbook_url: 'docs/runbooks/ClusterLabelMissing.md',
                    dashboard_url: '/d/zone-traffic?from=now-3h&to=now',
                  },
                },
              ],
            },
          ],
        },
      ],
    );
  });
});
