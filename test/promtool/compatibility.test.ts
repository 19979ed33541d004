import { describe, expect, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import { testRules, type ExpressionTest, type InputSeries } from '../support/rule-test.ts';
import { hubbleFlows, kubeStateMetrics, sample, type FlowSpec, type NodeSpec, type PodSpec } from './scenario.ts';

const NODES: readonly NodeSpec[] = [
  { name: 'node-a', label: 'zone-a', providerId: 'aws:///zone-a/i-1' },
  { name: 'node-b', providerId: 'aws:///zone-b/i-2' },
  { name: 'node-x', providerId: 'eks-hybrid:///mi-3' },
];

const RECORDS = { rules: { compatibilityRecords: true } };

const agent = { ip: '10.0.0.1', hostNetwork: true, node: 'node-a' };

/** Everything that makes joins on raw kube_pod_info fail, at once. */
const PODS: readonly PodSpec[] = [
  { namespace: 'shop', name: 'web', node: 'node-a', ip: '10.0.1.1' },
  { namespace: 'shop', name: 'db-0', node: 'node-a', ip: '10.0.1.2', uid: 'old', created: 0 },
  { namespace: 'shop', name: 'db-0', node: 'node-b', ip: '10.0.2.2', uid: 'new', created: 5, from: 5 },
  // Host-network pods of one name in two namespaces, and one that was created again on the same host.
  { namespace: 'a', name: 'agent', ...agent },
  { namespace: 'b', name: 'agent', ...agent },
  { namespace: 'a', name: 'agent', ...agent, uid: 'again', created: 6, from: 6 },
  { namespace: 'shop', name: 'far', node: 'node-x', ip: '10.0.3.1' },
  { namespace: 'shop', name: 'new', node: 'only-in-pods', ip: '10.0.4.1' },
];

const flow = (
  source: string,
  sourceIp: string,
  destination: string,
  destinationIp: string,
  rate: number,
): FlowSpec => ({
  source: ['shop', source],
  destination: ['shop', destination],
  rate,
  labels: { source_ip: sourceIp, destination_ip: destinationIp },
});

const FLOWS: readonly FlowSpec[] = [
  flow('web', '10.0.1.1', 'db-0', '10.0.2.2', 8),
  flow('web', '10.0.1.1', 'agent', '10.0.0.1', 2),
  flow('far', '10.0.3.1', 'web', '10.0.1.1', 4),
];

/** Traffic of one pair of zones, joined as public queries join it. */
const perZonePair = (traffic: string): string => `
  sum by (source_zone, destination_zone) (
    ${traffic}
    * on (source_pod, source_ip) group_left (node) pod:source_kube_pod_info_mapping
    * on (node) group_left (source_zone) node:source_kube_node_info_mapping
    * on (destination_pod, destination_ip) group_left (node) pod:destination_kube_pod_info_mapping
    * on (node) group_left (destination_zone) node:destination_kube_node_info_mapping
  )`;

const zonePair = (source_zone: string, destination_zone: string, rate: number) =>
  sample({ __name__: '', source_zone, destination_zone }, rate);

async function expectAnswers(input: readonly InputSeries[], tests: readonly ExpressionTest[]): Promise<void> {
  await testRules(
    [generate(RECORDS).file(RULES.compatibility)],
    [{ name: 'compatibility', interval: '30s', input_series: input, promql_expr_test: tests }],
    '5m',
  );
}

const at = (expr: string, exp_samples: ExpressionTest['exp_samples']): ExpressionTest => ({
  expr,
  eval_time: '20m',
  exp_samples,
});

const INPUT: readonly InputSeries[] = [...kubeStateMetrics(NODES, PODS, 2), ...hubbleFlows(FLOWS)];

describe('the compatibility records', () => {
  test('make public joins answer, with the truth, over everything that breaks them on raw series', async () => {
    const pairs = [zonePair('zone-a', 'zone-b', 8), zonePair('zone-a', 'zone-a', 2), zonePair('unknown', 'zone-a', 4)];
    await expectAnswers(INPUT, [
      at(perZonePair('traffic:hubble_flows_processed_total:rate5m'), pairs),
      at(perZonePair('traffic:hubble_flows_processed_total:irate5m'), pairs),
    ]);
  });

  test('have one row for each pod name and IP, the newest', async () => {
    for (const side of ['source', 'destination']) {
      const mapping = `pod:${side}_kube_pod_info_mapping`;
      const row = (pod: string, ip: string, node: string) =>
        sample({ __name__: '', cluster: 'one', [`${side}_pod`]: pod, [`${side}_ip`]: ip, node }, 1);
      await expectAnswers(INPUT, [
        at(`sum by (cluster, ${side}_pod, ${side}_ip, node) (${mapping})`, [
          row('web', '10.0.1.1', 'node-a'),
          row('db-0', '10.0.1.2', 'node-a'),
          row('db-0', '10.0.2.2', 'node-b'),
          row('agent', '10.0.0.1', 'node-a'),
          row('far', '10.0.3.1', 'node-x'),
          row('new', '10.0.4.1', 'only-in-pods'),
        ]),
        at(`count(${mapping}{namespace="a", uid="again"})`, [sample({ __name__: '' }, 1)]),
        // The labels of kube_pod_info that queries read are there.
        at(`count(${mapping}{pod="web", pod_ip="10.0.1.1", namespace="shop", host_network="false"})`, [
          sample({ __name__: '' }, 1),
        ]),
      ]);
    }
  });

  test('have one row a node, with provider ID and zone', async () => {
    const row = (name: string, zoneLabel: string, node: string, provider_id: string, zone: string) =>
      sample({ __name__: name, cluster: 'one', node, provider_id, [zoneLabel]: zone }, 1);
    const rows = (name: string, zoneLabel: string) => [
      row(name, zoneLabel, 'node-a', 'aws:///zone-a/i-1', 'zone-a'),
      row(name, zoneLabel, 'node-b', 'aws:///zone-b/i-2', 'zone-b'),
      row(name, zoneLabel, 'node-x', 'eks-hybrid:///mi-3', 'unknown'),
      row(name, zoneLabel, 'only-in-pods', '', 'unknown'),
    ];
    await expectAnswers(INPUT, [
      at('node:kube_node_info_mapping', rows('node:kube_node_info_mapping', 'zone')),
      at('node:source_kube_node_info_mapping', rows('node:source_kube_node_info_mapping', 'source_zone')),
      at(
        'node:destination_kube_node_info_mapping',
        rows('node:destination_kube_node_info_mapping', 'destination_zone'),
      ),
    ]);
  });

  test('record the rate by irate and by rate, without copies of a packet', async () => {
    const copies = FLOWS.map((spec) => ({
      ...spec,
      labels: { ...spec.labels, traffic_direction: 'egress', subtype: 'to-stack' },
    }));
    const input = [...INPUT, ...hubbleFlows(copies)];
    const total = FLOWS.reduce((sum, { rate }) => sum + rate, 0);
    for (const rate of ['irate5m', 'rate5m']) {
      const record = `traffic:hubble_flows_processed_total:${rate}`;
      await expectAnswers(input, [
        at(`sum(${record})`, [sample({ __name__: '' }, total)]),
        at(`${record}{source_pod="far"}`, [
          sample(
            {
              __name__: record,
              cluster: 'one',
              source_namespace: 'shop',
              source_pod: 'far',
              source_ip: '10.0.3.1',
              destination_namespace: 'shop',
              destination_pod: 'web',
              destination_ip: '10.0.1.1',
              protocol: 'TCP',
              traffic_direction: 'ingress',
              verdict: 'FORWARDED',
            },
            4,
          ),
        ]),
      ]);
    }
  });

  test('are there only where they are asked for', () => {
    const { bundle, artifacts } = generate();
    expect(artifacts.map(({ path }) => path)).not.toContain(RULES.compatibility);
    expect(bundle.skipped.map(({ kind }) => kind)).toContain('compatibility records');
  });

  test('follow the window in their names', async () => {
    const longer = generate({ rules: { ...RECORDS.rules, window: '10m' } }).file(RULES.compatibility);
    const record = 'traffic:hubble_flows_processed_total:rate10m';
    await testRules(
      [longer],
      [
        {
          name: 'window',
          interval: '30s',
          input_series: INPUT,
          promql_expr_test: [at(`round(sum(${record}), 0.001)`, [sample({ __name__: '' }, 14)])],
        },
      ],
    );
  });
});
