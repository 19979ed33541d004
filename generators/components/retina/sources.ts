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
 * Retina with the Hubble control plane. Counts flow events, not bytes.
 * Upstream: Cilium's Hubble metrics (pkg/hubble/metrics/flow), Retina's packetparser for the observation points.
 */
export const retinaHubble = {
  id: 'retina-hubble',
  selections: hubbleSelections('to-endpoint|to-stack'),
  ends: hubbleEnds,
  peerViews: hubblePeerViews,
  lost: hubbleLost,
  deduplication:
    "Each packet passes the server pod's virtual interface once. Events from the client's node, network cards and L7 parsers are ignored.",
  granularity: 'pod pair',
  blindSpots: [
    'Bytes: it counts events, so shares are right but there is no cost.',
    'IPv6.',
    'Servers on Windows nodes: the agents there have no Hubble, and report totals of the node only.',
    'Traffic from pods to addresses outside the cluster: there is no server-side event.',
    'Same-node traffic sent directly to a pod IP (no server-side event either; it stays in one zone anyway).',
    'Traffic volume of long connections with dataAggregationLevel high: they are reported about every 30 seconds.',
  ],
} as const satisfies FlowSource;

/** The first release with zone labels in standard mode. */
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
 * Retina in standard mode with remote context: bytes and packets from its "advanced" metrics. Their TYPE is gauge, but they are
 * cumulative.
 * Upstream: Retina, pkg/module/metrics (forward.go, types.go); zones since v1.2.0.
 */
const standard = (nativeZones: boolean) =>
  ({
    id: 'retina-standard',
    selections: {
      // With remote context the direction is upper case. The receiver's node sees packets after address translation.
      ingress: selection('INGRESS'),
      egress: selection('EGRESS'),
    },
    ends: { source: end('source', nativeZones), destination: end('destination', nativeZones) },
    peerViews: { ingress: 'egress', egress: 'ingress' },
    deduplication:
      "Only the receiver's side (INGRESS) counts. With dataAggregationLevel high, a packet is seen only at the pod's virtual interface.",
    granularity: 'pod pair',
    blindSpots: [
      'Pods on the host network, at either end.',
      'IPv6, and protocols other than TCP and UDP.',
      'Servers on Windows nodes: by default, the agents there report totals of the node only.',
      'Traffic from pods to addresses outside the cluster: no receiver inside the cluster.',
      'Namespaces that its MetricsConfiguration excludes.',
    ],
  }) as const satisfies FlowSource;

/** Retina in standard mode, at the configured release. */
export const retinaStandard = ({ retina }: Pick<RetinaConfig, 'retina'>): FlowSource =>
  standard(atLeast(retina.version, NATIVE_ZONES));
