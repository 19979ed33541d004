import { describe, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import { testRules, type InputSeries } from '../support/rule-test.ts';
import {
  hubbleFlows,
  kubeStateMetrics,
  owners,
  sample,
  type FlowSpec,
  type NodeSpec,
  type PodSpec,
} from './scenario.ts';

const NODES: readonly NodeSpec[] = [
  { name: 'node-a', label: 'zone-a' },
  { name: 'node-b', label: 'zone-b' },
  { name: 'node-x' },
];

const PODS: readonly PodSpec[] = [
  { namespace: 'shop', name: 'web-1', node: 'node-a', controller: ['ReplicaSet', 'web-7d'] },
  { namespace: 'shop', name: 'web-2', node: 'node-b', controller: ['ReplicaSet', 'web-7d'] },
  { namespace: 'shop', name: 'db-0', node: 'node-b', controller: ['StatefulSet', 'db'] },
  { namespace: 'edge', name: 'hybrid-0', node: 'node-x', controller: ['StatefulSet', 'hybrid'] },
];

const OWNERS = owners('kube_replicaset_owner', [['shop', 'web-7d', 'Deployment', 'web']]);

type End = readonly [namespace: string, type: string, workload: string, zone: string];

const WEB_A: End = ['shop', 'Deployment', 'web', 'zone-a'];
const WEB_B: End = ['shop', 'Deployment', 'web', 'zone-b'];
const DB: End = ['shop', 'StatefulSet', 'db', 'zone-b'];
const HYBRID: End = ['edge', 'StatefulSet', 'hybrid', 'unknown'];
const NOBODY: End = ['unknown', 'unknown', 'unknown', 'unknown'];

interface Pair {
  readonly source: End;
  readonly destination: End;
  readonly rate: number;
}

const endLabels = (side: string, [namespace, workload_type, workload, zone]: End): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ namespace, workload_type, workload, zone }).map(([label, value]) => [`${side}_${label}`, value]),
  );

/** The truth about locality, by its definition. */
function localityOf({ source, destination }: Pair): string {
  if (source[3] === 'unknown' || destination[3] === 'unknown') return 'unknown';
  return source[3] === destination[3] ? 'same_zone' : 'cross_zone';
}

/** All that must be recorded of pairs: workload pairs, zone pairs and the cluster, each summed here. */
function expectedOf(pairs: readonly Pair[], cluster: string) {
  const zonePairs = new Map<string, { labels: Record<string, string>; rate: number }>();
  const totals = new Map(['same_zone', 'cross_zone', 'unknown'].map((locality) => [locality, 0]));
  for (const pair of pairs) {
    const locality = localityOf(pair);
    const labels = { cluster, source_zone: pair.source[3], destination_zone: pair.destination[3], locality };
    const key = JSON.stringify(labels);
    zonePairs.set(key, { labels, rate: (zonePairs.get(key)?.rate ?? 0) + pair.rate });
    totals.set(locality, (totals.get(locality) ?? 0) + pair.rate);
  }
  const none = '';
  return {
    workloads: pairs.map((pair) =>
      sample(
        {
          __name__: none,
          cluster,
          ...endLabels('source', pair.source),
          ...endLabels('destination', pair.destination),
          locality: localityOf(pair),
        },
        pair.rate,
      ),
    ),
    zones: [...zonePairs.values()].map(({ labels, rate }) => sample({ __name__: none, ...labels }, rate)),
    cluster: [...totals].map(([locality, rate]) => sample({ __name__: none, cluster, locality }, rate)),
  };
}

/** Runs the default rules at a time and expects exactly these pairs, for each cluster. Rates are rounded to 1/1000. */
async function expectTraffic(
  name: string,
  input: readonly InputSeries[],
  pairs: Readonly<Record<string, readonly Pair[]>>,
  at = '10m',
  given: object = {},
): Promise<void> {
  const expected = Object.entries(pairs).map(([cluster, list]) => expectedOf(list, cluster));
  const check = (record: string, exp_samples: readonly { labels: string; value: number }[]) => ({
    expr: `round(${record}, 0.001)`,
    eval_time: at,
    exp_samples,
  });
  const total = Object.values(pairs)
    .flat()
    .reduce((sum, { rate }) => sum + rate, 0);
  await testRules(
    [generate(given).file(RULES.zoneTraffic)],
    [
      {
        name,
        interval: '30s',
        input_series: input,
        promql_expr_test: [
          check(
            'workload_pair:network_flows:rate5m',
            expected.flatMap(({ workloads }) => workloads),
          ),
          check(
            'zone_pair:network_flows:rate5m',
            expected.flatMap(({ zones }) => zones),
          ),
          check(
            'cluster:network_flows:rate5m',
            expected.flatMap(({ cluster }) => cluster),
          ),
          check(
            'sum(workload_pair:network_flows_unclassified:rate5m)',
            total > 0 ? [sample({ __name__: '' }, total)] : [],
          ),
        ],
      },
    ],
  );
}

