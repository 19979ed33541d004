import { describe, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import { testRules, type InputSeries } from '../support/rule-test.ts';
import { kubeStateMetrics, sample, type NodeSpec } from './scenario.ts';

const zone = (node: string, name: string, cluster = 'one') =>
  sample({ __name__: 'cluster_node:zone:info', cluster, node, zone: name }, 1);

/** Runs the default rules and expects exactly these rows of cluster_node:zone:info. */
async function expectZones(
  name: string,
  input: readonly InputSeries[],
  rows: readonly { labels: string; value: number }[],
  at = '10m',
  given: object = {},
): Promise<void> {
  await testRules(
    [generate(given).file(RULES.zoneTraffic)],
    [
      {
        name,
        interval: '30s',
        input_series: input,
        promql_expr_test: [{ expr: 'cluster_node:zone:info', eval_time: at, exp_samples: rows }],
      },
    ],
  );
}

const AWS = 'aws:///eu-west-1c/i-0abc';

describe('cluster_node:zone:info', () => {
  test('prefers the label, falls back to the provider ID, and says unknown else', async () => {
    const nodes: NodeSpec[] = [
      { name: 'labelled', label: 'eu-west-1a', providerId: AWS },
      { name: 'aws', providerId: AWS },
      { name: 'local-zone', providerId: 'aws:///us-west-2-lax-1a/i-0abc' },
      { name: 'fargate', providerId: 'aws:///us-west-2a/4f/fargate-ip-10-0-0-1' },
      { name: 'gce', providerId: 'gce://project/europe-west1-b/gke-node' },
      { name: 'no-zone', providerId: 'aws:////i-0abc' },
      { name: 'hybrid', providerId: 'eks-hybrid:///eu-west-1/cluster/mi-1' },
      { name: 'azure', providerId: 'azure:///subscriptions/x/resourceGroups/y' },
      { name: 'silent' },
    ];
    await expectZones('sources', kubeStateMetrics(nodes, []), [
      zone('labelled', 'eu-west-1a'),
      zone('aws', 'eu-west-1c'),
      zone('local-zone', 'us-west-2-lax-1a'),
      zone('fargate', 'us-west-2a'),
      zone('gce', 'europe-west1-b'),
      ...['no-zone', 'hybrid', 'azure', 'silent'].map((node) => zone(node, 'unknown')),
    ]);
  });

  test('follows the order of zones.from', async () => {
    const nodes: NodeSpec[] = [{ name: 'both', label: 'eu-west-1a', providerId: AWS }];
    const input = kubeStateMetrics(nodes, []);
    await expectZones('reversed', input, [zone('both', 'eu-west-1c')], '10m', {
      zones: { from: ['provider-id', 'node-label'] },
    });
    await expectZones(
      'label only',
      kubeStateMetrics([{ name: 'aws', providerId: AWS }], []),
      [zone('aws', 'unknown')],
      '10m',
      {
        zones: { from: ['node-label'] },
      },
    );
  });

  test('has one row a node with two kube-state-metrics, and keeps clusters apart', async () => {
    const nodes: NodeSpec[] = [
      { name: 'same-name', label: 'eu-west-1a', cluster: 'one' },
      { name: 'same-name', label: 'eu-west-1b', cluster: 'two' },
    ];
    await expectZones('two replicas', kubeStateMetrics(nodes, [], 2), [
      zone('same-name', 'eu-west-1a', 'one'),
      zone('same-name', 'eu-west-1b', 'two'),
    ]);
  });

  test('takes what was seen last when a node registers again, however it sorts', async () => {
    // The old series just ends, as after a restart of Prometheus: without a staleness marker it stays visible for 5 minutes.
    const registered = (before: string, after: string): NodeSpec[] => [
      { name: 'again', providerId: `aws:///${before}/i-1`, until: 10 },
      { name: 'again', providerId: `aws:///${after}/i-2`, from: 10.5 },
      { name: 'labelled', label: before, until: 10 },
      { name: 'labelled', label: after, from: 10.5 },
    ];
    const both = (place: string) => ['again', 'labelled'].map((node) => zone(node, place));
    for (const [before, after] of [
      ['zone-a', 'zone-b'],
      ['zone-b', 'zone-a'],
    ] as const) {
      const input = kubeStateMetrics(registered(before, after), []);
      await expectZones(`${before} before`, input, both(before), '10m');
      await expectZones(`${after} after`, input, both(after), '12m');
    }
  });

  test('remembers a node over missed scrapes, to the last minute of the look-back', async () => {
    const ends = { until: 5 };
    const nodes: NodeSpec[] = [
      { name: 'labelled', label: 'eu-west-1a', ...ends },
      { name: 'provided', providerId: AWS, ...ends },
    ];
    const pods = [{ namespace: 'a', name: 'p', node: 'only-in-pods', until: 8.5 }];
    const input = kubeStateMetrics(nodes, pods);
    const known = [zone('labelled', 'eu-west-1a'), zone('provided', 'eu-west-1c')];
    // Each point of the look-back sees a series that just ended for 5 minutes more, as no staleness marker closes it. Pods are looked
    // up by their last sample.
    await expectZones('pods remembered', input, [...known, zone('only-in-pods', 'unknown')], '18m');
    await expectZones('nodes remembered', input, known, '19m');
    await expectZones('forgotten', input, [], '21m');
  });

  test('finds the zone of a name in each cluster by what that cluster has', async () => {
    const nodes: NodeSpec[] = [
      { name: 'same-name', label: 'eu-west-1a', cluster: 'one' },
      { name: 'same-name', providerId: AWS, cluster: 'two' },
      { name: 'same-name', cluster: 'three' },
    ];
    await expectZones('one way in each', kubeStateMetrics(nodes, []), [
      zone('same-name', 'eu-west-1a', 'one'),
      zone('same-name', 'eu-west-1c', 'two'),
      zone('same-name', 'unknown', 'three'),
    ]);
  });

  test('knows a node through its pods alone', async () => {
    const input = kubeStateMetrics([], [{ namespace: 'a', name: 'p', node: 'only-in-pods' }]);
    await expectZones('pods only', input, [zone('only-in-pods', 'unknown')]);
  });

  test('works without a cluster label and under another name', async () => {
    const input = (cluster: string): InputSeries[] =>
      kubeStateMetrics([{ name: 'n', label: 'z' }], []).map(({ series, values }) => ({
        series: series.replace('cluster="one"', cluster),
        values,
      }));
    const row = (labels: Record<string, string>) =>
      sample({ __name__: 'cluster_node:zone:info', ...labels, node: 'n', zone: 'z' }, 1);
    await expectZones('none', input('x="y"'), [row({})], '10m', { cluster: { label: null } });
    await expectZones('renamed', input('k8s_cluster="one"'), [row({ k8s_cluster: 'one' })], '10m', {
      cluster: { label: 'k8s_cluster' },
    });
  });

  test('leaves out zones that are refused, and says which, but falls back to one that counts', async () => {
    const valid = String.raw`zone-a|zone "\d"|westeurope-.`;
    const nodes: NodeSpec[] = [
      { name: 'counts', label: 'zone-a' },
      { name: 'other-case', label: 'Zone-a' },
      { name: 'longer', label: 'zone-ab' },
      { name: 'digit', label: 'zone "7"' },
      { name: 'fallback', label: '0', providerId: 'aws:///zone-a/i-1' },
      { name: 'neither', label: '0', providerId: 'aws:///1/4f/zone-a' },
      { name: 'provider', providerId: 'gce://zone-a/1/zone-a' },
      { name: 'silent' },
    ];
    const refused = (node: string, refused_zone: string) =>
      sample(
        {
          __name__: 'cluster_node:refused_zone:info',
          cluster: 'one',
          node,
          zone: 'unknown',
          reason: 'invalid_zone',
          refused_zone,
        },
        1,
      );
    const expected = [
      ...['counts', 'fallback'].map((node) => zone(node, 'zone-a')),
      zone('digit', 'zone "7"'),
      ...['other-case', 'longer', 'neither', 'provider', 'silent'].map((node) => zone(node, 'unknown')),
    ];
    const input = kubeStateMetrics(nodes, [], 2);
    await expectZones('refused', input, expected, '10m', { zones: { valid } });
    await testRules(
      [generate({ zones: { valid } }).file(RULES.zoneTraffic)],
      [
        {
          name: 'what is refused',
          interval: '30s',
          input_series: input,
          promql_expr_test: [
            {
              expr: 'cluster_node:refused_zone:info',
              eval_time: '10m',
              exp_samples: [
                refused('other-case', 'Zone-a'),
                refused('longer', 'zone-ab'),
                refused('neither', '0'),
                refused('provider', '1'),
              ],
            },
          ],
        },
      ],
    );
  });

  test('does not go back to a zone that counted before a node registered again with one that is refused', async () => {
    const nodes: NodeSpec[] = [
      { name: 'again', label: 'zone-a', until: 10 },
      { name: 'again', label: '0', from: 10.5 },
    ];
    const given = { cloud: { provider: 'azure' } };
    await expectZones('before', kubeStateMetrics(nodes, []), [zone('again', 'zone-a')], '10m', given);
    await expectZones('after', kubeStateMetrics(nodes, []), [zone('again', 'unknown')], '12m', given);
  });
});
