import { type Cluster, type Labels, type MetricFamily, type Node, nodeNameOf } from '../model.ts';
import { family, growing, type Sample, summed } from '../series/family.ts';
import { connectionsOn } from './by-node.ts';
import { flowSamples, type HubbleTraits } from './hubble-events.ts';
import { sightingOf } from './sighting.ts';

const ofPod = (side: 'source' | 'destination', { namespace, pod }: { namespace: string; pod: string }): Labels => ({
  [`${side}_pod`]: pod,
  [`${side}_namespace`]: namespace,
});

/**
 * `hubble_drop_total{reason,protocol,source_*,destination_*}`, on the node that drops, and `hubble_tcp_flags_total{flag,family,source_*}`, at each
 * place where Hubble sees a packet. Nothing where no connection is in trouble. Upstream: Cilium, pkg/hubble/metrics/drop and tcp.
 */
export function hubblePacketFamilies(cluster: Cluster, node: Node, traits: HubbleTraits): MetricFamily[] {
  const drops: Sample[] = [];
  const flags: Sample[] = [];
  for (const { connection, index } of connectionsOn(cluster, node)) {
    const { client, server, protocol, trouble } = connection;
    if (trouble === undefined) continue;
    const { dropped, resets = 0 } = trouble;
    if (dropped !== undefined && nodeNameOf(server) === node.name) {
      const ends = { ...ofPod('source', sightingOf(client)), ...ofPod('destination', sightingOf(server)) };
      drops.push(growing({ ...ends, reason: dropped.reason, protocol }, dropped.rate));
    }
    if (resets > 0 && protocol === 'TCP') {
      const seen = flowSamples({ ...connection, requests: 0, replies: resets }, index, node, traits);
      for (const { labels, perSecond } of seen.filter((one) => one.labels['verdict'] === 'FORWARDED')) {
        const { source_pod: pod = '', source_namespace: namespace = '' } = labels;
        flags.push(growing({ flag: 'RST', family: 'IPv4', ...ofPod('source', { namespace, pod }) }, perSecond));
      }
    }
  }
  return [
    family('hubble_drop_total', 'counter', 'Number of drops', summed(drops)),
    family('hubble_tcp_flags_total', 'counter', 'TCP flag occurrences', summed(flags)),
  ];
}
