import type { Place } from '../model.ts';

/**
 * Why the zone of an end is unknown: its node has none; the zone of its node or from the source is refused; it is the address of a
 * Service; its pod is not known, or not any more; its address is in a range of the cluster, but belongs to nobody; it is outside of the
 * cluster or has neither name nor address; the source names no peer. '' when the zone is known.
 */
export type Reason =
  '' | 'no_zone_label' | 'invalid_zone' | 'service_ip' | 'gone' | 'unplaced' | 'external' | 'no_peer';

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
}

/** What stands in every label that nobody knows. */
export const UNKNOWN = 'unknown';

/** An end about which nothing is known, for that reason. */
export function nobody(reason: 'unplaced' | 'external' | 'no_peer'): Party {
  return { namespace: UNKNOWN, pod: UNKNOWN, type: UNKNOWN, workload: UNKNOWN, zone: UNKNOWN, reason };
}

/** An end of which only the zone is known, from the range of its address. */
export function somebodyIn({ zone, reason }: Pick<Party, 'zone' | 'reason'>): Party {
  return { ...nobody('external'), zone, reason };
}

/** An address that only the configuration knows. */
export function placeParty({ isOurs = false, workload, zone = UNKNOWN }: Omit<Place, 'ip'>): Party {
  const named = workload === undefined ? {} : { namespace: '_external_', type: 'External', workload };
  const reason = zone !== UNKNOWN ? '' : isOurs ? 'unplaced' : 'external';
  return { ...nobody('external'), ...named, zone, reason };
}

/** The API server, where its address is no node's and nobody says more. */
export function apiServerParty(): Party {
  return { ...nobody('external'), namespace: '_external_', type: 'External', workload: 'kubernetes-apiserver' };
}

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
