import { type Cluster, type Connection, hasVeth, isIpv6, type MetricFamily, type Node } from '../model.ts';
import { constant, family, type Sample, summed } from '../series/family.ts';
import { createResolver, type Resolver, type Sighting } from '../truth/resolve.ts';
import { type Traffic, trafficBetween } from '../truth/traffic.ts';
import { connectionsOn } from './by-node.ts';
import { hubbleDnsFamilies } from './hubble-dns.ts';
import { hubblePacketFamilies } from './hubble-packets.ts';
import { exitOf, flowSamples, type HubbleTraits } from './hubble-events.ts';
import { withLosses } from './losses.ts';
import { serverFromClient, sightingOf } from './sighting.ts';
import type { SourceOptions } from './source.ts';
import { countsOf, knowsBothEnds, leadsOutside } from './veths.ts';

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
 * - `hubble_dns_*`, if the options ask for DNS
 * - `hubble_drop_total` and `hubble_tcp_flags_total` of connections in trouble
 * - `hubble_lost_events_total{source}`: what the agent loses (Cilium), else zero
 * - `controlplane_networkobservability_*`: what Retina's agent handles and loses. In reality at another port of the agent, with the same
 *   `instance`.
 */
export function hubbleFamilies(agent: Agent, cluster: Cluster, node: Node, options: SourceOptions): MetricFamily[] {
  const traits = traitsOf(agent, options);
  const flows: Sample[] = [];

  for (const { connection, index } of connectionsOn(cluster, node)) {
    if (isInvisible(agent, connection)) continue;
    flows.push(...flowSamples(connection, index, node, traits));
  }

  const families = [
    family('hubble_flows_processed_total', 'counter', 'Total number of flows processed', summed(flows)),
    ...(options.dns === true ? hubbleDnsFamilies(agent, cluster, node) : []),
    ...hubblePacketFamilies(cluster, node, traits),
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
 * Both directions of the connections that are seen at the veth of the server, where a Service's address has been translated, and of those that
 * only the client's veth sees and that are known to stay on its node or to lead outside. With `client-side` all that the client's veth sees.
 */
export function hubbleObserved(agent: Agent, cluster: Cluster, options: SourceOptions): Traffic[] {
  const resolver = createResolver(options.known ?? cluster, options.reading);
  const traits = traitsOf(agent, options);
  const isClientSide = options.select === 'client-side';

  return cluster.connections.flatMap((connection) => {
    if (isInvisible(agent, connection)) return [];
    const { client, server, requests, replies } = connection;
    const caller = resolver.sighted(sightingOf(client));
    const views =
      agent === 'cilium'
        ? [{ ...ciliumCounts(connection, resolver, traits, isClientSide), callee: sightingOf(server) }]
        : retinaCounts(connection, resolver, traits, isClientSide);
    return views.flatMap((view) => {
      const callee = resolver.sighted(view.callee);
      const share = traits.eventsPerPacket;
      return [
        trafficBetween(caller, callee, requests * view.requests * share),
        trafficBetween(callee, caller, replies * view.replies * share),
      ].filter(({ rate }) => rate > 0);
    });
  });
}

/** How many times each request and each reply of a connection counts. */
interface Times {
  readonly requests: number;
  readonly replies: number;
}

function retinaCounts(
  connection: Connection,
  resolver: Resolver,
  { aggregation }: HubbleTraits,
  isClientSide: boolean,
): readonly (Times & { readonly callee: Sighting })[] {
  return countsOf(connection, resolver, isClientSide).map(({ of, times }) => {
    // With high aggregation, the second veth of a node reports nothing.
    const counted = aggregation === 'high' ? 1 : times;
    const callee = of === 'server' ? sightingOf(connection.server) : serverFromClient(connection);
    return { callee, requests: counted, replies: counted };
  });
}

/** Replies count where they leave the server's node, else where they arrive at a pod if both ends are known. */
function ciliumCounts(connection: Connection, resolver: Resolver, traits: HubbleTraits, isClientSide: boolean): Times {
  const { via: _translated, ...direct } = connection;
  const { client, server } = connection;
  const leaves = ['to-stack', 'to-overlay'].includes(exitOf(connection, traits) ?? '');
  const isOutside = leadsOutside(direct, resolver);
  if (isClientSide ? hasVeth(client) : !hasVeth(server) && isOutside) return { requests: leaves ? 1 : 0, replies: 1 };
  if (isClientSide || !hasVeth(server)) return { requests: 0, replies: 0 };
  const arrives = hasVeth(client) && knowsBothEnds(connection, resolver);
  return { requests: 1, replies: leaves || arrives ? 1 : 0 };
}

/** Retina's data path leaves IPv6 packets alone. */
function isInvisible(agent: Agent, connection: Connection): boolean {
  return agent === 'retina' && isIpv6(connection);
}
