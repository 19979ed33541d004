import { type Cluster, type Flow, flowsOf, type Labels, type Node, nodeNameOf } from '../model.ts';
import { constant, family, growing, type Sample, summed } from '../series/family.ts';
import { nobody, type Party, UNKNOWN } from '../truth/party.ts';
import { createResolver } from '../truth/resolve.ts';
import { type Observed, type Traffic, trafficBetween } from '../truth/traffic.ts';
import { connectionsOn } from './by-node.ts';
import { withLosses } from './losses.ts';
import { isLoopback, nativeEnds, type SeenEnd, seenAt } from './seen.ts';
import type { NodeSource, SourceOptions } from './source.ts';

const PLACES = { ingress: 'destination', egress: 'source' } as const;

/**
 * `netobserv_workload_{ingress,egress}_{bytes,packets}_total{SrcK8S_*,DstK8S_*}`: egress on the node that sends, ingress
 * on the node that receives, summed up for each pair of workloads, types and zones. A call through a Service is there twice on the client's
 * node: as one of the Service, and as one of the pod behind it.
 */
function families(cluster: Cluster, node: Node, options: SourceOptions = {}) {
  const { zones = true } = options;
  const native = nativeEnds(cluster);
  const labelsOf = (side: 'Src' | 'Dst', end: SeenEnd): Labels => {
    const { namespace, ownerName, ownerType, type, zone } = native(end);
    return {
      [`${side}K8S_Namespace`]: namespace,
      [`${side}K8S_OwnerName`]: ownerName,
      [`${side}K8S_OwnerType`]: ownerType,
      [`${side}K8S_Type`]: type,
      ...(zones && { [`${side}K8S_Zone`]: zone }),
    };
  };
  const local = connectionsOn(cluster, node).flatMap(({ connection }) => flowsOf(connection));

  const reported = (['ingress', 'egress'] as const).flatMap((direction) => {
    const place = PLACES[direction];
    const here = local.filter((flow) => !isLoopback(flow) && nodeNameOf(flow[place]) === node.name);
    const labelled = here.flatMap((flow) => {
      const seen = seenAt(flow, place);
      // Agents meet a translated packet twice on the client's node: at the veth, and past the translation.
      const isTranslated = seen.source !== flow.source || seen.destination !== flow.destination;
      return [flow, ...(isTranslated ? [seen] : [])].map(({ source, destination }) => ({
        flow,
        labels: { ...labelsOf('Src', source), ...labelsOf('Dst', destination) },
      }));
    });
    return (['bytes', 'packets'] as const).map((unit) => {
      const samples = labelled.map(({ flow, labels }): Sample => growing(labels, flow[unit]));
      const name = `netobserv_workload_${direction}_${unit}_total`;
      return family(name, 'counter', `${unit} for each pair of workloads, ${direction}`, summed(samples));
    });
  });
  // In reality the agents' own, beside those of the pipeline.
  const counters = {
    of: 'netobserv_workload_ingress_packets_total',
    seen: { name: 'netobserv_agent_evicted_flows_total', labels: { source: 'hashmap', reason: '' } },
    lost: {
      name: 'netobserv_agent_dropped_flows_total',
      labels: { source: 'flow-fetcher', reason: 'CannotCreateFlowsHashMap' },
    },
  };
  // Each flow is one entry of the map.
  const entries = reported.find(({ name }) => name === counters.of)?.series.length ?? 0;
  const buffer = family('netobserv_agent_buffer_size', 'gauge', 'Flow buffer size', [
    constant({ name: 'flowmap' }, entries),
  ]);
  return [...withLosses(reported, counters, node, options), buffer];
}

/** Packets where they arrive, or with `egress` where they are sent; ends are workloads, as there are no pods. */
function observed(cluster: Cluster, { zones = true, select, known = cluster, reading }: SourceOptions = {}): Observed {
  const native = nativeEnds(cluster);
  const resolver = createResolver(known, reading);
  const place = select === 'egress' ? PLACES.egress : PLACES.ingress;
  const partyOf = (end: SeenEnd): Party => {
    const { namespace, type, name, workload, zone } = native(end);
    const nativeZone = zones ? zone : '';
    if (type === '') return nobody('outside');
    if (type === 'Node') return resolver.withNativeZone(resolver.node(name), nativeZone);
    const party = { namespace, pod: UNKNOWN, type: workload.kind, workload: workload.name, zone: UNKNOWN } as const;
    return resolver.withNativeZone({ ...party, reason: 'no_zone_label' }, nativeZone);
  };

  const counted = cluster.connections
    .flatMap(flowsOf)
    .filter((flow: Flow) => !isLoopback(flow) && nodeNameOf(flow[place]) !== undefined);
  const traffic = (unit: 'packets' | 'bytes'): Traffic[] =>
    counted.map((flow) => trafficBetween(partyOf(flow.source), partyOf(flow.destination), flow[unit]));
  return { network_packets: traffic('packets'), network_bytes: traffic('bytes') };
}

/** The Network Observability operator: bytes and packets between workloads. Every packet is sampled: counters are not rescaled. */
export const netobserv: NodeSource = {
  placement: 'node',
  job: 'netobserv',
  port: 9_401,
  exporter: 'netobserv-ebpf-agent',
  units: ['network_packets', 'network_bytes'],
  blindSpots: [
    'Packets between processes of one node.',
    'Pods: the metrics name workloads. Pods on the network of their host are the node.',
    'ingress: packets to addresses outside of the cluster. egress: packets from there.',
    'The zones of nodes without zone label, except where the node itself is the end.',
  ],
  families,
  observed,
};
