import { matches, not } from '../promql/index.ts';
import { SIDES, type EndpointLabels, type FlowSource, type Side } from './flow-source.ts';

const endpoint = (side: Side): EndpointLabels => ({
  namespace: `${side}_namespace`,
  pod: `${side}_pod`,
  ip: `${side}_ip`,
});

const trace = { type: 'Trace', verdict: 'FORWARDED', subtype: matches('to-endpoint|to-stack') };

/**
 * Retina with the Hubble control plane. Counts flow events, never bytes.
 * Upstream: Cilium's Hubble metrics (pkg/hubble/metrics/flow), Retina's packetparser for the observation points.
 */
export const retinaHubble = {
  id: 'retina-hubble',
  unit: 'network_flows',
  unitLabel: 'flows/s',
  metric: 'hubble_flows_processed_total',
  selectors: {
    // traffic_direction is that of the connection, so on the server's node requests and replies are both "ingress"; there the
    // server's veth is read after the Service address was translated. Inferred from Retina's code: hence a setting.
    'server-side': { ...trace, traffic_direction: 'ingress' },
    'client-side': { ...trace, traffic_direction: 'egress' },
    // What the articles query. With dataAggregationLevel low it counts a packet at the veth and again at the NIC.
    articles: { traffic_direction: 'egress', protocol: not('DNS') },
  },
  endpoints: { source: endpoint('source'), destination: endpoint('destination') },
  details: ['protocol', 'verdict', 'traffic_direction'],
  countOnce:
    "Each packet passes the server pod's virtual interface once; events of the client's node, of network cards and of L7 parsers are left out.",
  blindSpots: [
    'Bytes: events are counted, so shares are right and money is not in them.',
    'IPv6.',
    'Calls from pods to addresses outside the cluster: they have no server-side event.',
    'Same-node traffic addressed straight to a pod IP (no server-side event either; it is in one zone anyway).',
    'With dataAggregationLevel high: what a long connection carries; it is reported about every 30 seconds.',
  ],
} as const satisfies FlowSource;

/** The labels that Hubble must attach so that this adapter can read them; order as in Hubble's documentation. */
export const hubbleLabelsContext: readonly string[] = [
  ...SIDES.flatMap((side) => [`${side}_pod`, `${side}_ip`, `${side}_namespace`]),
  'traffic_direction',
];
