import type { Manifest } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { applyCommand } from '../../shared/apply.ts';
import { escapedForHelm } from '../../shared/escape.ts';
import { clusterSteps, inCamelCase, monitorClusterSteps, monitorLabels } from '../../shared/scrape.ts';
import { CADVISOR } from '../../workloads/index.ts';
import type { ScrapeJob, Values } from '../contract.ts';
import { type KubeletConfig, PAGES } from './settings.ts';

/** Where kubelets expose cAdvisor. Upstream: Kubernetes, pkg/kubelet/server/server.go. */
const PATH = '/metrics/cadvisor';

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

/** A job for all kubelets. Upstream: prometheus/prometheus, discovery/kubernetes/node.go: the address is that of the kubelet. */
export const kubeletJob = (config: KubeletConfig): ScrapeJob => ({
  isMonitored: true,
  job: {
    job_name: 'kubelet',
    scrape_interval: config.scrape.interval,
    honor_labels: because('Keeps namespace and pod of the containers.', true),
    track_timestamps_staleness: because(
      'Samples of cAdvisor have timestamps of their own; without this, containers that are gone linger for five minutes.',
      true,
    ),
    scheme: 'https',
    metrics_path: PATH,
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
      ...clusterSteps(config),
    ],
    metric_relabel_configs: kept,
  },
});

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
        {
          port: 'https-metrics',
          scheme: 'https',
          path: PATH,
          interval: config.scrape.interval,
          honorLabels: because('Keeps namespace and pod of the containers.', true),
          trackTimestampsStaleness: because('Else containers that are gone linger for five minutes.', true),
          bearerTokenFile: `${SERVICE_ACCOUNT}/token`,
          tlsConfig: { caFile: `${SERVICE_ACCOUNT}/ca.crt`, insecureSkipVerify: true },
          relabelings: [
            { action: 'replace', ...(inCamelCase(metricsPath) as object) },
            ...(monitorClusterSteps(config) ?? []),
          ],
          metricRelabelings: kept.map((step) => inCamelCase(step)),
        },
      ],
    },
  },
});
