import type { Connection, Endpoint, Labels, Node } from '../model.ts';
import { growing, type Sample } from './family.ts';

/** How one node sees a connection. Replies inherit the connection's direction. */
export interface View {
  /** `ingress` on the server's node, `egress` on the client's. */
  readonly direction: 'ingress' | 'egress';
  /** Packets pass this node's NIC, as the other end is elsewhere. */
  readonly crossesNic: boolean;
}

const DROP_EVERY = 10;
const DROP_SHARE = 0.05;

/** The views a node has of a connection: none, one, or both when client and server run on it. */
export function viewsOf({ client, server }: Connection, node: Node): View[] {
  const servesHere = runsOn(server, node);
  const callsHere = runsOn(client, node);
  const crossesNic = !(servesHere && callsHere);
  return [
    ...(servesHere ? [{ direction: 'ingress', crossesNic } as const] : []),
    ...(callsHere ? [{ direction: 'egress', crossesNic } as const] : []),
  ];
}

/**
 * The series of `hubble_flows_processed_total` for one view of a connection, in events per second. Only the ingress
 * view's `to-endpoint` and `to-stack` trace events count each packet once. All the rest describes the same packets
 * again or packets that were never delivered: every tenth connection loses some.
 */
export function flowSamples(connection: Connection, view: View, index: number): Sample[] {
  const { protocol, requests, replies } = connection;
  const isServerSide = view.direction === 'ingress';
  const request = (event: FlowEvent, rate: number) =>
    growing(flowLabels(event, connection.client, connection.server, view), rate);
  const reply = (event: FlowEvent, rate: number) =>
    growing(flowLabels(event, connection.server, connection.client, view), rate);
  const trace = (subtype: string): FlowEvent => ({ protocol, type: 'Trace', subtype, verdict: 'FORWARDED' });

  const samples = [
    request(trace(isServerSide ? 'to-endpoint' : 'to-stack'), requests),
    reply(trace(isServerSide ? 'to-stack' : 'to-endpoint'), replies),
  ];
  if (view.crossesNic) {
    samples.push(
      request(trace(isServerSide ? 'from-network' : 'to-network'), requests),
      reply(trace(isServerSide ? 'to-network' : 'from-network'), replies),
    );
  }
  if (protocol === 'UDP') {
    const copy = { protocol: 'DNS', type: 'L7', subtype: 'DNS', verdict: 'FORWARDED' };
    samples.push(request(copy, requests), reply(copy, replies));
  }
  if (isServerSide && index % DROP_EVERY === 0) {
    samples.push(request({ protocol, type: 'Drop', subtype: '', verdict: 'DROPPED' }, requests * DROP_SHARE));
  }
  return samples;
}

interface FlowEvent {
  readonly protocol: string;
  readonly type: string;
  readonly subtype: string;
  readonly verdict: string;
}

/**
 * Endpoints outside the cluster have neither pod nor namespace; Hubble leaves these labels empty. Every label is
 * spelled out as merging objects takes most of the time with half a million series.
 */
function flowLabels(event: FlowEvent, source: Endpoint, destination: Endpoint, view: View): Labels {
  return {
    protocol: event.protocol,
    type: event.type,
    subtype: event.subtype,
    verdict: event.verdict,
    source_ip: addressOf(source),
    source_pod: source.kind === 'pod' ? source.pod.name : '',
    source_namespace: source.kind === 'pod' ? source.pod.namespace : '',
    destination_ip: addressOf(destination),
    destination_pod: destination.kind === 'pod' ? destination.pod.name : '',
    destination_namespace: destination.kind === 'pod' ? destination.pod.namespace : '',
    traffic_direction: view.direction,
  };
}

function addressOf(endpoint: Endpoint): string {
  return endpoint.kind === 'pod' ? endpoint.pod.ip : endpoint.ip;
}

function runsOn(endpoint: Endpoint, node: Node): boolean {
  return endpoint.kind === 'pod' && endpoint.pod.node === node.name;
}