const flow = (
  source: FlowSpec['source'],
  destination: FlowSpec['destination'],
  rate: number,
  rest: Partial<FlowSpec> = {},
) => ({ source, destination, rate, ...rest }) satisfies FlowSpec;

const BASIC: readonly FlowSpec[] = [
  flow(['shop', 'web-1'], ['shop', 'db-0'], 2),
  flow(['shop', 'web-2'], ['shop', 'db-0'], 10),
  flow(['shop', 'db-0'], ['shop', 'web-1'], 3),
  flow(['edge', 'hybrid-0'], ['shop', 'web-1'], 4),
  flow(['', ''], ['shop', 'web-2'], 5, { labels: { source_ip: '203.0.113.9' } }),
];

const BASIC_PAIRS: readonly Pair[] = [
  { source: WEB_A, destination: DB, rate: 2 },
  { source: WEB_B, destination: DB, rate: 10 },
  { source: DB, destination: WEB_A, rate: 3 },
  { source: HYBRID, destination: WEB_A, rate: 4 },
  { source: NOBODY, destination: WEB_B, rate: 5 },
];

const basicInput = (replicas = 1): readonly InputSeries[] => [
  ...kubeStateMetrics(NODES, PODS, replicas),
  ...OWNERS,
  ...hubbleFlows(BASIC),
];

