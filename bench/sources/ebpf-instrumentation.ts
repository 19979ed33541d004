import {
  addressOf,
  type Cluster,
  type Endpoint,
  type Flow,
  flowsOf,
  type Labels,
  type Node,
  nodeNameOf,
} from '../model.ts';
import { family, growing, type Sample, summed } from '../series/family.ts';
import { nobody, type Party, UNKNOWN } from '../truth/party.ts';
import { createResolver } from '../truth/resolve.ts';
import { type Observed, type Traffic, trafficBetween } from '../truth/traffic.ts';
import { connectionsOn } from './by-node.ts';
import { withLosses } from './losses.ts';
import {
  isLoopback,
  masqueraded,
  type NativeEnd,
  nativeEnds,
  OUTSIDE,
  seenAddress,
  type SeenEnd,
  type SeenFlow,
  seenAt,
} from './seen.ts';
import type { NodeSource, SourceOptions } from './source.ts';

type Id = 'obi' | 'beyla';

/**
 * `{obi,beyla}_network_flow_{bytes,packets}_total` and `_network_inter_zone_bytes_total` of the agent on a node. It
 * reports every flow with an end here, so flows between nodes are reported twice, told apart by the address of the
 * reporter. A flow by way of a Service is reported once more by its client's node, as an edge to or from the Service;
 * a masqueraded one once more with the address of the node, as it passes the network card.
 */
function families(id: Id, cluster: Cluster, node: Node, options: SourceOptions = {}) {
  const { zones = true, addresses = false, lacks } = options;
  const known = nativeEnds(cluster);
  const native = (end: SeenEnd): NativeEnd => {
    const missing = lacks?.(node, end);
    if (missing === 'name') return OUTSIDE;
    return missing === 'zone' ? { ...known(end), zone: '' } : known(end);
  };
  const reporter = { k8s_cluster_name: cluster.name, [`${id}_ip`]: node.internalIp };
  const bytes: Sample[] = [];
  const packets: Sample[] = [];
  const interZone: Sample[] = [];

  for (const { connection } of connectionsOn(cluster, node)) {
    for (const flow of flowsOf(connection)) {
      if (isLoopback(flow)) continue;
      const callsHere = nodeNameOf(connection.client) === node.name;
      const viaService = seenAt(flow, flow.isReply ? 'destination' : 'source');
      const isExtra = callsHere && (viaService.source !== flow.source || viaService.destination !== flow.destination);
      const translated = masqueraded(cluster, flow);
      const edges: SeenFlow[] = [
        flow,
        ...(isExtra ? [viaService] : []),
        ...(translated === undefined ? [] : [translated]),
      ];
      for (const edge of edges) {
        const [source, destination] = [native(edge.source), native(edge.destination)];
        const labels: Labels = {
          ...reporter,
          direction: flow.isReply ? 'response' : 'request',
          k8s_src_namespace: source.namespace,
          k8s_src_name: source.name,
          k8s_src_type: source.type,
          k8s_src_owner_name: source.ownerName,
          k8s_src_owner_type: source.ownerType,
          src_zone: zones ? source.zone : '',
          k8s_dst_namespace: destination.namespace,
          k8s_dst_name: destination.name,
          k8s_dst_type: destination.type,
          k8s_dst_owner_name: destination.ownerName,
          k8s_dst_owner_type: destination.ownerType,
          dst_zone: zones ? destination.zone : '',
          ...(addresses && { src_address: seenAddress(edge.source), dst_address: seenAddress(edge.destination) }),
        };
        bytes.push(growing(labels, flow.bytes));
        packets.push(growing(labels, flow.packets));
        if (source.zone === destination.zone) continue;
        const zonesOnly = { k8s_cluster_name: cluster.name, src_zone: source.zone, dst_zone: destination.zone };
        interZone.push(growing(zonesOnly, flow.bytes));
      }
    }
  }
  const reported = [
    family(`${id}_network_flow_bytes_total`, 'counter', 'bytes submitted between endpoints', summed(bytes)),
    family(`${id}_network_flow_packets_total`, 'counter', 'packets submitted between endpoints', summed(packets)),
    family(`${id}_network_inter_zone_bytes_total`, 'counter', 'bytes submitted between zones', summed(interZone)),
  ];
  const counters = {
    of: `${id}_network_flow_packets_total`,
    seen: { name: `${id}_bpf_network_packets_total` },
    lost: { name: `${id}_bpf_network_ignored_packets_total` },
  };
  return withLosses(reported, counters, node, options);
}

