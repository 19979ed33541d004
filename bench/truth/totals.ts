import { groupBy } from '../group.ts';
import { type Party, type Reason, UNKNOWN } from './party.ts';
import type { Locality, Observed, Traffic, Unit } from './traffic.ts';

/** Traffic per second from one zone to another, or within one. */
export interface ZonePair {
  readonly sourceZone: string;
  readonly destinationZone: string;
  readonly locality: Locality;
  readonly rate: number;
}

/** A workload as an end of traffic: one entry for each zone its pods are in. */
export type WorkloadParty = Pick<Party, 'namespace' | 'type' | 'workload' | 'zone'>;

/** A pod as an end of traffic. */
export type PodParty = Pick<Party, 'namespace' | 'pod' | 'zone'>;

/** Traffic per second from a source to a destination. */
export interface PartyPair<P> {
  readonly source: P;
  readonly destination: P;
  readonly locality: Locality;
  readonly rate: number;
}

/** Why traffic has an unknown zone: the source's reason if that is unknown, else the destination's. */
export type UnattributedReason = Exclude<Reason, ''>;

/** Traffic of one unit summed up in every way that matters; all rates per second. */
export interface Totals {
  readonly total: number;
  readonly byLocality: Readonly<Record<Locality, number>>;
  readonly zonePairs: readonly ZonePair[];
  readonly workloadPairs: readonly PartyPair<WorkloadParty>[];
  readonly podPairs: readonly PartyPair<PodParty>[];
  /** Traffic with an unknown zone, by the reason; together with the rest it is the total. */
  readonly unattributed: Readonly<Record<UnattributedReason, number>>;
}

/** Sums traffic up. Pairs are in order of first appearance. */
export function totalsOf(traffic: readonly Traffic[]): Totals {
  const local = (locality: Locality) => sum(traffic.filter((item) => item.locality === locality));
  const unattributed = (reason: Reason) => sum(traffic.filter((item) => unattributedReason(item) === reason));
  return {
    total: sum(traffic),
    byLocality: {
      same_zone: local('same_zone'),
      cross_zone: local('cross_zone'),
      cross_region: local('cross_region'),
      internet: local('internet'),
      unknown: local('unknown'),
    },
    zonePairs: sumBy(traffic, zonesOf),
    workloadPairs: pairsOf(traffic, ({ namespace, type, workload, zone }) => ({ namespace, type, workload, zone })),
    podPairs: pairsOf(traffic, ({ namespace, pod, zone }) => ({ namespace, pod, zone })),
    unattributed: {
      no_zone_label: unattributed('no_zone_label'),
      invalid_zone: unattributed('invalid_zone'),
      service_ip: unattributed('service_ip'),
      gone: unattributed('gone'),
      unplaced: unattributed('unplaced'),
      outside: unattributed('outside'),
      no_peer: unattributed('no_peer'),
    },
  };
}

/** The totals of every unit a source counts in. */
export function totalsByUnit(observed: Observed): Partial<Record<Unit, Totals>> {
  const { network_flows: flows, network_packets: packets, network_bytes: bytes } = observed;
  return {
    ...(flows && { network_flows: totalsOf(flows) }),
    ...(packets && { network_packets: totalsOf(packets) }),
    ...(bytes && { network_bytes: totalsOf(bytes) }),
  };
}

/** Why a zone of this traffic is unknown, or '' if both are known. */
export function unattributedReason({ source, destination, locality }: Traffic): Reason {
  if (locality === 'internet' || locality === 'cross_region') return '';
  if (source.zone === UNKNOWN) return source.reason;
  return destination.zone === UNKNOWN ? destination.reason : '';
}

function zonesOf({ source, destination, locality }: Traffic): Omit<ZonePair, 'rate'> {
  return { sourceZone: source.zone, destinationZone: destination.zone, locality };
}

function pairsOf<P>(traffic: readonly Traffic[], view: (party: Party) => P): PartyPair<P>[] {
  return sumBy(traffic, ({ source, destination, locality }) => ({
    source: view(source),
    destination: view(destination),
    locality,
  }));
}

/** Groups traffic by what a view shows of it, and sums each group. */
function sumBy<View extends object>(
  traffic: readonly Traffic[],
  viewOf: (item: Traffic) => View,
): (View & { rate: number })[] {
  const groups = groupBy(traffic, (item) => JSON.stringify(viewOf(item)));
  return [...groups.values()].flatMap((group) =>
    group[0] === undefined ? [] : [{ ...viewOf(group[0]), rate: sum(group) }],
  );
}

function sum(items: readonly { readonly rate: number }[]): number {
  return items.reduce((total, { rate }) => total + rate, 0);
}
