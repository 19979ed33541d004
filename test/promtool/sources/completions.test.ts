import { describe, expect, jest, test } from '@jest/globals';
import { podMoved, relabelled } from '../../../bench/faults/index.ts';
import { type Cluster, type Connection, isDirectOnOneNode, nodeNameOf } from '../../../bench/model.ts';
import { generate, RULES } from '../../support/generate.ts';
import { connect, end, OUTSIDE } from '../../support/handmade-cluster.ts';
import { type InputSeries, seriesText, testRules } from '../../support/rule-test.ts';
import { hubbleFlows, kubeStateMetrics, type PodSpec, values } from '../scenario.ts';
import { TIMEOUT_MS } from './cases.ts';
import {
  expectScenario,
  isKubeStateMetrics,
  observedBy,
  scrapesFor,
  type Setup,
  STEADY,
  steadyScrapes,
  truthAt,
} from './harness.ts';
import { CONNECTIONS, DB, HOSTILE, NODES, PODS } from './hostile-cluster.ts';
import { truthOver } from './over-time.ts';
import { only, steady } from './steady.ts';

jest.setTimeout(TIMEOUT_MS);

/** Sources whose default selection is completed by what the client's node reports. */
const IDS = ['retina-hubble', 'retina-standard', 'cilium-hubble'] as const;

const { a, b } = NODES;

/** Within a node by a Service and directly at once, both ways; across nodes in one zone's place and the other's; and to the outside. */
const MIXED: Cluster = only(
  connect(end(PODS.webA), end(PODS.dbA), 2, 3),
  connect(end(PODS.webA), end(PODS.dbA), 5, 7, { via: DB }),
  connect(end(PODS.dbA), end(PODS.webA), 11, 13),
  connect(end(PODS.webA), end(PODS.dbB), 17, 19, { via: DB }),
  connect(end(PODS.webB), end(PODS.dbB), 23, 29),
  connect(end(PODS.webB), end(PODS.webA), 31, 37),
  connect(end(PODS.webA), OUTSIDE, 41, 43),
  connect(OUTSIDE, end(PODS.webA), 47, 53),
  connect(end(PODS.hostOne), end(PODS.webA), 59, 61),
  connect(end(PODS.webA), end(PODS.hostTwo), 67, 71),
);

