import type { Cluster, Connection, Endpoint, Node, Pod, Service } from '../../bench/model.ts';

const node = (name: string, zone: string, providerId: string, last: number): Node => ({
  name,
  zone,
  providerId,
  internalIp: `10.0.0.${last}`,
  createdAt: 1,
  interfaces: [],
});

type Traits = Partial<Omit<Pod, 'name' | 'node' | 'ip'>>;

/** A pod of the Deployment `web` in `shop`, unless told otherwise. */
export const podOf = (name: string, on: string, ip: string, traits: Traits = {}): Pod => ({
  namespace: 'shop',
  name,
  uid: `uid-${name}`,
  ip,
  node: on,
  workload: { namespace: 'shop', kind: 'Deployment', name: 'web' },
  controller: { kind: 'ReplicaSet', name: 'web-7d' },
  createdAt: 10,
  hostNetwork: false,
  ...traits,
});

const stateful = (name: string) => ({
  workload: { namespace: 'shop', kind: 'StatefulSet', name } as const,
  controller: { kind: 'StatefulSet', name },
});

/** Zones by label, by provider id only, and not at all. */
export const NODES = {
  a: node('node-a', 'az-a', 'aws:///az-a/i-1', 1),
  b: node('node-b', 'az-b', 'aws:///az-b/i-2', 2),
  c: node('node-c', '', 'aws:///az-c/i-3', 3),
  x: node('node-x', '', 'eks-hybrid:///x', 4),
} as const;

export const PODS = {
  web: podOf('web-1', 'node-a', '10.1.0.1', { ipv6: 'fd00::1' }),
  db: podOf('db-0', 'node-b', '10.1.0.2', { ...stateful('db'), ipv6: 'fd00::2' }),
  near: podOf('near-0', 'node-a', '10.1.0.3', stateful('near')),
  placed: podOf('placed-0', 'node-c', '10.1.0.4', stateful('placed')),
  lost: podOf('lost-0', 'node-x', '10.1.0.5', stateful('lost')),
  host: podOf('host-b', 'node-b', '10.0.0.2', { ...stateful('host'), hostNetwork: true }),
} as const;

/** A pod that only its traffic tells of. */
export const GONE = podOf('gone-0', 'node-a', '10.1.0.99', stateful('gone'));

export const SERVICE: Service = { namespace: 'shop', name: 'db', clusterIp: '172.20.0.1' };
export const OUTSIDE: Endpoint = { kind: 'external', ip: '203.0.113.1' };

export const end = (pod: Pod, traits: { ip?: string; unnamed?: boolean } = {}): Endpoint => ({
  kind: 'pod',
  pod,
  ...traits,
});
export const onNode = (of: Node): Endpoint => ({ kind: 'node', node: of });

/** Requests of 10 bytes, replies of 100; rates per second. */
export const connect = (
  client: Endpoint,
  server: Endpoint,
  requests: number,
  replies: number,
  traits: Partial<Connection> = {},
): Connection => ({ client, server, protocol: 'TCP', requests, replies, requestBytes: 10, replyBytes: 100, ...traits });

/** The nodes and pods above with these connections. */
export const clusterWith = (
  connections: readonly Connection[],
  pods: readonly Pod[] = Object.values(PODS),
): Cluster => ({
  name: 'handmade',
  nodes: Object.values(NODES),
  workloads: [...new Set(pods.map(({ workload }) => workload))],
  pods,
  services: [SERVICE],
  connections,
});
