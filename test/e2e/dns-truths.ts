import type { Connection, Pod } from '../../bench/model.ts';
import { zoneOfNode } from '../../bench/model.ts';
import type { Stack } from './stack.ts';
import type { Answer, Expected } from './vector.ts';

const RESOLVER = '169.254.169.253:53';
const LIMIT = 1024;
/** How DNS usually works in the synthetic cluster: shares of queries, and mean seconds of the cache and the resolver. */
const USUAL = { nxdomain: 0.6, cached: 0.75, cache: 0.0004, resolver: 0.008 };
const QUANTILES = [0.5, 0.9, 0.99];

/** The quantile that buckets from 0.25 ms to 8 s tell of parts that are spread evenly from 0 to twice their mean. */
function quantile(q: number, parts: readonly { readonly share: number; readonly mean: number }[]): number {
  const upTo = (bound: number) =>
    parts.reduce((sum, { share, mean }) => sum + share * Math.min(1, bound / (2 * mean)), 0);
  let [below, bound] = [0, 0.00025];
  while (upTo(bound) < q) [below, bound] = [bound, bound * 2];
  return below + ((q - upTo(below)) / (upTo(bound) - upTo(below))) * (bound - below);
}

const number = (value: number): Answer => ({ all: [{ labels: {}, value }] });
const none: Answer = { all: [] };

/** Sums values whose labels are the same. */
const summed = (items: readonly Expected[]): readonly Expected[] => {
  const groups = new Map<string, Expected>();
  for (const { labels, value } of items) {
    const key = JSON.stringify(labels);
    groups.set(key, { labels, value: (groups.get(key)?.value ?? 0) + value });
  }
  return [...groups.values()];
};

