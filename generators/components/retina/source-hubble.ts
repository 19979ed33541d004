import type { FlowSource } from '../../traffic/source.ts';
import { hubbleEnds, hubbleLost, hubbleOpposite, hubbleSelections } from '../../traffic/hubble.ts';

/**
 * Retina with the Hubble control plane. Counts flow events, never bytes.
 * Upstream: Cilium's Hubble metrics (pkg/hubble/metrics/flow), Retina's packetparser for the observation points.
 */
export const retinaHubble = {
  id: 'retina-hubble',
  selections: hubbleSelections('to-endpoint|to-stack'),
  ends: hubbleEnds,
  opposite: hubbleOpposite,
  lost: hubbleLost,
  countOnce:
    "Each packet passes the server pod's virtual interface once; events of the client's node, of network cards and of L7 parsers are left out.",
  granularity: 'pod pair',
  blindSpots: [
    'Bytes: events are counted, so shares are right and money is not in them.',
    'IPv6.',
    'Calls from pods to addresses outside the cluster: they have no server-side event.',
    'Same-node traffic addressed straight to a pod IP (no server-side event either; it is in one zone anyway).',
    'With dataAggregationLevel high: what a long connection carries; it is reported about every 30 seconds.',
  ],
} as const satisfies FlowSource;
