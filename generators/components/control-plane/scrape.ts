import { isManaged, JOBS, type Metric, METRICS, noQueues } from '../../control-plane/index.ts';
import type { Manifest } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { applyCommand } from '../../shared/apply.ts';
import {
  clusterSteps,
  fixedPort,
  inCamelCase,
  monitorClusterSteps,
  monitorLabels,
  scrapeJob,
} from '../../shared/scrape.ts';
import type { ScrapeJob } from '../contract.ts';
import type { ControlPlaneConfig } from './settings.ts';

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Where EKS passes on the metrics of scheduler and controllers, since Kubernetes 1.28.
 * Upstream: docs.aws.amazon.com/eks/latest/userguide/view-raw-metrics.html.
 */
const EKS_PATHS = {
  scheduler: '/apis/metrics.eks.amazonaws.com/v1/ksh/container/metrics',
  controllerManager: '/apis/metrics.eks.amazonaws.com/v1/kcm/container/metrics',
} as const;

/** The permission that EKS asks for. */
export const EKS_RULE = {
  apiGroups: ['metrics.eks.amazonaws.com'],
  resources: ['kcm/metrics', 'ksh/metrics'],
  verbs: ['get'],
};

/** Whether scheduler and controllers are scraped through the API server of EKS. */
export const throughEks = (config: ControlPlaneConfig): boolean => isManaged(config) && noQueues(config) === undefined;

/** Only what the rules read of a process: an API server exposes some ten thousand series. */
function kept(from: Metric['from']): readonly Tree[] {
  const names = Object.entries(METRICS as Readonly<Record<string, Metric>>).flatMap(([name, metric]) =>
    metric.from !== from ? [] : metric.type === 'histogram' ? [`${name}_(bucket|count|sum)`] : [name],
  );
  const step = { source_labels: ['__name__'], regex: names.join('|'), action: 'keep' };
  return from === 'apiServer'
    ? [
        because('Only what the rules read: an API server has tens of thousands of series.', step),
        because('Buckets that kube-prometheus-stack drops too; the rules read the others.', {
          source_labels: ['__name__', 'le'],
          regex:
            '(etcd_request|apiserver_request_sli)_duration_seconds_bucket;(0\\.2|0\\.4|0\\.6|0\\.8|1\\.25|1\\.5|2|3|4|6|15|20|45)(\\.0)?',
          action: 'drop',
        }),
      ]
    : [because('Only what the rules read.', step)];
}

/** Finds the API servers: the endpoints of the Service kubernetes, in every cluster. */
const apiServers: Tree = because('The endpoints of the Service kubernetes are the API servers.', {
  source_labels: [
    '__meta_kubernetes_namespace',
    '__meta_kubernetes_service_name',
    '__meta_kubernetes_endpoint_port_name',
  ],
  regex: 'default;kubernetes;https',
  action: 'keep',
});

const credentials = { credentials_file: `${SERVICE_ACCOUNT}/token` };

/** A job that asks the API servers, for their own metrics or for what they pass on at a path. */
const apiServerJob = (config: ControlPlaneConfig, name: string, from: Metric['from'], path?: string): Tree => ({
  job_name: name,
  scrape_interval: config.scrape.interval,
  scheme: 'https',
  metrics_path: path,
  tls_config: { ca_file: `${SERVICE_ACCOUNT}/ca.crt`, server_name: 'kubernetes' },
  authorization: credentials,
  kubernetes_sd_configs: [{ role: 'endpoints', namespaces: { names: ['default'] } }],
  relabel_configs: [apiServers, ...clusterSteps(config)],
  metric_relabel_configs: kept(from),
});

/** A job for static pods of the control plane, found by the label that kubeadm gives them. */
function ownJob(config: ControlPlaneConfig, from: 'scheduler' | 'controllerManager' | 'etcd'): Tree {
  const [component, port] = (
    {
      scheduler: ['kube-scheduler', 10_259],
      controllerManager: ['kube-controller-manager', 10_257],
      etcd: ['etcd', 2381],
    } as const
  )[from];
  const { job } = scrapeJob(config, JOBS[from], {
    label: `component=${component}`,
    namespace: 'kube-system',
    steps: fixedPort(port, 'Static pods declare no port for their metrics.'),
  });
  const secure =
    from === 'etcd'
      ? {}
      : {
          scheme: 'https',
          tls_config: { insecure_skip_verify: because('They sign their certificates themselves.', true) },
          authorization: credentials,
        };
  return { ...(job as { readonly [key: string]: Tree }), ...secure, metric_relabel_configs: kept(from) };
}

/** All jobs for the control plane. kube-prometheus-stack has monitors for most of it, and the operator cannot express the others as PodMonitors. */
export function controlPlaneJobs(config: ControlPlaneConfig): readonly ScrapeJob[] {
  const apiServer = { job: apiServerJob(config, JOBS.apiServer, 'apiServer'), isMonitored: true };
  if (throughEks(config)) {
    const passed = (['scheduler', 'controllerManager'] as const).map((from) => ({
      job: apiServerJob(config, JOBS[from], from, EKS_PATHS[from]),
      isMonitored: config.monitors.enabled,
    }));
    return [apiServer, ...passed];
  }
  if (isManaged(config)) return [apiServer];
  const own = (['scheduler', 'controllerManager', 'etcd'] as const).map((from) => ({
    get job() {
      return ownJob(config, from);
    },
    isMonitored: true,
  }));
  return [apiServer, ...own];
}

/** A ServiceMonitor of the Service kubernetes, for an operator: our job in its spelling. */
function serviceMonitor(config: ControlPlaneConfig, name: string, from: Metric['from'], path?: string): Manifest {
  return {
    name: `monitors/${name}`,
    header:
      `${path === undefined ? 'The API servers' : `What EKS shows of ${name}`} as a ServiceMonitor of the Service kubernetes. Prometheus needs the permission to get ` +
      `${path === undefined ? 'the path /metrics' : EKS_RULE.resources.join(' and ')}.\n` +
      applyCommand(config, `manifests/monitors/${name}.yaml`),
    content: {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata: {
        name: `azimuth-${name}`,
        namespace: config.monitors.namespace,
        labels: monitorLabels(config),
      },
      spec: {
        namespaceSelector: { matchNames: ['default'] },
        selector: { matchLabels: { component: 'apiserver', provider: 'kubernetes' } },
        endpoints: [
          {
            port: 'https',
            scheme: 'https',
            path,
            interval: config.scrape.interval,
            bearerTokenFile: `${SERVICE_ACCOUNT}/token`,
            tlsConfig: { caFile: `${SERVICE_ACCOUNT}/ca.crt`, serverName: 'kubernetes' },
            relabelings: [
              because('The job as in public dashboards.', {
                action: 'replace',
                targetLabel: 'job',
                replacement: name,
              }),
              ...(monitorClusterSteps(config) ?? []),
            ],
            metricRelabelings: kept(from).map((step) => inCamelCase(step)),
          },
        ],
      },
    },
  };
}

/** ServiceMonitors where an operator scrapes: for the API server, unless kube-prometheus-stack has one, and for what EKS passes on. */
export const controlPlaneMonitors = (config: ControlPlaneConfig): readonly Manifest[] =>
  config.monitors.enabled
    ? [
        ...(config.targets.includes('kube-prometheus-stack')
          ? []
          : [serviceMonitor(config, JOBS.apiServer, 'apiServer')]),
        ...(throughEks(config)
          ? (['scheduler', 'controllerManager'] as const).map((from) =>
              serviceMonitor(config, JOBS[from], from, EKS_PATHS[from]),
            )
          : []),
      ]
    : [];
