import type { Manifest } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { applyCommand } from '../../shared/apply.ts';
import { escapedForHelm } from '../../shared/escape.ts';
import { clusterSteps, inCamelCase, monitorClusterSteps, monitorLabels } from '../../shared/scrape.ts';
import { METRICS } from '../../control-plane/index.ts';
import { CADVISOR } from '../../workloads/index.ts';
import type { ScrapeJob, Values } from '../contract.ts';
import { type KubeletConfig, PAGES } from './settings.ts';

/** Where kubelets expose cAdvisor, and what they say of themselves. Upstream: Kubernetes, pkg/kubelet/server/server.go. */
const PATH = '/metrics/cadvisor';
const OWN_PATH = '/metrics';

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The label by which public dashboards and the chart tell the pages of one kubelet apart. */
const metricsPath = { source_labels: ['__metrics_path__'], target_label: 'metrics_path' };

/** Only what the rules read: a kubelet exposes about fifty series of each container. */
const kept: readonly Tree[] = [
  because('Only what the rules read: cAdvisor has some fifty metrics.', {
    source_labels: ['__name__'],
    regex: Object.values(CADVISOR).join('|'),
    action: 'keep',
  }),
  because('Rows of cgroups that belong to no pod.', { source_labels: ['pod'], regex: '', action: 'drop' }),
];

/** The same for what kubelets say of themselves. */
const keptOfPods: readonly Tree[] = [
  because('Only what the rules read.', {
    source_labels: ['__name__'],
    regex: Object.entries(METRICS)
      .flatMap(([name, { from, type }]) =>
        from !== 'kubelet' ? [] : type === 'histogram' ? [`${name}_(bucket|count|sum)`] : [name],
      )
      .join('|'),
    action: 'keep',
  }),
];

/** A job for a page of all kubelets. Upstream: prometheus/prometheus, discovery/kubernetes/node.go: the address is that of the kubelet. */
function kubeletJob(
  config: KubeletConfig,
  page: {
    readonly name: string;
    readonly path: string;
    readonly traits?: { readonly [key: string]: Tree };
    readonly kept: readonly Tree[];
  },
): ScrapeJob {
  return {
    isMonitored: true,
    job: {
      job_name: page.name,
      scrape_interval: config.scrape.interval,
      ...page.traits,
      scheme: 'https',
      metrics_path: page.path,
      tls_config: {
        ca_file: `${SERVICE_ACCOUNT}/ca.crt`,
        insecure_skip_verify: because(
          'Kubelets sign their certificates themselves, unless the cluster rotates them.',
          true,
        ),
      },
      authorization: { credentials_file: `${SERVICE_ACCOUNT}/token` },
      kubernetes_sd_configs: [{ role: 'node' }],
      relabel_configs: [
        because('Fargate runs each pod on a node of its own, whose kubelet does not answer.', {
          source_labels: ['__meta_kubernetes_node_label_eks_amazonaws_com_compute_type'],
          regex: 'fargate',
          action: 'drop',
        }),
        { source_labels: ['__meta_kubernetes_node_name'], target_label: 'node' },
        { source_labels: ['__meta_kubernetes_node_name'], target_label: 'instance' },
        metricsPath,
        ...(page.name === KUBELET
          ? []
          : [
              because('The same job as cAdvisor, as with kube-prometheus-stack; metrics_path tells them apart.', {
                target_label: 'job',
                replacement: KUBELET,
              }),
            ]),
        ...clusterSteps(config),
      ],
      metric_relabel_configs: page.kept,
    },
  };
}

const KUBELET = 'kubelet';

/** Samples of cAdvisor have timestamps of their own, and labels of their own for namespace and pod. */
const OF_CADVISOR = {
  honor_labels: because('Keeps namespace and pod of the containers.', true),
  track_timestamps_staleness: because(
    'Samples of cAdvisor have timestamps of their own; without this, containers that are gone linger for five minutes.',
    true,
  ),
};

/** The jobs for the pages of kubelets that the rules read. */
export const kubeletJobs = (config: KubeletConfig): readonly ScrapeJob[] => [
  ...(config.workloads.resources ? [kubeletJob(config, { name: KUBELET, path: PATH, traits: OF_CADVISOR, kept })] : []),
  ...(config.controlPlane.enabled
    ? [kubeletJob(config, { name: 'kubelet-pods', path: OWN_PATH, kept: keptOfPods })]
    : []),
];

/**
 * The cluster label for the ServiceMonitor of kube-prometheus-stack. Its lists begin with one step, which these replace.
 * Upstream: prometheus-community/helm-charts, charts/kube-prometheus-stack, values.yaml and templates/exporters/kubelet.
 */
export function stackKubelet(config: KubeletConfig): Values {
  const steps = monitorClusterSteps(config);
  if (steps === undefined) return {};
  const all = escapedForHelm([{ action: 'replace', ...(inCamelCase(metricsPath) as object) }, ...steps]);
  return {
    kubelet: {
      serviceMonitor: Object.fromEntries(
        PAGES.map((page) => [
          page,
          page === 'cAdvisorRelabelings'
            ? because('The first step is the default of the chart, whose list this one replaces.', all)
            : all,
        ]),
      ),
    },
  };
}

/** An endpoint of the ServiceMonitor: one page of all kubelets. */
const endpoint = (
  config: KubeletConfig,
  path: string,
  steps: readonly Tree[],
  traits: { readonly [key: string]: Tree } = {},
): Tree => ({
  port: 'https-metrics',
  scheme: 'https',
  path,
  interval: config.scrape.interval,
  ...traits,
  bearerTokenFile: `${SERVICE_ACCOUNT}/token`,
  tlsConfig: { caFile: `${SERVICE_ACCOUNT}/ca.crt`, insecureSkipVerify: true },
  relabelings: [{ action: 'replace', ...(inCamelCase(metricsPath) as object) }, ...(monitorClusterSteps(config) ?? [])],
  metricRelabelings: steps.map((step) => inCamelCase(step)),
});

/** Kubelets for an operator without kube-prometheus-stack. */
export const kubeletMonitor = (config: KubeletConfig): Manifest => ({
  name: 'monitors/kubelet',
  header:
    'The kubelets as a ServiceMonitor: they are no pods, and a ScrapeConfig could not read the token of the service account. It needs the ' +
    'Service kubelet in kube-system that prometheus-operator keeps with --kubelet-service=kube-system/kubelet, and Prometheus the permission to ' +
    'get nodes/metrics. With kube-prometheus-stack, its own ServiceMonitor replaces this one.\n' +
    applyCommand(config, 'manifests/monitors/kubelet.yaml'),
  content: {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: {
      name: 'azimuth-kubelet',
      namespace: config.monitors.namespace,
      labels: monitorLabels(config),
    },
    spec: {
      jobLabel: because('The job is kubelet, as in public dashboards.', 'k8s-app'),
      namespaceSelector: { matchNames: ['kube-system'] },
      selector: { matchLabels: { 'app.kubernetes.io/name': 'kubelet', 'k8s-app': 'kubelet' } },
      endpoints: [
        ...(config.workloads.resources
          ? [
              endpoint(config, PATH, kept, {
                honorLabels: because('Keeps namespace and pod of the containers.', true),
                trackTimestampsStaleness: because('Else containers that are gone linger for five minutes.', true),
              }),
            ]
          : []),
        ...(config.controlPlane.enabled ? [endpoint(config, OWN_PATH, keptOfPods)] : []),
      ],
    },
  },
});
