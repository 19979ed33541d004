import type { StateMetrics } from '../../domain.ts';
import { because, type Tree } from '../../model/tree.ts';
import { literal } from '../../shared/scrape.ts';
import { allowlist } from './allowlist.ts';
import type { KubeStateMetricsConfig } from './settings.ts';

/**
 * The cluster label on kube-state-metrics' series, under the key of today's chart and under that of older ones (before 5.19.1 of the
 * chart kube-state-metrics). Today's reads the older key where the other is empty: one of the two is always idle.
 */
function clusterLabel(label: string, name: string): { readonly [key: string]: Tree } {
  const relabelings = [{ action: 'replace', targetLabel: label, replacement: literal(name) }];
  return {
    relabelings: because(
      'Flows carry the cluster label, so what they are joined with must carry it too; rules do not see external labels. Older ' +
        'charts read this key, newer ones the one below http.',
      relabelings,
    ),
    http: { relabelings },
  };
}

/** What the rules need of kube-state-metrics: the zone label of nodes, and the cluster label. */
export function stackKubeStateMetrics({ cluster, scrape }: KubeStateMetricsConfig, needs: StateMetrics): Tree {
  return {
    metricLabelsAllowlist: allowlist(needs),
    prometheus: {
      monitor: { interval: scrape.interval, ...(cluster.label !== null && clusterLabel(cluster.label, cluster.name)) },
    },
  };
}
