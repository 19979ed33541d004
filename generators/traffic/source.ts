import type { Matchers } from '../promql/index.ts';
import type { FlowAgent, PacketCounters } from '../shared/agents.ts';

/** The two ends of a flow, as prefixes of labels. */
export const SIDES = ['source', 'destination'] as const;
export type Side = (typeof SIDES)[number];

/** Units that a source can count; each is the middle part of the recorded names. */
export type Unit = 'network_flows' | 'network_packets' | 'network_bytes';

/** The units per second, as texts show them. */
export const UNIT_LABELS: Readonly<Record<Unit, string>> = {
  network_flows: 'flows/s',
  network_packets: 'packets/s',
  network_bytes: 'bytes/s',
};

/**
 * Fields that a source may report for one end of a flow, under names that all sources share. `kind` is `Pod`, `Node` or `Service`;
 * `pod` holds the name of the object of that kind. Zone and workload are as the source itself resolved them.
 */
export const END_FIELDS = ['namespace', 'pod', 'ip', 'kind', 'workload_type', 'workload', 'zone'] as const;
export type EndField = (typeof END_FIELDS)[number];

/** The error of agents that add up the lengths of the kernel's buffers (`skb->len`). Measured with OBI and Retina. */
export const BUFFER_BYTES =
  'Bytes are those of buffers with their Ethernet header: 14 bytes a packet more than the IP bytes that clouds bill, but about 4 % less in bulk ' +
  'where offloads merge packets, which is the default.';

/** The labels in which a source reports these fields. A side without labels is not reported at all. */
export type EndLabels = Readonly<Partial<Record<EndField, string>>>;

/**
 * Traffic that a selection misses, and what proves that other series of its counters are that traffic:
 *
 * - `same_node`: both ends are pods of one node. It is same_zone, whatever becomes known of the ends later.
 * - `replies`: both ends are pods that kube-state-metrics describes, and the selection counts no replies from one to the other.
 * - `outside`: one end is a pod, and the other an address of no pod, node or Service.
 */
export type Gap = 'same_node' | 'replies' | 'outside';

/** Series that complete a selection. */
export interface Completion {
  readonly gap: Gap;
  readonly matchers: Matchers;
  /** How often they count each packet; once by default. */
  readonly times?: number;
  /** The series of the selection that count replies already, where the gap is `replies`. */
  readonly replies?: Matchers;
}

/** Selects one of the several observations of a packet. */
export interface Selection {
  /** The counters to read, by unit. */
  readonly metrics: Readonly<Partial<Record<Unit, string>>>;
  readonly matchers: Matchers;
  /** What the selection misses, from the same counters; no packet is in two of these, or in one and in the selection. */
  readonly completions?: readonly Completion[];
}

/** A counter of what an agent loses before it counts it. */
export interface LossCounter {
  readonly metric: string;
  readonly matchers: Matchers;
  /** Where the loss happens: the label that says so, or a name where the counter has no such label. */
  readonly type: { readonly label: string } | { readonly name: string };
  /** Set where a series begins with its first loss, not at 0: then all that it holds when it is new was lost since. */
  readonly beginsWithLoss?: true;
}

/** What the agents of a source say about their own losses. */
export interface Losses {
  readonly counters: readonly LossCounter[];
  /** What an agent handled instead, in the unit of these counters: events with events, packets with packets. */
  readonly seen: { readonly metric: string; readonly matchers: Matchers };
  /** What to do first, ready to follow "First: ". */
  readonly remedy: string;
}

/**
 * Counters of DNS messages by the pods at both ends, whose labels are those of flows. A message is seen on every node that it passes; those of
 * the agent on the client's node count.
 */
export interface DnsCounters {
  readonly queries: string;
  readonly answers: string;
  /** The label of an answer's code. */
  readonly rcode: string;
  /** The names that the source gives to codes, by their names in DNS; empty where it uses those. */
  readonly codes: Readonly<Record<string, string>>;
  /** Set where each series has the name that was looked up: there may be very many. */
  readonly withNames?: true;
  /** What it does not see, in a sentence. */
  readonly blindSpot: string;
}

/** An adapter for one flow source: what it exports, and how the rules count each packet once. */
export interface FlowSource {
  readonly id: string;
  /** Named selections; the first is the default. */
  readonly selections: Readonly<Record<string, Selection>>;
  readonly ends: Readonly<Record<Side, EndLabels>>;
  /** The namespace under which the source counts nodes; the pod label then holds the name of the node. */
  readonly nodeNamespace?: string;
  /** The namespace and the pod name under which it counts the API server, which need not be a pod. */
  readonly controlPlane?: string;
  /**
   * The label of the observer, where the agents of both ends report the same packets: then the ends have a pod. Reports are one where the
   * keys of both ends agree, and the larger one counts.
   */
  readonly reporter?: string;
  /** Labels that it has only with other settings. */
  readonly optionalLabels?: readonly string[];
  /** Set where the source counts traffic of one locality only, even if a zone is unknown. */
  readonly locality?: 'cross_zone';
  /** For each selection, the one that sees the same packets from the other end; for the double-count check. */
  readonly peerViews?: Readonly<Record<string, string>>;
  /** Absent only where the agents' code was read and counts no losses. */
  readonly lost?: Losses;
  /** What runs it: the pods that observe traffic, and those that export what was observed. */
  readonly agents: readonly FlowAgent[];
  /** Counters of packets that are dropped, reset connections or are sent again; a reason where it has none. */
  readonly packets: PacketCounters | { readonly reason: string };
  /** Counters of DNS messages; a reason where the release has none that can be used; absent where the source has none. */
  readonly dns?: DnsCounters | { readonly reason: string };
  /** Where it counts bytes: how far they are from those that clouds bill, in a sentence. */
  readonly byteError?: string;
  /** How each packet is counted once, in a sentence. */
  readonly deduplication: string;
  /** How precisely the source itself names the ends, in a few words. */
  readonly granularity: string;
  /** Traffic that the source does not see. */
  readonly blindSpots: readonly string[];
}

/** Whether a source reports the zone of an end itself. */
export const reportsZones = ({ ends }: FlowSource): boolean => SIDES.some((side) => ends[side].zone !== undefined);

/** The labels that describe a side, in a fixed order. */
export const endLabels = ({ ends }: FlowSource, side: Side): readonly string[] =>
  END_FIELDS.flatMap((field) => ends[side][field] ?? []);

/**
 * The labels that tell the ends of a side apart. Of two agents that report one packet, one may lack the zone or the owner of an end, so
 * these are no part of the key: it is the address, or without addresses the object.
 */
export function keyLabels(source: FlowSource, side: Side): readonly string[] {
  if (source.reporter === undefined) return endLabels(source, side);
  const { ip, namespace, pod, kind } = source.ends[side];
  return (ip === undefined ? [namespace, pod, kind] : [ip]).filter((label) => label !== undefined);
}
