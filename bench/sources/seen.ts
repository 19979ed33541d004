import {
  addressOf,
  type Cluster,
  type Controller,
  type Endpoint,
  type Flow,
  hasVeth,
  isInCidr,
  isOnOneNode,
  type Pod,
  type Service,
  topKnownOf,
} from '../model.ts';

/** An end of a flow as an agent meets it: a Service stands for the server where its address is not yet translated. */
export type SeenEnd = Endpoint | { readonly kind: 'service'; readonly service: Service };

/** The address of an end as packets carry it at that place. */
export const seenAddress = (end: SeenEnd): string => (end.kind === 'service' ? end.service.clusterIp : addressOf(end));

/** A flow as seen where it leaves its source or where it reaches its destination. */
export interface SeenFlow {
  readonly source: SeenEnd;
  readonly destination: SeenEnd;
}

/**
 * The ends of a flow at the interface of its source or of its destination. At the veth of the client of a Service the
 * server is the Service, in both directions; processes of a node reach its network card with the address translated.
 */
export function seenAt(flow: Flow, place: 'source' | 'destination'): SeenFlow {
  const { source, destination, isReply, connection } = flow;
  const isClients = isReply === (place === 'destination');
  if (connection.via === undefined || !isClients || !hasVeth(connection.client)) return { source, destination };
  const service: SeenEnd = { kind: 'service', service: connection.via };
  return isReply ? { source: service, destination } : { source, destination: service };
}

/** A flow of a masqueraded connection at the network card, where the pod has the address of its node; undefined for all others. */
export function masqueraded({ masquerade, nodes }: Cluster, flow: Flow): SeenFlow | undefined {
  const { client, server } = flow.connection;
  if (masquerade === undefined || client.kind !== 'pod' || !hasVeth(client) || server.kind !== 'external')
    return undefined;
  if (masquerade.except.some((cidr) => isInCidr(cidr, server.ip))) return undefined;
  const node = nodes.find(({ name }) => name === client.pod.node);
  if (node === undefined) return undefined;
  const ip = server.ip.includes(':') ? node.internalIpv6 : node.internalIp;
  const self: SeenEnd = { kind: 'node', node, ...(ip !== undefined && { ip }) };
  return flow.isReply ? { source: server, destination: self } : { source: self, destination: server };
}

/** Whether packets pass no interface that agents watch: between processes of one node. */
export function isLoopback({ connection }: Flow): boolean {
  return isOnOneNode(connection) && !hasVeth(connection.client) && !hasVeth(connection.server);
}

/** What agents with informers of their own label an end with; '' for whatever does not apply. */
export interface NativeEnd {
  readonly namespace: string;
  /** `Pod`, `Node`, `Service`, or '' outside of the cluster. */
  readonly type: string;
  /** Name of that object. */
  readonly name: string;
  readonly ownerType: string;
  readonly ownerName: string;
  /** The workload that the rules derive from that owner. */
  readonly workload: Controller;
  /** The zone label of the node; Services have none. */
  readonly zone: string;
}

/** An object that is its own owner. */
const itself = (kind: string, name: string) => ({
  type: kind,
  name,
  ownerType: kind,
  ownerName: name,
  workload: { kind, name },
});

/** An end that an agent knows nothing about. */
export const OUTSIDE: NativeEnd = { namespace: '', ...itself('', ''), zone: '' };

/**
 * Returns a function that looks up ends as OBI, Beyla and NetObserv do. Pods on the network of their host have its
 * address and are the node. Owners are followed to the top; that of a static pod is its node (inferred).
 */
export function nativeEnds({ nodes }: Cluster): (end: SeenEnd) => NativeEnd {
  const zones = new Map(nodes.map(({ name, zone }) => [name, zone]));
  const node = (name: string): NativeEnd => ({
    namespace: '',
    ...itself('Node', name),
    zone: zones.get(name) ?? '',
  });
  const pod = (given: Pod): NativeEnd => {
    const { namespace, name, controller } = given;
    const isStatic = controller?.kind === 'Node';
    const owner = isStatic ? controller : topKnownOf(given);
    return {
      namespace,
      type: 'Pod',
      name,
      ownerType: owner.kind,
      ownerName: owner.name,
      workload: isStatic ? controller : given.workload,
      zone: zones.get(given.node) ?? '',
    };
  };
  return (end) => {
    switch (end.kind) {
      case 'external':
        return OUTSIDE;
      case 'node':
        return node(end.node.name);
      case 'pod':
        return end.pod.hostNetwork ? node(end.pod.node) : pod(end.pod);
      case 'service': {
        const { namespace, name } = end.service;
        return { namespace, ...itself('Service', name), zone: '' };
      }
      default:
        return end satisfies never;
    }
  };
}
