import { type Cluster, type Connection, type Node, nodeNameOf } from '../model.ts';

/** A connection and its place in the list of the cluster's. */
export interface LocalConnection {
  readonly connection: Connection;
  readonly index: number;
}

const cache = new WeakMap<Cluster, Map<string, LocalConnection[]>>();

/**
 * The connections with an end on that node, in order. Sorted by node once for each cluster: going through all of them
 * for each of hundreds of nodes would take minutes.
 */
export function connectionsOn(cluster: Cluster, { name }: Node): readonly LocalConnection[] {
  const byNode = cache.get(cluster) ?? sortByNode(cluster);
  cache.set(cluster, byNode);
  return byNode.get(name) ?? [];
}

function sortByNode({ connections }: Cluster): Map<string, LocalConnection[]> {
  const byNode = new Map<string, LocalConnection[]>();
  for (const [index, connection] of connections.entries()) {
    const names = new Set([nodeNameOf(connection.client), nodeNameOf(connection.server)]);
    for (const name of names) {
      if (name === undefined) continue;
      const local = byNode.get(name);
      if (local === undefined) byNode.set(name, [{ connection, index }]);
      else local.push({ connection, index });
    }
  }
  return byNode;
}