describe.each(IDS)('%s', (id) => {
  const setup: Setup = { id };

  test.concurrent('counts once what stays on a node, with a Service and without, and what leads outside', async () => {
    await expectScenario('mixed', setup, steady(MIXED)(setup));
  });

  test.concurrent('tells two clusters apart with the same pods on other nodes', async () => {
    // What stays on a node in one cluster crosses zones in the other.
    const moved = { ...PODS.dbA, node: b.name };
    const connections = MIXED.connections.map((one) => {
      const place = (of: Connection['client']): Connection['client'] =>
        of.kind === 'pod' && of.pod.uid === moved.uid ? { ...of, pod: moved } : of;
      return { ...one, client: place(one.client), server: place(one.server) };
    });
    const pods = MIXED.pods.map((pod) => (pod.uid === moved.uid ? moved : pod));
    await expectScenario('two clusters', setup, steady(MIXED, { ...MIXED, name: 'two', pods, connections })(setup));
  });

  test.concurrent('needs no label of the node or the pod on agents', async () => {
    const scrapes = steadyScrapes(setup, MIXED).map((scrape) => {
      const { node: _node, pod: _pod, namespace: _namespace, ...labels } = scrape.labels;
      return isKubeStateMetrics(scrape) ? scrape : { ...scrape, labels };
    });
    await expectScenario('no node label', setup, { scrapes, checks: [truthAt(setup, STEADY, MIXED)] });
  });

  test.concurrent.each([0, 120, 300])(
    'a pod moves next to its peer and away again: after %i s it has nothing of its other place',
    async (later) => {
      const together = podMoved(MIXED, { pod: PODS.dbB, at: 360, overlap: 60, node: a.name, ip: '10.1.0.60' });
      await expectScenario('moved', setup, {
        scrapes: scrapesFor(setup, together.timeline),
        checks: [truthAt(setup, STEADY, MIXED), truthOver(setup, together.timeline, 360 + 60 + later)],
      });
    },
  );

  test.concurrent('an agent is missing: what the others report is there, and nothing is taken twice', async () => {
    const counted = (one: Connection): boolean => {
      const isClients = isDirectOnOneNode(one) || one.server.kind === 'external';
      return nodeNameOf(isClients ? one.client : one.server) !== b.name;
    };
    // Cilium's replies are found at their client, where no server's node reports them.
    const replies = id === 'cilium-hubble' ? MIXED.connections.filter((one) => !counted(one)) : [];
    const cluster = { ...MIXED, connections: MIXED.connections.filter(counted) };
    const found = observedBy(setup, cluster);
    const late = observedBy(setup, {
      ...MIXED,
      connections: replies
        .filter(({ client, server }) => nodeNameOf(client) === a.name && server.kind === 'pod' && client.kind === 'pod')
        .filter(({ client }) => client.kind === 'pod' && !client.pod.hostNetwork)
        .map((one) => ({ ...one, requests: 0 })),
    });
    const merged = Object.fromEntries(
      Object.entries(found).map(([unit, traffic]) => [
        unit,
        [...traffic, ...(late[unit as keyof typeof late] ?? []).filter(({ rate }) => rate > 0)],
      ]),
    );
    const scrapes = steadyScrapes(setup, MIXED).filter(({ labels }) => labels['node'] !== b.name);
    await expectScenario('agent missing', setup, { scrapes, checks: [{ at: STEADY, truth: { one: merged } }] });
  });

  test.concurrent(
    'Services that are not described: addresses might be theirs, so nothing is taken for the outside',
    async () => {
      const scrapes = relabelled(steadyScrapes(setup, MIXED), isKubeStateMetrics, ({ labels }) =>
        labels['service'] === 'kubernetes' ? undefined : labels,
      );
      const inside = MIXED.connections.filter(({ server }) => server.kind !== 'external');
      await expectScenario('no Services', setup, {
        scrapes,
        checks: [truthAt(setup, STEADY, { ...MIXED, connections: inside })],
      });
    },
  );

  test.concurrent('link-local addresses stay on the node', async () => {
    const local = ['169.254.20.10', 'fe80::1'].map((ip) => connect(end(PODS.webA), { kind: 'external', ip }, 5, 6));
    const cluster = { ...MIXED, connections: [...MIXED.connections, ...local] };
    const scenario = { scrapes: steadyScrapes(setup, cluster), checks: [truthAt(setup, STEADY, MIXED)] };
    await expectScenario('link-local', setup, scenario);
  });

  test('completes the default selection, under either name, and no other', () => {
    const has = (select: unknown) =>
      generate({ flows: { source: id, select } })
        .file(RULES.zoneTraffic)
        .includes('_completed:');
    const [first = '', ...others] = Object.keys(
      { 'retina-standard': { ingress: 1, egress: 1 } }[id as string] ?? {
        'server-side': 1,
        'client-side': 1,
        compatibility: 1,
      },
    );
    expect([has('default'), has(first), has({ [id]: first })]).toEqual([true, true, true]);
    expect([...others, 'protocol="TCP"'].map(has)).not.toContain(true);
  });
});

describe('cilium-hubble: replies', () => {
  test.concurrent.each(['native', 'tunnel', 'endpoint-routes', 'host-routing'] as const)(
    'count once with %s',
    async (routing) => {
      const setup: Setup = { id: 'cilium-hubble', options: { routing } };
      for (const cluster of [MIXED, HOSTILE]) await expectScenario(routing, setup, steady(cluster)(setup));
    },
  );
});

describe('retina-standard: the API server', () => {
  const address = '10.0.0.77';
  const called = (cluster: Partial<Cluster>): Cluster => ({
    ...MIXED,
    apiServer: address,
    ...cluster,
    connections: [
      ...MIXED.connections,
      connect(end(PODS.webA), { kind: 'external', ip: address }, 5, 6),
      connect({ kind: 'external', ip: address }, end(PODS.dbB), 7, 8),
    ],
  });

  test.concurrent.each(['zone', 'workload', 'pod'])(
    'is outside of the cluster: granularity %s',
    async (granularity) => {
      const setup: Setup = { id: 'retina-standard', given: { flows: { granularity } } };
      await expectScenario('managed', setup, steady(called({}))(setup));
    },
  );

  test.concurrent('is a node where it runs on one', async () => {
    const setup: Setup = { id: 'retina-standard' };
    const cluster = called({ apiServer: NODES.c.internalIp });
    const connections = [
      ...MIXED.connections,
      connect({ kind: 'node', node: NODES.c }, end(PODS.dbB), 7, 8),
      connect(end(PODS.webA), { kind: 'node', node: NODES.c }, 5, 6),
    ];
    await expectScenario('self-hosted', setup, steady({ ...cluster, connections })(setup));
  });
});

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
    await expectPairs('load balancers', input, 10, { 'zone-a > unknown unknown': 10 });
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

test('every connection of the hostile cluster within a node is one that the completion counts', () => {
  const within = CONNECTIONS.filter(isDirectOnOneNode);
  expect(within.length).toBeGreaterThan(1);
  const traffic = observedBy({ id: 'retina-hubble' }, { ...HOSTILE, connections: within }).network_flows ?? [];
  expect(new Set(traffic.map(({ locality }) => locality))).toEqual(new Set(['same_zone']));
});
