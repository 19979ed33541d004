export type { Change, ClusterFault, ScrapeFault } from './change.ts';
export { nodeReplaced, nodeReregistered } from './nodes.ts';
export { ipReused, pendingToRunning, podGone, podMoved, podRecreated, type Replacement } from './pods.ts';
export {
  type Affects,
  agentRestarted,
  clusterRenamed,
  labelsNotHonoured,
  relabelled,
  runsAhead,
  scrapeGap,
  secondKubeStateMetrics,
} from './scrapes.ts';
