import { type Node, zoneOfNode } from '../model.ts';
import { type Party, type Reason, UNKNOWN } from './party.ts';

/** How zones are read. */
export interface ZoneReading {
  /** The zones that count, wherever they come from; all of them by default. */
  readonly valid?: RegExp;
  /** Where the zone of a node is read, best first: its label, then its provider id, by default. */
  readonly from?: readonly ('node-label' | 'provider-id')[];
  /** What zones are called; names by default. Names are translated to IDs by nodes that have both, or do not count. */
  readonly as?: 'names' | 'translated IDs' | 'IDs alone';
}

/** A zone, or the reason why there is none. */
export type Place = Pick<Party, 'zone' | 'reason'>;

/** Reads the zones of nodes, and those that sources report. */
export interface ZoneReader {
  /** The first zone that counts of: its ID, its label, its provider id. */
  readonly ofNode: (node: Node) => Place;
  /** A party with the zone that the source reports by name, unless it reports none, or one that does not count. */
  readonly withNative: (party: Party, name: string) => Party;
}

const unknown = (reason: Reason): Place => ({ zone: UNKNOWN, reason });

/** The ID of each name that has exactly one. */
function idsByName(nodes: readonly Node[]): ReadonlyMap<string, string> {
  const all = new Map<string, Set<string>>();
  for (const { zone, zoneId = '' } of nodes) {
    if (zone !== '' && zoneId !== '') all.set(zone, new Set([...(all.get(zone) ?? []), zoneId]));
  }
  return new Map([...all].flatMap(([name, ids]) => (ids.size === 1 ? [...ids].map((id) => [name, id] as const) : [])));
}

/** Reads the zones of a cluster with these nodes. */
export function zoneReader(nodes: readonly Node[], reading: ZoneReading = {}): ZoneReader {
  const { valid, from = ['node-label', 'provider-id'], as = 'names' } = reading;
  const byName = as === 'translated IDs' ? idsByName(nodes) : new Map<string, string>();
  const known = (name: string): string => {
    if (name === UNKNOWN) return '';
    return as === 'names' ? name : (byName.get(name) ?? '');
  };
  const counts = (zone: string): boolean => valid?.test(zone) ?? true;
  return {
    ofNode: (node) => {
      const { zone, zoneId = '', providerId } = node;
      const labels = [as === 'names' ? '' : zoneId, known(zone)];
      const provided = [known(zoneOfNode({ zone: '', providerId }))];
      const told = from.flatMap((origin) => (origin === 'node-label' ? labels : provided)).filter((one) => one !== '');
      const found = told.find(counts);
      if (found !== undefined) return { zone: found, reason: '' };
      return unknown(told.length === 0 ? 'no_zone_label' : 'invalid_zone');
    },
    withNative: (party, name) => {
      const zone = known(name);
      if (zone === '') return party;
      if (counts(zone)) return { ...party, zone, reason: '' };
      return party.zone === UNKNOWN ? { ...party, ...unknown('invalid_zone') } : party;
    },
  };
}
