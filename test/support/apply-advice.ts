import { isIP } from 'node:net';
import { endpointsOf } from '../../bench/model/routing.ts';
import type { Cluster, Connection, Endpoint, Pod, Service } from '../../bench/model.ts';
import type { Change } from '../../generators/advise/index.ts';

const zoneIn = (cluster: Cluster, node: string): string => cluster.nodes.find(({ name }) => name === node)?.zone ?? '';

const keyOf = (end: Endpoint): string =>
  end.kind === 'pod' ? end.pod.uid : end.kind === 'node' ? end.node.name : end.ip;

/** Callers of a Service's pods in their own zone, or of all where their zone has none: what kube-proxy does with hints on all endpoints. */
function routed(cluster: Cluster, service: Service): Cluster {
  const pods = endpointsOf(cluster, service).map(({ pod }) => pod);
  const isOurs = ({ server }: Connection): boolean =>
    server.kind === 'pod' &&
    server.pod.namespace === service.namespace &&
    server.pod.workload.name === service.workload;
  const ours = cluster.connections.filter((one) => isOurs(one) && one.client.kind === 'pod');
  const clients = new Map(ours.map(({ client }) => [keyOf(client), client]));
  const moved = [...clients].flatMap(([key, client]) => {
    const calls = ours.filter((one) => keyOf(one.client) === key);
    const zone = client.kind === 'pod' ? zoneIn(cluster, client.pod.node) : '';
    const near = pods.filter(({ node }) => zoneIn(cluster, node) === zone);
    const servers = near.length > 0 ? near : pods;
    const total = (of: 'requests' | 'replies'): number =>
      calls.reduce((sum, call) => sum + call[of], 0) / servers.length;
    return servers.map((pod): Connection => ({
      client,
      server: { kind: 'pod', pod },
      protocol: 'TCP',
      requests: total('requests'),
      replies: total('replies'),
    }));
  });
  return {
    ...cluster,
    services: (cluster.services ?? []).map((one) =>
      one.namespace === service.namespace && one.name === service.name ? { ...one, routing: 'PreferClose' } : one,
    ),
    connections: [...cluster.connections.filter((one) => !ours.includes(one)), ...moved],
  };
}

const serviceOf = (cluster: Cluster, namespace: string, of: (service: Service) => boolean): readonly Service[] =>
  (cluster.services ?? []).filter((one) => one.namespace === namespace && of(one));

/** The cluster with another pod in place of one. */
function withPod(cluster: Cluster, uid: string, changed: Pod): Cluster {
  const end = (one: Endpoint): Endpoint => (one.kind === 'pod' && one.pod.uid === uid ? { ...one, pod: changed } : one);
  return {
    ...cluster,
    pods: cluster.pods.map((pod) => (pod.uid === uid ? changed : pod)),
    connections: cluster.connections.map((one) => ({ ...one, client: end(one.client), server: end(one.server) })),
  };
}

/** What is reached by an endpoint. */
const BY_ENDPOINT = 'by-an-endpoint';

/** A cluster in which what was advised is done. The callers of a Service that is routed by zone find it as kube-proxy would. */
export function applied(cluster: Cluster, change: Change): Cluster {
  const nodeIn = (zone: string): string => cluster.nodes.find((node) => node.zone === zone)?.name ?? '';
  switch (change.kind) {
    case 'route':
      return change.services
        .flatMap(({ namespace, name }) => serviceOf(cluster, namespace, (one) => one.name === name))
        .reduce(routed, cluster);
    case 'replicas': {
      const { namespace, workload } = change.workload;
      const like = cluster.pods.find((pod) => pod.namespace === namespace && pod.workload.name === workload);
      if (like === undefined) throw new Error(`no pod of ${workload}`);
      const added = change.zones.flatMap(({ zone, pods }) =>
        Array.from({ length: pods }, (_, index): Pod => ({
          ...like,
          name: `${like.name}-${zone}-${index}`,
          uid: `${like.uid}-${zone}-${index}`,
          ip: `10.99.${cluster.pods.length % 256}.${index + 1 + 10 * change.zones.findIndex((one) => one.zone === zone)}`,
          node: nodeIn(zone),
        })),
      );
      const grown = { ...cluster, pods: [...cluster.pods, ...added] };
      return serviceOf(grown, namespace, (one) => one.workload === workload).reduce(routed, grown);
    }
    case 'together': {
      const { namespace, workload } = change.workload;
      const pod = cluster.pods.find((one) => one.namespace === namespace && one.workload.name === workload);
      if (pod === undefined) throw new Error(`no pod of ${workload}`);
      return withPod(cluster, pod.uid, { ...pod, node: nodeIn(change.to) });
    }
    case 'external': {
      const place = (cluster.places ?? []).find(
        ({ workload, zone }) => workload === change.name && zone === change.zone,
      );
      if (place === undefined || isIP(place.ip) === 0) throw new Error(`no ${change.name} in ${change.zone}`);
      const isRead = ({ client, server }: Connection): boolean =>
        client.kind === 'pod' &&
        zoneIn(cluster, client.pod.node) === change.zone &&
        server.kind === 'external' &&
        (cluster.places ?? []).some(({ ip, workload }) => ip === server.ip && workload === change.name);
      return {
        ...cluster,
        // What is written stays where it is.
        connections: cluster.connections.flatMap((one): readonly Connection[] =>
          isRead(one)
            ? [
                { ...one, replies: 0 },
                { ...one, server: { kind: 'external', ip: place.ip }, requests: 0 },
              ]
            : [one],
        ),
      };
    }
    case 'endpoint':
      // The same traffic, by another way: a name of its own, as nothing else would show that.
      return {
        ...cluster,
        places: (cluster.places ?? []).map((place) =>
          place.workload === change.name && place.kind === 'storage' ? { ...place, workload: BY_ENDPOINT } : place,
        ),
      };
    default:
      throw new TypeError(`no change ${JSON.stringify(change satisfies never)}`);
  }
}
