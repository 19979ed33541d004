import type { EndLabels, FlowSource, Selection, Side } from '../../traffic/source.ts';

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
export const retinaStandard = (nativeZones: boolean) =>
  ({
    id: 'retina-standard',
    selections: {
      // In remote context the direction is upper case; the receiver's node sees a packet after its address was translated.
      ingress: selection('INGRESS'),
      egress: selection('EGRESS'),
    },
    ends: { source: end('source', nativeZones), destination: end('destination', nativeZones) },
    opposite: { ingress: 'egress', egress: 'ingress' },
    countOnce:
      "Only the receiver's side (INGRESS) counts; with dataAggregationLevel high a packet is seen at the pod's virtual interface only.",
    granularity: 'pod pair',
    blindSpots: [
      'Pods on the network of their host, at either end.',
      'IPv6, and protocols other than TCP and UDP.',
      'Calls from pods to addresses outside the cluster: nobody inside receives them.',
      'Namespaces that its MetricsConfiguration leaves out.',
    ],
  }) as const satisfies FlowSource;
