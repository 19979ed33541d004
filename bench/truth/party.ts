import type { Cluster, Endpoint, Node, Pod } from '../model.ts';

/** One end of traffic with everything there is to know about it; `unknown` wherever there is nothing. */
export interface Party {
  readonly namespace: string;
  readonly pod: string;
  /** The Kubernetes kind of the workload as is, or `StaticPod`. */
  readonly type: string;
  readonly workload: string;
  readonly zone: string;
}

const UNKNOWN = 'unknown';
const OUTSIDE: Party = { namespace: UNKNOWN, pod: UNKNOWN, type: UNKNOWN, workload: UNKNOWN, zone: UNKNOWN };

/** The zone of a node: its label, else the zone in an EC2 provider id, else `unknown`. */
export function zoneOfNode({ zone, providerId }: Node): string {
  if (zone !== '') return zone;
  return /^aws:\/\/\/([^/]+)\//.exec(providerId)?.[1] ?? UNKNOWN;
}

/** Returns a function that resolves endpoints of a cluster. */
export function resolveParty({ nodes, pods }: Cluster): (endpoint: Endpoint) => Party {
  const zones = new Map(nodes.map((node) => [node.name, zoneOfNode(node)]));
  const parties = new Map(pods.map((pod) => [pod, partyOf(pod, zones.get(pod.node) ?? UNKNOWN)]));
  return (endpoint) => (endpoint.kind === 'external' ? OUTSIDE : (parties.get(endpoint.pod) ?? OUTSIDE));
}

function partyOf({ namespace, name, workload, controller }: Pod, zone: string): Party {
  const type = controller?.kind === 'Node' ? 'StaticPod' : workload.kind;
  return { namespace, pod: name, type, workload: workload.name, zone };
}
