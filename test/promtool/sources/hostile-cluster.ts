import type { Cluster, Connection, Controller, Node, Pod, Service } from '../../../bench/model.ts';
import { connect, end, onNode, OUTSIDE, podOf } from '../../support/handmade-cluster.ts';

const node = (name: string, last: number, zone: string, providerId: string): Node => ({
  name,
  zone,
  providerId,
  internalIp: `10.0.0.${last}`,
  internalIpv6: `fd00:a::${last}`,
  createdAt: 1,
  interfaces: [],
});

/** Two zones by label, one by provider id only, and a hybrid node that nobody can place. */
export const NODES = {
  a: node('node-a', 1, 'zone-a', 'aws:///zone-a/i-1'),
  b: node('node-b', 2, 'zone-b', 'aws:///zone-b/i-2'),
  c: node('node-c', 3, '', 'aws:///zone-c/i-3'),
  x: node('node-x', 4, '', 'eks-hybrid:///eu-central-1/site/x'),
} as const;

const ownedBy = (
  kind: Pod['workload']['kind'],
  name: string,
  namespace = 'shop',
  controller: Controller = { kind, name },
) => ({
  namespace,
  workload: { namespace, kind, name },
  controller,
});

const { a, b, c, x } = NODES;

/** Addresses of the dual-stack pods. */
const IPV6 = { dbB: 'fd00:b::3', dbA: 'fd00:b::4' } as const;

/** One of each kind of pod; all of `web` and `db` more than once. */
export const PODS = {
  webA: podOf('web-1', a.name, '10.1.0.1'),
  webB: podOf('web-2', b.name, '10.1.0.2'),
  dbB: podOf('db-0', b.name, '10.1.0.3', { ...ownedBy('StatefulSet', 'db'), ipv6: IPV6.dbB }),
  dbA: podOf('db-1', a.name, '10.1.0.4', { ...ownedBy('StatefulSet', 'db'), ipv6: IPV6.dbA }),
  agent: podOf('agent-c', c.name, '10.1.0.5', ownedBy('DaemonSet', 'agent', 'watch')),
  report: podOf(
    'report-28-x',
    c.name,
    '10.1.0.6',
    ownedBy('CronJob', 'report', 'shop', { kind: 'Job', name: 'report-28' }),
  ),
  once: podOf('once-x', a.name, '10.1.0.7', ownedBy('Job', 'once')),
  roll: podOf('roll-5f-x', a.name, '10.1.0.8', {
    ...ownedBy('Rollout', 'roll'),
    controller: { kind: 'ReplicaSet', name: 'roll-5f' },
  }),
  fixed: podOf('fixed-node-b', b.name, '10.1.0.9', {
    ...ownedBy('Pod', 'fixed-node-b'),
    controller: { kind: 'Node', name: b.name },
  }),
  bare: podOf('bare', x.name, '10.1.0.10', { ...ownedBy('Pod', 'bare'), controller: undefined }),
  // One name in two namespaces, in two zones.
  blue: podOf('redis-0', a.name, '10.1.0.11', { ...ownedBy('StatefulSet', 'redis', 'blue'), uid: 'uid-blue' }),
  green: podOf('redis-0', b.name, '10.1.0.12', { ...ownedBy('StatefulSet', 'redis', 'green'), uid: 'uid-green' }),
  // One name and address in two namespaces, as both are on the network of their host.
  hostOne: podOf('exporter', a.name, a.internalIp, {
    ...ownedBy('DaemonSet', 'exporter', 'one'),
    uid: 'uid-1',
    hostNetwork: true,
  }),
  hostTwo: podOf('exporter', a.name, a.internalIp, {
    ...ownedBy('DaemonSet', 'exporter', 'two'),
    uid: 'uid-2',
    hostNetwork: true,
  }),
  // They talk to one another only, so that what happens to them changes whole series.
  alone: podOf('alone-0', a.name, '10.1.0.20', ownedBy('StatefulSet', 'alone')),
  peer: podOf('peer-0', b.name, '10.1.0.21', ownedBy('StatefulSet', 'peer')),
} as const satisfies Record<string, Pod>;

/** A pod that only its traffic tells of. */
export const GONE = podOf('gone-0', a.name, '10.1.0.99', ownedBy('StatefulSet', 'gone'));

export const DB: Service = { namespace: 'shop', name: 'db', clusterIp: '172.20.0.1' };

/** Traffic between all of them. All rates differ, so that no two mistakes cancel out. */
export const CONNECTIONS: readonly Connection[] = [
  connect(end(PODS.webA), end(PODS.dbB), 2, 3, { via: DB }),
  connect(end(PODS.webB), end(PODS.dbB), 10, 4, { via: DB }),
  connect(end(PODS.webA), end(PODS.dbA), 5, 6, { via: DB }),
  connect(end(PODS.agent), end(PODS.webA), 7, 8),
  connect(end(PODS.bare), end(PODS.webB), 4, 1),
  connect(end(PODS.report), end(PODS.dbB), 3, 2),
  connect(end(PODS.once), end(PODS.fixed), 12, 13),
  connect(end(PODS.roll), end(PODS.blue), 14, 15),
  connect(end(PODS.roll), end(PODS.green), 19, 16),
  connect(OUTSIDE, end(PODS.webB), 21, 22),
  connect(end(PODS.webA), OUTSIDE, 23, 24),
  connect(onNode(a), end(PODS.webA), 1, 9),
  connect(onNode(b), end(PODS.roll), 25, 26),
  connect(end(PODS.hostOne), end(PODS.dbB), 27, 28),
  connect(end(PODS.hostTwo), end(PODS.dbB), 29, 31),
  connect(end(PODS.webB), end(PODS.hostOne), 32, 33),
  // A source that could not look names up: addresses only.
  connect(end(PODS.webB, { unnamed: true }), end(PODS.dbA, { unnamed: true }), 34, 35),
  connect(end(PODS.dbB, { ip: IPV6.dbB }), end(PODS.dbA, { ip: IPV6.dbA }), 36, 37),
  connect(end(PODS.dbA, { ip: IPV6.dbA, unnamed: true }), end(PODS.dbB, { ip: IPV6.dbB, unnamed: true }), 38, 39),
  connect(end(PODS.webA), end(PODS.roll), 41, 42, { protocol: 'UDP' }),
  connect(end(PODS.alone), end(PODS.peer), 43, 44),
  // Two ends without a zone, for two reasons.
  connect(OUTSIDE, end(PODS.bare), 46, 47),
];

const FROM_GONE = connect(end(GONE), end(PODS.dbB), 6, 45);

/** A small cluster in which everything is that breaks naive joins, yet nothing happens. */
export const HOSTILE: Cluster = {
  name: 'one',
  nodes: Object.values(NODES),
  workloads: [...new Set(Object.values(PODS).map(({ workload }) => workload))],
  pods: Object.values(PODS),
  services: [DB],
  connections: [...CONNECTIONS, FROM_GONE],
};

/** The hostile cluster with these pods and connections besides, or in place of its own of the same uid. */
export const withPods = (pods: readonly Pod[], connections: readonly Connection[] = CONNECTIONS): Cluster => {
  const replaced = new Set(pods.map(({ uid }) => uid));
  return { ...HOSTILE, pods: [...HOSTILE.pods.filter(({ uid }) => !replaced.has(uid)), ...pods], connections };
};
