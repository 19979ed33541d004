import { load } from 'js-yaml';
import type { Server } from '../../bench/server.ts';
import type { Generated } from '../support/generate.ts';

type Json = Record<string, unknown>;

type Relabelings = readonly Record<string, string>[];

interface Monitored {
  readonly serviceMonitor: { readonly relabelings: Relabelings };
}

interface KubePrometheusStack {
  readonly prometheus: { readonly prometheusSpec: { readonly additionalScrapeConfigs: readonly Json[] } };
  readonly kubelet: {
    readonly serviceMonitor: {
      readonly relabelings: Relabelings;
      readonly cAdvisorRelabelings: readonly Record<string, unknown>[];
    };
  };
  readonly 'kube-state-metrics': {
    readonly prometheus: { readonly monitor: { readonly relabelings: Relabelings } };
  };
  readonly kubeApiServer: Monitored;
  readonly kubeScheduler: Monitored;
  readonly kubeControllerManager: Monitored;
  readonly kubeEtcd: Monitored;
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

/** Ports of Cilium's programs, which no setting changes. */
const FIXED = /:996[234]$/;

/** The job with the port of the server wherever a relabelling puts in that of a program of Cilium. */
const atServer = (job: Json, port: number): Json => ({
  ...job,
  relabel_configs: (job['relabel_configs'] as Relabelings).map((step) =>
    step['replacement'] === undefined ? step : { ...step, replacement: step['replacement'].replace(FIXED, `:${port}`) },
  ),
});
/** What the chart drops of the buckets of the API server. Upstream: charts/kube-prometheus-stack, values.yaml, 88.5.3. */
const DROPPED_BUCKETS = {
  action: 'drop',
  regex:
    '(etcd_request|apiserver_request_slo|apiserver_request_sli|apiserver_request)_duration_seconds_bucket;(0\\.15|0\\.2|0\\.3|0\\.35|0\\.4|0\\.45|0\\.6|0\\.7|0\\.8|0\\.9|1\\.25|1\\.5|1\\.75|2|3|3\\.5|4|4\\.5|6|7|8|9|15|20|40|45|50)(\\.0)?',
  source_labels: ['__name__', 'le'],
};

/** The control plane as the ServiceMonitors of the chart scrape it, with what they drop by default. */
function controlPlaneJobs(server: Server, cluster: string, values: KubePrometheusStack): readonly Json[] {
  const monitors: Readonly<Record<string, Relabelings>> = {
    apiserver: values.kubeApiServer.serviceMonitor.relabelings,
    'kube-scheduler': values.kubeScheduler.serviceMonitor.relabelings,
    'kube-controller-manager': values.kubeControllerManager.serviceMonitor.relabelings,
    'kube-etcd': values.kubeEtcd.serviceMonitor.relabelings,
    'kubelet-pods': values.kubelet.serviceMonitor.relabelings,
  };
  return Object.entries(monitors).map(([name, relabelings]) => ({
    job_name: name,
    relabel_configs: [
      ...relabelings.map(snakeCase),
      // The operator takes the job from a label of the Service: both pages of a kubelet have one.
      ...(name === 'kubelet-pods' ? [{ target_label: 'job', replacement: 'kubelet' }] : []),
    ],
    metric_relabel_configs: name === 'apiserver' ? [DROPPED_BUCKETS] : [],
    static_configs: server.targets
      .filter(({ job, labels }) => job === name && labels['cluster'] === cluster)
      .map(({ path, labels: { instance, node } }) => ({
        targets: [`127.0.0.1:${server.port}`],
        labels: { __metrics_path__: path, instance, ...(node !== undefined && { node }) },
      })),
  }));
}

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
  /** A program of Cilium, where it runs: operators do on some nodes only. */
  const ciliumTargets = (program: string, node: string, path: string) =>
    server.targets.some((target) => target.path === `${path}/${program}`)
      ? [discovered(node, program, server.port, `${path}/${program}`)]
      : [];
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
    'cilium-agent': (node, path) => ciliumTargets('cilium-agent', node, path),
    'cilium-operator': (node, path) => ciliumTargets('cilium-operator', node, path),
    'cilium-envoy': (node, path) => ciliumTargets('cilium-envoy', node, path),
    'ethtool-exporter': (node, path) => [discovered(node, 'ethtool-exporter', server.port, `${path}/ethtool`)],
  };
  const jobs = values.prometheus.prometheusSpec.additionalScrapeConfigs.map((job): Json => {
    const { kubernetes_sd_configs: _discovery, ...rest } = job;
    const targets = targetsOf[String(job['job_name'])];
    if (targets === undefined) throw new Error(`no targets for job ${String(job['job_name'])}`);
    const static_configs = nodes.flatMap(({ labels, path }) =>
      targets(labels['node'] ?? '', path.replace(/\/ethtool$/, '')),
    );
    return { ...atServer(rest, server.port), scrape_timeout: '1s', static_configs };
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
  const prometheus: Json = {
    job_name: 'prometheus',
    honor_labels: true,
    static_configs: server.targets
      .filter(({ job, labels }) => job === 'prometheus' && labels['cluster'] === cluster)
      .map(({ path, labels }) => ({
        targets: [`127.0.0.1:${server.port}`],
        labels: { __metrics_path__: path, ...labels },
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
    prometheus,
    descheduler,
    corednsJob(server, cluster, values.coreDns.serviceMonitor.relabelings),
    ...controlPlaneJobs(server, cluster, values),
  ];
}
