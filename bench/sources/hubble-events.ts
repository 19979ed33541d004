import { type Connection, type Endpoint, hasVeth, isOnOneNode, type Labels, type Node, nodeNameOf } from '../model.ts';
import { growing, type Sample } from '../series/family.ts';
import type { Sighting } from '../truth/resolve.ts';
import { serverFromClient, sightingOf } from './sighting.ts';

/** What sets the agents with Hubble metrics apart, and how they are set up. */
export interface HubbleTraits {
  readonly agent: 'retina' | 'cilium';
  readonly aggregation: 'low' | 'high';
  /** Trace events for each packet at a veth. */
  readonly eventsPerPacket: number;
  readonly routing: 'native' | 'tunnel';
}

/** How one node sees a connection: `ingress` on the server's node, `egress` on the client's. Replies inherit it. */
export type Direction = 'ingress' | 'egress';

const DROP_EVERY = 10;
const DROP_SHARE = 0.05;

/** The views a node has of a connection: none, one, or both when client and server run on it. */
export function viewsOf(connection: Connection, node: Node, { agent }: HubbleTraits): Direction[] {
  const serves = nodeNameOf(connection.server) === node.name;
  const calls = nodeNameOf(connection.client) === node.name;
  const isUnseen =
    agent === 'retina' && connection.unseenByServer === true && connection.via === undefined && serves && calls;
  return [...(serves && !isUnseen ? (['ingress'] as const) : []), ...(calls ? (['egress'] as const) : [])];
}

interface FlowEvent {
  readonly protocol: string;
  readonly type: string;
  readonly subtype: string;
  readonly verdict: string;
}

/**
 * The series of `hubble_flows_processed_total` for one view of a connection, in events per second. At the veth of the
 * end that is here, if it has one: packets that enter it and that leave it, what L7 parsing of DNS adds, and drops
 * (every tenth connection loses some before its server). At the network card of the node, if the other end is not
 * here and aggregation is low: the same packets again, with the addresses of the pods themselves. Cilium with low
 * aggregation also reports packets as they come out of a pod.
 */
export function flowSamples(
  connection: Connection,
  index: number,
  direction: Direction,
  traits: HubbleTraits,
): Sample[] {
  const { client, server, protocol, requests, replies } = connection;
  const isServerSide = direction === 'ingress';
  const isAcross = !isOnOneNode(connection);
  const here: Endpoint = isServerSide ? server : client;
  const samples: Sample[] = [];

  const add = (event: FlowEvent, callee: Sighting, [request, reply]: readonly [number, number]) => {
    const caller = sightingOf(client);
    if (request > 0) samples.push(growing(flowLabels(event, caller, callee, direction), request));
    if (reply > 0) samples.push(growing(flowLabels(event, callee, caller, direction), reply));
  };
  const trace = (subtype: string): FlowEvent => ({ protocol, type: 'Trace', subtype, verdict: 'FORWARDED' });
  /** Packets into the pod or node that is here, and out of it. */
  const inward = (rate = 1) => (isServerSide ? ([requests * rate, 0] as const) : ([0, replies * rate] as const));
  const outward = (rate = 1) => (isServerSide ? ([0, replies * rate] as const) : ([requests * rate, 0] as const));

  if (hasVeth(here)) {
    const callee = isServerSide ? sightingOf(server) : serverFromClient(connection);
    const leaves = traits.routing === 'tunnel' && isAcross ? 'to-overlay' : 'to-stack';
    add(trace('to-endpoint'), callee, inward(traits.eventsPerPacket));
    add(trace(leaves), callee, outward(traits.eventsPerPacket));
    if (traits.agent === 'cilium' && traits.aggregation === 'low') add(trace('from-endpoint'), callee, outward());
    if (protocol === 'UDP') {
      add({ protocol: 'DNS', type: 'L7', subtype: 'DNS', verdict: 'FORWARDED' }, callee, [requests, replies]);
    }
    if (isServerSide && index % DROP_EVERY === 0) {
      add({ protocol, type: 'Drop', subtype: '', verdict: 'DROPPED' }, callee, [requests * DROP_SHARE, 0]);
    }
  }
  if (isAcross && traits.aggregation === 'low') {
    const arrives = traits.routing === 'tunnel' ? 'from-overlay' : 'from-network';
    add(trace(arrives), sightingOf(server), inward());
    add(trace('to-network'), sightingOf(server), outward());
  }
  return samples;
}

/** Every label is spelled out as merging objects takes most of the time with half a million series. */
function flowLabels(event: FlowEvent, source: Sighting, destination: Sighting, direction: Direction): Labels {
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
