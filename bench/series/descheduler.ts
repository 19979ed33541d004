import type { Cluster, MetricFamily } from '../model.ts';
import { family, growing } from './family.ts';

/** What the descheduler counts: evicted pods under both names that it has since 0.34, and under the label of their node. */
export const deschedulerFamilies = ({ evictions = [] }: Cluster): MetricFamily[] =>
  ['descheduler_pods_evicted_total', 'descheduler_pods_evicted'].map((name) =>
    family(
      name,
      'counter',
      '[ALPHA] Number of total evicted pods, by the result, by the strategy, by the namespace, by the node name.',
      evictions.map(({ namespace, node, perHour }) =>
        growing(
          {
            result: 'success',
            strategy: 'RemovePodsViolatingTopologySpreadConstraint',
            profile: 'azimuth-topology-spread',
            namespace,
            node,
          },
          perHour / 3_600,
        ),
      ),
    ),
  );