/** Every panel of cluster-dns with the truth for each of its queries, from the connections of the cluster. */
export function clusterDnsTruths(stack: Stack): Readonly<Record<string, readonly Answer[]>> {
  const { cluster, source } = stack;
  const asked = cluster.connections.filter(
    (one): one is Connection & { server: { kind: 'pod'; pod: Pod } } =>
      one.protocol === 'UDP' && one.server.kind === 'pod',
  );
  const servers = [...new Set(asked.map(({ server }) => server.pod))];
  const queriesTo = (pod: Pod) =>
    asked.reduce((sum, { server, requests }) => sum + (server.pod === pod ? requests : 0), 0);
  const total = servers.reduce((sum, pod) => sum + queriesTo(pod), 0);
  const forwarded = (queries: number) => queries * (1 - USUAL.cached);
  const zone = (name: string) =>
    zoneOfNode(cluster.nodes.find((node) => node.name === name) ?? { zone: '', providerId: '' });
  const server = (pod: Pod) => ({ cluster: cluster.name, job: 'coredns', instance: pod.name, node: pod.node });
  const placed = (value: (pod: Pod) => number): Answer => ({
    all: servers.map((pod) => ({ labels: { ...server(pod), zone: zone(pod.node) }, value: value(pod) })),
  });
  const byNode = summed(
    servers.map((pod) => ({ labels: { cluster: cluster.name, node: pod.node }, value: forwarded(queriesTo(pod)) })),
  );
  const nodes = new Set(servers.map(({ node }) => node));
  const dropped: readonly Expected[] = cluster.nodes
    .filter(({ name }) => nodes.has(name))
    .flatMap(({ name, interfaces }) =>
      interfaces.map(({ device, exceeded }) => ({
        labels: { cluster: cluster.name, instance: name, node: name, device },
        value: exceeded.linklocal,
      })),
    );
  // Legends show the node without its domain.
  const named = ({ labels, value }: Expected): Expected => ({
    labels: { ...labels, host: (labels['node'] ?? '').split('.')[0] ?? '' },
    value,
  });
  const droppedAt = (node: string) =>
    dropped.reduce((sum, { labels, value }) => sum + (labels['node'] === node ? value : 0), 0);
  const all = [
    { share: USUAL.cached, mean: USUAL.cache },
    { share: 1 - USUAL.cached, mean: USUAL.resolver },
  ];
  const upstream = { job: 'coredns', to: RESOLVER };
  const clients = summed(
    asked.flatMap(({ client, requests }) =>
      client.kind === 'pod' && !client.pod.hostNetwork
        ? [
            {
              labels: {
                cluster: cluster.name,
                namespace: client.pod.namespace,
                workload_type: client.pod.controller?.kind === 'Node' ? 'StaticPod' : client.pod.workload.kind,
                workload: client.pod.workload.name,
              },
              value: requests,
            },
          ]
        : [],
    ),
  );
  const nameless = clients.map(({ labels, value }) => ({ labels, value: value * USUAL.nxdomain }));
  const coded = (rcode: string) => (one: Expected) => ({ ...one, labels: { ...one.labels, rcode } });
  const whoAsks: Readonly<Record<string, readonly Answer[]>> = {
    clients: [
      { all: clients, limit: 50 },
      { all: nameless, limit: 50 },
      { all: clients.map(({ labels }) => ({ labels, value: USUAL.nxdomain })), limit: 50 },
      { all: clients.map(({ labels }) => ({ labels, value: 0 })), limit: 50 },
    ],
    'queries-by-workload': [{ all: clients, limit: 10 }],
    'nxdomain-by-workload': [{ all: nameless.map(coded('NXDOMAIN')), limit: 10 }],
  };
  return {
    queries: [number(total)],
    errors: [number(0)],
    nxdomain: [number(USUAL.nxdomain)],
    latency: [number(quantile(0.99, all))],
    cache: [number(USUAL.cached)],
    'busiest-node': [number(Math.max(...byNode.map(({ value }) => value)) / LIMIT)],
    throttled: [number(dropped.reduce((sum, { value }) => sum + value, 0))],
    replicas: [number(servers.length)],
    servers: [
      placed(queriesTo),
      placed((pod) => queriesTo(pod) / (total / servers.length)),
      placed((pod) => forwarded(queriesTo(pod)) / LIMIT),
      placed(() => 0),
      placed(({ node }) => droppedAt(node)),
    ],
    'firing-alerts': [none, { all: [{ labels: { alertname: 'none' }, value: 1 }] }],
    'linklocal-by-node': [{ all: byNode.map(named), limit: 10 }, { all: [{ labels: {}, value: LIMIT }] }],
    'throttled-by-interface': [{ all: dropped.map(named), limit: 10 }],
    'answers-by-code': [
      {
        all: [
          { labels: { rcode: 'NOERROR' }, value: total * (1 - USUAL.nxdomain) },
          { labels: { rcode: 'NXDOMAIN' }, value: total * USUAL.nxdomain },
          { labels: { rcode: 'SERVFAIL' }, value: 0 },
        ],
      },
    ],
    'latency-quantiles': [
      { all: QUANTILES.map((q) => ({ labels: { job: 'coredns', quantile: String(q) }, value: quantile(q, all) })) },
    ],
    'queries-by-server': [{ all: servers.map((pod) => ({ labels: server(pod), value: queriesTo(pod) })), limit: 10 }],
    'cache-hits': [{ all: [{ labels: { job: 'coredns' }, value: USUAL.cached }] }],
    'upstream-latency': [
      {
        all: [
          {
            labels: { cluster: cluster.name, ...upstream, quantile: '0.99' },
            value: quantile(0.99, [{ share: 1, mean: USUAL.resolver }]),
          },
        ],
        limit: 10,
      },
    ],
    'upstream-failures': [{ all: [{ labels: upstream, value: 0 }], limit: 10 }],
    'upstream-answers': [{ all: [{ labels: { to: RESOLVER, rcode: 'NOERROR' }, value: forwarded(total) }] }],
    'lost-queries': ['panics', 'no upstream'].map(() => ({ all: [{ labels: { job: 'coredns' }, value: 0 }] })),
    ...(source === 'retina-hubble' ? whoAsks : {}),
  };
}
