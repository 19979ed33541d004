import { type Party, UNKNOWN } from './party.ts';

/** What can be counted: flow events, packets or bytes, all per second. */
export type Unit = 'network_flows' | 'network_packets' | 'network_bytes';

/** Whether traffic stayed in its zone, its region or its network; `unknown` when the zone of either end is, and neither is beyond the cluster. */
export type Locality = 'same_zone' | 'cross_zone' | 'cross_region' | 'internet' | 'unknown';

/** Traffic in one direction between two ends, counted once. */
export interface Traffic {
  readonly source: Party;
  readonly destination: Party;
  /** Per second, in the unit it is listed under. */
  readonly rate: number;
  readonly locality: Locality;
}

/** What a source counts once, by the units it counts in. */
export type Observed = Readonly<Partial<Record<Unit, readonly Traffic[]>>>;

/** Traffic whose locality follows from the zones of its ends. */
export function trafficBetween(source: Party, destination: Party, rate: number): Traffic {
  const locality = (['internet', 'cross_region'] as const).find(
    (one) => source.beyond === one || destination.beyond === one,
  );
  return {
    source,
    destination,
    rate,
    locality: locality ?? localityOf({ sourceZone: source.zone, destinationZone: destination.zone }),
  };
}

/** The locality of traffic between two zones of a cluster. */
export function localityOf(zones: { readonly sourceZone: string; readonly destinationZone: string }): Locality {
  const { sourceZone, destinationZone } = zones;
  if (sourceZone === UNKNOWN || destinationZone === UNKNOWN) return 'unknown';
  return sourceZone === destinationZone ? 'same_zone' : 'cross_zone';
}
