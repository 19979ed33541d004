import { groupBy } from '../group.ts';
import type { Connection, Endpoint, Node, Pod, Workload } from '../model.ts';
import type { Random } from '../random.ts';
import type { ResolvedOptions } from './options.ts';
import { type Pairs, collectPairs } from './pairs.ts';
import { DNS_WORKLOAD } from './workloads.ts';

const DEPENDENCIES = 3;
const DNS_SHARE = 8;

/**
 * Connects pods: first one connection for every ordered pair of zones, within every zone and on one node, so that even
 * a small cluster covers every case; then each pod in turn to pods of the few workloads its own workload depends on,
 * or to DNS; last the external peers. Rates are whole numbers from 5 to 200 packets per second and direction.
 */
export function generateConnections(
  random: Random,
  options: ResolvedOptions,
  nodes: readonly Node[],
  pods: readonly Pod[],
  serving: ReadonlySet<Workload>,
): Connection[] {
  const clients = pods.filter((pod) => !pod.hostNetwork);
  const servers = clients.filter((pod) => serving.has(pod.workload));
  const pairs = collectPairs();

  coverZonePairs(random, pairs, options, nodes, clients, servers);
  coverSameNode(pairs, clients);
  connectWorkloads(random, pairs, options.connectionsPerPod * pods.length, clients, servers);

  const connect = (client: Endpoint, server: Endpoint): Connection => ({
    client,
    server,
    protocol: isDns(server) ? 'UDP' : 'TCP',
    requests: random.int(5, 200),
    replies: random.int(5, 200),
  });
  return [
    ...pairs.all.map(([client, server]) => connect({ kind: 'pod', pod: client }, { kind: 'pod', pod: server })),
    ...externalAddresses(options.externalPeers).flatMap((ip) => [
      connect({ kind: 'external', ip }, { kind: 'pod', pod: random.pick(servers) }),
      connect({ kind: 'pod', pod: random.pick(clients) }, { kind: 'external', ip }),
    ]),
  ];
}

/** Zones here are where nodes are dealt to, whether or not their labels say so. */
function coverZonePairs(
  random: Random,
  pairs: Pairs,
  options: ResolvedOptions,
  nodes: readonly Node[],
  clients: readonly Pod[],
  servers: readonly Pod[],
): void {
  const zoneOf = new Map(nodes.map((node, index) => [node.name, options.zones[index % options.zones.length]]));
  const labelled = new Set(nodes.filter((node) => node.zone !== '').map((node) => node.name));
  const within = (pods: readonly Pod[], zone: string): Pod[] => {
    const inZone = pods.filter((pod) => zoneOf.get(pod.node) === zone);
    const inLabelled = inZone.filter((pod) => labelled.has(pod.node));
    return inLabelled.length > 0 ? inLabelled : inZone;
  };

  for (const clientZone of options.zones) {
    for (const serverZone of options.zones) {
      const client = random.pick(within(clients, clientZone));
      const preferred = within(servers, serverZone).filter((pod) => pod !== client);
      const others = within(clients, serverZone).filter((pod) => pod !== client);
      pairs.add(client, random.pick(preferred.length > 0 ? preferred : others));
    }
  }
}

function coverSameNode(pairs: Pairs, clients: readonly Pod[]): void {
  for (const client of clients) {
    const neighbour = clients.find((pod) => pod !== client && pod.node === client.node);
    if (neighbour !== undefined && pairs.add(client, neighbour)) return;
  }
}

function connectWorkloads(
  random: Random,
  pairs: Pairs,
  wanted: number,
  clients: readonly Pod[],
  servers: readonly Pod[],
): void {
  const podsOf = groupBy(servers, (pod) => pod.workload);
  const dns = servers.filter((pod) => pod.workload.name === DNS_WORKLOAD);
  const services = [...podsOf.values()].filter((pods) => pods[0]?.workload.name !== DNS_WORKLOAD);
  const dependencies = new Map(
    [...new Set(clients.map((pod) => pod.workload))].map((workload) => [
      workload,
      Array.from({ length: DEPENDENCIES }, () => random.pick(services)),
    ]),
  );

  for (let index = 0; pairs.all.length < wanted && index < 2 * wanted; index += 1) {
    const client = clients[index % clients.length];
    if (client === undefined) return;
    const asksDns = random.int(1, DNS_SHARE) === 1;
    const candidates = asksDns ? dns : random.pick(dependencies.get(client.workload) ?? services);
    // A small cluster runs out of new pairs among the dependencies; any server will do then.
    if (!pairs.add(client, random.pick(candidates))) pairs.add(client, random.pick(servers));
  }
}

function isDns(endpoint: Endpoint): boolean {
  return endpoint.kind === 'pod' && endpoint.pod.workload.name === DNS_WORKLOAD;
}

/** Addresses of a range reserved for documentation. */
function externalAddresses(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `203.0.113.${10 + index}`);
}
