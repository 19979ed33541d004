/** One end of traffic. */
export interface End {
  readonly namespace: string;
  readonly type: string;
  readonly workload: string;
  readonly zone: string;
}

/** Traffic from one workload to another, by their zones. */
export interface Pair {
  readonly source: End;
  readonly destination: End;
  /** The sum of the recorded rates (units per second) in each part of the window; 0 where there were none. */
  readonly sums: readonly number[];
}

/** Traffic with an end beyond the cluster that is, or may be, reached through a NAT gateway, both directions together. */
export interface Distant {
  /** The end, as `flows.external` names it. */
  readonly name: string;
  /** Where it is: a region, `internet`, or `storage` of the own region, which a gateway endpoint leads to. */
  readonly zone: string;
  /** Whether it is known to go through a NAT gateway. */
  readonly isThroughNat: boolean;
  /** As those of pairs. */
  readonly sums: readonly number[];
}

/** A Service with ready endpoints. */
export interface ServiceSeen {
  readonly namespace: string;
  readonly name: string;
  /** How it chooses endpoints; undefined without an address of its own (a headless Service). */
  readonly routing: string | undefined;
  /** Ready endpoints by zone. */
  readonly endpoints: ReadonlyMap<string, number>;
  /** Zones that its hints are for. */
  readonly hintedZones: ReadonlySet<string>;
  /** The share of ready endpoints with a hint. Below 1, callers ignore all hints. */
  readonly hinted: number;
  /** The workloads of its endpoints. */
  readonly workloads: readonly Pick<End, 'type' | 'workload'>[];
}

/** What Prometheus has of one cluster over a window. */
export interface Observed {
  /** Value of the cluster label; '' where there is none. */
  readonly cluster: string;
  /** Evaluations of the rules in each part of the window. */
  readonly counts: readonly number[];
  readonly pairs: readonly Pair[];
  readonly distant: readonly Distant[];
  readonly services: readonly ServiceSeen[];
  /** Running pods by workload (`workloadKey`) and zone. */
  readonly pods: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Share of traffic whose zones are unknown (0 to 1). */
  readonly unattributed: number;
  /** Share of events that agents lost (0 to 1). */
  readonly lost: number;
}

/** A workload as a key of maps. */
export const workloadKey = ({ namespace, type, workload }: Omit<End, 'zone'>): string =>
  JSON.stringify([namespace, type, workload]);

/** Types of ends that are no pods of a Service: hosts, and what lies outside of the cluster. */
const NO_PODS = new Set(['Node', 'External', 'unknown', '']);

/** Whether an end is a pod whose zone is known. */
export const isPlacedPod = ({ type, zone }: End): boolean => !NO_PODS.has(type) && zone !== 'unknown' && zone !== '';

/** Whether an end is one of `flows.external` whose zone is known. */
export const isPlacedExternal = ({ type, zone }: End): boolean =>
  type === 'External' && zone !== 'unknown' && zone !== '';
