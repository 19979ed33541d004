import type { ScrapeJob } from '../contract.ts';
import type { AdotConfig } from './settings.ts';
import type { Manifest } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { applyCommand } from '../../shared/apply.ts';
import { escapedForCollector } from '../../shared/escape.ts';

/** Our scrape jobs, and those of exporters that Prometheus would get from ServiceMonitors, which the collector does not read. */
const jobsOf = (jobs: readonly ScrapeJob[]): readonly Tree[] =>
  [false, true].flatMap((monitored) =>
    jobs.flatMap(({ job, isMonitored = false }) => (isMonitored === monitored ? [job] : [])),
  );

/** The pipeline: from targets to the workspace. */
function pipeline(config: AdotConfig, jobs: readonly ScrapeJob[]): Tree {
  const { adot, cloud } = config;
  const region = adot.region === '' ? cloud.region : adot.region;
  return {
    extensions: { sigv4auth: { region, service: because('Amazon Managed Service for Prometheus.', 'aps') } },
    receivers: {
      prometheus: {
        config: {
          global: { scrape_interval: config.scrape.interval },
          scrape_configs: because(
            'The jobs of the values for kube-prometheus-stack, with the node as a label, which the public sample lacks. Every dollar sign ' +
              'is doubled: the collector would take $1 for a variable.',
            jobsOf(jobs),
          ),
        },
      },
    },
    processors: { batch: {} },
    exporters: {
      prometheusremotewrite: {
        endpoint: adot.endpoint,
        auth: { authenticator: 'sigv4auth' },
        add_metric_suffixes: because(
          'Names stay as they were scraped; the default adds units and _total, and the rules would find nothing.',
          false,
        ),
        target_info: {
          enabled: because(
            'One more series a target, without the cluster: those of two clusters could be one to the workspace.',
            false,
          ),
        },
      },
    },
    service: {
      extensions: ['sigv4auth'],
      pipelines: {
        metrics: { receivers: ['prometheus'], processors: ['batch'], exporters: ['prometheusremotewrite'] },
      },
    },
  };
}

const resources = ({ adot: { cpu, memory } }: AdotConfig): Tree => ({
  requests: { cpu, memory },
  limits: { cpu, memory },
});

const FILES = ['adot-collector-role', 'adot-collector-role-binding', 'adot-collector'].map(
  (name) => `manifests/${name}.yaml`,
);

const headerOf = (config: AdotConfig): string => {
  const { adot } = config;
  return (
    'A collector that scrapes our jobs into Amazon Managed Service for Prometheus, for the OpenTelemetry operator (v1beta1). Not run ' +
    'by us in a cluster.\n' +
    `Before: the service account ${adot.serviceAccount} in ${adot.namespace} with the permission aps:RemoteWrite (IRSA or Pod Identity), and ` +
    'manifests/adot-collector-role.yaml with its binding.\n' +
    `${applyCommand(config, ...FILES)}\n` +
    'A Prometheus that scrapes the same jobs and writes to the same workspace would count everything twice.\n' +
    (adot.targetAllocator
      ? 'The target allocator shares the targets out among the replicas; without it, each would scrape all of them.'
      : 'One replica scrapes everything: for more, mode statefulset and the target allocator (adot.targetAllocator).')
  );
};

/** The OpenTelemetryCollector. Upstream: open-telemetry/opentelemetry-operator, apis/v1beta1 and internal/webhook/collector_webhook.go. */
export function adotCollector(config: AdotConfig, jobs: readonly ScrapeJob[]): Manifest {
  const { adot } = config;
  return {
    name: 'adot-collector',
    header: headerOf(config),
    content: {
      apiVersion: 'opentelemetry.io/v1beta1',
      kind: 'OpenTelemetryCollector',
      metadata: { name: adot.name, namespace: adot.namespace },
      spec: {
        mode: adot.mode,
        replicas: adot.replicas,
        image: because(
          "The AWS distribution: the operator's own default need not hold sigv4auth. Pinned: adot.image.",
          adot.image,
        ),
        serviceAccount: because('With the permission aps:RemoteWrite.', adot.serviceAccount),
        resources: resources(config),
        targetAllocator: adot.targetAllocator
          ? {
              enabled: true,
              allocationStrategy: 'consistent-hashing',
              serviceAccount: because(
                'It asks the API server for pods, as the collector does otherwise.',
                adot.serviceAccount,
              ),
            }
          : undefined,
        config: because('An object since v1beta1; v1alpha1 wanted text.', escapedForCollector(pipeline(config, jobs))),
      },
    },
  };
}

const roleName = ({ adot }: AdotConfig): string => `azimuth-${adot.name}`;

/** What the collector may read: the scrape jobs ask the API server for pods and for nothing else. */
const role = (config: AdotConfig): Manifest => ({
  name: 'adot-collector-role',
  header:
    'What the collector of manifests/adot-collector.yaml may read.\n' +
    applyCommand(config, 'manifests/adot-collector-role.yaml'),
  content: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: roleName(config) },
    rules: [
      {
        apiGroups: [''],
        resources: because('All scrape jobs discover pods; the public sample allows much more.', ['pods']),
        verbs: ['get', 'list', 'watch'],
      },
    ],
  },
});

const binding = (config: AdotConfig): Manifest => ({
  name: 'adot-collector-role-binding',
  header:
    `Gives the role to the service account ${config.adot.serviceAccount}, which must exist.\n` +
    applyCommand(config, 'manifests/adot-collector-role-binding.yaml'),
  content: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: roleName(config) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: roleName(config) },
    subjects: [{ kind: 'ServiceAccount', name: config.adot.serviceAccount, namespace: config.adot.namespace }],
  },
});

/** The permissions of the collector. */
export const adotRoles = (config: AdotConfig): readonly Manifest[] => [role(config), binding(config)];
