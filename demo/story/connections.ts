import { groupBy } from '../../bench/group.ts';
import type { Connection, Endpoint, Node, Pod, Service, Trouble } from '../../bench/model.ts';
import { type Noise, timeOfDay } from './noise.ts';
import { leakingFor } from './nodes.ts';
import { burstAt, isWithin, PLOT } from './plot.ts';
import { type Edge, EDGES, LEDGER } from './workloads.ts';

/** The Service by which pods reach coredns. */
export const DNS_SERVICE: Service = {
  namespace: 'kube-system',
  name: 'kube-dns',
  clusterIp: '172.20.0.10',
  workload: 'coredns',
  routing: 'PreferSameZone',
};

/** Who calls from outside of the cluster: addresses of a range reserved for documentation. */
const OUTSIDE = ['203.0.113.17', '203.0.113.84', '198.51.100.23', '198.51.100.140'];
const DNS_BYTES = [90, 180] as const;
/**
 * Calls of DNS per second: of any pod, of each pod that asks for every item, in the first burst and in later ones, and of a mailer that looks
 * up what does not exist.
 */
const DNS_CALLS = { usual: 1.2, firstBurst: 1150, burst: 95, storm: 60 } as const;

/** What the cluster is like at a time, in seconds relative to now. */
export interface Moment {
  readonly noise: Noise;
  readonly seconds: number;
  /** Unix time of the timeline's start. */
  readonly start: number;
  /** Name of the node that leaks connections. */
  readonly leaking: string;
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
}

/** All traffic at a time. Rates wander, pair by pair and edge by edge, and follow the time of day. */
export function connectionsAt(moment: Moment): readonly Connection[] {
  const { nodes, pods } = moment;
  const byWorkload = groupBy(pods, ({ namespace, workload }) => `${namespace}/${workload.name}`);
  const zones = new Map(nodes.map(({ name, zone }) => [name, zone]));
  const podsOf = (path: string): readonly Pod[] => byWorkload.get(path) ?? [];
  const inZoneOf = (servers: readonly Pod[], client: Pod) =>
    servers.filter(({ node }) => zones.get(node) === zones.get(client.node));

  const isRouted = moment.seconds >= PLOT.routed.at;
  const serversOf = ({ server, style }: Edge, client: Pod): readonly Pod[] => {
    const servers = podsOf(server).filter((pod) => pod !== client);
    if (style === 'all' && !(isRouted && server === PLOT.routed.server)) return servers;
    const near = inZoneOf(servers, client);
    return near.length > 0 ? near : servers;
  };
  const between = (edge: Edge, client: Pod, server: Pod): Connection =>
    connection(moment, { client: pod(client), server: pod(server) }, edge, crowding(moment, edge, server));

  const calls = EDGES.flatMap((edge) =>
    podsOf(edge.client).flatMap((client) => serversOf(edge, client).map((server) => between(edge, client, server))),
  );
  const [primary] = podsOf(LEDGER.server);
  const ledger = podsOf(LEDGER.client).flatMap((client) => {
    // Pods of the new release know the primary only.
    const isNew = client.createdAt - moment.start + PLOT.begins >= PLOT.deploy.at;
    const servers = isNew && primary !== undefined ? [primary] : serversOf(LEDGER, client);
    return servers.map((server) => between(LEDGER, client, server));
  });
  return [...calls, ...ledger, ...fromOutside(moment, podsOf('edge/gateway')), ...dns(moment, podsOf, inZoneOf)];
}

const pod = (one: Pod): Endpoint => ({ kind: 'pod', pod: one });

function connection(
  { noise, seconds }: Moment,
  ends: Pick<Connection, 'client' | 'server'>,
  { client, server, requests, bytes }: Omit<Edge, 'style'>,
  factor = 1,
): Connection {
  const names = [ends.client, ends.server].map((end) => (end.kind === 'pod' ? end.pod.name : client));
  const pair = names.join('>');
  const rate =
    requests *
    factor *
    timeOfDay(seconds) *
    (0.75 + 0.5 * noise.chance(pair)) *
    noise.wander(`${client}>${server}`, seconds, 0.1) *
    noise.wander(pair, seconds, 0.12);
  const trouble = troubleOf(seconds, client, server, noise.chance(`${pair}/trouble`));
  return {
    ...ends,
    ...(trouble !== undefined && { trouble }),
    protocol: 'TCP',
    requests: rate,
    replies: rate * (0.85 + 0.3 * noise.chance(`${pair}/replies`)),
    requestBytes: bytes[0],
    replyBytes: bytes[1],
  };
}

/** Packets that go wrong on a pair each second: a few on any, and what a NetworkPolicy refuses. */
function troubleOf(seconds: number, client: string, server: string, chance: number): Trouble | undefined {
  const isRefused = client === 'shop/checkout' && server === 'payments/fraud' && isWithin(PLOT.refused, seconds);
  // Some clients close connections that answers are still on the way of, and some segments get lost.
  const usual = { resets: 0.2 * chance, retransmits: 0.5 * chance };
  if (isRefused) return { dropped: { reason: 'POLICY_DENIED', rate: 4 + 3 * chance }, resets: 1 + chance };
  if (chance > 0.93) return { ...usual, dropped: { reason: 'DROP_REASON_UNKNOWN', rate: 0.1 * chance } };
  return chance > 0.6 ? usual : undefined;
}

/** The node that leaks connections gets ever more calls for images. */
function crowding({ leaking, seconds }: Moment, edge: Edge, server: Pod): number {
  const since = leakingFor(seconds);
  if (since === undefined || edge.server !== 'catalog/images' || server.node !== leaking) return 1;
  return 1 + 1.5 * Math.min(1, since / 1800);
}

function fromOutside(moment: Moment, gateways: readonly Pod[]): Connection[] {
  const edge = { client: 'internet', server: 'edge/gateway', requests: 19, bytes: [260, 1250] } as const;
  return gateways.flatMap((server, index) =>
    OUTSIDE.filter((_, place) => place % 2 === index % 2).map((ip) =>
      connection(moment, { client: { kind: 'external', ip }, server: pod(server) }, { ...edge, client: ip }),
    ),
  );
}

function dns(
  moment: Moment,
  podsOf: (path: string) => readonly Pod[],
  inZoneOf: (servers: readonly Pod[], client: Pod) => readonly Pod[],
): Connection[] {
  const servers = podsOf('kube-system/coredns');
  const burst = burstAt(moment.seconds);
  const inBurst = burst === 0 ? DNS_CALLS.firstBurst : DNS_CALLS.burst;
  // The first pod has most of the items.
  const [most] = podsOf('catalog/price-sync');
  return (
    moment.pods
      // Databases keep the few connections that they have.
      .filter(({ workload }) => workload.kind === 'Deployment' && workload.name !== 'coredns')
      .flatMap((client) => {
        const [server] = inZoneOf(servers, client);
        if (server === undefined) return [];
        const isBursting = burst !== undefined && client.workload.name === 'price-sync';
        const isStorming = isWithin(PLOT.storm, moment.seconds) && client.workload.name === 'mailer';
        const requests = isBursting
          ? inBurst * (client === most ? 1 : 0.5)
          : isStorming
            ? DNS_CALLS.storm
            : DNS_CALLS.usual;
        const edge = { client: client.workload.name, server: 'coredns', requests, bytes: DNS_BYTES };
        const one = connection(moment, { client: pod(client), server: pod(server) }, edge);
        return [{ ...one, protocol: 'UDP' as const, via: DNS_SERVICE }];
      })
  );
}
