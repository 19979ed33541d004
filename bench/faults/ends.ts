import type { Connection, Endpoint, Pod } from '../model.ts';
/** The connections with one pod replaced by another one at both ends, at the latter's address. */
export function withEnds(connections: readonly Connection[], from: Pod, to: Pod): Connection[] {
  const end = (endpoint: Endpoint): Endpoint => {
    if (endpoint.kind !== 'pod' || endpoint.pod.uid !== from.uid) return endpoint;
    const { ip, ...rest } = endpoint;
    // Of a dual-stack pod, the end keeps its family.
    const address = ip !== undefined && ip.includes(':') && to.ipv6 !== undefined ? { ip: to.ipv6 } : {};
    return { ...rest, ...address, pod: to };
  };
  return connections.map((connection) => ({
    ...connection,
    client: end(connection.client),
    server: end(connection.server),
  }));
}

/** The connections in which a pod has no part. */
export function withoutPod(connections: readonly Connection[], { uid }: Pod): Connection[] {
  const has = (end: Endpoint) => end.kind === 'pod' && end.pod.uid === uid;
  return connections.filter(({ client, server }) => !has(client) && !has(server));
}

/** The next incarnation of a pod. */
export function reborn(pod: Pod, at: number, changes: Partial<Pick<Pod, 'ip' | 'ipv6' | 'node'>> = {}): Pod {
  // The clock of a scenario begins when its objects were made.
  return { ...pod, ...changes, uid: `${pod.uid}-${at}`, createdAt: pod.createdAt + at + 1 };
}
