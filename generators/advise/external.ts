import { added } from './estimate.ts';
import type { Change } from './findings.ts';
import { type Distant, isPlacedExternal, isPlacedPod, type Pair } from './observed.ts';

/** What pods in a zone read from an end outside of the cluster that is in other zones. What they write goes to the primary in any case. */
export function readsOf(
  pairs: readonly Pair[],
): readonly { readonly change: Extract<Change, { readonly kind: 'external' }>; readonly sums: readonly number[] }[] {
  const found = new Map<string, { name: string; zone: string; from: Set<string>; sums: readonly number[] }>();
  for (const { source, destination, sums } of pairs) {
    if (!isPlacedExternal(source) || !isPlacedPod(destination) || source.zone === destination.zone) continue;
    const key = JSON.stringify([source.workload, destination.zone]);
    const before = found.get(key);
    found.set(key, {
      name: source.workload,
      zone: destination.zone,
      from: new Set([...(before?.from ?? []), source.zone]),
      sums: before === undefined ? sums : added(before.sums, sums),
    });
  }
  return [...found.values()].map(({ name, zone, from, sums }) => ({
    change: { kind: 'external', name, zone, from: [...from].toSorted() },
    sums,
  }));
}

/** The zone of storage in the own region, which a gateway endpoint leads to. */
const STORAGE = 'storage';

/** What goes through NAT gateways: storage that a gateway endpoint would spare them, and the rest. */
export function throughNat(
  distant: readonly Distant[],
  region: string,
): {
  readonly changes: readonly {
    readonly change: Extract<Change, { readonly kind: 'endpoint' }>;
    readonly sums: readonly number[];
  }[];
  readonly rest: readonly (readonly number[])[];
} {
  const known = distant.filter(({ isThroughNat }) => isThroughNat);
  return {
    changes: known
      .filter(({ zone }) => zone === STORAGE)
      .map(({ name, sums }) => ({ change: { kind: 'endpoint', name, region }, sums })),
    rest: known.filter(({ zone }) => zone !== STORAGE).map(({ sums }) => sums),
  };
}
