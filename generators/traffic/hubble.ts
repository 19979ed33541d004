import { matches, not, type Matchers } from '../promql/index.ts';
import type { PacketCounters } from '../shared/agents.ts';
import {
  SIDES,
  type Completion,
  type DnsCounters,
  type EndLabels,
  type LossCounter,
  type Selection,
  type Side,
} from './source.ts';

const FLOWS = { network_flows: 'hubble_flows_processed_total' };

/** Labels of Hubble's labelsContext for one end. */
const end = (side: Side): EndLabels => ({
  namespace: `${side}_namespace`,
  pod: `${side}_pod`,
  ip: `${side}_ip`,
});

/** Both ends of a flow in Hubble's metrics. Upstream: Cilium, pkg/hubble/metrics/api, labelsContext. */
export const hubbleEnds: Readonly<Record<Side, EndLabels>> = { source: end('source'), destination: end('destination') };

/** Labels that labelsContext accepts, those of each end in the order of Hubble's documentation. */
const CONTEXT: readonly string[] = [
  ...SIDES.flatMap((side) =>
    ['pod', 'ip', 'namespace', 'workload', 'workload_kind', 'app'].map((label) => `${side}_${label}`),
  ),
  'traffic_direction',
];

/**
 * The labels that Hubble must attach so that the rules can read these; it attaches the others by itself. They always include the
 * direction: without it, the two observations of a packet look the same.
 */
export const hubbleLabelsContext = (read: readonly string[]): readonly string[] =>
  CONTEXT.filter((label) => read.includes(label) || label === 'traffic_direction');

const selection = (matchers: Matchers): Selection => ({ metrics: FLOWS, matchers });

/** Trace events of forwarded packets at these observation points, on the node of the server or of the client. */
export const hubbleTrace = (subtypes: string, traffic_direction: 'ingress' | 'egress'): Matchers => ({
  type: 'Trace',
  verdict: 'FORWARDED',
  subtype: subtypes.includes('|') ? matches(subtypes) : subtypes,
  traffic_direction,
});

/**
 * The named selections of a Hubble that traces packets at these observation points. traffic_direction is the direction of the
 * connection, so on the server's node requests and replies are both "ingress". There a packet is read at the server's veth, after
 * the address of the Service was translated. The client's node reads those that no server's veth has: calls to the outside, and `missed`.
 */
export function hubbleSelections(subtypes: string, ...missed: readonly Completion[]) {
  return {
    'server-side': {
      ...selection(hubbleTrace(subtypes, 'ingress')),
      completions: [...missed, { gap: 'outside', matchers: hubbleTrace(subtypes, 'egress') }],
    },
    'client-side': selection(hubbleTrace(subtypes, 'egress')),
    // The selection of public queries. With dataAggregationLevel low it counts a packet at the veth and again at the NIC.
    compatibility: selection({ traffic_direction: 'egress', protocol: not('DNS') }),
  } as const satisfies Record<string, Selection>;
}

/** For each selection, the one that sees the same packets from the other end. */
export const hubblePeerViews = { 'server-side': 'client-side', 'client-side': 'server-side' };

/**
 * Events that Hubble could not process, so they are missing from the flows. Losses of its ring buffer are excluded: Hubble counts
 * its metrics before it writes to that buffer, so a slow reader such as Hubble UI affects no metric. `observer_events_queue` counts
 * events; `perf_event_ring_buffer` counts reports of the kernel, each of one event or more, so a share of it is a lower bound.
 * Upstream: Cilium, pkg/hubble/monitor/consumer.go (both begin at 0) and pkg/hubble/observer/local_observer.go (the order).
 */
export const hubbleLost: LossCounter = {
  metric: 'hubble_lost_events_total',
  matchers: { source: not('hubble_ring_buffer') },
  type: { label: 'source' },
};

/**
 * Hubble's counters of DNS. Its names of codes are those of Cilium, pkg/hubble/metrics/dns/rcode.go; queries have none, but those that a
 * policy denies.
 */
export const hubbleDns = (blindSpot: string): DnsCounters => ({
  queries: 'hubble_dns_queries_total',
  answers: 'hubble_dns_responses_total',
  rcode: 'rcode',
  codes: {
    NOERROR: 'No Error',
    FORMERR: 'Format Error',
    SERVFAIL: 'Server Failure',
    NXDOMAIN: 'Non-Existent Domain',
    NOTIMP: 'Not Implemented',
    REFUSED: 'Query Refused',
  },
  blindSpot,
});

/** Labels of Hubble's DNS counters that the rules read. */
const DNS_LABELS = SIDES.flatMap((side) => [`${side}_pod`, `${side}_namespace`]);

/** The entry for DNS in Hubble's list of metrics: the pods at both ends, and not the names that are looked up. */
export const hubbleDnsMetric = (): string => hubbleMetric('dns', labelsContext(hubbleLabelsContext(DNS_LABELS)));

/** The labels of Hubble that name the pod at one end. */
const podAt = (side: Side) => ({ namespace: `${side}_namespace`, pod: `${side}_pod` });

/**
 * Hubble's counters of packets that go wrong: dropped ones by the pods at both ends, and flags of TCP by the pod that sends them. It counts
 * no retransmissions. Upstream: Cilium, pkg/hubble/metrics/drop and tcp, handler.go, 1.16 to 1.19.
 */
export const hubblePackets = {
  drops: { metric: 'hubble_drop_total', matchers: {}, ends: SIDES.map(podAt), reason: 'reason' },
  resets: { metric: 'hubble_tcp_flags_total', matchers: { flag: 'RST' }, ends: [podAt('source')] },
} as const satisfies PacketCounters;

/** The entries of those counters in Hubble's list of metrics, with the labels that the rules read. */
export const hubblePacketMetrics = (): Readonly<Record<'drop' | 'tcp', string>> => ({
  drop: hubbleMetric('drop', labelsContext(hubblePackets.drops.ends.flatMap(({ namespace, pod }) => [pod, namespace]))),
  tcp: hubbleMetric('tcp', labelsContext(hubblePackets.resets.ends.flatMap(({ namespace, pod }) => [pod, namespace]))),
});

/** Events of all kinds that Hubble counted. */
export const hubbleSeen = { metric: FLOWS.network_flows, matchers: {} };

/**
 * An entry of Hubble's list of metrics, as the charts of Retina and of Cilium take it.
 * @throws TypeError for an entry with a space: the charts join entries with spaces, so it would become two.
 */
export function hubbleMetric(name: string, ...options: readonly string[]): string {
  const entry = options.length === 0 ? name : `${name}:${options.join(';')}`;
  if (/\s/.test(entry)) throw new TypeError(`a Hubble metric must not hold a space: ${JSON.stringify(entry)}`);
  return entry;
}

/** The option by which Hubble attaches labels to a metric. */
export const labelsContext = (labels: readonly string[]): string => `labelsContext=${labels.join(',')}`;
