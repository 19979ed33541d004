import type { Matchers } from '../promql/index.ts';

/** The two ends of a flow, as prefixes of labels. */
export const SIDES = ['source', 'destination'] as const;
export type Side = (typeof SIDES)[number];

/** Labels by which a source names one end of a flow. */
export interface EndpointLabels {
  readonly namespace: string;
  readonly pod: string;
  readonly ip: string;
}

/** An adapter: what one flow source exports and how each packet is made to count once. */
export interface FlowSource {
  readonly id: string;
  /** What the source can truly count; the middle part of the recorded names. */
  readonly unit: 'network_flows' | 'network_packets' | 'network_bytes';
  /** The unit as panels and texts show it. */
  readonly unitLabel: string;
  /** The counter that the rules read. */
  readonly metric: string;
  /** Named selectors; each lets through one of the several observations of a packet. */
  readonly selectors: Readonly<Record<string, Matchers>>;
  readonly endpoints: Readonly<Record<Side, EndpointLabels>>;
  /** What tells flows of one pair apart and is worth keeping when pods are looked at. */
  readonly details: readonly string[];
  /** Why a packet is counted once, in a sentence. */
  readonly countOnce: string;
  /** What the source cannot see. */
  readonly blindSpots: readonly string[];
}
