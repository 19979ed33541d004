import type { Cluster, Labels, MetricFamily } from './model.ts';
import { ethtoolFamilies } from './series/ethtool.ts';
import { hubbleFamilies } from './series/hubble.ts';
import { kubeStateMetricsFamilies } from './series/kube-state-metrics.ts';

/** Number of kube-state-metrics replicas of a cluster, unless told otherwise. */
export const KUBE_STATE_METRICS_REPLICAS = 2;

/** Something Prometheus scrapes. */
export interface Target {
  readonly job: 'hubble' | 'ethtool' | 'kube-state-metrics';
  /** Path on the synthetic server, starting with a slash. */
  readonly path: string;
  /**
   * Labels that service discovery would add: `cluster`, `instance`, the exporter's own `namespace` and `pod`, and the
   * `node` of exporters that run on every node.
   */
  readonly labels: Labels;
  /** Computes what the target exposes. */
  readonly families: () => MetricFamily[];
}

/** All targets of a cluster: two for each node, and the kube-state-metrics replicas. */
export function targetsOf(cluster: Cluster, replicas = KUBE_STATE_METRICS_REPLICAS): Target[] {
  const base = `/clusters/${encodeURIComponent(cluster.name)}`;

  const onNodes = cluster.nodes.flatMap((node, index): Target[] => {
    const path = `${base}/nodes/${encodeURIComponent(node.name)}`;
    const place = { cluster: cluster.name, node: node.name };
    return [
      {
        job: 'hubble',
        path: `${path}/hubble`,
        labels: {
          ...place,
          instance: `${node.internalIp}:9965`,
          namespace: 'kube-system',
          pod: `retina-agent-${index}`,
        },
        families: () => hubbleFamilies(cluster, node),
      },
      {
        job: 'ethtool',
        path: `${path}/ethtool`,
        labels: {
          ...place,
          instance: `${node.internalIp}:9417`,
          namespace: 'monitoring',
          pod: `ethtool-exporter-${index}`,
        },
        families: () => ethtoolFamilies(node),
      },
    ];
  });

  const central = Array.from({ length: replicas }, (_, replica): Target => {
    const pod = `kube-state-metrics-${replica}`;
    return {
      job: 'kube-state-metrics',
      path: `${base}/kube-state-metrics/${replica}`,
      labels: { cluster: cluster.name, instance: pod, namespace: 'monitoring', pod },
      families: () => kubeStateMetricsFamilies(cluster),
    };
  });

  return [...onNodes, ...central];
}
