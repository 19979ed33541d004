import type { CLUSTER } from './general.ts';
import type { Slice } from './section.ts';

/** The cluster label as the head of a label list; empty where the store has one cluster. */
export const clusterLabels = ({ cluster }: Slice<{ cluster: typeof CLUSTER }>): readonly string[] =>
  cluster.label === null ? [] : [cluster.label];
