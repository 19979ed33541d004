import { groupBy } from '../../bench/group.ts';
import type { Cluster, Connection, Endpoint, Pod, PodUsage, Service } from '../../bench/model.ts';
import { USUAL_CILIUM } from '../../bench/model/cilium.ts';
import { type Dns, type Upstream, USUAL_DNS } from '../../bench/model/dns.ts';
import { hash, type Noise } from '../story/noise.ts';
import { DNS_SERVICE } from '../story/connections.ts';
import type { Shape } from './shape.ts';

/** Calls each second from each pod to each pod of its zone that it calls. */
const EDGES: readonly (readonly [client: string, server: string, requests: number])[] = [
  ['gateway', 'web', 60],
  ['gateway', 'images', 40],
  ['web', 'checkout', 20],
  ['web', 'products', 25],
  ['web', 'cart', 15],
  ['checkout', 'ledger', 30],
  ['ledger', 'ledger', 6],
];

const MI = 2 ** 20;
const OUTSIDE = ['203.0.113.17', '198.51.100.23'];
const DNS_CALLS = 1.5;

/** How busy everything is: a factor around 1. */
export interface Busy {
  readonly noise: Noise;
  readonly seconds: number;
  readonly factor: number;
}

/** DNS where a second upstream server, for names of the company, gets this share of what CoreDNS passes on. */
export const dnsWith = (share: number, how: Pick<Upstream, 'seconds' | 'failing'>): Dns => ({
  ...USUAL_DNS,
  upstreams: [
    { to: '169.254.169.253:53', share: 1 - share, seconds: 0.008 },
    { to: '10.200.0.53:53', share, ...how },
  ],
});

const DNS = dnsWith(0.02, { seconds: 0.012 });

const { routing: _routing, ...UNROUTED_DNS } = DNS_SERVICE;

/** The Service whose pods call each other in all zones: the only one with hints. */
const LEDGER: Service = {
  namespace: 'payments',
  name: 'ledger',
  workload: 'ledger',
  clusterIp: '172.20.1.1',
  routing: 'PreferSameZone',
};

const SERVICES: readonly Service[] = [
  UNROUTED_DNS,
  LEDGER,
  { namespace: 'shop', name: 'web', workload: 'web', clusterIp: '172.20.1.2' },
];

const end = (pod: Pod): Endpoint => ({ kind: 'pod', pod });

/** The cluster with its traffic and usage at a time; dependent on nothing else. */
export function loaded(name: string, { nodes, pods }: Shape, busy: Busy): Cluster {
  const connections = connectionsOf({ nodes, pods }, busy);
  return {
    name,
    nodes,
    workloads: [...new Set(pods.map(({ workload }) => workload))],
    pods,
    services: SERVICES,
    connections,
    usage: usageOf(pods, busy),
    dns: DNS,
    cilium: USUAL_CILIUM,
  };
}

function connectionsOf({ nodes, pods }: Shape, { noise, seconds, factor }: Busy): readonly Connection[] {
  const zones = new Map(nodes.map(({ name, zone }) => [name, zone]));
  const byName = groupBy(pods, ({ workload }) => workload.name);
  const near = (client: Pod, server: string): readonly Pod[] => {
    const all = (byName.get(server) ?? []).filter((pod) => pod !== client);
    const same = all.filter((pod) => zones.get(pod.node) === zones.get(client.node));
    return same.length > 0 ? same : all;
  };
  const rate = (edge: string, requests: number): number =>
    requests * factor * (0.7 + 0.6 * noise.chance(edge)) * noise.wander(edge, seconds, 0.25);
  const call = (client: Endpoint, server: Pod, edge: string, requests: number): Connection => {
    const calls = rate(edge, requests);
    return {
      client,
      server: end(server),
      protocol: 'TCP',
      requests: calls,
      replies: calls * 1.1,
      requestBytes: 250,
      replyBytes: 900,
    };
  };
  const inside = EDGES.flatMap(([from, to, requests]) =>
    (byName.get(from) ?? []).flatMap((client) =>
      near(client, to).map((server) => call(end(client), server, `${from}>${to}/${server.node}`, requests)),
    ),
  );
  const outside = (byName.get('gateway') ?? []).flatMap((server) =>
    OUTSIDE.map((ip) => call({ kind: 'external', ip }, server, ip, 20)),
  );
  const dns = pods
    .filter(({ workload }) => workload.kind === 'Deployment' && workload.name !== 'coredns')
    .flatMap((client) =>
      near(client, 'coredns')
        .slice(0, 1)
        .map((server): Connection => ({
          ...call(end(client), server, 'dns', DNS_CALLS),
          protocol: 'UDP',
          via: DNS_SERVICE,
        })),
    );
  return [...inside, ...outside, ...dns];
}

function usageOf(pods: readonly Pod[], { noise, seconds, factor }: Busy): ReadonlyMap<string, PodUsage> {
  return new Map(
    pods.map((pod) => {
      const share = 0.9 + (hash(pod.uid) % 21) / 100;
      const rss = Math.round(260 * MI * share * noise.wander(`rss/${pod.uid}`, seconds, 0.1));
      const cpu = 0.3 * share * factor;
      const container = {
        name: pod.workload.name,
        cpu,
        rss,
        workingSet: Math.round(rss * 1.2),
        requests: { cpu: 0.3, memory: 300 * MI },
        limits: { cpu: 1, memory: MEMORY_LIMIT },
        throttled: 0.01,
      };
      return [pod.uid, { containers: [container], transmit: 40_000 * factor, receive: 60_000 * factor }];
    }),
  );
}

/** Bytes that each container may use. */
export const MEMORY_LIMIT = 500 * MI;
