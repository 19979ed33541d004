import { load } from 'js-yaml';
import type { Server } from '../../bench/server.ts';
import type { Generated } from '../support/generate.ts';

type Json = Record<string, unknown>;

type Relabelings = readonly Record<string, string>[];

interface KubePrometheusStack {
  readonly prometheus: { readonly prometheusSpec: { readonly additionalScrapeConfigs: readonly Json[] } };
  readonly kubelet: {
    readonly serviceMonitor: { readonly cAdvisorRelabelings: readonly Record<string, unknown>[] };
  };
  readonly 'kube-state-metrics': {
    readonly prometheus: { readonly monitor: { readonly relabelings: Relabelings } };
  };
  readonly coreDns: { readonly serviceMonitor: { readonly relabelings: Relabelings } };
}

/** What Kubernetes' service discovery would say of a pod on a node. */
const discovered = (node: string, container: string, port: number, path: string) => ({
  targets: ['127.0.0.1:1'],
  labels: {
    __meta_kubernetes_pod_node_name: node,
    __meta_kubernetes_pod_container_name: container,
    __meta_kubernetes_pod_annotation_prometheus_io_port: String(port),
    __metrics_path__: path,
  },
});

/** A ServiceMonitor's relabelling as Prometheus writes it. */
const snakeCase = (relabeling: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(relabeling).map(([key, value]) => [
      key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );

/** CoreDNS as the ServiceMonitor of the chart scrapes it: the operator adds labels of the pod, the generated relabelling the rest. */
const corednsJob = (server: Server, cluster: string, relabelings: Relabelings): Json => ({
  job_name: 'coredns',
  relabel_configs: relabelings.map(snakeCase),
  static_configs: server.targets
    .filter(({ job, labels }) => job === 'coredns' && labels['cluster'] === cluster)
    .map(({ path, labels: { node, namespace, pod } }) => ({
      targets: [`127.0.0.1:${server.port}`],
      labels: {
        __metrics_path__: path,
        __meta_kubernetes_pod_node_name: node,
        __meta_kubernetes_pod_name: pod,
        namespace,
        pod,
      },
    })),
});

/** How kube-state-metrics is scraped. */
export interface ScrapeOptions {
  /** Whether its labels win over those of the target; true in the generated values. */
  readonly honorLabels?: boolean;
}

/**
 * The generated scrape jobs, with service discovery replaced by static targets at the synthetic server; every relabelling stays.
 * The address has a wrong port, so that nothing is scraped unless the relabelling puts in the right one.
 */
export function scrapeConfigsOf(
  generated: Generated,
  server: Server,
  cluster: string,
  { honorLabels = true }: ScrapeOptions = {},
): readonly Json[] {
  const values = load(generated.file('helm-values/kube-prometheus-stack.yaml')) as KubePrometheusStack;
  const nodes = server.targets.filter(({ job, labels }) => job === 'ethtool' && labels['cluster'] === cluster);
  const isStandard = server.targets.some(({ job }) => job === 'retina-standard');
  const targetsOf: Record<string, (node: string, path: string) => readonly unknown[]> = {
    'networkobservability-hubble': (node, path) => [
      discovered(node, 'retina', server.port, `${path}/hubble`),
      // The init container of the same pod, which must not be scraped a second time.
      discovered(node, 'retina-agent-init', server.port, `${path}/hubble`),
    ],
    // In standard mode the flows; else no page of Retina's own metrics is needed, and the ethtool page must not count twice.
    'retina-pods': (node, path) => [
      discovered(node, 'retina', server.port, `${path}/${isStandard ? 'retina-standard' : 'ethtool'}`),
    ],
    'ethtool-exporter': (node, path) => [discovered(node, 'ethtool-exporter', server.port, `${path}/ethtool`)],
  };
  const jobs = values.prometheus.prometheusSpec.additionalScrapeConfigs.map((job): Json => {
    const { kubernetes_sd_configs: _discovery, ...rest } = job;
    const targets = targetsOf[String(job['job_name'])];
    if (targets === undefined) throw new Error(`no targets for job ${String(job['job_name'])}`);
    const static_configs = nodes.flatMap(({ labels, path }) =>
      targets(labels['node'] ?? '', path.replace(/\/ethtool$/, '')),
    );
    return { ...rest, scrape_timeout: '1s', static_configs };
  });
  const replicas = server.targets.filter(
    ({ job, labels }) => job === 'kube-state-metrics' && labels['cluster'] === cluster,
  );
  const kubeStateMetrics: Json = {
    job_name: 'kube-state-metrics',
    honor_labels: honorLabels,
    relabel_configs: values['kube-state-metrics'].prometheus.monitor.relabelings.map(snakeCase),
    static_configs: replicas.map(({ path, labels }) => ({
      targets: [`127.0.0.1:${server.port}`],
      labels: {
        __metrics_path__: path,
        instance: labels['instance'],
        namespace: labels['namespace'],
        pod: labels['pod'],
      },
    })),
  };
  // As the operator writes the ServiceMonitor of the chart: the node is that of the endpoint.
  const kubelets: Json = {
    job_name: 'kubelet',
    honor_labels: true,
    relabel_configs: values.kubelet.serviceMonitor.cAdvisorRelabelings.map(snakeCase),
    static_configs: server.targets
      .filter(({ job, labels }) => job === 'kubelet' && labels['cluster'] === cluster)
      .map(({ path, labels }) => ({
        targets: [`127.0.0.1:${server.port}`],
        labels: { __metrics_path__: path, instance: labels['instance'], node: labels['node'], service: 'kubelet' },
      })),
  };
  const descheduler: Json = {
    job_name: 'descheduler',
    static_configs: server.targets
      .filter(({ job, labels }) => job === 'descheduler' && labels['cluster'] === cluster)
      .map(({ path, labels }) => ({
        targets: [`127.0.0.1:${server.port}`],
        labels: { __metrics_path__: path, instance: labels['instance'], cluster },
      })),
  };
  return [
    ...jobs,
    kubeStateMetrics,
    kubelets,
    descheduler,
    corednsJob(server, cluster, values.coreDns.serviceMonitor.relabelings),
  ];
}
