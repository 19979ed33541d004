import { EXPORTERS, type ExportersOf, inTurn } from './exporters.ts';
import { dnsServersOf } from './model/dns.ts';
import type { Cluster, Labels, MetricFamily, Node } from './model.ts';
import { cadvisorFamilies } from './series/cadvisor.ts';
import { corednsFamilies } from './series/coredns.ts';
import { deschedulerFamilies } from './series/descheduler.ts';
import { kubeStateMetricsFamilies } from './series/kube-state-metrics.ts';
import { SIMULATORS, type SourceId, type SourceOptions } from './sources/index.ts';

/** Default number of kube-state-metrics replicas of a cluster. */
export const KUBE_STATE_METRICS_REPLICAS = 2;

/** Which exporters a cluster has. */
export interface TargetOptions extends SourceOptions {
  /** Flow sources, Retina with Hubble by default. */
  readonly sources?: readonly SourceId[];
  /** Replicas of kube-state-metrics, 2 by default. */
  readonly kubeStateMetricsReplicas?: number;
  /** Exporters of ENA counters, Showmax's on every node by default. */
  readonly exporters?: ExportersOf;
  /** Whether the descheduler is scraped; it is not by default. */
  readonly descheduler?: boolean;
  /** Seconds between two scrapes, 30 by default: what an agent that reports deltas says depends on it. */
  readonly scrapeSeconds?: number;
}

/** Something Prometheus scrapes. */
export interface Target {
  /** `kubelet`, `coredns`, `descheduler`, `kube-state-metrics`, that of an exporter (`ethtool` for Showmax's), or of a flow source (`hubble` for retina-hubble). */
  readonly job: string;
  /** Path on the synthetic server, starting with a slash. */
  readonly path: string;
  /**
   * Labels that service discovery would add: `cluster`, `instance`, the exporter's own `namespace` and `pod`, and the
   * `node` of exporters that run on every node.
   */
  readonly labels: Labels;
  /** Whether labels of its series win over the target's. */
  readonly honorLabels: boolean;
  /** Computes what the target exposes. */
  readonly families: () => MetricFamily[];
}

/**
 * All targets of a cluster: on each node the flow sources, exporters of ENA counters, and the kubelet where usage is known; the pods of CoreDNS if asked for; and the
 * kube-state-metrics replicas.
 */
export function targetsOf(cluster: Cluster, options: TargetOptions = {}): Target[] {
  const { sources: ids = ['retina-hubble'], kubeStateMetricsReplicas = KUBE_STATE_METRICS_REPLICAS } = options;
  const base = `/clusters/${encodeURIComponent(cluster.name)}`;
  const { exporters = inTurn(['showmax']), scrapeSeconds = 30 } = options;
  const sources = ids.map((id) => SIMULATORS[id]);

  /** The kubelet is no pod, and its series have labels of their own for pods. */
  const kubelet = (node: Node): Target => ({
    job: 'kubelet',
    path: `${base}/nodes/${encodeURIComponent(node.name)}/kubelet`,
    labels: { cluster: cluster.name, node: node.name, instance: `${node.internalIp}:10250` },
    honorLabels: true,
    families: () => cadvisorFamilies(cluster, node),
  });

  const onNodes = cluster.nodes.flatMap((node, index): Target[] => {
    const target = (job: string, port: number, namespace: string, pod: string, families: Target['families']) => ({
      job,
      path: `${base}/nodes/${encodeURIComponent(node.name)}/${job}`,
      labels: {
        cluster: cluster.name,
        node: node.name,
        instance: `${node.internalIp}:${port}`,
        namespace,
        pod: `${pod}-${index}`,
      },
      honorLabels: false,
      families,
    });
    return [
      ...sources.flatMap((source) =>
        source.placement === 'node'
          ? [
              target(source.job, source.port, 'kube-system', source.exporter, () =>
                source.families(cluster, node, options),
              ),
            ]
          : [],
      ),
      ...exporters(node, index).map((id) => {
        const { job, port, namespace, pod, families } = EXPORTERS[id];
        return target(job, port, namespace, pod, () => families(node, scrapeSeconds));
      }),
      ...(cluster.usage === undefined ? [] : [kubelet(node)]),
    ];
  });

  const central = (job: string, place: string, pod: string, families: Target['families']): Target => ({
    job,
    path: `${base}/${place}`,
    labels: { cluster: cluster.name, instance: pod, namespace: 'monitoring', pod },
    honorLabels: true,
    families,
  });
  return [
    ...onNodes,
    ...sources.flatMap((source) =>
      source.placement === 'central'
        ? [central(source.job, source.job, `${source.exporter}-0`, () => source.families(cluster, options))]
        : [],
    ),
    ...(options.dns === true ? dnsServersOf(cluster) : []).map((pod) => ({
      job: 'coredns',
      path: `${base}/coredns/${encodeURIComponent(pod.name)}`,
      labels: {
        cluster: cluster.name,
        node: pod.node,
        instance: `${pod.ip}:9153`,
        namespace: pod.namespace,
        pod: pod.name,
      },
      honorLabels: false,
      families: () => corednsFamilies(cluster, pod),
    })),
    ...(options.descheduler === true
      ? [central('descheduler', 'descheduler', 'descheduler-0', () => deschedulerFamilies(cluster))]
      : []),
    ...Array.from({ length: kubeStateMetricsReplicas }, (_, replica) =>
      central('kube-state-metrics', `kube-state-metrics/${replica}`, `kube-state-metrics-${replica}`, () =>
        kubeStateMetricsFamilies(cluster),
      ),
    ),
  ];
}
