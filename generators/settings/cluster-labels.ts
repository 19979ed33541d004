import type { Config } from './index.ts';

/** The cluster label as the head of a label list; empty where the store has one cluster. */
export const clusterLabels = ({ cluster }: Config): readonly string[] =>
  cluster.label === null ? [] : [cluster.label];
