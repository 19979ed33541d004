import {
  addressesOfNode,
  addressesOfPod,
  type Cluster,
  isCompleted,
  isInCidr,
  type Node,
  overlayAddressesOfNode,
  type Pod,
  workloadTypeOf,
} from '../model.ts';
import {
  gonePod,
  nobody,
  nodeParty,
  outsideParty,
  type Party,
  placeParty,
  serviceParty,
  somebodyIn,
  UNKNOWN,
} from './party.ts';
import { type Place, type ZoneReader, zoneReader, type ZoneReading } from './zones.ts';

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
   * address: a running pod with an address of its own, else a node, else a Service, else a completed pod; of each the newest; else what the
   * configuration says. An address of nobody in the pod CIDR of a node has the zone of that node, unless pods show that the network does not
   * use the CIDR: then it is `unplaced`. All else is on the internet if its address is public, else `outside`.
   */
  readonly sighted: (sighting: Sighting) => Party;
  /** The node of that name. */
  readonly node: (name: string) => Party;
  /** The name of the node of the pod with that name and address, which must be its own; the newest if there are several. */
  readonly nodeOf: (sighting: Sighting) => string | undefined;
  /** Whether a pod, node or Service has that address. */
  readonly isOwned: (ip: string) => boolean;
  /** What becomes of a party whose zone the source itself tells. */
  readonly withNativeZone: ZoneReader['withNative'];
}

const NOWHERE: Place = { zone: UNKNOWN, reason: 'no_zone_label' };

/**
 * The resolver of a cluster, as its API server knows it: pods that are in no connection count, pods that only a
 * connection has do not. Pods without a node (Pending) are not known yet.
 */
export function createResolver(
  cluster: Pick<Cluster, 'nodes' | 'pods' | 'services' | 'places'>,
  reading: ZoneReading = {},
): Resolver {
  const zones = zoneReader(cluster.nodes, reading);
  const places = new Map(cluster.nodes.map((node) => [node.name, zones.ofNode(node)]));
  const placeOf = (node: string): Place => places.get(node) ?? NOWHERE;
  const oldestFirst = cluster.pods.filter(({ node }) => node !== '').toSorted((a, b) => a.createdAt - b.createdAt);
  const parties = new Map(oldestFirst.map((pod) => [pod, partyOf(pod, placeOf(pod.node))]));

  // Whatever comes later overrides: newer pods older ones, running pods all the rest.
  const byAddress = new Map<string, Party>();
  const known = (pod: Pod): void => {
    const party = parties.get(pod);
    if (party === undefined) return;
    for (const ip of addressesOfPod(pod)) byAddress.set(ip, party);
  };
  const ownAddress = oldestFirst.filter(({ hostNetwork }) => !hostNetwork);
  ownAddress.filter(isCompleted).forEach(known);
  const services = (cluster.services ?? []).toSorted((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0));
  for (const { clusterIp, namespace, name } of services) {
    byAddress.set(clusterIp, serviceParty(namespace, name));
  }
  const nodes = cluster.nodes.toSorted((a, b) => a.createdAt - b.createdAt);
  for (const node of nodes) {
    const hosted = oldestFirst.filter(({ hostNetwork, node: on }) => hostNetwork && on === node.name);
    const overlay = usesPodCidr(node, ownAddress) ? overlayAddressesOfNode(node) : [];
    for (const ip of [...addressesOfNode(node), ...hosted.flatMap(addressesOfPod), ...overlay]) {
      byAddress.set(ip, nodeParty(placeOf(node.name)));
    }
  }
  ownAddress.filter(({ phase = 'Running' }) => phase === 'Running').forEach(known);

  const configured = new Map((cluster.places ?? []).map((place) => [place.ip, placeParty(place)]));
  const byName = new Map<string, Party>();
  const byNameAndAddress = new Map<string, Party>();
  for (const [pod, party] of parties) {
    byName.set(`${pod.namespace}/${pod.name}`, party);
    for (const ip of addressesOfPod(pod)) byNameAndAddress.set(`${pod.namespace}/${pod.name}@${ip}`, party);
  }

  const nodesByAddress = new Map(
    ownAddress.flatMap((pod) =>
      addressesOfPod(pod).map((ip) => [`${pod.namespace}/${pod.name}@${ip}`, pod.node] as const),
    ),
  );

  /** An end about which only its address is known, by the pod CIDR around it. */
  const inRange = (ip: string): Party => {
    const owner = nodes.findLast(({ podCidr }) => podCidr !== undefined && isInCidr(podCidr, ip));
    if (owner === undefined) return outsideParty(ip);
    return usesPodCidr(owner, ownAddress) ? somebodyIn(placeOf(owner.name)) : nobody('unplaced');
  };

  return {
    sighted({ namespace, pod, ip }) {
      if (pod === '') return byAddress.get(ip) ?? configured.get(ip) ?? inRange(ip);
      const name = `${namespace}/${pod}`;
      const found = byNameAndAddress.get(`${name}@${ip}`) ?? byName.get(name);
      if (found !== undefined) return found;
      const { zone, beyond } = inRange(ip);
      const isPlaced = zone !== UNKNOWN && beyond === undefined;
      return { ...gonePod(namespace, pod), ...(isPlaced && { zone, reason: '' }) };
    },
    node: (name) => nodeParty(placeOf(name)),
    nodeOf: ({ namespace, pod, ip }) => nodesByAddress.get(`${namespace}/${pod}@${ip}`),
    isOwned: (ip) => byAddress.has(ip),
    withNativeZone: zones.withNative,
  };
}

/** Whether the pods of a node, and no others, have addresses in its pod CIDR. `pods` are those with an address of their own. */
function usesPodCidr({ name, podCidr }: Node, pods: readonly Pod[]): boolean {
  return podCidr !== undefined && pods.every(({ node, ip }) => (node === name) === isInCidr(podCidr, ip));
}

function partyOf(pod: Pod, { zone, reason }: Place): Party {
  const { namespace, name, workload } = pod;
  return { namespace, pod: name, type: workloadTypeOf(pod), workload: workload.name, zone, reason };
}
