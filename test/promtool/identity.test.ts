import { describe, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import { testRules, type InputSeries } from '../support/rule-test.ts';
import { kubeStateMetrics, owners, sample, type NodeSpec, type PodSpec } from './scenario.ts';

const NODES: readonly NodeSpec[] = [
  { name: 'node-a', label: 'zone-a' },
  { name: 'node-b', label: 'zone-b' },
];

type Row = readonly [namespace: string, pod: string, node: string, zone: string, type: string, workload: string];

const rows = (list: readonly Row[], cluster = 'one') =>
  list.map(([namespace, pod, node, zone, workload_type, workload]) =>
    sample(
      { __name__: 'cluster_namespace_pod:identity:info', cluster, namespace, pod, node, zone, workload_type, workload },
      1,
    ),
  );

async function expectIdentities(
  name: string,
  input: readonly InputSeries[],
  expected: readonly { labels: string; value: number }[],
  at = '10m',
): Promise<void> {
  const check = { expr: 'cluster_namespace_pod:identity:info', eval_time: at, exp_samples: expected };
  await testRules(
    [generate().file(RULES.zoneTraffic)],
    [{ name, interval: '30s', input_series: input, promql_expr_test: [check] }],
  );
}

const pod = (namespace: string, name: string, node: string, rest: Partial<PodSpec> = {}): PodSpec => ({
  namespace,
  name,
  node,
  ...rest,
});

describe('cluster_namespace_pod:identity:info', () => {
  test('finds the workload behind every kind of controller', async () => {
    const pods = [
      pod('shop', 'web-7d9f-x', 'node-a', { controller: ['ReplicaSet', 'web-7d9f'] }),
      pod('shop', 'rollout-5b-y', 'node-a', { controller: ['ReplicaSet', 'rollout-5b'] }),
      pod('shop', 'lonely-rs-z', 'node-b', { controller: ['ReplicaSet', 'lonely-rs'] }),
      pod('shop', 'db-0', 'node-b', { controller: ['StatefulSet', 'db'] }),
      pod('shop', 'agent-q', 'node-b', { controller: ['DaemonSet', 'agent'] }),
      pod('shop', 'report-28-w', 'node-a', { controller: ['Job', 'report-28'] }),
      pod('shop', 'migrate-v', 'node-a', { controller: ['Job', 'migrate'] }),
      pod('shop', 'custom-0', 'node-a', { controller: ['CloneSet', 'custom'] }),
      pod('shop', 'bare', 'node-a'),
      pod('shop', 'bare-old', 'node-a', { controller: ['<none>', '<none>'] }),
      pod('kube-system', 'proxy-node-a', 'node-a', { controller: ['Node', 'node-a'] }),
      // A Deployment of the same name in another namespace must not lend its ReplicaSet.
      pod('other', 'web-7d9f-x', 'node-b', { controller: ['ReplicaSet', 'web-7d9f'] }),
    ];
    const input = [
      ...kubeStateMetrics(NODES, pods),
      ...owners('kube_replicaset_owner', [
        ['shop', 'web-7d9f', 'Deployment', 'web'],
        ['shop', 'rollout-5b', 'Rollout', 'rollout'],
        ['other', 'web-7d9f', 'Deployment', 'website'],
      ]),
      ...owners('kube_job_owner', [['shop', 'report-28', 'CronJob', 'report']]),
    ];
    await expectIdentities(
      'controllers',
      input,
      rows([
        ['shop', 'web-7d9f-x', 'node-a', 'zone-a', 'Deployment', 'web'],
        ['shop', 'rollout-5b-y', 'node-a', 'zone-a', 'Rollout', 'rollout'],
        ['shop', 'lonely-rs-z', 'node-b', 'zone-b', 'ReplicaSet', 'lonely-rs'],
        ['shop', 'db-0', 'node-b', 'zone-b', 'StatefulSet', 'db'],
        ['shop', 'agent-q', 'node-b', 'zone-b', 'DaemonSet', 'agent'],
        ['shop', 'report-28-w', 'node-a', 'zone-a', 'CronJob', 'report'],
        ['shop', 'migrate-v', 'node-a', 'zone-a', 'Job', 'migrate'],
        ['shop', 'custom-0', 'node-a', 'zone-a', 'CloneSet', 'custom'],
        ['shop', 'bare', 'node-a', 'zone-a', 'Pod', 'bare'],
        ['shop', 'bare-old', 'node-a', 'zone-a', 'Pod', 'bare-old'],
        ['kube-system', 'proxy-node-a', 'node-a', 'zone-a', 'StaticPod', 'proxy-node-a'],
        ['other', 'web-7d9f-x', 'node-b', 'zone-b', 'Deployment', 'website'],
      ]),
    );
  });

  test('has one row a pod with two kube-state-metrics, two clusters and host-network twins', async () => {
    const twins = [
      pod('a', 'agent', 'node-a', { ip: '10.0.0.1', hostNetwork: true }),
      pod('b', 'agent', 'node-a', { ip: '10.0.0.1', hostNetwork: true }),
    ];
    const second = [
      ...kubeStateMetrics(
        [{ name: 'node-a', label: 'zone-z', cluster: 'two' }],
        [pod('a', 'agent', 'node-a', { cluster: 'two' })],
        2,
      ),
    ];
    await expectIdentities(
      'twins',
      [...kubeStateMetrics(NODES, twins, 2), ...second],
      [
        ...rows([
          ['a', 'agent', 'node-a', 'zone-a', 'Pod', 'agent'],
          ['b', 'agent', 'node-a', 'zone-a', 'Pod', 'agent'],
        ]),
        ...rows([['a', 'agent', 'node-a', 'zone-z', 'Pod', 'agent']], 'two'),
      ],
    );
  });

  test('lets the newest pod of a name win, also when the old one sorts later or stays visible', async () => {
    const set = { controller: ['StatefulSet', 'db'] } as const;
    for (const [before, after] of [
      ['node-a', 'node-b'],
      ['node-b', 'node-a'],
    ] as const) {
      const pods = [
        pod('shop', 'db-0', before, { ...set, uid: 'old', created: 0 }),
        pod('shop', 'db-0', after, { ...set, uid: 'new', created: 8, from: 8 }),
      ];
      const place = (node: string): Row => ['shop', 'db-0', node, node.replace('node', 'zone'), 'StatefulSet', 'db'];
      await expectIdentities(`${before} before`, kubeStateMetrics(NODES, pods), rows([place(before)]), '7m');
      await expectIdentities(`${after} after`, kubeStateMetrics(NODES, pods), rows([place(after)]), '9m');
    }
  });

  test('waits for a pending pod: without a node the old one still counts, and the flip does not duplicate', async () => {
    const pods = [
      pod('shop', 'db-0', 'node-a', { uid: 'old', created: 0, until: 8 }),
      pod('shop', 'db-0', '', { uid: 'new', created: 8, from: 8, until: 10 }),
      pod('shop', 'db-0', 'node-b', { uid: 'new', created: 8, from: 10.5, ip: '' }),
      pod('shop', 'db-0', 'node-b', { uid: 'new', created: 8, from: 11, ip: '10.0.0.9' }),
    ];
    // One creation time a pod: the helper writes it once for each phase.
    const input = kubeStateMetrics(NODES, pods).filter(
      ({ series }, index, all) => all.findIndex((other) => other.series === series) === index,
    );
    await expectIdentities('pending', input, rows([['shop', 'db-0', 'node-a', 'zone-a', 'Pod', 'db-0']]), '9m');
    const created = input.map((item) =>
      item.series.startsWith('kube_pod_created') && item.series.includes('"new"')
        ? { ...item, values: '_x16 480x60' }
        : item,
    );
    await expectIdentities('running', created, rows([['shop', 'db-0', 'node-b', 'zone-b', 'Pod', 'db-0']]), '12m');
  });

  test('survives kube-state-metrics without creation times, and a gap in its scrapes', async () => {
    const input = kubeStateMetrics(NODES, [pod('a', 'p', 'node-a', { until: 12 })]);
    const bare = input.filter(({ series }) => !series.startsWith('kube_pod_created'));
    const row = rows([['a', 'p', 'node-a', 'zone-a', 'Pod', 'p']]);
    await expectIdentities('no creation time', bare, row);
    await expectIdentities('remembered', input, row, '21m');
    await expectIdentities('forgotten', input, [], '23m');
  });
});