describe('workload pairs, zone pairs and the cluster', () => {
  test('place every flow: same zone, cross zone, unknown', async () => {
    await expectTraffic('basic', basicInput(), { one: BASIC_PAIRS });
  });

  test('are the same with two kube-state-metrics', async () => {
    await expectTraffic('two replicas', basicInput(2), { one: BASIC_PAIRS });
  });

  test('count each packet once: other observations of it and other events do not count', async () => {
    const copies = [
      { subtype: 'to-network' },
      { subtype: 'from-network' },
      { traffic_direction: 'egress', subtype: 'to-stack' },
      { type: 'L7', protocol: 'DNS', subtype: '' },
      { type: 'Drop', verdict: 'DROPPED', subtype: '' },
    ].map((labels) => flow(['shop', 'web-1'], ['shop', 'db-0'], 7, { labels }));
    await expectTraffic('copies', [...basicInput(), ...hubbleFlows(copies)], { one: BASIC_PAIRS });
  });

  test('keep two clusters apart that share every name', async () => {
    const second = <T extends object>(items: readonly T[]) => items.map((item) => ({ ...item, cluster: 'two' }));
    const nodes = second([
      { name: 'node-a', label: 'zone-c' },
      { name: 'node-b', label: 'zone-c' },
    ]);
    const input = [
      ...basicInput(),
      ...kubeStateMetrics(nodes, second(PODS.filter(({ name }) => name === 'db-0'))),
      ...kubeStateMetrics([], second([{ namespace: 'shop', name: 'job', node: 'node-a' }])),
      ...hubbleFlows(second([flow(['shop', 'job'], ['shop', 'db-0'], 6)])),
    ];
    const db: End = ['shop', 'StatefulSet', 'db', 'zone-c'];
    await expectTraffic('two clusters', input, {
      one: BASIC_PAIRS,
      two: [{ source: ['shop', 'Pod', 'job', 'zone-c'], destination: db, rate: 6 }],
    });
  });

  test('tell pods of one name in two namespaces apart', async () => {
    const pods: PodSpec[] = [
      { namespace: 'blue', name: 'redis-0', node: 'node-a', controller: ['StatefulSet', 'redis'] },
      { namespace: 'green', name: 'redis-0', node: 'node-b', controller: ['StatefulSet', 'redis'] },
      ...PODS,
    ];
    const flows = [flow(['shop', 'web-1'], ['blue', 'redis-0'], 2), flow(['shop', 'web-1'], ['green', 'redis-0'], 10)];
    const redis = (namespace: string, zone: string): End => [namespace, 'StatefulSet', 'redis', zone];
    await expectTraffic('namespaces', [...kubeStateMetrics(NODES, pods), ...OWNERS, ...hubbleFlows(flows)], {
      one: [
        { source: WEB_A, destination: redis('blue', 'zone-a'), rate: 2 },
        { source: WEB_A, destination: redis('green', 'zone-b'), rate: 10 },
      ],
    });
  });

  test('follow a StatefulSet pod that moved to another zone', async () => {
    const others = PODS.filter(({ name }) => name !== 'db-0');
    const db = { namespace: 'shop', name: 'db-0', controller: ['StatefulSet', 'db'] as const };
    // Both uids stay visible, as after a restart of Prometheus.
    const pods: PodSpec[] = [
      ...others,
      { ...db, node: 'node-b', uid: 'old', created: 0 },
      { ...db, node: 'node-a', uid: 'new', created: 9, from: 9 },
    ];
    const input = [
      ...kubeStateMetrics(NODES, pods),
      ...OWNERS,
      ...hubbleFlows([flow(['shop', 'web-1'], ['shop', 'db-0'], 2)]),
    ];
    await expectTraffic('before', input, { one: [{ source: WEB_A, destination: DB, rate: 2 }] }, '8m');
    const moved: End = ['shop', 'StatefulSet', 'db', 'zone-a'];
    await expectTraffic('after', input, { one: [{ source: WEB_A, destination: moved, rate: 2 }] }, '20m');
  });

  test('take a counter reset for what it is', async () => {
    const flows = [flow(['shop', 'web-1'], ['shop', 'db-0'], 4, { resetAt: 8 })];
    const input = [...kubeStateMetrics(NODES, PODS), ...OWNERS, ...hubbleFlows(flows)];
    // What was counted between the last scrape and the reset dies with the agent: 30 of 300 seconds.
    const rate = (4 * (300 - 30)) / 300;
    await expectTraffic('reset', input, { one: [{ source: WEB_A, destination: DB, rate }] });
  });

  test('lose nothing of a pod that is gone within the window, known or not', async () => {
    // From minute 8 on the pod and its flows are gone; at minute 10 the window holds 3 of 5 minutes of its traffic.
    const pods = PODS.map((spec) => (spec.name === 'web-2' ? { ...spec, until: 8 } : spec));
    const flows = [
      flow(['shop', 'web-2'], ['shop', 'db-0'], 10, { until: 8 }),
      flow(['shop', 'never-seen'], ['shop', 'db-0'], 10, { until: 8 }),
    ];
    const input = [...kubeStateMetrics(NODES, pods), ...OWNERS, ...hubbleFlows(flows)];
    // rate() extrapolates half a scrape interval (15 s) past the last of 180 s of samples: 10/s x 195 s / 300 s.
    const rate = (10 * (180 + 15)) / 300;
    await expectTraffic('gone', input, {
      one: [
        { source: WEB_B, destination: DB, rate },
        { source: ['shop', 'unknown', 'unknown', 'unknown'], destination: DB, rate },
      ],
    });
  });

  test('keep their attribution when kube-state-metrics is away for a few minutes', async () => {
    const away = <T extends object>(items: readonly T[]) => items.map((item) => ({ ...item, until: 12 }));
    const input = [...kubeStateMetrics(away(NODES), away(PODS)), ...OWNERS, ...hubbleFlows(BASIC)];
    await expectTraffic('away', input, { one: BASIC_PAIRS }, '20m');
  });

  test('put all traffic into unknown, and none into same zone, when kube-state-metrics never came', async () => {
    const pairs: Pair[] = [
      {
        source: ['shop', 'unknown', 'unknown', 'unknown'],
        destination: ['shop', 'unknown', 'unknown', 'unknown'],
        rate: 15,
      },
      {
        source: ['edge', 'unknown', 'unknown', 'unknown'],
        destination: ['shop', 'unknown', 'unknown', 'unknown'],
        rate: 4,
      },
      { source: NOBODY, destination: ['shop', 'unknown', 'unknown', 'unknown'], rate: 5 },
    ];
    await expectTraffic('never', hubbleFlows(BASIC), { one: pairs });
  });

  test('are absent, not zero, without flows', async () => {
    await expectTraffic('no flows', kubeStateMetrics(NODES, PODS), {});
  });

  test('count the same packets by the client-side selector and the article selector', async () => {
    const egress = BASIC.map((spec) => ({
      ...spec,
      labels: { ...spec.labels, traffic_direction: 'egress', subtype: 'to-stack' },
    }));
    const input = [...basicInput(), ...hubbleFlows(egress)];
    for (const select of ['client-side', 'articles']) {
      await expectTraffic(select, input, { one: BASIC_PAIRS }, '10m', { flows: { select } });
    }
  });
});
