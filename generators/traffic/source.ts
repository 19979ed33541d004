import type { Matchers } from '../promql/index.ts';

/** The two ends of a flow, as prefixes of labels. */
export const SIDES = ['source', 'destination'] as const;
export type Side = (typeof SIDES)[number];

/** What a source can truly count; the middle part of the recorded names. */
export type Unit = 'network_flows' | 'network_packets' | 'network_bytes';

/** The units as texts show them. */
export const UNIT_LABELS: Readonly<Record<Unit, string>> = {
  network_flows: 'flows/s',
  network_packets: 'packets/s',
  network_bytes: 'bytes/s',
};

/**
 * What a source may tell of one end of a flow, under names that all sources share. `kind` is `Pod`, `Node` or `Service`; `pod`
 * holds the name of the object of that kind. Zone and workload are what the source itself found out.
 */
export const END_FIELDS = ['namespace', 'pod', 'ip', 'kind', 'workload_type', 'workload', 'zone'] as const;
export type EndField = (typeof END_FIELDS)[number];

/** The labels in which a source tells it; a side without any is not named at all. */
export type EndLabels = Readonly<Partial<Record<EndField, string>>>;

/** One way to let through one of the several observations of a packet. */
export interface Selection {
  /** The counters to read, by unit. */
  readonly metrics: Readonly<Partial<Record<Unit, string>>>;
  readonly matchers: Matchers;
}

/** An adapter: what one flow source exports and how each packet is made to count once. */
export interface FlowSource {
  readonly id: string;
  /** Named selections; the first is the default. */
  readonly selections: Readonly<Record<string, Selection>>;
  readonly ends: Readonly<Record<Side, EndLabels>>;
  /** The namespace under which the source counts a node, whose name then stands in the label of the pod. */
  readonly nodeNamespace?: string;
  /**
   * The label of the observer, where both ends report the same packets under the same labels: the larger report counts. Only
   * right where the other labels name single pods.
   */
  readonly reporter?: string;
  /** Where the source counts traffic of one locality only, whatever is known of the ends. */
  readonly locality?: 'cross_zone';
  /** The selection that sees the same packets from the other end, for the check against double counting. */
  readonly opposite?: Readonly<Record<string, string>>;
  /** The counter of events that an agent saw and could not process, where it has one. */
  readonly lost?: { readonly metric: string; readonly matchers: Matchers };
  /** Why a packet is counted once, in a sentence. */
  readonly countOnce: string;
  /** What the source tells of an end without help, in a few words. */
  readonly granularity: string;
  /** What the source cannot see. */
  readonly blindSpots: readonly string[];
}

/** The labels by which a side is named, in a fixed order. */
export const endLabels = ({ ends }: FlowSource, side: Side): readonly string[] =>
  END_FIELDS.flatMap((field) => ends[side][field] ?? []);
