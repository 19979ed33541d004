import type { Cluster, Node } from '../model.ts';
import type { ClusterFault } from './change.ts';

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
