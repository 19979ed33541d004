import type { RecordedTraffic } from '../shared/recording.ts';
import { OUTSIDE as OUTSIDE_END } from '../shared/recording.ts';
import type { Exchange } from './calls.ts';
import type { Protocol, TrafficCase } from './cases.ts';
import {
  type LabNode,
  type LabPod,
  nodeOf,
  NODES,
  OUTSIDE,
  podOf,
  SERVER_PORT,
  SERVICE_PORT,
  SERVICES,
} from './network.ts';
import { hostPodName, NAMESPACE } from './objects.ts';

/** Traffic from one host of the lab, and the same as recordings describe it. */
export interface Flow {
  readonly host: string;
  readonly exchange: Exchange;
  readonly recorded: RecordedTraffic;
}

/** Bytes and rounds of the traffic between pods, and of that with the outside: some 2 MB in all, and less than a second. */
const SIZES = {
  tcp: { request: 4000, response: 50_000, rounds: 40 },
  udp: { request: 400, response: 1200, rounds: 400 },
} as const;
const OUTSIDE_SIZES = {
  tcp: { request: 2000, response: 20_000, rounds: 20 },
  udp: { request: 300, response: 1000, rounds: 150 },
} as const;

/** A short connection, to move what agents keep until more comes. */
const SHORT = { request: 20, response: 20, rounds: 1 } as const;

/** The name of a pod in the cluster, with its namespace. */
export const keyOf = (pod: LabPod): string => `${NAMESPACE}/${pod.app ?? 'flush'}-${pod.host}`;

/** The same for the pod on the host network of a node. */
export const hostKey = (node: LabNode): string => `${NAMESPACE}/${hostPodName(node)}`;

const TRANSPORT = { tcp: 'TCP', udp: 'UDP' } as const satisfies Record<Protocol, string>;

type Route = Pick<TrafficCase, 'family' | 'protocol' | 'target'>;

/** Traffic between two pods, by the Service of the server or direct. */
function between(client: LabPod, server: LabPod, { family, protocol, target }: Route): Flow {
  const service = target === 'service' ? SERVICES.find(({ backend }) => backend === server) : undefined;
  const to =
    service === undefined
      ? { host: server.address[family], port: SERVER_PORT }
      : { host: service.address[family], port: SERVICE_PORT };
  return {
    host: client.host,
    exchange: { ...to, protocol, ...SIZES[protocol] },
    recorded: {
      client: keyOf(client),
      server: keyOf(server),
      ...(service !== undefined && { via: `${NAMESPACE}/${service.name}` }),
      protocol: TRANSPORT[protocol],
    },
  };
}

const toOutside = (client: LabPod, { family, protocol }: Route): Flow => ({
  host: client.host,
  exchange: { host: OUTSIDE.address[family], port: SERVER_PORT, protocol, ...OUTSIDE_SIZES[protocol] },
  recorded: { client: keyOf(client), server: OUTSIDE_END, protocol: TRANSPORT[protocol] },
});

/** The traffic of a case. No two ends have two ways between them, so that link counters tell the volume of each pair. */
export function flowsOf(one: TrafficCase): readonly Flow[] {
  const [web, cart, api] = [podOf('web'), podOf('cart'), podOf('api')];
  if (one.extra === 'three-nodes')
    return [between(web, api, one), between(podOf('mail'), api, one), between(podOf('search'), cart, one)];
  if (one.extra === 'host-network-server') {
    const flow = between(web, api, one);
    const node = nodeOf(api);
    const recorded = { ...flow.recorded, server: hostKey(node) };
    return [{ ...flow, exchange: { ...flow.exchange, host: node.address[one.family] }, recorded }];
  }
  if (one.extra === 'host-network-client') {
    const flow = between(web, api, one);
    return [{ ...flow, host: nodeOf(web).name, recorded: { ...flow.recorded, client: hostKey(nodeOf(web)) } }];
  }
  return [between(web, one.path === 'same-node' ? cart : api, one), toOutside(web, one)];
}

/** Apps in a circle in which each is on another node than the one before it. */
const CIRCLE = ['web', 'db', 'mail', 'cart', 'api', 'search'] as const;

/**
 * Traffic by which it shows that an agent watches every pod: each pod is once a server and once a client of a pod on another node, in the
 * family and with the protocol that every agent sees.
 */
export const probes = (): readonly Flow[] =>
  CIRCLE.map((client, index) => {
    const server = CIRCLE[(index + 1) % CIRCLE.length] ?? client;
    const flow = between(podOf(client), podOf(server), { family: 'ipv4', protocol: 'tcp', target: 'direct' });
    return { ...flow, exchange: { ...flow.exchange, request: 200, response: 2000, rounds: 5 } };
  });

/** Short connections between the pods that are not judged, in a circle over the nodes. */
export const flushes = (): readonly Flow[] => {
  const pods = NODES.flatMap((node) => node.pods.filter(({ app }) => app === undefined));
  return pods.map((client, index) => {
    const server = pods[(index + 1) % pods.length] ?? client;
    return {
      host: client.host,
      exchange: { host: server.address.ipv4, port: SERVER_PORT, protocol: 'tcp', ...SHORT },
      recorded: { client: keyOf(client), server: keyOf(server) },
    };
  });
};

/** Whether a series is of the pods that only flush, by a name or an address in its labels. */
export const isFlush = (labels: Readonly<Record<string, string>>): boolean =>
  Object.values(labels).some((value) => FLUSH_MARKS.has(value));

const FLUSH_MARKS: ReadonlySet<string> = new Set([
  'flush',
  ...NODES.flatMap(({ pods }) =>
    pods
      .filter(({ app }) => app === undefined)
      .flatMap((pod) => [...Object.values(pod.address), keyOf(pod).slice(NAMESPACE.length + 1)]),
  ),
]);
