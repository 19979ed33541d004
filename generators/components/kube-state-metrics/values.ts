import type { StateMetrics } from '../../domain.ts';
import type { HelmValues } from '../../model/bundle.ts';
import { because, Commented, type Tree } from '../../model/tree.ts';
import { helmCommand, PROMETHEUS_COMMUNITY } from '../../shared/apply.ts';
import { monitorClusterSteps, monitorLabels } from '../../shared/scrape.ts';
import { atLeast } from '../../shared/version.ts';
import type { KubeStateMetricsConfig } from './settings.ts';

/** Names by collector, in the format of the chart; undefined if none is read. */
function allowlist(lists: StateMetrics['labels'], why: string): Tree | undefined {
  const entries = Object.entries(lists).map(([resource, names]) => `${resource}=[${names.join(',')}]`);
  return entries.length === 0 ? undefined : because(why, entries);
}

const MERGE = 'Lists in values files replace each other: if you allow more, add them to this list.';

/** Kubernetes labels and annotations for kube-state-metrics to export. */
const allowlists = ({ labels, annotations = {} }: StateMetrics): { readonly [key: string]: Tree | undefined } => ({
  metricLabelsAllowlist: allowlist(labels, `kube_node_labels and the like are not exported without it. ${MERGE}`),
  metricAnnotationsAllowList: allowlist(annotations, `kube_service_annotations is not exported without it. ${MERGE}`),
});

/** From this chart version on, the two ports of kube-state-metrics have separate settings. */
const SEPARATE_PORTS = '5.19.1';

export const honorLabels = because(
  'Keeps namespace, pod and node of the objects, not those of kube-state-metrics.',
  true,
);

function monitor(config: KubeStateMetricsConfig): Tree {
  const { version, scrape, interval } = config.kubeStateMetrics;
  if (scrape === 'job') {
    return { enabled: because('The job kube-state-metrics or its PodMonitor (monitors.enabled) scrapes it.', false) };
  }
  const endpoint: Tree = {
    interval: interval ?? config.scrape.interval,
    honorLabels,
    relabelings: monitorClusterSteps(config),
  };
  return {
    enabled: true,
    additionalLabels: monitorLabels(config),
    ...(atLeast(version, SEPARATE_PORTS)
      ? { http: because('Under this key since chart 5.19.1.', endpoint) }
      : endpoint),
  };
}

/**
 * Values for a standalone kube-state-metrics that exports only what the rules read.
 * Upstream: prometheus-community/helm-charts, charts/kube-state-metrics.
 */
export function kubeStateMetricsValues(config: KubeStateMetricsConfig, needs: StateMetrics): HelmValues {
  const { version, namespace, replicas, resources } = config.kubeStateMetrics;
  return {
    chart: 'kube-state-metrics',
    header:
      `Values for the chart kube-state-metrics, version ${version}, for clusters where kube-prometheus-stack does not install it. Run only ` +
      'one of the two, or everything is stored twice.\n' +
      helmCommand({ chart: 'kube-state-metrics', repository: PROMETHEUS_COMMUNITY, version, namespace }),
    values: {
      replicas:
        replicas === 1
          ? because('The rules look back rules.infoLookback, which bridges a restart.', replicas)
          : because(
              'The rules merge the series of both, which differ only by instance. Other queries on kube_* metrics may count everything twice.',
              replicas,
            ),
      podDisruptionBudget: replicas === 1 ? undefined : because('Keeps one replica up.', { minAvailable: 1 }),
      autosharding: {
        enabled: because('Each shard would export some of the objects, and lose them while it is down.', false),
      },
      collectors: because(
        'Only what the rules read; third-party dashboards need more. The chart derives permissions from this list.',
        [...needs.resources],
      ),
      ...allowlists(needs),
      prometheusScrape: because(
        'Other jobs would follow the annotation and scrape it again, without its labels.',
        false,
      ),
      prometheus: { monitor: monitor(config) },
      resources: because(
        'No limits: while it is down, the zones of new pods are unknown. Usage grows with the cluster.',
        { requests: resources },
      ),
    },
  };
}

/**
 * The cluster label on kube-state-metrics' series, under the key of current charts and that of older ones (before 5.19.1 of the chart
 * kube-state-metrics). Current charts read the older key only if the other is empty, so only one of the two takes effect.
 */
function clusterLabel(config: KubeStateMetricsConfig): { readonly [key: string]: Tree } {
  const relabelings = monitorClusterSteps(config)?.map((step) => (step instanceof Commented ? step.value : step));
  return relabelings === undefined
    ? {}
    : {
        relabelings: because(
          'Flows have the cluster label, so the series they join need it too; rules do not see external labels. Older charts read ' +
            'this key, newer ones the one under http.',
          relabelings,
        ),
        http: { relabelings },
      };
}

/** The zone label of nodes and the cluster label, as the rules need them. */
export const stackKubeStateMetrics = (config: KubeStateMetricsConfig, needs: StateMetrics): Tree => ({
  ...allowlists(needs),
  prometheus: { monitor: { interval: config.scrape.interval, ...clusterLabel(config) } },
});
