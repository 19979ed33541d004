import { describe, expect, test } from '@jest/globals';
import { type Generated, generate, RULES } from '../support/generate.ts';
import { type ExpressionTest, type InputSeries, seriesText, testRules } from '../support/rule-test.ts';
import {
  expectAnswers,
  exposed,
  exposedByNodeExporter,
  fires,
  INTERVAL,
  type Labels,
  pends,
  phases,
  scrapes,
  silent,
} from './allowances-input.ts';

const ALERT = 'AllowanceSourceSilent';
const PENDING = 15;
/** Minutes for which a rate is found after the last scrape but one, with a scrape each minute. */
const REMEMBERED = 4;
const DAY = 24 * 60;

const EC2 = 'aws:///us-east-1a/i-0123456789abcdef0';
const PLACE: Labels = { cluster: 'production' };

const rules = generate().file(RULES.allowances);
const expectAlerts = (series: readonly InputSeries[], ...expected: readonly ExpressionTest[]): Promise<void> =>
  expectAnswers(rules, '1m', series, expected);

const node = (labels: Labels, values: string): InputSeries => ({
  series: seriesText('kube_node_info', { ...PLACE, node: 'a', provider_id: EC2, ...labels }),
  values,
});
const pps = (labels: Labels, values: string): InputSeries =>
  exposed('pps_allowance_exceeded', { ...PLACE, instance: 'a', node: 'a', device: 'ens5', ...labels }, values);
const firing = (minute: number, ...where: readonly Labels[]) => fires(ALERT, 'warning', minute, where);

