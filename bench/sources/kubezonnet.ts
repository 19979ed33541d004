import { type Cluster, type Flow, flowsOf, nodeNameOf } from '../model.ts';
import { family, growing, summed } from '../series/family.ts';
import { nobody, type Party, UNKNOWN } from '../truth/party.ts';
import { createResolver } from '../truth/resolve.ts';
import type { Observed } from '../truth/traffic.ts';
import type { CentralSource, SourceOptions } from './source.ts';

const NODES = '_node_';

/** The flows between nodes whose zone labels differ; it knows no other zones (inferred). */
function crossingFlows({ nodes, connections }: Cluster): Flow[] {
  const zones = new Map(nodes.map(({ name, zone }) => [name, zone]));
  return connections.flatMap(flowsOf).filter(({ source, destination }) => {
    const [from = '', to = ''] = [source, destination].map((end) => zones.get(nodeNameOf(end) ?? ''));
    return from !== '' && to !== '' && from !== to;
  });
}

/** `pod_cross_zone_network_traffic_bytes_total{namespace,pod}`: what each pod, or node, sent to other zones. */
function families(cluster: Cluster) {
  const samples = crossingFlows(cluster).map(({ source, bytes }) => {
    const isPod = source.kind === 'pod' && !source.pod.hostNetwork;
    const labels = isPod
      ? { namespace: source.pod.namespace, pod: source.pod.name }
      : { namespace: NODES, pod: nodeNameOf(source) ?? '' };
    return growing(labels, bytes);
  });
  return [
    family(
      'pod_cross_zone_network_traffic_bytes_total',
      'counter',
      'The total bytes of pod network traffic across zones',
      summed(samples),
    ),
  ];
}

/** The senders of all bytes that cross zones; their destinations are nobody, but known to be in another zone. */
function observed(cluster: Cluster, { known = cluster, reading }: SourceOptions = {}): Observed {
  const { sighted, node } = createResolver(known, reading);
  const traffic = crossingFlows(cluster).map(({ source, bytes }) => {
    const isPod = source.kind === 'pod' && !source.pod.hostNetwork;
    const sender: Party = isPod
      ? sighted({ namespace: source.pod.namespace, pod: source.pod.name, ip: '' })
      : node(nodeNameOf(source) ?? '');
    // It compares labels itself, refused ones too.
    const isProven = reading?.valid === undefined || sender.zone !== UNKNOWN;
    const locality = isProven ? 'cross_zone' : UNKNOWN;
    return { source: sender, destination: nobody('no_peer'), rate: bytes, locality } as const;
  });
  return { network_bytes: traffic };
}

/** kubezonnet: bytes that cross zones, by sender. */
export const kubezonnet: CentralSource = {
  placement: 'central',
  job: 'kubezonnet',
  port: 8_080,
  exporter: 'kubezonnet-server',
  units: ['network_bytes'],
  blindSpots: [
    'The destination.',
    'Traffic within a zone, to addresses outside of the cluster, and from or to nodes without zone label.',
    'Pods on the network of their host: they are the node.',
  ],
  families,
  observed,
};
