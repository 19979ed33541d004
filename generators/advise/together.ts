import { added, meanOf, negated } from './estimate.ts';
import type { Change } from './findings.ts';
import { type End, isPlacedExternal, isPlacedPod, type Observed, type Pair, workloadKey } from './observed.ts';

/** Kinds whose single pod can be told where to run. The volumes of a StatefulSet are in a zone of their own. */
const MOVABLE = new Set(['Deployment', 'Rollout']);

/** A workload that is better off in another zone. */
export interface Move {
  readonly change: Extract<Change, { readonly kind: 'together' }>;
  readonly key: string;
  /** What no longer crosses zones, less what then does. */
  readonly sums: readonly number[];
}

const isPlaced = (end: End): boolean => isPlacedPod(end) || isPlacedExternal(end);

/** Everything that each workload says or hears, with the other end. */
function peersByWorkload(
  pairs: readonly Pair[],
): ReadonlyMap<string, readonly { readonly peer: End; readonly sums: Pair['sums'] }[]> {
  const found = new Map<string, { readonly peer: End; readonly sums: Pair['sums'] }[]>();
  const add = (key: string, peer: End, sums: Pair['sums']): void => {
    const known = found.get(key);
    if (known === undefined) found.set(key, [{ peer, sums }]);
    else known.push({ peer, sums });
  };
  for (const { source, destination, sums } of pairs) {
    const [from, to] = [workloadKey(source), workloadKey(destination)];
    if (from === to) continue;
    add(from, destination, sums);
    add(to, source, sums);
  }
  return found;
}

/**
 * Single pods that talk across zones to another single pod: routing cannot help them, as there is nothing to choose from. Each moves at most once, the
 * best first, and what it moves to stays.
 */
export function movesOf(observed: Observed): readonly Move[] {
  const { pairs, pods } = observed;
  const single = new Map(
    [...pods].flatMap(([key, zones]) => {
      const [only] = [...zones];
      return zones.size === 1 && only !== undefined && only[1] === 1 ? [[key, only[0]] as const] : [];
    }),
  );
  const peers = peersByWorkload(pairs);
  const candidates = new Map<string, Move & { readonly to: string }>();
  for (const { source, destination } of pairs) {
    for (const [mover, other] of [
      [source, destination],
      [destination, source],
    ] as const) {
      const [key, to] = [workloadKey(mover), workloadKey(other)];
      const [from, zone] = [single.get(key), single.get(to)];
      if (from === undefined || zone === undefined || from === zone || key === to) continue;
      if (!MOVABLE.has(mover.type) || candidates.has(`${key}>${to}`)) continue;
      const placed = (peers.get(key) ?? []).filter(({ peer }) => isPlaced(peer));
      const zero = observed.counts.map(() => 0);
      const gained = placed.filter(({ peer }) => peer.zone === zone).map(({ sums }) => sums);
      const given = placed.filter(({ peer }) => peer.zone === from).map(({ sums }) => negated(sums));
      candidates.set(`${key}>${to}`, {
        key,
        to,
        sums: added(zero, ...gained, ...given),
        change: {
          kind: 'together',
          workload: { namespace: mover.namespace, type: mover.type, workload: mover.workload },
          from,
          to: zone,
          with: { namespace: other.namespace, type: other.type, workload: other.workload },
        },
      });
    }
  }
  const touched = new Set<string>();
  const ranked = [...candidates.values()]
    .filter(({ sums }) => meanOf(sums, observed) > 0)
    .toSorted((one, two) => meanOf(two.sums, observed) - meanOf(one.sums, observed));
  return ranked.flatMap(({ to, ...move }) => {
    const around = (peers.get(move.key) ?? []).map(({ peer }) => workloadKey(peer));
    if (touched.has(move.key) || around.some((peer) => touched.has(peer))) return [];
    for (const each of [move.key, to]) touched.add(each);
    return [move];
  });
}
