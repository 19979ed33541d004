import { type Matchers, matches } from '../../promql/index.ts';
import type { FlowAgent, PacketCounters } from '../../shared/agents.ts';
import { atLeast } from '../../shared/version.ts';
import {
  BUFFER_BYTES,
  hubbleDns,
  hubbleEnds,
  hubbleLost,
  hubblePackets,
  hubblePeerViews,
  hubbleSeen,
  hubbleSelections,
  hubbleTrace,
  type DnsCounters,
  type EndLabels,
  type FlowSource,
  type LossCounter,
  type Selection,
  type Side,
} from '../../traffic/index.ts';
import { AGENT_JOB, HUBBLE_JOB, type RetinaConfig } from './settings.ts';

/**
 * Events that the agent lost on the way from the kernel, on the port of its own metrics. `type` is `kernel` (the perf buffer was full),
 * `buffered_channel` or `external_channel` (a queue in the agent), or `enricher_ring` (standard mode). `reason` is the plugin: of others,
 * no flow is counted. With packetParserRingBuffer (off by default) the agent does not notice what the kernel loses.
 * Upstream: Retina, pkg/plugin/packetparser/packetparser_linux.go and pkg/module/metrics/metrics_module.go, v0.0.16 to v1.2.6.
 */
const lostEvents = (reason: Matchers[string]): LossCounter => ({
  metric: 'controlplane_networkobservability_lost_events_counter',
  matchers: { reason },
  type: { label: 'type' },
  beginsWithLoss: true,
});

/** The first release that counts the events that it handles: one for each that reached a worker of packetparser. */
const PARSED_EVENTS = '1.0.0';

const PARSED = { metric: 'controlplane_networkobservability_parsed_packets_counter', matchers: {} };

/** The agents: both charts call their DaemonSets so, that of Windows with `-win`. Upstream: Retina, deploy/{hubble,standard}, values.yaml. */
const agents = ({ retina }: Pick<RetinaConfig, 'retina'>, ...jobs: readonly string[]): readonly FlowAgent[] => [
  { name: 'retina-agent', namespace: () => retina.namespace, pods: 'retina-agent-.*', jobs, onEveryNode: true },
];

/**
 * Retina with the Hubble control plane. Counts flow events, not bytes.
 * Upstream: Cilium's Hubble metrics (pkg/hubble/metrics/flow), Retina's packetparser for the observation points.
 */
const hubble = {
  id: 'retina-hubble',
  // Of a connection straight to a pod of the same node, both veths see one entry of Retina's conntrack: all of its events are "egress". Each
  // packet enters the stack once; with high aggregation only its first observation is an event, which is this one (inferred).
  selections: hubbleSelections('to-endpoint|to-stack', {
    gap: 'same_node',
    matchers: hubbleTrace('to-stack', 'egress'),
  }),
  ends: hubbleEnds,
  peerViews: hubblePeerViews,
  deduplication:
    "The server pod's virtual interface counts. What it has no events for is read at the client's: calls to a pod of the same node, and to " +
    'the outside. Events of network cards and L7 parsers are ignored.',
  granularity: 'pod pair',
  blindSpots: [
    'Bytes and packets: an event stands for many packets where offloads merge them, so there is no cost.',
    'IPv6.',
    'Servers on Windows nodes: the agents there have no Hubble, and report totals of the node only.',
    'Calls from pods to nodes and their network: the kubelet, pods on the host network, and the API server through its Service.',
    'The first 20 to 50 seconds of a new pod, until the agent watches its interface.',
    'Traffic volume of long connections with dataAggregationLevel high: they are reported about every 30 seconds.',
  ],
} as const satisfies Omit<FlowSource, 'agents' | 'packets'>;

/** The first release whose DNS plugin sees each message once on a node. Upstream: Retina, pkg/plugin/dns/_cprog/dns.c. */
const DNS_ONCE = '1.2.0';

const DNS_BLIND_SPOT = 'Pods on the host network, and messages on ports other than 53.';

/** Counters of DNS, if the release counts each message once. */
const dnsOf = (version: string, counters: DnsCounters): NonNullable<FlowSource['dns']> =>
  atLeast(version, DNS_ONCE)
    ? counters
    : { reason: `retina.version ${version} counts DNS messages several times; v${DNS_ONCE} counts each once` };

