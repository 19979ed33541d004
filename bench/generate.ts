import type { Cluster } from './model.ts';
import { createRandom } from './random.ts';
import { generateConnections } from './generate/connections.ts';
import { generateNodes } from './generate/nodes.ts';
import { type GenerateOptions, resolveOptions } from './generate/options.ts';
import { placePods } from './generate/pods.ts';
import { planWorkloads } from './generate/workloads.ts';

export { DEFAULTS, type GenerateOptions, minimumPods } from './generate/options.ts';

/**
 * Generates a cluster. The same options give the same cluster, down to names and rates, on every machine.
 *
 * Throws a RangeError that names the option, what it got and what it expects, for instance when there are too few pods
 * for the nodes (see `minimumPods`) or fewer nodes than zones.
 */
export function generateCluster(options: GenerateOptions): Cluster {
  const resolved = resolveOptions(options);
  const random = createRandom(resolved.seed);

  const nodes = generateNodes(random, resolved);
  const plan = planWorkloads(random, resolved);
  const pods = placePods(random, plan, nodes);
  const serving = new Set(plan.filter(({ serves }) => serves).map(({ workload }) => workload));
  const connections = generateConnections(random, resolved, nodes, pods, serving);

  const workloads = [...new Set(pods.map((pod) => pod.workload))];
  return { name: resolved.name, nodes, workloads, pods, connections };
}
