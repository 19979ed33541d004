import { describe, test } from '@jest/globals';
import type { InputSeries } from '../support/rule-test.ts';
import { hubbleFlows, kubeStateMetrics, type FlowSpec, type PodSpec } from './scenario.ts';
import {
  DB,
  expectTraffic,
  HYBRID,
  INTERNET,
  NODES,
  OWNERS,
  PODS,
  WEB_A,
  WEB_B,
  type End,
  type Pair,
} from './traffic-truth.ts';

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
  { source: INTERNET, destination: WEB_B, rate: 5 },
];

const basicInput = (replicas = 1): readonly InputSeries[] => [
  ...kubeStateMetrics(NODES, PODS, replicas),
  ...OWNERS,
  ...hubbleFlows(BASIC),
];

describe('workload pairs, zone pairs and the cluster', () => {
  test('place every flow: same zone, cross zone, internet, unknown', async () => {
    await expectTraffic('basic', basicInput(), { one: BASIC_PAIRS });
  });

  test('are the same with two kube-state-metrics', async () => {
    await expectTraffic('two replicas', basicInput(2), { one: BASIC_PAIRS });
  });

  test('count each packet once: other observations of it and other events do not count', async () => {
    const copies = [
      // Each deviates in one label only, as one matcher alone must keep it out.
      { type: 'L7' },
      { verdict: 'DROPPED' },
      { traffic_direction: 'egress' },
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
    // Right after a scrape. What is counted between the last scrape and the reset dies with the agent: here nothing.
    const flows = [flow(['shop', 'web-1'], ['shop', 'db-0'], 4, { resetAt: 7.5 + 1e-9 })];
    const input = [...kubeStateMetrics(NODES, PODS), ...OWNERS, ...hubbleFlows(flows)];
    await expectTraffic('reset', input, { one: [{ source: WEB_A, destination: DB, rate: 4 }] });
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

  test('are withheld, not unknown, when kube-state-metrics never came', async () => {
    await expectTraffic('never', hubbleFlows(BASIC), {});
  });

  test('are absent, not zero, without flows', async () => {
    await expectTraffic('no flows', kubeStateMetrics(NODES, PODS), {});
  });

  test('count the same packets by the client-side selector and the compatibility selector', async () => {
    const egress = BASIC.map((spec) => ({
      ...spec,
      labels: { ...spec.labels, traffic_direction: 'egress', subtype: 'to-stack' },
    }));
    const input = [...basicInput(), ...hubbleFlows(egress)];
    for (const select of ['client-side', 'compatibility']) {
      await expectTraffic(select, input, { one: BASIC_PAIRS }, '10m', { flows: { select } });
    }
  });
});
