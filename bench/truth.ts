import { ALLOWANCE_KINDS, type AllowanceKind, type Cluster } from './model.ts';
import { groupBy } from './group.ts';
import { type Party, resolveParty } from './truth/party.ts';
import { countedTraffic, type Traffic } from './truth/traffic.ts';

/** Whether traffic stayed in its zone; `unknown` when the zone of either end is. */
export type Locality = 'same_zone' | 'cross_zone' | 'unknown';

/** Packets per second from one zone to another, or within one. */
export interface ZonePair {
  readonly sourceZone: string;
  readonly destinationZone: string;
  readonly rate: number;
}

/** A workload as an end of traffic: one entry for each zone its pods are in. */
export type WorkloadParty = Pick<Party, 'namespace' | 'type' | 'workload' | 'zone'>;

/** A pod as an end of traffic. */
export type PodParty = Pick<Party, 'namespace' | 'pod' | 'zone'>;

/** Packets per second from a source to a destination. */
export interface PartyPair<P> {
  readonly source: P;
  readonly destination: P;
  readonly rate: number;
}

/** Packets per second above an allowance of a network interface. */
export interface AllowanceRate {
  readonly node: string;
  readonly device: string;
  readonly kind: AllowanceKind;
  readonly rate: number;
}

/** What measurements of a cluster must come to. All rates are packets per second, each packet counted once. */
export interface Truth {
  readonly total: number;
  readonly byLocality: Readonly<Record<Locality, number>>;
  readonly zonePairs: readonly ZonePair[];
  readonly workloadPairs: readonly PartyPair<WorkloadParty>[];
  readonly podPairs: readonly PartyPair<PodParty>[];
  /** Exceeded allowances only. */
  readonly allowances: readonly AllowanceRate[];
}

/**
 * The ground truth of a cluster, computed from the connections and not from the series that exporters expose. A packet
 * counts once, where the server's node sees it: requests and replies of all connections to a pod. Connections to a
 * server outside the cluster do not count; a client outside is `unknown` in every label.
 */
export function truth(cluster: Cluster): Truth {
  const traffic = countedTraffic(cluster.connections, resolveParty(cluster));
  const zonePairs = sumBy(traffic, zonesOf).map(({ first, rate }) => ({ ...zonesOf(first), rate }));
  return {
    total: sum(traffic),
    byLocality: {
      same_zone: sum(zonePairs.filter((pair) => localityOf(pair) === 'same_zone')),
      cross_zone: sum(zonePairs.filter((pair) => localityOf(pair) === 'cross_zone')),
      unknown: sum(zonePairs.filter((pair) => localityOf(pair) === 'unknown')),
    },
    zonePairs,
    workloadPairs: pairsOf(traffic, ({ namespace, type, workload, zone }) => ({ namespace, type, workload, zone })),
    podPairs: pairsOf(traffic, ({ namespace, pod, zone }) => ({ namespace, pod, zone })),
    allowances: exceededAllowances(cluster),
  };
}

/** The locality of traffic between two zones. */
export function localityOf({ sourceZone, destinationZone }: Omit<ZonePair, 'rate'>): Locality {
  if (sourceZone === 'unknown' || destinationZone === 'unknown') return 'unknown';
  return sourceZone === destinationZone ? 'same_zone' : 'cross_zone';
}

function zonesOf({ source, destination }: Traffic): Omit<ZonePair, 'rate'> {
  return { sourceZone: source.zone, destinationZone: destination.zone };
}

function pairsOf<P>(traffic: readonly Traffic[], view: (party: Party) => P): PartyPair<P>[] {
  const viewOf = ({ source, destination }: Traffic) => ({ source: view(source), destination: view(destination) });
  return sumBy(traffic, viewOf).map(({ first, rate }) => ({ ...viewOf(first), rate }));
}

function sumBy(traffic: readonly Traffic[], keyOf: (item: Traffic) => object): { first: Traffic; rate: number }[] {
  const groups = groupBy(traffic, (item) => JSON.stringify(keyOf(item)));
  return [...groups.values()].flatMap((group) =>
    group[0] === undefined ? [] : [{ first: group[0], rate: sum(group) }],
  );
}

function sum(items: readonly { readonly rate: number }[]): number {
  return items.reduce((total, { rate }) => total + rate, 0);
}

function exceededAllowances({ nodes }: Cluster): AllowanceRate[] {
  return nodes.flatMap(({ name, interfaces }) =>
    interfaces.flatMap(({ device, exceeded }) =>
      ALLOWANCE_KINDS.map((kind) => ({ node: name, device, kind, rate: exceeded[kind] })).filter(
        ({ rate }) => rate > 0,
      ),
    ),
  );
}
