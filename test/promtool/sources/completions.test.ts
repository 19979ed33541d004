import { describe, expect, jest, test } from '@jest/globals';
import { podMoved, relabelled } from '../../../bench/faults/index.ts';
import { type Cluster, type Connection, isDirectOnOneNode, nodeNameOf } from '../../../bench/model.ts';
import { generate, RULES } from '../../support/generate.ts';
import { connect, end, OUTSIDE } from '../../support/handmade-cluster.ts';
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

test('every connection of the hostile cluster within a node is one that the completion counts', () => {
  const within = CONNECTIONS.filter(isDirectOnOneNode);
  expect(within.length).toBeGreaterThan(1);
  const traffic = observedBy({ id: 'retina-hubble' }, { ...HOSTILE, connections: within }).network_flows ?? [];
  expect(new Set(traffic.map(({ locality }) => locality))).toEqual(new Set(['same_zone']));
});
