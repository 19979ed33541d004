import type { Cluster, Connection, Endpoint, Node, Pod, Service, Workload } from '../model.ts';
import type { Random } from '../random.ts';
import type { ResolvedOptions } from './options.ts';

const THROUGH_SERVICE = 0.75;
const OVER_IPV6 = 0.5;
const SMALL = { min: 80, max: 400 };
const LARGE = { min: 400, max: 1_400 };

/** A share of a thousand, as chance is dealt in whole numbers. */
function isChosen(random: Random, share: number): boolean {
  return share > 0 && random.int(0, 999) < share * 1_000;
}

/** Gives nodes, when there is any dual stack, and a share of the pods a second address; host-network pods their node's. */
export function withIpv6(
  random: Random,
  { dualStackShare }: ResolvedOptions,
  nodes: readonly Node[],
  pods: readonly Pod[],
): { nodes: readonly Node[]; pods: readonly Pod[] } {
  if (dualStackShare === 0) return { nodes, pods };
  const dual = new Map(
    nodes.map((node, index) => [node.name, { ...node, internalIpv6: `fd00:10:0::${(index + 1).toString(16)}` }]),
  );
  return {
    nodes: [...dual.values()],
    pods: pods.map((pod, index): Pod => {
      const own = isChosen(random, dualStackShare) ? `fd00:10:1::${(index + 1).toString(16)}` : undefined;
      const ipv6 = pod.hostNetwork ? dual.get(pod.node)?.internalIpv6 : own;
      return ipv6 === undefined ? pod : { ...pod, ipv6 };
    }),
  };
}

/** A Service for each workload that serves, in order of the pods. */
export function generateServices(pods: readonly Pod[], serving: ReadonlySet<Workload>): Map<Workload, Service> {
  const workloads = [...new Set(pods.map(({ workload }) => workload))].filter((workload) => serving.has(workload));
  return new Map(
    workloads.map((workload, index) => [
      workload,
      {
        namespace: workload.namespace,
        name: `${workload.name}-service`,
        clusterIp: `172.20.${index >> 8}.${index & 255}`,
      },
    ]),
  );
}

/**
 * Gives every connection its packet sizes and, by their shares, the address of a Service to call (three of four, if
 * there are Services), IPv6 (half of those between dual-stack pods) and ends whose names no source finds.
 */
export function decorated(
  random: Random,
  { missingNamesShare }: ResolvedOptions,
  services: ReadonlyMap<Workload, Service>,
  connections: readonly Connection[],
): Connection[] {
  const end = (endpoint: Endpoint, isV6: boolean): Endpoint => {
    if (endpoint.kind !== 'pod') return endpoint;
    const unnamed = isChosen(random, missingNamesShare);
    const { ipv6 } = endpoint.pod;
    return { ...endpoint, ...(isV6 && ipv6 !== undefined && { ip: ipv6 }), ...(unnamed && { unnamed }) };
  };
  return connections.map((connection) => {
    const { client, server } = connection;
    const hasIpv6 = [client, server].every((one) => one.kind === 'pod' && one.pod.ipv6 !== undefined);
    const isV6 = hasIpv6 && isChosen(random, OVER_IPV6);
    const service = server.kind === 'pod' && client.kind !== 'external' ? services.get(server.pod.workload) : undefined;
    const isCalled = service !== undefined && !isV6 && isChosen(random, THROUGH_SERVICE);
    return {
      ...connection,
      client: end(client, isV6),
      server: end(server, isV6),
      ...(isCalled && { via: service }),
      requestBytes: random.int(SMALL.min, SMALL.max),
      replyBytes: random.int(LARGE.min, LARGE.max),
    };
  });
}

/**
 * Connections of what has no interface of its own: each node probes its pods and is called by one of each; a
 * host-network pod of each node calls and is called by a pod of another node.
 */
export function hostConnections(
  random: Random,
  { hostNetworkTraffic, nodeTraffic }: ResolvedOptions,
  { nodes, pods }: Pick<Cluster, 'nodes' | 'pods'>,
): Connection[] {
  if (!hostNetworkTraffic && !nodeTraffic) return [];
  const connect = (client: Endpoint, server: Endpoint): Connection => ({
    client,
    server,
    protocol: 'TCP',
    requests: random.int(5, 50),
    replies: random.int(5, 50),
  });
  const own = pods.filter(({ hostNetwork }) => !hostNetwork);
  const byNode = nodes.map((node) => {
    const here = own.filter((pod) => pod.node === node.name);
    const away = own.filter((pod) => pod.node !== node.name);
    return { end: { kind: 'node', node } as const, here, away, host: pods.find((pod) => isHostOf(pod, node)) };
  });
  const kubelet = byNode.flatMap(({ end, here, away }) => [
    ...here.map((pod) => connect(end, { kind: 'pod', pod })),
    ...(away.length > 0 ? [connect({ kind: 'pod', pod: random.pick(away) }, end)] : []),
  ]);
  const host = byNode.flatMap(({ away, host: pod }) =>
    pod === undefined || away.length === 0
      ? []
      : [
          connect({ kind: 'pod', pod }, { kind: 'pod', pod: random.pick(away) }),
          connect({ kind: 'pod', pod: random.pick(away) }, { kind: 'pod', pod }),
        ],
  );
  return [...(nodeTraffic ? kubelet : []), ...(hostNetworkTraffic ? host : [])];
}

function isHostOf({ hostNetwork, node: on }: Pod, node: Node): boolean {
  return hostNetwork && on === node.name;
}