/** Retina with the Hubble control plane, at the configured release. */
export const retinaHubble = ({ retina }: Pick<RetinaConfig, 'retina'>): FlowSource => ({
  ...hubble,
  // Read with the rules only: nothing else depends on the namespace.
  get agents() {
    return agents({ retina }, HUBBLE_JOB, AGENT_JOB);
  },
  packets: hubblePackets,
  get dns() {
    return dnsOf(retina.version, hubbleDns(DNS_BLIND_SPOT));
  },
  lost: {
    // Hubble's own counter stays at 0 while the agent loses events before Hubble (measured).
    counters: [lostEvents('packetparser'), hubbleLost],
    // Read with the rules only: nothing else depends on the release.
    get seen() {
      return atLeast(retina.version, PARSED_EVENTS) ? PARSED : hubbleSeen;
    },
    remedy:
      'set retina.dataAggregationLevel to high or give the agent more CPU (retina.resources); retina.eventQueueSize helps only with ' +
      'bursts of observer_events_queue',
  },
});

/** The first release with zone labels in standard mode. */
const NATIVE_ZONES = '1.2.0';

const METRICS = {
  network_bytes: 'networkobservability_adv_forward_bytes',
  network_packets: 'networkobservability_adv_forward_count',
};

/** The direction is that of the connection: the server's node reports requests and replies as INGRESS, the client's node both as EGRESS. */
const selection = (direction: 'INGRESS' | 'EGRESS'): Selection => ({ metrics: METRICS, matchers: { direction } });

const { matchers: CLIENT_SIDE } = selection('EGRESS');

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
      // With remote context the direction is upper case. The server's node sees packets after address translation.
      ingress: {
        ...selection('INGRESS'),
        completions: [
          // The interfaces of both pods see the packet, and one entry of Retina's conntrack.
          { gap: 'same_node', matchers: CLIENT_SIDE, times: 2 },
          { gap: 'outside', matchers: CLIENT_SIDE },
        ],
      },
      egress: selection('EGRESS'),
    },
    ends: { source: end('source', nativeZones), destination: end('destination', nativeZones) },
    controlPlane: 'kubernetes-apiserver',
    byteError: BUFFER_BYTES,
    peerViews: { ingress: 'egress', egress: 'ingress' },
    lost: {
      counters: [lostEvents(matches('packetparser|metricModule'))],
      seen: PARSED,
      remedy: 'give the agent more CPU (retina.resources): its buffers have a fixed size',
    },
    deduplication:
      "The node of the server counts requests and replies (INGRESS). What it does not report is read at the client's (EGRESS): calls to a pod " +
      'of the same node, which are there twice and count half, and to the outside. With dataAggregationLevel high, a packet is seen only at ' +
      "the pod's virtual interface.",
    granularity: 'pod pair',
    blindSpots: [
      'Calls from pods to nodes and their network: the kubelet, pods on the host network, and the API server through its Service.',
      'IPv6, and protocols other than TCP and UDP.',
      'Servers on Windows nodes: by default, the agents there report totals of the node only.',
      'The first 20 to 50 seconds of a new pod, until the agent watches its interface.',
      'Namespaces that its MetricsConfiguration excludes.',
    ],
  }) as const satisfies Omit<FlowSource, 'agents' | 'packets'>;

/** Upstream: Retina, pkg/module/metrics/dns.go; its codes have the names of DNS. */
const STANDARD_DNS: DnsCounters = {
  queries: 'networkobservability_adv_dns_request_count',
  answers: 'networkobservability_adv_dns_response_count',
  rcode: 'return_code',
  codes: {},
  withNames: true,
  blindSpot: DNS_BLIND_SPOT,
};

const podAt = (side: Side) => ({ namespace: `${side}_namespace`, pod: `${side}_podname` });

/**
 * Packets that go wrong. Flags and retransmissions have the labels of the sender alone, as each flag of each pair of pods would be a series.
 * Their TYPE is gauge, but they are cumulative. Upstream: Retina, pkg/module/metrics (drops.go, tcpflags.go, tcpretrans.go), v1.0.0 to v1.2.6.
 */
export const STANDARD_PACKETS = {
  drops: {
    metric: 'networkobservability_adv_drop_count',
    matchers: {},
    ends: [podAt('source'), podAt('destination')],
    reason: 'reason',
  },
  resets: { metric: 'networkobservability_adv_tcpflags_count', matchers: { flag: 'RST' }, ends: [podAt('source')] },
  retransmits: { metric: 'networkobservability_adv_tcpretrans_count', matchers: {}, ends: [podAt('source')] },
} as const satisfies PacketCounters;

/** Retina in standard mode, at the configured release. */
export const retinaStandard = ({ retina }: Pick<RetinaConfig, 'retina'>): FlowSource => ({
  ...standard(atLeast(retina.version, NATIVE_ZONES)),
  get agents() {
    return agents({ retina }, AGENT_JOB);
  },
  packets: STANDARD_PACKETS,
  get dns() {
    return dnsOf(retina.version, STANDARD_DNS);
  },
});
