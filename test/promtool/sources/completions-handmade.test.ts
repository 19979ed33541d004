import { describe, jest, test } from '@jest/globals';
import { generate, RULES } from '../../support/generate.ts';
import { type InputSeries, seriesText, testRules } from '../../support/rule-test.ts';
import { hubbleFlows, kubeStateMetrics, type PodSpec, values } from '../scenario.ts';
import { TIMEOUT_MS } from './cases.ts';

jest.setTimeout(TIMEOUT_MS);

const MOVED = 8;
const named = (name: string, node: string, ip: string, rest: Partial<PodSpec> = {}): PodSpec => ({
  namespace: 'shop',
  name,
  node,
  ip,
  ...rest,
});

/** What Hubble's agents report of a call straight to a pod of one node, from the client's node. */
const direct = (
  from: PodSpec,
  to: PodSpec,
  rate: number,
  life: { from?: number; until?: number } = {},
): InputSeries[] =>
  hubbleFlows(
    ['to-stack', 'to-endpoint'].map((subtype) => ({
      source: [from.namespace, from.name] as const,
      destination: [to.namespace, to.name] as const,
      rate,
      ...life,
      labels: { source_ip: from.ip ?? '', destination_ip: to.ip ?? '', traffic_direction: 'egress', subtype },
    })),
  );

const kubernetes: InputSeries = {
  series: seriesText('kube_service_info', {
    cluster: 'one',
    namespace: 'default',
    service: 'kubernetes',
    uid: 'kubernetes',
    cluster_ip: '10.96.0.1',
  }),
  values: values(() => 1),
};

const ZONES = [
  { name: 'node-a', label: 'zone-a' },
  { name: 'node-b', label: 'zone-b' },
];

/** Zone pairs at a minute, as `from > to locality`, each with its rate. */
async function expectPairs(
  name: string,
  input: readonly InputSeries[],
  minute: number,
  pairs: Readonly<Record<string, number>>,
): Promise<void> {
  const exp_samples = Object.entries(pairs).map(([key, value]) => {
    const [source_zone = '', , destination_zone = '', locality = ''] = key.split(' ');
    return { labels: seriesText('', { cluster: 'one', source_zone, destination_zone, locality }), value };
  });
  const expr = 'round(zone_pair:network_flows:rate5m > 0, 0.001)';
  await testRules(
    [generate().file(RULES.zoneTraffic)],
    [
      {
        name,
        interval: '30s',
        input_series: [...input, kubernetes],
        promql_expr_test: [{ expr, eval_time: `${minute}m`, exp_samples }],
      },
    ],
  );
}

