import {
  type Cluster,
  type Connection,
  type Flow,
  flowsOf,
  isIpv6,
  isOnOneNode,
  type Labels,
  type MetricFamily,
  type Node,
  nodeNameOf,
} from '../model.ts';
import { family, growing, type Sample, summed } from '../series/family.ts';
import { apiServerParty, type Party, UNKNOWN } from '../truth/party.ts';
import { createResolver, type Sighting } from '../truth/resolve.ts';
import { type Observed, type Traffic, trafficBetween } from '../truth/traffic.ts';
import { connectionsOn } from './by-node.ts';
import { RETINA_EVENTS } from './hubble.ts';
import { withLosses } from './losses.ts';
import { type SeenEnd, type SeenFlow, seenAt } from './seen.ts';
import { sightingOf } from './sighting.ts';
import type { NodeSource, SourceOptions } from './source.ts';
import { countsOf, type Veth, vethsOn } from './veths.ts';

const UNRESOLVED = 'unknown';
/** The API server, as namespace and pod. */
const API_SERVER = 'kubernetes-apiserver';

/**
 * `networkobservability_adv_forward_{bytes,count}{direction,source_*,destination_*}`: the direction is that of the connection, so the server's
 * node reports requests and replies as `INGRESS`, and the client's node both as `EGRESS`. With low aggregation network cards report packets
 * between nodes once more, after the address of a Service was translated. What is not resolved is `unknown`, names and zones alike, never
 * empty. Measured.
 */
function families(cluster: Cluster, node: Node, options: SourceOptions = {}) {
  const { aggregation = 'high', zones = true } = options;
  const endLabels = labelling(cluster, zones);
  const bytes: Sample[] = [];
  const packets: Sample[] = [];

  for (const { connection } of connectionsOn(cluster, node)) {
    if (isIpv6(connection)) continue;
    const isServers = nodeNameOf(connection.server) === node.name;
    const card = { of: 'server', direction: isServers ? 'ingress' : 'egress' } as const;
    const passesCard = aggregation === 'low' && !isOnOneNode(connection);
    const seen: readonly Veth[] = [...vethsOn(connection, node), ...(passesCard ? [card] : [])];
    for (const { of, direction } of seen) {
      for (const flow of flowsOf(connection)) {
        const { source, destination } = seenFrom(of, flow);
        const labels = {
          direction: direction.toUpperCase(),
          ...endLabels('source', source),
          ...endLabels('destination', destination),
        };
        bytes.push(growing(labels, flow.bytes));
        packets.push(growing(labels, flow.packets));
      }
    }
  }
  // Gauges by TYPE although they only grow.
  const name = 'networkobservability_adv_forward_count';
  const forwarded = [
    family('networkobservability_adv_forward_bytes', 'gauge', 'Total forwarded bytes', summed(bytes)),
    family(name, 'gauge', 'Total forwarded packets', summed(packets)),
  ];
  return withLosses([...forwarded, ...troubleFamilies(cluster, node)], { ...RETINA_EVENTS, of: name }, node, options);
}

/** The labels of the pod at one end; what is none is unknown. */
const podOf = (side: 'source' | 'destination', end: Connection['client']): Labels => {
  const { namespace, pod } = sightingOf(end);
  return { [`${side}_namespace`]: namespace || UNRESOLVED, [`${side}_podname`]: pod || UNRESOLVED };
};

/**
 * Packets that go wrong, as the generated MetricsConfiguration asks for them: `networkobservability_adv_drop_count{reason,direction}` with the pods
 * at both ends, `adv_tcpflags_count{flag}` and `adv_tcpretrans_count{direction}` with the sender. Simplified: only the server's node sees them.
 */
