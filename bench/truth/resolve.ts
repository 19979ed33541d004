import {
  addressesOfNode,
  addressesOfPod,
  type Cluster,
  isCompleted,
  type Pod,
  workloadTypeOf,
  zoneOfNode,
} from '../model.ts';
import { gonePod, nobody, nodeParty, type Party, placeParty, reasonOf, serviceParty, UNKNOWN } from './party.ts';

/** What a source tells about an end, '' for what it does not: the name of a pod, an address, both or nothing. */
export interface Sighting {
  readonly namespace: string;
  readonly pod: string;
  readonly ip: string;
}

/** Resolves what sources tell about ends. */
export interface Resolver {
  /**
   * By name the incarnation with that address, else the newest; a name that is not known is `gone`. Without a name by
   * address: a running pod with an address of its own (the newest), else a node, else a Service, else a completed pod,
   * else what the configuration says. All else is `external`.
   */
  readonly sighted: (sighting: Sighting) => Party;
  /** The node of that name. */
  readonly node: (name: string) => Party;
}

/**
 * The resolver of a cluster, as its API server knows it: pods that are in no connection count, pods that only a
 * connection has do not. Pods without a node (Pending) are not known yet.
 */
export function createResolver(cluster: Pick<Cluster, 'nodes' | 'pods' | 'services' | 'places'>): Resolver {
  const zones = new Map(cluster.nodes.map((node) => [node.name, zoneOfNode(node)]));
  const oldestFirst = cluster.pods.filter(({ node }) => node !== '').toSorted((a, b) => a.createdAt - b.createdAt);
  const parties = new Map(oldestFirst.map((pod) => [pod, partyOf(pod, zones.get(pod.node) ?? UNKNOWN)]));

  // Whatever comes later overrides: newer pods older ones, running pods all the rest.
  const byAddress = new Map((cluster.places ?? []).map(({ ip, ...place }) => [ip, placeParty(place)]));
  const known = (pod: Pod): void => {
    const party = parties.get(pod);
    if (party === undefined) return;
    for (const ip of addressesOfPod(pod)) byAddress.set(ip, party);
  };
  const ownAddress = oldestFirst.filter(({ hostNetwork }) => !hostNetwork);
  ownAddress.filter(isCompleted).forEach(known);
  for (const { clusterIp, namespace, name } of cluster.services ?? []) {
    byAddress.set(clusterIp, serviceParty(namespace, name));
  }
  for (const node of cluster.nodes) {
    for (const ip of addressesOfNode(node)) byAddress.set(ip, nodeParty(zones.get(node.name) ?? UNKNOWN));
  }
  ownAddress.filter(({ phase = 'Running' }) => phase === 'Running').forEach(known);

  const byName = new Map<string, Party>();
  const byNameAndAddress = new Map<string, Party>();
  for (const [pod, party] of parties) {
    byName.set(`${pod.namespace}/${pod.name}`, party);
    for (const ip of addressesOfPod(pod)) byNameAndAddress.set(`${pod.namespace}/${pod.name}@${ip}`, party);
  }

  return {
    sighted({ namespace, pod, ip }) {
      if (pod === '') return byAddress.get(ip) ?? nobody('external');
      const name = `${namespace}/${pod}`;
      return byNameAndAddress.get(`${name}@${ip}`) ?? byName.get(name) ?? gonePod(namespace, pod);
    },
    node: (name) => nodeParty(zones.get(name) ?? UNKNOWN),
  };
}

function partyOf(pod: Pod, zone: string): Party {
  const { namespace, name, workload } = pod;
  return { namespace, pod: name, type: workloadTypeOf(pod), workload: workload.name, zone, reason: reasonOf(zone) };
}