/** The nodes whose agents see a flow: those of its ends. */
const agentsOf = ({ nodes }: Cluster, { source, destination }: Flow): readonly Node[] => {
  const names = new Set([nodeNameOf(source), nodeNameOf(destination)]);
  return nodes.filter(({ name }) => names.has(name));
};

/** Which ends of a flow each agent that sees it names. */
export function namedEnds(cluster: Cluster, flow: Flow, { lacks }: SourceOptions): readonly (readonly Endpoint[])[] {
  const native = nativeEnds(cluster);
  return agentsOf(cluster, flow).map((agent) =>
    [flow.source, flow.destination].filter((end) => native(end).type !== '' && lacks?.(agent, end) !== 'name'),
  );
}

/** The flows that agents see. */
export const seenFlows = ({ connections }: Cluster): readonly Flow[] =>
  connections.flatMap(flowsOf).filter((flow) => !isLoopback(flow));

/** Every flow once, between pods, nodes and what is outside. Of two agents, the one that names more ends of a flow counts. */
function observed(cluster: Cluster, options: SourceOptions = {}): Observed {
  const { zones = true, addresses = false, known = cluster, reading } = options;
  const resolver = createResolver(known, reading);
  const native = nativeEnds(cluster);
  const partyOf = (end: Endpoint, isNamed: boolean): Party => {
    const { type, namespace, name, workload, zone } = native(end);
    const nativeZone = zones ? zone : '';
    const ip = addresses ? addressOf(end) : '';
    if (!isNamed) return resolver.sighted({ namespace: '', pod: '', ip });
    if (type === 'Node') return resolver.withNativeZone(resolver.node(name), nativeZone);
    const party = resolver.sighted({ namespace, pod: name, ip });
    if (party.reason !== 'gone') return resolver.withNativeZone(party, nativeZone);
    // The agent's own word on a pod that the cluster does not know any more.
    const told = { namespace, pod: name, type: workload.kind, workload: workload.name, zone: UNKNOWN } as const;
    return resolver.withNativeZone({ ...told, reason: 'no_zone_label' }, nativeZone);
  };

  const flows = seenFlows(cluster).map((flow) => {
    const [most = []] = namedEnds(cluster, flow, options).toSorted((one, other) => other.length - one.length);
    const [source, destination] = [flow.source, flow.destination].map((end) => partyOf(end, most.includes(end)));
    return { flow, source: source ?? nobody('outside'), destination: destination ?? nobody('outside') };
  });
  const traffic = (unit: 'packets' | 'bytes'): Traffic[] =>
    flows.map(({ flow, source, destination }) => trafficBetween(source, destination, flow[unit]));
  return { network_packets: traffic('packets'), network_bytes: traffic('bytes') };
}

function ebpfInstrumentation(id: Id): NodeSource {
  return {
    placement: 'node',
    job: id,
    port: 9_090,
    exporter: id,
    units: ['network_packets', 'network_bytes'],
    blindSpots: [
      'Packets between processes of one node.',
      'Pods on the network of their host: they are the node.',
      'Addresses outside of the cluster: all of them are one peer without labels, unless it exports addresses.',
    ],
    families: (cluster, node, options) => families(id, cluster, node, options),
    observed,
  };
}

/** OpenTelemetry eBPF Instrumentation: bytes and packets with native zones and workloads. */
export const obi = ebpfInstrumentation('obi');

/** Grafana Beyla, the same under another name. */
export const beyla = ebpfInstrumentation('beyla');
