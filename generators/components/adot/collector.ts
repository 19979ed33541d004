import type { ScrapeJob } from '../contract.ts';
import type { AdotConfig } from './settings.ts';
import type { Manifest } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { applyCommand } from '../../shared/apply.ts';
import { escapedForCollector } from '../../shared/escape.ts';

/** All scrape jobs, including those of pods that a ServiceMonitor covers for Prometheus: the collector reads no ServiceMonitors. */
const jobsOf = (jobs: readonly ScrapeJob[]): readonly Tree[] =>
  [false, true].flatMap((monitored) =>
    jobs.flatMap((one) => ((one.isMonitored ?? false) === monitored ? [one.job] : [])),
  );

/** The pipeline from scrape targets to the workspace. */
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
            'The same jobs as in the values for kube-prometheus-stack. Unlike the public sample, they set a node label. Dollar signs are ' +
              'doubled, as the collector would expand $1 as a variable.',
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
          'Keeps metric names as scraped. The default adds units and _total, and the rules would match nothing.',
          false,
        ),
        target_info: {
          enabled: because(
            'An extra series per target without the cluster label: those of two clusters could collide.',
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

const FILES = ['adot-collector-role', 'adot-collector-role-binding', 'adot-collector'].map(
  (name) => `manifests/${name}.yaml`,
);

const headerOf = (config: AdotConfig): string => {
  const { adot } = config;
  return (
    'A collector that runs our scrape jobs and writes to Amazon Managed Service for Prometheus, for the OpenTelemetry operator ' +
    '(v1beta1). Not tested in a real cluster.\n' +
    `Prerequisites: the service account ${adot.serviceAccount} in ${adot.namespace} with the permission aps:RemoteWrite (IRSA or Pod Identity), ` +
    'and manifests/adot-collector-role.yaml with its binding.\n' +
    `${applyCommand(config, ...FILES)}\n` +
    'If a Prometheus runs the same jobs and writes to the same workspace, everything counts twice.\n' +
    (adot.targetAllocator
      ? 'The target allocator distributes the targets among the replicas; without it, each replica would scrape all of them.'
      : 'One replica scrapes everything. More replicas need mode statefulset and the target allocator (adot.targetAllocator).')
  );
};

/** The OpenTelemetryCollector. Upstream: open-telemetry/opentelemetry-operator, apis/v1beta1 and internal/webhook/collector_webhook.go. */
export function adotCollector(config: AdotConfig, jobs: readonly ScrapeJob[]): Manifest {
  const { adot } = config;
  const { cpu, memory } = adot;
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
          "The AWS distribution, as the operator's default image may lack sigv4auth. Pinned by adot.image.",
          adot.image,
        ),
        serviceAccount: because('Needs the permission aps:RemoteWrite.', adot.serviceAccount),
        resources: { requests: { cpu, memory }, limits: { cpu, memory } },
        targetAllocator: adot.targetAllocator
          ? {
              enabled: true,
              allocationStrategy: 'consistent-hashing',
              serviceAccount: because(
                'The allocator discovers the pods, so it needs the permissions of the role.',
                adot.serviceAccount,
              ),
            }
          : undefined,
        config: because(
          'An object since v1beta1; v1alpha1 took a string.',
          escapedForCollector(pipeline(config, jobs)),
        ),
      },
    },
  };
}

const roleName = ({ adot }: AdotConfig): string => `azimuth-${adot.name}`;

/** What a job looks for: `node` for kubelets, `endpoints` for API servers, else `pod`. */
const finds = (jobs: readonly ScrapeJob[], wanted: 'node' | 'endpoints'): boolean =>
  jobs.some(({ job }) =>
    (job as { readonly kubernetes_sd_configs: readonly { readonly role: string }[] }).kubernetes_sd_configs.some(
      ({ role: found }) => found === wanted,
    ),
  );

/** Whether a job asks for what EKS passes on of scheduler and controllers. */
const asksEks = (jobs: readonly ScrapeJob[]): boolean =>
  jobs.some(
    ({ job }) => (job as { readonly metrics_path?: string }).metrics_path?.startsWith('/apis/metrics.eks') === true,
  );

/** The collector's read permissions: to find what the jobs scrape, and to read the kubelets. */
const role = (config: AdotConfig, jobs: readonly ScrapeJob[]): Manifest => ({
  name: 'adot-collector-role',
  header:
    'Read permissions of the collector in manifests/adot-collector.yaml.\n' +
    applyCommand(config, 'manifests/adot-collector-role.yaml'),
  content: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: roleName(config) },
    rules: [
      {
        apiGroups: [''],
        resources: because('The scrape jobs only discover these; the public sample grants far more.', [
          'pods',
          ...(finds(jobs, 'node') ? ['nodes'] : []),
          ...(finds(jobs, 'endpoints') ? ['services', 'endpoints'] : []),
        ]),
        verbs: ['get', 'list', 'watch'],
      },
      ...(finds(jobs, 'node')
        ? [
            {
              apiGroups: [''],
              resources: because('Kubelets ask for it before they show their metrics.', ['nodes/metrics']),
              verbs: ['get'],
            },
          ]
        : []),
      ...(finds(jobs, 'endpoints')
        ? [{ nonResourceURLs: because('The metrics of the API server.', ['/metrics']), verbs: ['get'] }]
        : []),
      ...(asksEks(jobs)
        ? [
            {
              apiGroups: ['metrics.eks.amazonaws.com'],
              resources: because('What EKS passes on of controllers and scheduler.', ['kcm/metrics', 'ksh/metrics']),
              verbs: ['get'],
            },
          ]
        : []),
    ],
  },
});

const binding = (config: AdotConfig): Manifest => ({
  name: 'adot-collector-role-binding',
  header:
    `Binds the role to the service account ${config.adot.serviceAccount}, which must exist.\n` +
    applyCommand(config, 'manifests/adot-collector-role-binding.yaml'),
  content: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: roleName(config) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: roleName(config) },
    subjects: [{ kind: 'ServiceAccount', name: config.adot.serviceAccount, namespace: config.adot.namespace }],
  },
});

/** The collector's role and its binding. */
export const adotRoles = (config: AdotConfig, jobs: readonly ScrapeJob[]): readonly Manifest[] => [
  role(config, jobs),
  binding(config),
];