describe('AllowanceSourceSilent', () => {
  /** The first evaluation without a rate, after the last scrape at minute 30. */
  const gone = 30 + REMEMBERED + 1;

  test('fires 15 minutes after the first EC2 node, where counters never came', async () => {
    await expectAlerts(
      [node({}, '_x10 1x60'), node({ node: 'b' }, '_x20 1x60')],
      ...silent(ALERT, 'warning', [9]),
      pends(ALERT, 'warning', 10, [PLACE]),
      firing(10 + PENDING - 1),
      firing(10 + PENDING, PLACE),
      firing(60, PLACE),
    );
  });

  test('counts an EC2 node for five minutes after kube-state-metrics told of it last, of its own cluster only', async () => {
    const told = { ...PLACE, node: 'a', provider_id: EC2 };
    const staging = { ...told, cluster: 'staging' };
    await expectAnswers(
      rules,
      INTERVAL,
      [
        // Half a minute after each evaluation, last in minute 19.
        { series: seriesText('kube_node_info', told), values: scrapes(phases([20, 1])) },
        { series: seriesText('kube_node_info', staging), values: scrapes(phases([40, 1])) },
        exposed(
          'pps_allowance_exceeded',
          { ...staging, provider_id: '', instance: 'a', device: 'ens5' },
          scrapes(phases([40, 7])),
        ),
      ],
      [firing(1 + PENDING - 1), firing(1 + PENDING, PLACE), firing(19 + 5, PLACE), firing(19 + 5 + 1)],
    );
  });

  test.each([
    ['there are nodes', [node({}, '1x90')]],
    ['kube-state-metrics is not scraped', []],
    ['the cluster is deleted', [node({}, '1x30 stale')]],
  ])('fires 15 minutes after counters ended, where %s', async (_, nodes) => {
    await expectAlerts(
      [...nodes, pps({}, '5x30')],
      ...silent(ALERT, 'warning', [1, 10, gone - 1]),
      pends(ALERT, 'warning', gone, [PLACE]),
      firing(gone + PENDING - 1),
      firing(gone + PENDING, PLACE),
      firing(90, PLACE),
    );
  });

  test('goes on as long as there are EC2 nodes; of a deleted cluster for a day, and no longer', async () => {
    const [never, ended, deleted] = [{ cluster: 'never' }, { cluster: 'ended' }, { cluster: 'deleted' }];
    await expectAlerts(
      [
        node(never, `1x${DAY + 120}`),
        node(ended, `1x${DAY + 120}`),
        node(deleted, '1x30 stale'),
        pps(ended, '5x30'),
        pps(deleted, '5x30'),
      ],
      firing(gone + DAY - 2, never, ended, deleted),
      firing(gone + DAY + 1, never, ended),
      firing(DAY + 120, never, ended),
    );
  });

  test.each([
    ['whatever they count', [pps({}, `0x90`)]],
    ['on one of several nodes', [node({ node: 'b' }, '1x90'), pps({}, '0+9x90')]],
    ['of another job', [pps({ job: 'another', instance: '10.0.1.2:9100', node: '' }, '0x90')]],
    [
      'of one allowance alone',
      [exposed('bw_in_allowance_exceeded', { ...PLACE, instance: 'a', device: 'ens5' }, '0x90')],
    ],
  ])('is silent while there are counters, %s', async (_, series) => {
    await expectAlerts([node({}, '1x90'), ...series], ...silent(ALERT, 'warning', [3, 20, 90]));
  });

  test.each([
    ['hybrid', 'eks-hybrid:///us-east-1/production/mi-0123456789abcdef0'],
    ['Fargate', 'aws:///us-east-1a/7f5c1e7d5c-0123456789abcdef/fargate-ip-10-0-1-2.ec2.internal'],
    ['GCE', 'gce://project/us-east1-b/i-instance'],
    ['Azure', 'azure:///subscriptions/x/resourceGroups/y/providers/z/virtualMachines/i-1'],
    ['unknown', ''],
  ])('does not expect counters of a node that is %s', async (_, provider_id) => {
    await expectAlerts([node({ provider_id }, '1x60')], ...silent(ALERT, 'warning', [1, 20, 60]));
    // Beside EC2 nodes it changes nothing either.
    await expectAlerts([node({ provider_id }, '1x60'), node({ node: 'b' }, '1x60')], firing(PENDING, PLACE), {
      expr: 'count(ALERTS)',
      eval_time: '20m',
      exp_samples: [{ labels: '{}', value: 1 }],
    });
  });

  test('knows every cluster by its label; nodes without one belong to another configuration', async () => {
    await expectAlerts(
      [
        node({ cluster: 'east' }, '1x60'),
        node({ cluster: 'west' }, '1x60'),
        node({ cluster: '' }, '1x60'),
        pps({ cluster: 'west' }, '0x60'),
        pps({ cluster: 'north' }, '0x5 stale'),
      ],
      firing(PENDING, { cluster: 'east' }),
      firing(60, { cluster: 'east' }, { cluster: 'north' }),
    );
  });

  test('a cluster whose counters have another label, or none, is silent itself', async () => {
    await expectAlerts([node({}, '1x60'), pps({ cluster: '' }, '0x60')], firing(40, PLACE));
  });

  test('waits anew after a scrape, and resolves with the first rate', async () => {
    await expectAlerts(
      [node({}, '1x90'), pps({}, '_x10 1x5 _x40 1x30')],
      firing(26),
      firing(11 + 5 + REMEMBERED + PENDING - 1),
      firing(54, PLACE),
      firing(57),
      ...silent(ALERT, 'warning', [57, 80]),
    );
  });

  test('is not reset by a restart of kube-state-metrics, nor raised by one of the exporter or of everything', async () => {
    await expectAlerts([node({}, '1x8 stale _x2 1x40')], firing(PENDING - 1), firing(PENDING, PLACE));
    await expectAlerts([node({}, '1x60'), pps({}, '0x20 stale _x8 0x30')], firing(30), firing(60));
    await expectAlerts([node({}, '1x20 stale _x9 1x30'), pps({}, '0x20 stale _x9 0x30')], firing(32), firing(60));
  });

  test('names the cluster, the nodes and the job to look at', async () => {
    const said = (generated: Generated, series: readonly InputSeries[], labels: Labels, description: string) =>
      testRules(
        [generated.file(RULES.allowances)],
        [
          {
            name: 'texts',
            interval: '1m',
            input_series: series,
            alert_rule_test: [
              {
                alertname: ALERT,
                eval_time: '40m',
                exp_alerts: [
                  {
                    exp_labels: { ...labels, severity: 'warning' },
                    exp_annotations: {
                      summary: 'EC2 nodes have no allowance counters.',
                      description,
                      runbook_url: 'docs/runbooks/AllowanceSourceSilent.md',
                      dashboard_url: `/d/node-allowances?from=now-3h&to=now${labels['cluster'] === undefined ? '' : `&var-cluster=${labels['cluster']}`}`,
                    },
                  },
                ],
              },
            ],
          },
        ],
      );
    const text = (count: number, job: string) =>
      `no ENA counters of any node, although ${count} EC2 nodes are there or had them within a day. The exporter is down, or Prometheus ` +
      `does not scrape it, so no alert on allowances can fire. First: check up{job="${job}"}, then the pods of the exporter.`;
    const nodes = ['a', 'b', 'c'].map((name) => node({ node: name }, '1x60'));
    const replica = node({ instance: 'second' }, '1x60');
    await said(generate(), [...nodes, replica], PLACE, `Cluster production: ${text(3, 'ethtool-exporter')}`);
    // One of them had counters.
    await said(generate(), [...nodes, pps({}, '5x10')], PLACE, `Cluster production: ${text(3, 'ethtool-exporter')}`);
    const nodeExporter = { exporter: 'node-exporter' };
    await said(
      generate({ ethtool: nodeExporter }),
      [exposedByNodeExporter('pps_allowance_exceeded', { ...PLACE, instance: 'a', device: 'ens5' }, '0x9')],
      PLACE,
      `Cluster production: ${text(1, 'ethtool-node-exporter')}`,
    );
    const alone = generate({ cluster: { label: null } });
    await said(alone, [node({ cluster: '' }, '1x60')], {}, text(1, 'ethtool-exporter'));
  });

  test('has a threshold in nodes, and can be left out', async () => {
    const nodes = (cluster: string, count: number) =>
      Array.from({ length: count }, (_, index) => node({ cluster, node: `n${index}` }, '1x60'));
    await expectAnswers(
      generate({ alerts: { [ALERT]: { threshold: 2 } } }).file(RULES.allowances),
      '1m',
      [...nodes('two', 2), ...nodes('three', 3), ...nodes('few', 1), pps({ cluster: 'few' }, '0x9')],
      [firing(40, { cluster: 'three' })],
    );
    expect(generate({ alerts: { [ALERT]: false } }).file(RULES.allowances)).not.toContain(ALERT);
  });
});
