import type { Cluster } from './model.ts';
import type { Server } from './server.ts';
import { SIMULATORS } from './sources/index.ts';
import type { TargetOptions } from './targets.ts';
import { type Totals, totalsByUnit, truth } from './truth.ts';

/**
 * What someone who measures the synthetic cluster needs: where to scrape and, per second, what must come out: `truth`
 * for Retina with Hubble, `sources` for each source that is exposed. Pairs of workloads and pods are left out, being
 * too many to read.
 */
export function summarise(cluster: Cluster, server: Server, options: TargetOptions = {}): object {
  const { allowances, ...flows } = truth(cluster, options);
  const sources = (options.sources ?? ['retina-hubble']).map((id) => {
    const units = Object.entries(totalsByUnit(SIMULATORS[id].observed(cluster, options)));
    return [id, Object.fromEntries(units.map(([unit, totals]) => [unit, readable(totals)]))] as const;
  });
  return {
    cluster: cluster.name,
    nodes: cluster.nodes.length,
    pods: cluster.pods.length,
    connections: cluster.connections.length,
    targets: server.targets.map(({ job, path }) => ({ job, url: `${server.url}${path}` })),
    truth: { ...readable(flows), allowances },
    sources: Object.fromEntries(sources),
  };
}

function readable({ total, byLocality, unattributed, zonePairs }: Totals): object {
  return { total, byLocality, unattributed, zonePairs };
}