function troubleFamilies(cluster: Cluster, node: Node): MetricFamily[] {
  const [drops, flags, retransmits]: [Sample[], Sample[], Sample[]] = [[], [], []];
  for (const { connection } of connectionsOn(cluster, node)) {
    const { client, server, trouble } = connection;
    if (trouble === undefined || nodeNameOf(server) !== node.name || isIpv6(connection)) continue;
    const { dropped, resets = 0, retransmits: again = 0 } = trouble;
    const sender = podOf('source', server);
    if (dropped !== undefined) {
      const ends = { ...podOf('source', client), ...podOf('destination', server) };
      drops.push(growing({ reason: dropped.reason, direction: 'INGRESS', ...ends }, dropped.rate));
    }
    if (resets > 0) flags.push(growing({ flag: 'RST', ...sender }, resets));
    if (again > 0) retransmits.push(growing({ direction: 'EGRESS', ...sender }, again));
  }
  const prefix = 'networkobservability_adv_';
  return [
    family(`${prefix}drop_count`, 'gauge', 'Total number of dropped packets', summed(drops)),
    family(`${prefix}tcpflags_count`, 'gauge', 'Total number of packets by TCP flag', summed(flags)),
    family(`${prefix}tcpretrans_count`, 'gauge', 'Total number of TCP retransmitted packets', summed(retransmits)),
  ];
}

/** The ends of a flow in the eyes of the server, or of the client, which may know a Service only. */
function seenFrom(of: Veth['of'], flow: Flow): SeenFlow {
  const isClients = of === 'client';
  return isClients ? seenAt(flow, flow.isReply ? 'destination' : 'source') : flow;
}

function labelling({ nodes, apiServer }: Cluster, zones: boolean): (side: string, end: SeenEnd) => Labels {
  const zoneOf = new Map(nodes.map(({ name, zone }) => [name, zone === '' ? UNRESOLVED : zone]));
  return (side, end) => {
    const { namespace, pod, ip } = told(end, apiServer);
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

/** What Retina tells of an end: the API server has a name, wherever it runs. */
function told(end: SeenEnd, apiServer: string | undefined): Sighting {
  if (end.kind === 'service') return { namespace: '', pod: '', ip: end.service.clusterIp };
  const sighting = sightingOf(end);
  return sighting.ip === apiServer ? { namespace: API_SERVER, pod: API_SERVER, ip: sighting.ip } : sighting;
}

/** Packets at the veth of the server, and at that of the client what leads outside or stays on the node; with `egress` all at the client's. */
function observed(cluster: Cluster, options: SourceOptions = {}): Observed {
  const { zones = true, select } = options;
  const resolver = createResolver(options.known ?? cluster, options.reading);
  const zoneOf = new Map(cluster.nodes.map(({ name, zone }) => [name, zone]));
  const partyOf = (end: SeenEnd): Party => {
    const sighting = told(end, cluster.apiServer);
    if (sighting.pod === API_SERVER) {
      const party = resolver.sighted({ namespace: '', pod: '', ip: sighting.ip });
      const isNobody = party.workload === UNKNOWN && party.zone === UNKNOWN;
      return isNobody || party.workload === 'external' ? apiServerParty(sighting.ip) : party;
    }
    const isPlaced = zones && end.kind !== 'service' && sighting.pod !== '';
    const party = resolver.sighted(sighting);
    return isPlaced ? resolver.withNativeZone(party, zoneOf.get(nodeNameOf(end) ?? '') ?? '') : party;
  };

  const traffic = (unit: 'packets' | 'bytes'): Traffic[] =>
    cluster.connections
      .filter((connection) => !isIpv6(connection))
      .flatMap((connection) =>
        countsOf(connection, resolver, select === 'egress').flatMap(({ of, times }) =>
          flowsOf(connection).map((flow) => {
            const { source, destination } = seenFrom(of, flow);
            return trafficBetween(partyOf(source), partyOf(destination), flow[unit] * times);
          }),
        ),
      );
  return { network_packets: traffic('packets'), network_bytes: traffic('bytes') };
}

/** Retina in standard mode with remote context: bytes and packets. */
export const retinaStandard: NodeSource = {
  placement: 'node',
  job: 'retina-standard',
  port: 10_093,
  exporter: 'retina-agent',
  units: ['network_packets', 'network_bytes'],
  blindSpots: [
    'IPv6.',
    'ingress: connections to processes of nodes and host-network pods, and those within a node whose pods are not known.',
    'egress: connections from addresses outside of the cluster, processes of nodes and host-network pods.',
  ],
  families,
  observed,
};
