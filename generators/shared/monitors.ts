import type { CLUSTER, MONITORS } from '../settings/general.ts';
import type { Slice } from '../settings/section.ts';
import { because, type Tree } from '../model/tree.ts';
import { literal } from './scrape.ts';

type InCluster = Slice<{ cluster: typeof CLUSTER }>;

/** A relabelling step as ServiceMonitors write it. */
const step = (sourceLabel: string, targetLabel: string): Tree => ({
  action: 'replace',
  sourceLabels: [sourceLabel],
  targetLabel,
});

const NODE_NAME = '__meta_kubernetes_pod_node_name';

/** The cluster label in a ServiceMonitor; nothing where the store has one cluster. */
export const clusterStep = ({ cluster: { label, name } }: InCluster): readonly Tree[] =>
  label === null
    ? []
    : [
        because('Rules do not see external labels: both sides of a join carry this one.', {
          action: 'replace',
          targetLabel: label,
          replacement: literal(name),
        }),
      ];

/** For agents, of which a node has one: the node as `node` and `instance`, and the cluster. */
export const agentSteps = (config: InCluster): readonly Tree[] => [
  step(NODE_NAME, 'node'),
  because('The node says more than an address, and stays when the pod is replaced.', step(NODE_NAME, 'instance')),
  ...clusterStep(config),
];

/** The labels by which Prometheus selects a ServiceMonitor; undefined where none are given. */
export const monitorLabels = ({ monitors }: Slice<{ monitors: typeof MONITORS }>): Tree | undefined =>
  Object.keys(monitors.labels).length === 0
    ? undefined
    : because('Prometheus selects ServiceMonitors by these (monitors.labels).', monitors.labels);
