import { type Cluster, flowsOf, hasVeth, isIpv6, isOnOneNode, type Labels, type Node, nodeNameOf } from '../model.ts';
import { family, growing, type Sample, summed } from '../series/family.ts';
import type { Party } from '../truth/party.ts';
import { createResolver } from '../truth/resolve.ts';
import { type Observed, type Traffic, trafficBetween } from '../truth/traffic.ts';
import { connectionsOn } from './by-node.ts';
import { RETINA_EVENTS } from './hubble.ts';
import { withLosses } from './losses.ts';
import { type SeenEnd, type SeenFlow, seenAt } from './seen.ts';
import { sightingOf } from './sighting.ts';
import type { NodeSource, SourceOptions } from './source.ts';

const UNRESOLVED = 'unknown';
const PLACES = { EGRESS: 'source', INGRESS: 'destination' } as const;

/**
 * `networkobservability_adv_forward_{bytes,count}{direction,source_*,destination_*}`: `EGRESS` where a packet leaves a
 * pod, `INGRESS` where it enters one. With low aggregation network cards report packets between nodes once more, after
 * the address of a Service was translated. What is not resolved is `unknown`, names and zones alike, never empty.
 */
function families(cluster: Cluster, node: Node, options: SourceOptions = {}) {
  const { aggregation = 'high', zones = true } = options;
  const endLabels = labelling(cluster, zones);
  const bytes: Sample[] = [];
  const packets: Sample[] = [];

  for (const { connection } of connectionsOn(cluster, node)) {
    if (isIpv6(connection)) continue;
    for (const flow of flowsOf(connection)) {
      for (const direction of ['EGRESS', 'INGRESS'] as const) {
        const end = flow[PLACES[direction]];
        if (!hasVeth(end) || nodeNameOf(end) !== node.name) continue;
        const passesCard = aggregation === 'low' && !isOnOneNode(connection);
        const seen: SeenFlow[] = [seenAt(flow, PLACES[direction]), ...(passesCard ? [flow] : [])];
        for (const { source, destination } of seen) {
          const labels = {
            direction,
            ...endLabels('source', source),
            ...endLabels('destination', destination),
          };
          bytes.push(growing(labels, flow.bytes));
          packets.push(growing(labels, flow.packets));
        }
      }
    }
  }
  // Gauges by TYPE although they only grow.
  const name = 'networkobservability_adv_forward_count';
  const forwarded = [
    family('networkobservability_adv_forward_bytes', 'gauge', 'Total forwarded bytes', summed(bytes)),
    family(name, 'gauge', 'Total forwarded packets', summed(packets)),
  ];
  return withLosses(forwarded, { ...RETINA_EVENTS, of: name }, node, options);
}

function labelling({ nodes }: Cluster, zones: boolean): (side: string, end: SeenEnd) => Labels {
  const zoneOf = new Map(nodes.map(({ name, zone }) => [name, zone === '' ? UNRESOLVED : zone]));
  return (side, end) => {
    const { namespace, pod, ip } =
      end.kind === 'service' ? { namespace: '', pod: '', ip: end.service.clusterIp } : sightingOf(end);
    const named = end.kind === 'pod' && pod !== '' ? end.pod : undefined;
    return {
      [`${side}_ip`]: ip,
      [`${side}_namespace`]: namespace || UNRESOLVED,
      [`${side}_podname`]: pod || UNRESOLVED,
      [`${side}_workload_kind`]: named?.controller?.kind ?? UNRESOLVED,
      [`${side}_workload_name`]: named?.controller?.name ?? UNRESOLVED,
      ...(zones && { [`${side}_zone`]: named === undefined ? UNRESOLVED : (zoneOf.get(named.node) ?? UNRESOLVED) }),
    };
  };
}

/** Packets as they enter a pod, or with `egress` as they leave one. */
function observed(cluster: Cluster, options: SourceOptions = {}): Observed {
  const { zones = true, select } = options;
  const { sighted, withNativeZone } = createResolver(options.known ?? cluster, options.reading);
  const zoneOf = new Map(cluster.nodes.map(({ name, zone }) => [name, zone]));
  const place = select === 'egress' ? 'source' : 'destination';
  const partyOf = (end: SeenEnd): Party => {
    if (end.kind === 'service') return sighted({ namespace: '', pod: '', ip: end.service.clusterIp });
    const sighting = sightingOf(end);
    const isPlaced = zones && sighting.pod !== '';
    return withNativeZone(sighted(sighting), isPlaced ? (zoneOf.get(nodeNameOf(end) ?? '') ?? '') : '');
  };

  const flows = cluster.connections.filter((connection) => !isIpv6(connection)).flatMap(flowsOf);
  const counted = flows.filter((flow) => hasVeth(flow[place]));
  const traffic = (unit: 'packets' | 'bytes'): Traffic[] =>
    counted.map((flow) => {
      const { source, destination } = seenAt(flow, place);
      return trafficBetween(partyOf(source), partyOf(destination), flow[unit]);
    });
  return { network_packets: traffic('packets'), network_bytes: traffic('bytes') };
}

/**
 * Retina in standard mode with remote context: bytes and packets. Replies of a Service reach its client from the
 * address of the Service (inferred from where Retina looks), so `ingress` cannot place their source.
 */
export const retinaStandard: NodeSource = {
  placement: 'node',
  job: 'retina-standard',
  port: 10_093,
  exporter: 'retina-agent',
  units: ['network_packets', 'network_bytes'],
  blindSpots: [
    'IPv6.',
    'ingress: packets to addresses outside of the cluster, processes of nodes and host-network pods, which no pod receives.',
    'egress: packets from addresses outside of the cluster, processes of nodes and host-network pods, which no pod sends.',
  ],
  families,
  observed,
};
