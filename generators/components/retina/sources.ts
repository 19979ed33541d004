import { atLeast } from '../../shared/version.ts';
import {
  hubbleEnds,
  hubbleLost,
  hubblePeerViews,
  hubbleSelections,
  type EndLabels,
  type FlowSource,
  type Selection,
  type Side,
} from '../../traffic/index.ts';
import type { RetinaConfig } from './settings.ts';

/**
 * Retina with the Hubble control plane. Counts flow events, never bytes.
 * Upstream: Cilium's Hubble metrics (pkg/hubble/metrics/flow), Retina's packetparser for the observation points.
 */
export const retinaHubble = {
  id: 'retina-hubble',
  selections: hubbleSelections('to-endpoint|to-stack'),
  ends: hubbleEnds,
  peerViews: hubblePeerViews,
  lost: hubbleLost,
  deduplication:
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

/** The release with zones of its own in standard mode. */
const NATIVE_ZONES = '1.2.0';

const METRICS = {
  network_bytes: 'networkobservability_adv_forward_bytes',
  network_packets: 'networkobservability_adv_forward_count',
};

const selection = (direction: string): Selection => ({ metrics: METRICS, matchers: { direction } });

const end = (side: Side, nativeZones: boolean): EndLabels => ({
  namespace: `${side}_namespace`,
  pod: `${side}_podname`,
  ip: `${side}_ip`,
  ...(nativeZones && { zone: `${side}_zone` }),
});

/**
 * Retina in standard mode with remote context: bytes and packets of its "advanced" metrics. Gauges by TYPE, cumulative by nature.
 * Upstream: Retina, pkg/module/metrics (forward.go, types.go); zones since v1.2.0.
 */
const standard = (nativeZones: boolean) =>
  ({
    id: 'retina-standard',
    selections: {
      // In remote context the direction is upper case; the receiver's node sees a packet after its address was translated.
      ingress: selection('INGRESS'),
      egress: selection('EGRESS'),
    },
    ends: { source: end('source', nativeZones), destination: end('destination', nativeZones) },
    peerViews: { ingress: 'egress', egress: 'ingress' },
    deduplication:
      "Only the receiver's side (INGRESS) counts; with dataAggregationLevel high a packet is seen at the pod's virtual interface only.",
    granularity: 'pod pair',
    blindSpots: [
      'Pods on the network of their host, at either end.',
      'IPv6, and protocols other than TCP and UDP.',
      'Calls from pods to addresses outside the cluster: nobody inside receives them.',
      'Namespaces that its MetricsConfiguration leaves out.',
    ],
  }) as const satisfies FlowSource;

/** Retina in standard mode, at the release of the configuration. */
export const retinaStandard = ({ retina }: Pick<RetinaConfig, 'retina'>): FlowSource =>
  standard(atLeast(retina.version, NATIVE_ZONES));
