import type { Cluster } from './model.ts';
import type { Server } from './server.ts';
import { truth } from './truth.ts';

/**
 * What someone who measures the synthetic cluster needs: where to scrape and, in packets per second, what must come
 * out. Pairs of workloads and pods are left out, being too many to read.
 */
export function summarise(cluster: Cluster, server: Server): object {
  const { total, byLocality, zonePairs, allowances } = truth(cluster);
  return {
    cluster: cluster.name,
    nodes: cluster.nodes.length,
    pods: cluster.pods.length,
    connections: cluster.connections.length,
    targets: server.targets.map(({ job, path }) => ({ job, url: `${server.url}${path}` })),
    truth: { total, byLocality, zonePairs, allowances },
  };
}
