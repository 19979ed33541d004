import type { FlowSource } from '../../traffic/index.ts';

/**
 * kubezonnet: bytes that pods sent to other zones, without the peer. To be scraped with honor_labels.
 * Upstream: polarsignals/kubezonnet, server.
 */
export const kubezonnetSource = {
  id: 'kubezonnet',
  selections: {
    all: { metrics: { network_bytes: 'pod_cross_zone_network_traffic_bytes_total' }, matchers: {} },
  },
  ends: { source: { namespace: 'namespace', pod: 'pod' }, destination: {} },
  nodeNamespace: '_node_',
  locality: 'cross_zone',
  deduplication: "Only the sender's node counts, in one central server.",
  granularity: 'source pod',
  blindSpots: [
    'The peer: destinations are unknown, so there is no zone matrix and no pair.',
    'Traffic within a zone: everything counted crosses zones, so there is no share.',
    'Pods on the network of their host: they are the node.',
  ],
} as const satisfies FlowSource;
