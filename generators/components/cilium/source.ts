import { hubbleEnds, hubbleLost, hubblePeerViews, hubbleSelections, type FlowSource } from '../../traffic/index.ts';

/**
 * Cilium's own Hubble. Counts flow events, never bytes.
 * Upstream: Cilium, pkg/hubble/metrics/flow and pkg/hubble/parser/threefour (direction of replies, observation points).
 */
export const ciliumHubble = {
  id: 'cilium-hubble',
  // Replies leave the server to the stack, or into the tunnel where there is one.
  selections: hubbleSelections('to-endpoint|to-stack|to-overlay'),
  ends: hubbleEnds,
  peerViews: hubblePeerViews,
  lost: hubbleLost,
  deduplication:
    "Each packet is delivered to the server's endpoint once and each reply leaves it once; events of the client's node, of network cards and of L7 proxies are left out.",
  granularity: 'pod pair',
  blindSpots: [
    'Bytes: events are counted; with monitorAggregation medium (the default of Cilium) they are in proportion to connections, not to packets.',
    'Calls from pods to addresses outside the cluster: they have no server-side event.',
    'With eBPF host routing, replies to other nodes: they leave by to-network only. Add it with flows.select and watch the double-count check.',
  ],
} as const satisfies FlowSource;
