import type { Cluster, Connection, MetricFamily, Node } from '../model.ts';
import { constant, family, growing, type Sample } from './family.ts';
import { flowSamples, viewsOf } from './flows.ts';

/**
 * What the Retina agent (Hubble control plane) on a node exposes about the cluster's connections, in flow events per
 * second. Events are those the node itself sees:
 *
 * - `hubble_flows_processed_total{protocol,type,subtype,verdict,source_*,destination_*,traffic_direction}`: trace
 *   events of both views (the server's node and the client's node), the NIC's events, DNS copies and drops
 * - `hubble_dns_queries_total{rcode,qtypes,ips_returned}`: DNS queries that reached a server here
 * - `hubble_lost_events_total{source}`: always zero, so the flows are complete
 */
export function hubbleFamilies(cluster: Cluster, node: Node): MetricFamily[] {
  const flows: Sample[] = [];
  let queries = 0;

  for (const [index, connection] of cluster.connections.entries()) {
    for (const view of viewsOf(connection, node)) {
      flows.push(...flowSamples(connection, view, index));
      if (isDnsServedHere(connection, view.direction)) queries += connection.requests;
    }
  }

  return [
    family('hubble_flows_processed_total', 'counter', 'Total number of flows processed', flows),
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
}

function isDnsServedHere(connection: Connection, direction: 'ingress' | 'egress'): boolean {
  return connection.protocol === 'UDP' && direction === 'ingress';
}
