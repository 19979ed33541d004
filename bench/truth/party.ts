import { isIP } from 'node:net';
import { isInCidr, type Place } from '../model.ts';

/**
 * Why the zone of an end is unknown: its node has none; the zone of its node or from the source is refused; it is the address of a
 * Service; its pod is not known, or not any more; its address is in a range of the cluster, but belongs to nobody; it is outside of the
 * cluster at a private address, or has neither name nor address; the source names no peer. '' when the zone is known.
 */
export type Reason = '' | 'no_zone_label' | 'invalid_zone' | 'service_ip' | 'gone' | 'unplaced' | 'outside' | 'no_peer';

/** One end of traffic with everything there is to know about it; `unknown` wherever there is nothing. */
export interface Party {
  readonly namespace: string;
  /** Name of the pod; `unknown` for everything that is no pod. */
  readonly pod: string;
  /** The Kubernetes kind of the workload as is, `StaticPod`, `Node` or `Service`. */
  readonly type: string;
  readonly workload: string;
  readonly zone: string;
  readonly reason: Reason;
  /** Set where it is beyond the cluster; then the zone is `internet`, `storage` or a region. */
  readonly beyond?: 'internet' | 'cross_region';
}

/** What stands in every label that nobody knows. */
export const UNKNOWN = 'unknown';

/** An end about which nothing is known, for that reason. */
export function nobody(reason: 'unplaced' | 'outside' | 'no_peer'): Party {
  return { namespace: UNKNOWN, pod: UNKNOWN, type: UNKNOWN, workload: UNKNOWN, zone: UNKNOWN, reason };
}

/** An end of which only the zone is known, from the range of its address. */
export function somebodyIn({ zone, reason }: Pick<Party, 'zone' | 'reason'>): Party {
  return { ...nobody('outside'), zone, reason };
}

const OUTSIDE_WORKLOAD = { namespace: '_external_', type: 'External' } as const;

/** Private networks, carriers' NAT, loopback, link-local, benchmarks, multicast and what is reserved. */
const PRIVATE = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
];

/** Whether an address is on the internet; of IPv6, those of global unicast and of NAT64 are. */
export const isPublic = (ip: string): boolean =>
  isIP(ip) === 6
    ? ['2000::/3', '64:ff9b::/96'].some((cidr) => isInCidr(cidr, ip))
    : isIP(ip) === 4 && !PRIVATE.some((cidr) => isInCidr(cidr, ip));

/** An end of which nothing is known but that it is outside of the cluster: on the internet, if its address is public. */
export function outsideParty(ip: string, workload = 'external'): Party {
  return isPublic(ip)
    ? { ...nobody('outside'), ...OUTSIDE_WORKLOAD, workload, zone: 'internet', reason: '', beyond: 'internet' }
    : nobody('outside');
}

/** An address that only the configuration knows. */
export function placeParty({ ip, isOurs = false, workload, kind, region, zone = UNKNOWN }: Place): Party {
  const named = workload === undefined ? {} : { ...OUTSIDE_WORKLOAD, workload };
  const who: Party = { ...nobody('outside'), ...named, zone, reason: '' };
  if (zone !== UNKNOWN) return who;
  const somewhere = { ...who, ...(isOurs ? {} : { ...OUTSIDE_WORKLOAD, workload: workload ?? 'external' }) };
  if (region !== undefined) return { ...somewhere, zone: region, beyond: 'cross_region' };
  if (isOurs) return { ...who, reason: 'unplaced' };
  if (kind === 'storage') return { ...somewhere, zone: 'storage', beyond: 'internet' };
  if (kind === 'internet' || isPublic(ip)) return { ...somewhere, zone: 'internet', beyond: 'internet' };
  return { ...who, reason: 'outside' };
}

/** The API server, where its address is no node's and nobody says more. */
export const apiServerParty = (ip: string): Party => ({
  ...outsideParty(ip),
  ...OUTSIDE_WORKLOAD,
  workload: 'kubernetes-apiserver',
});

/** A pod of which only the name is known. */
export function gonePod(namespace: string, pod: string): Party {
  return { namespace, pod, type: UNKNOWN, workload: UNKNOWN, zone: UNKNOWN, reason: 'gone' };
}

/** A node, or a process of it; all nodes are one workload. */
export function nodeParty({ zone, reason }: Pick<Party, 'zone' | 'reason'>): Party {
  return { namespace: '_nodes_', pod: UNKNOWN, type: 'Node', workload: 'nodes', zone, reason };
}

/** The address of a Service: it could be any of its pods. */
export function serviceParty(namespace: string, name: string): Party {
  return { namespace, pod: UNKNOWN, type: 'Service', workload: name, zone: UNKNOWN, reason: 'service_ip' };
}
