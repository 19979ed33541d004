import type { GenerateOptions } from './options.ts';

const PODS_PER_NODE = 50;

/**
 * Options of a cluster that is as large as told, for measuring what rules cost: `countedSeries` is the number of series
 * that the default selection of retina-hubble counts, one each for the requests and the replies of a connection. Agents
 * expose about twice as many with aggregation `high`, as the client's node reports them as well, and four times with
 * `low`. The number is met to within half a connection for each pod; 3,000 pods with 60,000 series are met exactly.
 */
export function scaleOptions(size: { seed: number; pods: number; countedSeries: number }): GenerateOptions {
  const { seed, pods, countedSeries } = size;
  return {
    seed,
    name: 'scale',
    pods,
    nodes: Math.max(3, Math.ceil(pods / PODS_PER_NODE)),
    namespaces: Math.min(200, Math.max(4, Math.ceil(pods / 100))),
    connectionsPerPod: Math.max(1, Math.round(countedSeries / 2 / pods)),
    externalPeers: 0,
  };
}
