import type { Node } from './node.ts';
import type { Pod } from './pod.ts';

/**
 * One end of a connection: a pod, a process of a node such as its kubelet, or an address outside of the cluster.
 *
 * `ip` says which address of a dual-stack pod or node is meant; the first (IPv4) one by default. `unnamed` is for what
 * a flow source failed to look up: its flows carry the address of this end, but neither namespace nor pod. It matters
 * only to sources that have a label for the address; the others look names up by other means.
 */
export type Endpoint =
  | { readonly kind: 'pod'; readonly pod: Pod; readonly ip?: string; readonly unnamed?: boolean }
  | { readonly kind: 'node'; readonly node: Node; readonly ip?: string }
  | { readonly kind: 'external'; readonly ip: string };

/** A Service with an address of its own. */
export interface Service {
  readonly namespace: string;
  readonly name: string;
  readonly clusterIp: string;
  /** Unix time in seconds; 0 by default. */
  readonly createdAt?: number;
  /** The workload of its namespace whose pods are behind it; none by default. */
  readonly workload?: string;
  /** How it prefers zones: the annotation topology-mode, or the field trafficDistribution. It prefers none by default. */
  readonly routing?: 'Auto' | 'PreferClose' | 'PreferSameZone' | 'PreferSameNode';
  /** Without an address of its own. */
  readonly isHeadless?: boolean;
}

/** Addresses that the API server does not know, and what the configuration truly says of them. */
export interface Place {
  readonly ip: string;
  /** Whether it is in a range of the cluster. */
  readonly isOurs?: boolean;
  /** The workload outside of the cluster. */
  readonly workload?: string;
  /** The kind of that workload, where it matters. */
  readonly kind?: 'internet' | 'storage';
  /** Undefined where nobody says it, or where it is in another region. */
  readonly zone?: string;
  /** The other region. */
  readonly region?: string;
}

/**
 * Steady traffic from a client that opened the connection to a server. A cluster has at most one connection for each
 * ordered pair of endpoints; several Services may lead to one server, though.
 */
export interface Connection {
  readonly client: Endpoint;
  readonly server: Endpoint;
  /** The Service whose address the client calls; its node translates it to the server's. Undefined: called directly. */
  readonly via?: Service;
  /** UDP connections are DNS and show up as L7 events, too. */
  readonly protocol: 'TCP' | 'UDP';
  /** Packets per second from client to server. */
  readonly requests: number;
  /** Packets per second from server to client. */
  readonly replies: number;
  /** Mean bytes of a packet from client to server, 200 by default. */
  readonly requestBytes?: number;
  /** Mean bytes of a packet from server to client, 1000 by default. */
  readonly replyBytes?: number;
  /** Nothing by default. It comes on top: none of these packets is in the rates above. */
  readonly trouble?: Trouble;
}

/** What goes wrong on a connection, in packets per second. */
export interface Trouble {
  /** Requests that the server's node drops before they reach it, and why, as Cilium names reasons. */
  readonly dropped?: { readonly reason: string; readonly rate: number };
  /** Packets with the flag RST that the server sends. */
  readonly resets?: number;
  /** Segments that the server sends again. */
  readonly retransmits?: number;
}

/** Packets from one end to the other: the requests of a connection, or its replies. */
export interface Flow {
  readonly connection: Connection;
  readonly isReply: boolean;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  /** Packets per second. */
  readonly packets: number;
  /** Bytes per second. */
  readonly bytes: number;
}

/** Both directions of a connection: requests, then replies. */
export function flowsOf(connection: Connection): [requests: Flow, replies: Flow] {
  const { client, server, requests, replies, requestBytes = 200, replyBytes = 1_000 } = connection;
  return [
    {
      connection,
      isReply: false,
      source: client,
      destination: server,
      packets: requests,
      bytes: requests * requestBytes,
    },
    { connection, isReply: true, source: server, destination: client, packets: replies, bytes: replies * replyBytes },
  ];
}

/** The address of an end as its packets carry it. */
export function addressOf(endpoint: Endpoint): string {
  if (endpoint.kind === 'external') return endpoint.ip;
  if (endpoint.ip !== undefined) return endpoint.ip;
  return endpoint.kind === 'pod' ? endpoint.pod.ip : endpoint.node.internalIp;
}

/** Name of the node of an end, or undefined outside of the cluster. */
export function nodeNameOf(endpoint: Endpoint): string | undefined {
  if (endpoint.kind === 'external') return undefined;
  return endpoint.kind === 'pod' ? endpoint.pod.node : endpoint.node.name;
}

/** Whether an end has an interface of its own, a veth: pods do, unless they are on the network of their host. */
export function hasVeth(endpoint: Endpoint): boolean {
  return endpoint.kind === 'pod' && !endpoint.pod.hostNetwork;
}

/** Whether both ends are on one node. */
export function isOnOneNode({ client, server }: Connection): boolean {
  const node = nodeNameOf(client);
  return node !== undefined && node === nodeNameOf(server);
}

/**
 * Whether packets pass the veths of both ends with the same addresses: between pods of one node, and not by way of a Service. Agents that track
 * connections by address take what they see at the second veth for more of what they saw at the first.
 */
export function isDirectOnOneNode(connection: Connection): boolean {
  const { client, server, via } = connection;
  return via === undefined && isOnOneNode(connection) && hasVeth(client) && hasVeth(server);
}

/** Whether the packets are IPv6. */
export function isIpv6({ client, server }: Connection): boolean {
  return addressOf(client).includes(':') || addressOf(server).includes(':');
}
