import {
  type Connection,
  hasVeth,
  isDirectOnOneNode,
  isOnOneNode,
  type Labels,
  type Node,
  nodeNameOf,
} from '../model.ts';
import { growing, type Sample } from '../series/family.ts';
import type { Sighting } from '../truth/resolve.ts';
import { serverFromClient, sightingOf } from './sighting.ts';
import { type Direction, type Veth, vethsOn } from './veths.ts';

/** What sets the agents with Hubble metrics apart, and how they are set up. */
export interface HubbleTraits {
  readonly agent: 'retina' | 'cilium';
  readonly aggregation: 'low' | 'high';
  /** Trace events for each packet at a veth. */
  readonly eventsPerPacket: number;
  readonly routing: 'native' | 'tunnel' | 'endpoint-routes' | 'host-routing';
}

const DROP_EVERY = 10;
const DROP_SHARE = 0.05;

interface FlowEvent {
  readonly protocol: string;
  readonly type: string;
  readonly subtype: string;
  readonly verdict: string;
}

/**
 * Where packets go that leave a pod for the other end; undefined where they go straight to it. Retina hands all of them to the stack. Cilium
 * has tunnels, eBPF host routing, and hands over packets within a node with endpoint routes only (read in bpf_lxc.c, not measured).
 */
export function exitOf(connection: Connection, { agent, routing }: HubbleTraits): string | undefined {
  const { client, server } = connection;
  if (agent === 'retina') return 'to-stack';
  if (isOnOneNode(connection)) {
    return hasVeth(client) && hasVeth(server) && routing !== 'endpoint-routes' ? undefined : 'to-stack';
  }
  if (routing === 'host-routing') return 'to-network';
  const isInside = nodeNameOf(client) !== undefined && nodeNameOf(server) !== undefined;
  return routing === 'tunnel' && isInside ? 'to-overlay' : 'to-stack';
}

/** The veths of a connection on a node. Cilium's endpoints track connections each for itself. */
const vethsSeen = (connection: Connection, node: Node, { agent }: HubbleTraits): readonly Veth[] =>
  vethsOn(connection, node).map((veth) =>
    agent === 'cilium' ? { ...veth, direction: veth.of === 'server' ? 'ingress' : 'egress' } : veth,
  );

/** How its client's veth tells the server of a connection. Cilium translates the address of a Service before it reports anything. */
const calleeOf = (connection: Connection, { of }: Veth, { agent }: HubbleTraits): Sighting =>
  of === 'server' || agent === 'cilium' ? sightingOf(connection.server) : serverFromClient(connection);

/**
 * The series of `hubble_flows_processed_total` for a connection on a node, in events per second. At the veth of each end that is here: packets
 * that enter it and that leave it, what L7 parsing of DNS adds, and drops (every tenth connection loses some before its server). At the network
 * card of the node, if the other end is not here and aggregation is low: the same packets again, with the addresses of the pods themselves.
 * Retina's directions are measured; Cilium's are those of its library.
 */
export function flowSamples(connection: Connection, index: number, node: Node, traits: HubbleTraits): Sample[] {
  const { client, server, protocol, requests, replies } = connection;
  const { agent, aggregation, eventsPerPacket } = traits;
  const samples: Sample[] = [];

  const adderFor =
    (callee: Sighting, direction: Direction | 'unknown') =>
    (event: FlowEvent, [request, reply]: readonly [number, number]) => {
      const caller = sightingOf(client);
      if (request > 0) samples.push(growing(flowLabels(event, caller, callee, direction), request));
      if (reply > 0) samples.push(growing(flowLabels(event, callee, caller, direction), reply));
    };
  const trace = (subtype: string): FlowEvent => ({ protocol, type: 'Trace', subtype, verdict: 'FORWARDED' });
  /** Packets to one end, and from it. */
  const toward = (of: Veth['of'], rate: number) =>
    of === 'server' ? ([requests * rate, 0] as const) : ([0, replies * rate] as const);
  const away = (of: Veth['of'], rate: number) => toward(of === 'server' ? 'client' : 'server', rate);

  for (const veth of vethsSeen(connection, node, traits)) {
    const { of, direction } = veth;
    const callee = calleeOf(connection, veth, traits);
    const add = adderFor(callee, direction);
    // With high aggregation Retina reports a connection, not an interface: what was an event at the first veth is none at the second.
    const isSecondLook = agent === 'retina' && aggregation === 'high' && isDirectOnOneNode(connection);
    if (!isSecondLook) add(trace('to-endpoint'), toward(of, eventsPerPacket));
    const exit = exitOf(connection, traits);
    if (exit !== undefined) add(trace(exit), away(of, eventsPerPacket));
    if (agent === 'cilium' && aggregation === 'low') adderFor(callee, 'unknown')(trace('from-endpoint'), away(of, 1));
    if (protocol === 'UDP') {
      add({ protocol: 'DNS', type: 'L7', subtype: 'DNS', verdict: 'FORWARDED' }, [requests, replies]);
    }
    if (of === 'server' && index % DROP_EVERY === 0) {
      add({ protocol, type: 'Drop', subtype: '', verdict: 'DROPPED' }, [requests * DROP_SHARE, 0]);
    }
  }
  if (!isOnOneNode(connection) && aggregation === 'low') {
    const of = nodeNameOf(server) === node.name ? 'server' : 'client';
    const direction = of === 'server' ? 'ingress' : 'egress';
    const add = adderFor(sightingOf(server), agent === 'cilium' ? 'unknown' : direction);
    add(trace(traits.routing === 'tunnel' ? 'from-overlay' : 'from-network'), toward(of, 1));
    add(trace('to-network'), away(of, 1));
  }
  return samples;
}

/** Every label is spelled out as merging objects takes most of the time with half a million series. */
function flowLabels(
  event: FlowEvent,
  source: Sighting,
  destination: Sighting,
  direction: Direction | 'unknown',
): Labels {
  return {
    protocol: event.protocol,
    type: event.type,
    subtype: event.subtype,
    verdict: event.verdict,
    source_ip: source.ip,
    source_pod: source.pod,
    source_namespace: source.namespace,
    destination_ip: destination.ip,
    destination_pod: destination.pod,
    destination_namespace: destination.namespace,
    traffic_direction: direction,
  };
}
