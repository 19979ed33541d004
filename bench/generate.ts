import type { Cluster, Service, Workload } from './model.ts';
import { createRandom, type Random } from './random.ts';
import { generateConnections } from './generate/connections.ts';
import { decorated, generateServices, hostConnections, withIpv6 } from './generate/extras.ts';
import { generateNodes } from './generate/nodes.ts';
import { generateAgents, withTrouble } from './generate/pipeline.ts';
import { type GenerateOptions, resolveOptions } from './generate/options.ts';
import { placePods } from './generate/pods.ts';
import { generateUsage } from './generate/usage.ts';
import { planWorkloads } from './generate/workloads.ts';

export { scaleOptions } from './generate/scale.ts';
export { DEFAULTS, type GenerateOptions, minimumPods, VARIED } from './generate/options.ts';

const EXTRA = 0x5eed;
const USAGE = 0xcafe;
const PIPELINE = 0xf10;

/**
 * Generates a cluster. The same options give the same cluster, down to names and rates, on every machine.
 *
 * Throws a RangeError that names the option, what it got and what it expects, for instance when there are too few pods
 * for the nodes (see `minimumPods`) or fewer nodes than zones.
 */
export function generateCluster(options: GenerateOptions): Cluster {
  const resolved = resolveOptions(options);
  const random = createRandom(resolved.seed);
  // Chance of its own for what came later, so that it changes nothing about the rest.
  const extra = createRandom(resolved.seed ^ EXTRA);

  const labelled = generateNodes(random, resolved);
  const plan = planWorkloads(random, resolved);
  const serving = new Set(plan.filter(({ serves }) => serves).map(({ workload }) => workload));
  const { nodes, pods } = withIpv6(extra, resolved, labelled, placePods(random, plan, labelled));
  const services = resolved.services ? generateServices(pods, serving) : new Map<Workload, Service>();
  const connections = decorated(extra, resolved, services, [
    ...generateConnections(random, resolved, nodes, pods, serving),
    ...hostConnections(extra, resolved, { nodes, pods }),
  ]);

  const workloads = [...new Set(pods.map((pod) => pod.workload))];
  const usage = resolved.usage ? { usage: generateUsage(createRandom(resolved.seed ^ USAGE), pods) } : {};
  const cluster = {
    name: resolved.name,
    nodes,
    workloads,
    pods,
    services: [...services.values()],
    connections,
    ...usage,
  };
  return resolved.pipeline ? observed(cluster, createRandom(resolved.seed ^ PIPELINE)) : cluster;
}

/** A cluster with agents that observe it, and connections in trouble. */
function observed(cluster: Cluster, random: Random): Cluster {
  const agents = generateAgents(random, cluster.nodes);
  const pods = [...cluster.pods, ...agents.pods];
  return {
    ...cluster,
    pods,
    workloads: [...new Set(pods.map((pod) => pod.workload))],
    connections: withTrouble(random, cluster.connections),
    ...(cluster.usage !== undefined && { usage: new Map([...cluster.usage, ...agents.usage]) }),
  };
}
