import type { StateMetrics } from '../../domain.ts';
import { because, type Tree } from '../../model/tree.ts';

/** Kubernetes labels that kube-state-metrics exports, as its chart lists them; undefined where none is read. */
export const allowlist = ({ labels }: StateMetrics): Tree | undefined => {
  const entries = Object.entries(labels).map(([resource, names]) => `${resource}=[${names.join(',')}]`);
  return entries.length === 0
    ? undefined
    : because(
        'kube_node_labels is not exported without it. Lists of values files replace each other: if you allow more labels, put ' +
          'them into the same list.',
        entries,
      );
};
