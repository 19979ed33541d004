import type { Pod } from '../model.ts';

/** Ordered pairs of pods, each at most once. */
export interface Pairs {
  /** All pairs added, in order. */
  readonly all: readonly (readonly [client: Pod, server: Pod])[];
  /** Adds a pair and tells whether it was new; a pod is never paired with itself. */
  add(client: Pod, server: Pod): boolean;
}

/** Starts with no pairs. */
export function collectPairs(): Pairs {
  const all: (readonly [Pod, Pod])[] = [];
  const serversOf = new Map<Pod, Set<Pod>>();

  return {
    all,
    add(client, server) {
      const servers = serversOf.get(client) ?? new Set();
      if (client === server || servers.has(server)) return false;
      serversOf.set(client, servers.add(server));
      all.push([client, server]);
      return true;
    },
  };
}
