import { type Cluster, type Connection, hasVeth, isIpv6, isOnOneNode, type MetricFamily, type Node } from '../model.ts';
import { constant, family, growing, type Sample, summed } from '../series/family.ts';
import { createResolver } from '../truth/resolve.ts';
import { type Traffic, trafficBetween } from '../truth/traffic.ts';
import { connectionsOn } from './by-node.ts';
import { withLosses } from './losses.ts';
import { flowSamples, type HubbleTraits, viewsOf } from './hubble-events.ts';
import { serverFromClient, sightingOf } from './sighting.ts';
import type { SourceOptions } from './source.ts';

type Agent = HubbleTraits['agent'];

/** Retina's own counters of events, in both modes. */
export const RETINA_EVENTS = {
  seen: { name: 'controlplane_networkobservability_parsed_packets_counter' },
  lost: {
    name: 'controlplane_networkobservability_lost_events_counter',
    labels: { type: 'kernel', reason: 'packetparser' },
  },
};

function traitsOf(agent: Agent, options: SourceOptions): HubbleTraits {
  const { aggregation = 'low', eventsPerPacket = 0.1, routing = 'native' } = options;
  return {
    agent,
    aggregation,
    eventsPerPacket: aggregation === 'high' ? eventsPerPacket : 1,
    routing: agent === 'cilium' ? routing : 'native',
  };
}

/**
 * What an agent with Hubble metrics on a node exposes about the cluster's connections, in flow events per second.
 * Events are those the node itself sees:
 *
 * - `hubble_flows_processed_total{protocol,type,subtype,verdict,source_*,destination_*,traffic_direction}`
 * - `hubble_dns_queries_total{rcode,qtypes,ips_returned}`: DNS queries that reached a server here
 * - `hubble_lost_events_total{source}`: what the agent loses (Cilium), else zero
 * - `controlplane_networkobservability_*`: what Retina's agent handles and loses. In reality at another port of the agent, with the same
 *   `instance`.
 */
export function hubbleFamilies(agent: Agent, cluster: Cluster, node: Node, options: SourceOptions): MetricFamily[] {
  const traits = traitsOf(agent, options);
  const flows: Sample[] = [];
  let queries = 0;

  for (const { connection, index } of connectionsOn(cluster, node)) {
    if (isInvisible(agent, connection)) continue;
    for (const direction of viewsOf(connection, node, traits)) {
      flows.push(...flowSamples(connection, index, direction, traits));
      if (connection.protocol === 'UDP' && direction === 'ingress') queries += connection.requests;
    }
  }

  const families = [
    family('hubble_flows_processed_total', 'counter', 'Total number of flows processed', summed(flows)),
    family('hubble_dns_queries_total', 'counter', 'Number of DNS queries observed', [
      growing({ rcode: '', qtypes: 'A', ips_returned: '0' }, queries),
    ]),
    family(
      'hubble_lost_events_total',
      'counter',
      'Number of lost events',
      ['perf_event_ring_buffer', 'observer_events_queue', 'hubble_ring_buffer'].map((source) =>
        constant({ source }, 0),
      ),
    ),
  ];
  const of = 'hubble_flows_processed_total';
  const lost = { name: 'hubble_lost_events_total', labels: { source: 'observer_events_queue' } };
  return withLosses(families, agent === 'retina' ? { ...RETINA_EVENTS, of } : { of, lost }, node, options);
}

/**
 * Both directions of the connections that are seen at the veth of the server, where a Service's address has been
 * translated, or with `client-side` at the veth of the client, where it has not.
 */
export function hubbleObserved(agent: Agent, cluster: Cluster, options: SourceOptions): Traffic[] {
  const { sighted } = createResolver(options.known ?? cluster, options.reading);
  const { eventsPerPacket } = traitsOf(agent, options);
  const isClientSide = options.select === 'client-side';

  return cluster.connections.flatMap((connection) => {
    const { client, server, requests, replies } = connection;
    const isSeen = isClientSide ? hasVeth(client) : hasVeth(server) && !isUnseenByServer(agent, connection);
    if (!isSeen || isInvisible(agent, connection)) return [];
    const caller = sighted(sightingOf(client));
    const callee = sighted(isClientSide ? serverFromClient(connection) : sightingOf(server));
    return [
      trafficBetween(caller, callee, requests * eventsPerPacket),
      trafficBetween(callee, caller, replies * eventsPerPacket),
    ];
  });
}

/** Retina's data path leaves IPv6 packets alone. */
function isInvisible(agent: Agent, connection: Connection): boolean {
  return agent === 'retina' && isIpv6(connection);
}

function isUnseenByServer(agent: Agent, connection: Connection): boolean {
  const isFlagged = connection.unseenByServer === true && connection.via === undefined;
  return agent === 'retina' && isFlagged && isOnOneNode(connection);
}