describe('retina-hubble, by hand', () => {
  const cart = named('cart', 'node-a', '10.1.0.1', { uid: 'cart' });
  const stock = named('stock', 'node-a', '10.1.0.2', { uid: 'stock' });
  const known = (...pods: readonly PodSpec[]) => kubeStateMetrics(ZONES, pods);

  test('what stayed on a node never crosses zones, though its pod moved and another one has its address at once', async () => {
    const input = [
      ...known(
        cart,
        { ...stock, until: MOVED },
        { ...stock, uid: 'stock-2', node: 'node-b', ip: '10.1.0.3', created: MOVED, from: MOVED },
        named('heir', 'node-a', '10.1.0.2', { created: MOVED, from: MOVED }),
      ),
      ...direct(cart, stock, 10, { until: MOVED }),
    ];
    // 3 of 5 minutes are in the window, and 15 seconds more by extrapolation.
    await expectPairs('heir', input, MOVED + 2, { 'zone-a > zone-a same_zone': 6.5 });
  });

  test('a replica that stayed is in one zone with one that moved, though the name of that one is found elsewhere', async () => {
    const ofWeb = { controller: ['ReplicaSet', 'web-5f'] } as const;
    const leaving = named('web-1', 'node-a', '10.1.0.4', { ...ofWeb, uid: 'web-1' });
    const staying = named('web-2', 'node-a', '10.1.0.5', ofWeb);
    const input = [
      ...known(
        stock,
        staying,
        { ...leaving, until: MOVED },
        { ...leaving, uid: 'web-1b', node: 'node-b', ip: '10.1.0.6', created: MOVED, from: MOVED },
        named('heir', 'node-a', '10.1.0.4', { created: MOVED, from: MOVED }),
      ),
      ...direct(leaving, stock, 10, { until: MOVED }),
      ...direct(staying, stock, 20),
    ];
    await expectPairs('replicas', input, MOVED + 2, { 'zone-a > zone-a same_zone': 26.5 });
  });

  test('kube-state-metrics lags: a pod counts from the moment that it is described, with all of its window', async () => {
    const late = { ...stock, from: 12 };
    const input = [...known(cart, named('other', 'node-b', '10.1.0.9'), late), ...direct(cart, stock, 10)];
    await expectPairs('unknown', input, 11, {});
    await expectPairs('known', input, 14, { 'zone-a > zone-a same_zone': 10 });
  });

  test('names and addresses must agree: a name without its address, or on the network of the host, proves nothing', async () => {
    const elsewhere = { ...stock, ip: '10.1.0.77' };
    const onHost = named('agent', 'node-a', '10.0.0.1', { hostNetwork: true });
    const input = [
      ...known(cart, stock, onHost, named('other', 'node-b', '10.1.0.9')),
      ...direct(cart, elsewhere, 10),
      ...direct(cart, onHost, 10),
    ];
    await expectPairs('no proof', input, 10, {});
  });

  test('addresses of load balancers are no outside, as the node translates them for its own pods', async () => {
    const call = (ip: string): InputSeries[] =>
      hubbleFlows([
        {
          source: ['shop', 'cart'],
          destination: ['', ''],
          rate: 10,
          labels: { source_ip: '10.1.0.1', destination_ip: ip, traffic_direction: 'egress', subtype: 'to-stack' },
        },
      ]);
    const service = { cluster: 'one', namespace: 'shop', service: 'front', uid: 'front' };
    const input = [
      ...known(cart, stock),
      {
        series: seriesText('kube_service_status_load_balancer_ingress', { ...service, ip: '198.51.100.1' }),
        values: values(() => 1),
      },
      {
        series: seriesText('kube_service_spec_external_ip', { ...service, external_ip: '198.51.100.2' }),
        values: values(() => 1),
      },
      ...['198.51.100.1', '198.51.100.2', '198.51.100.3', '10.96.0.1'].flatMap(call),
    ];
    await expectPairs('load balancers', input, 10, { 'zone-a > internet internet': 10 });
  });
});

const RATIO = 'round(cluster:network_flows_initiator_over_receiver:ratio_rate5m, 0.001)';

test('the check against double counting leaves out pairs whose client completes the figures', async () => {
  const generated = generate();
  const pods = [
    named('cart', 'node-a', '10.1.0.1'),
    named('stock', 'node-a', '10.1.0.2'),
    named('db', 'node-b', '10.1.0.3'),
  ];
  const [cart, stock, db] = pods as [PodSpec, PodSpec, PodSpec];
  const served = (from: PodSpec, to: PodSpec, rate: number, traffic_direction: string) =>
    hubbleFlows([
      {
        source: [from.namespace, from.name],
        destination: [to.namespace, to.name],
        rate,
        labels: { source_ip: from.ip ?? '', destination_ip: to.ip ?? '', traffic_direction },
      },
    ]);
  const input = [
    ...kubeStateMetrics(ZONES, pods),
    // Both by a Service and directly: the client reports the direct calls twice, the server those by the Service once.
    ...direct(cart, stock, 30),
    ...served(cart, stock, 5, 'ingress'),
    ...served(cart, db, 2, 'ingress'),
    ...served(cart, db, 2, 'egress'),
  ];
  await testRules(
    [generated.file(RULES.zoneTraffic), generated.file('rules/prometheus/traffic-pipeline.rules.yaml')],
    [
      {
        name: 'ratio',
        interval: '30s',
        input_series: input,
        promql_expr_test: [{ expr: RATIO, eval_time: '16m', exp_samples: [{ labels: '{cluster="one"}', value: 1 }] }],
      },
    ],
  );
});
