import type { Estimate } from './estimate.ts';

/** A Service by its name. */
export interface ServiceName {
  readonly namespace: string;
  readonly name: string;
}

export interface WorkloadName {
  readonly namespace: string;
  readonly type: string;
  readonly workload: string;
}

/** What the endpoints in a zone would serve, beside what an endpoint serves on average today: 0.2 is 20 % more. */
export interface Load {
  readonly service: ServiceName;
  readonly zone: string;
  readonly endpoints: number;
  readonly overload: number;
}

/** Changes that keep traffic in its zone, or off NAT gateways. */
export type Change =
  /** Route Services by zone. Two workloads that may each call the other are one change: flows do not show which end calls. */
  | { readonly kind: 'route'; readonly services: readonly ServiceName[]; readonly loads: readonly Load[] }
  /** Pods in zones with callers that have too few, and zone routing where the Services have none yet. */
  | {
      readonly kind: 'replicas';
      readonly workload: WorkloadName;
      readonly zones: readonly { readonly zone: string; readonly pods: number }[];
      readonly services: readonly ServiceName[];
    }
  /** Move the single pod of a workload into the zone of what it talks to most. */
  | {
      readonly kind: 'together';
      readonly workload: WorkloadName;
      readonly from: string;
      readonly to: string;
      readonly with: WorkloadName;
    }
  /** Read from a replica in the zone of the readers. */
  | { readonly kind: 'external'; readonly name: string; readonly zone: string; readonly from: readonly string[] }
  /** Reach storage of the region by a gateway endpoint, which is free, instead of through NAT gateways. */
  | { readonly kind: 'endpoint'; readonly name: string; readonly region: string };

export interface Finding {
  readonly cluster: string;
  readonly change: Change;
  readonly saves: Estimate;
}

/** Why no change is advised for traffic across zones. */
export type LeftReason =
  'headless' | 'partial' | 'caller-unknown' | 'no-service' | 'no-endpoint' | 'auto' | 'outside' | 'nat';

export interface Advice {
  readonly findings: readonly Finding[];
  /** Cost or traffic a month across zones, and through NAT gateways where they have a price; and its parts that no finding saves. */
  readonly total: number;
  /** What of that is for NAT gateways. */
  readonly nat: number;
  readonly left: readonly { readonly cluster: string; readonly reason: LeftReason; readonly amount: number }[];
}
