import type { Workload } from '../../bench/model.ts';

/** A workload of the demo. */
export interface Planned extends Workload {
  /** Number of pods; a DaemonSet has one on every node. */
  readonly replicas: number;
  /** On the network of its nodes. */
  readonly hostNetwork?: boolean;
  /** Where its first pod goes, as a number of a zone from 0; the others follow zone by zone. */
  readonly firstZone?: number;
}

const planned = (path: string, kind: Workload['kind'], replicas: number, traits: Partial<Planned> = {}): Planned => {
  const [namespace = '', name = ''] = path.split('/');
  return { namespace, name, kind, replicas, ...traits };
};

/** What runs in the cluster: a shop. */
export const WORKLOADS: readonly Planned[] = [
  planned('edge/gateway', 'Deployment', 3),
  planned('shop/web', 'Deployment', 6),
  planned('shop/checkout', 'Deployment', 6),
  planned('shop/cart', 'Deployment', 3),
  planned('shop/cart-redis', 'StatefulSet', 3),
  planned('shop/mailer', 'Deployment', 3),
  planned('catalog/products', 'Deployment', 6),
  planned('catalog/images', 'Deployment', 4),
  planned('catalog/price-sync', 'Deployment', 2),
  planned('search/query', 'Deployment', 6),
  planned('search/index', 'StatefulSet', 3),
  planned('search/indexer', 'Deployment', 1, { firstZone: 1 }),
  planned('payments/ledger', 'StatefulSet', 3),
  planned('payments/fraud', 'Deployment', 3),
  planned('accounts/login', 'Deployment', 3),
  planned('accounts/postgres', 'StatefulSet', 2),
  planned('kube-system/coredns', 'Deployment', 3),
  planned('kube-system/aws-node', 'DaemonSet', 9, { hostNetwork: true }),
];

/** Who calls whom: `near` calls pods of the own zone (topology-aware routing), `all` calls every pod. */
export interface Edge {
  readonly client: string;
  readonly server: string;
  readonly style: 'near' | 'all';
  /** Requests per second from each pod to each pod that it calls. */
  readonly requests: number;
  /** Mean bytes of a packet there and back. */
  readonly bytes: readonly [request: number, reply: number];
}

/** Agents count what the network stack hands over at once: with segmentation offload, up to 64 KiB of such packets. */
const SEGMENTS = 45;

const edge = (
  client: string,
  server: string,
  style: Edge['style'],
  requests: number,
  [request, reply]: Edge['bytes'] = [250, 900],
): Edge => ({ client, server, style, requests, bytes: [SEGMENTS * request, SEGMENTS * reply] });

/** The calls between workloads; DNS and what comes from outside are made apart. */
export const EDGES: readonly Edge[] = [
  edge('edge/gateway', 'shop/web', 'near', 62),
  edge('edge/gateway', 'catalog/images', 'near', 40, [120, 1380]),
  edge('edge/gateway', 'accounts/login', 'near', 18),
  edge('shop/web', 'catalog/products', 'near', 24),
  edge('shop/web', 'search/query', 'near', 15),
  edge('shop/web', 'shop/cart', 'near', 16),
  edge('shop/web', 'shop/checkout', 'near', 8),
  edge('shop/cart', 'shop/cart-redis', 'near', 42, [140, 420]),
  edge('shop/checkout', 'payments/fraud', 'near', 9),
  edge('shop/checkout', 'shop/mailer', 'near', 2),
  edge('catalog/products', 'search/index', 'all', 7, [300, 1200]),
  edge('search/query', 'search/index', 'near', 22, [300, 1300]),
  edge('search/indexer', 'search/index', 'all', 26, [1200, 120]),
  edge('search/indexer', 'catalog/products', 'all', 5, [180, 1300]),
  edge('catalog/price-sync', 'catalog/products', 'near', 9),
  edge('accounts/login', 'accounts/postgres', 'all', 9, [220, 600]),
  edge('payments/ledger', 'payments/ledger', 'all', 6, [700, 90]),
];

/** checkout's calls of the ledger: to the one of its zone at first, after the deploy to the primary. */
export const LEDGER: Edge = edge('shop/checkout', 'payments/ledger', 'near', 74, [420, 380]);
