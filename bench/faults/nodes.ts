import type { Cluster, Endpoint, Node } from '../model.ts';
import type { ClusterFault } from './change.ts';

/**
 * Replaces a node by another one at the same address, in another zone. For `overlap` seconds (0 by default) the API server has both. Traffic
 * of the node's processes continues from the new node; pods of the old node are not moved.
 */
export function nodeReplaced(
  cluster: Cluster,
  {
    node,
    at,
    overlap = 0,
    ...changes
  }: { readonly node: Node; readonly at: number; readonly overlap?: number } & Pick<
    Node,
    'name' | 'zone' | 'providerId'
  >,
): ClusterFault {
  const next: Node = { ...node, ...changes, createdAt: node.createdAt + at + 1 };
  const end = (endpoint: Endpoint): Endpoint =>
    endpoint.kind === 'node' && endpoint.node.name === node.name ? { ...endpoint, node: next } : endpoint;
  const connections = cluster.connections.map((connection) => ({
    ...connection,
    client: end(connection.client),
    server: end(connection.server),
  }));
  const both = { ...cluster, nodes: [...cluster.nodes, next], connections };
  const after = { ...both, nodes: both.nodes.filter(({ name }) => name !== node.name) };
  const stages = overlap > 0 ? [{ from: at, cluster: both }] : [];
  return {
    timeline: [{ from: 0, cluster }, ...stages, { from: at + overlap, cluster: after }],
    change: { from: at, until: at + overlap },
  };
}

/**
 * A node registers once more under its name, as another instance and so with another provider id; its zone label, too,
 * if told. Its pods stay.
 */
export function nodeReregistered(
  cluster: Cluster,
  {
    node,
    at,
    ...changes
  }: { readonly node: string; readonly at: number } & Pick<Node, 'providerId'> & Partial<Pick<Node, 'zone'>>,
): ClusterFault {
  const nodes = cluster.nodes.map((one) =>
    one.name === node ? { ...one, ...changes, createdAt: one.createdAt + at + 1 } : one,
  );
  return {
    timeline: [
      { from: 0, cluster },
      { from: at, cluster: { ...cluster, nodes } },
    ],
    change: { from: at, until: at },
  };
}
