import type { StateMetrics } from '../../domain.ts';
import type { HelmValues } from '../../model/bundle.ts';
import { because, Commented, type Tree } from '../../model/tree.ts';
import { helmCommand, PROMETHEUS_COMMUNITY } from '../../shared/apply.ts';
import { monitorClusterSteps, monitorLabels } from '../../shared/scrape.ts';
import { atLeast } from '../../shared/version.ts';
import type { KubeStateMetricsConfig } from './settings.ts';

/** Kubernetes labels that kube-state-metrics exports, as its chart lists them; undefined where none is read. */
const allowlist = ({ labels }: StateMetrics): Tree | undefined => {
  const entries = Object.entries(labels).map(([resource, names]) => `${resource}=[${names.join(',')}]`);
  return entries.length === 0
    ? undefined
    : because(
        'kube_node_labels is not exported without it. Lists of values files replace each other: if you allow more labels, put ' +
          'them into the same list.',
        entries,
      );
};

/** From this chart on, the settings of the two ports of kube-state-metrics are apart. */
const SEPARATE_PORTS = '5.19.1';

function monitor(config: KubeStateMetricsConfig): Tree {
  const { version, scrape, interval } = config.kubeStateMetrics;
  if (scrape === 'job') {
    return {
      enabled: because('The job kube-state-metrics scrapes it, or its PodMonitor (monitors.enabled): once.', false),
    };
  }
  const endpoint: Tree = {
    interval: interval ?? config.scrape.interval,
    honorLabels: because('Namespace, pod and node are those of the objects, not those of kube-state-metrics.', true),
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
 * Values for kube-state-metrics on its own, with what the rules read and nothing else.
 * Upstream: prometheus-community/helm-charts, charts/kube-state-metrics.
 */
export function kubeStateMetricsValues(config: KubeStateMetricsConfig, needs: StateMetrics): HelmValues {
  const { version, namespace, replicas, resources } = config.kubeStateMetrics;
  return {
    chart: 'kube-state-metrics',
    header:
      `Values for the chart kube-state-metrics, version ${version}, for clusters where kube-prometheus-stack does not bring it. Run one ` +
      'of the two: everything would be stored twice.\n' +
      helmCommand({ chart: 'kube-state-metrics', repository: PROMETHEUS_COMMUNITY, version, namespace }),
    values: {
      replicas:
        replicas === 1
          ? because('The rules remember what they knew for rules.infoLookback, which bridges a restart.', replicas)
          : because(
              'The rules fold the series of both, which differ by instance only. Other queries on kube_* metrics may count everything twice.',
              replicas,
            ),
      podDisruptionBudget: replicas === 1 ? undefined : because('One of them stays up.', { minAvailable: 1 }),
      autosharding: {
        enabled: because(
          'Each shard would know a part of the objects, and a shard that is down takes its part with it.',
          false,
        ),
      },
      collectors: because(
        "What the rules read, and nothing else; dashboards of other origin need more. The chart's permissions follow this list.",
        [...needs.resources],
      ),
      metricLabelsAllowlist: allowlist(needs),
      prometheusScrape: because(
        'The annotation by which other jobs would scrape it once more, without its labels.',
        false,
      ),
      prometheus: { monitor: monitor(config) },
      resources: because(
        'Without limits: while it is killed, nobody knows where a new pod is. It needs more as the cluster grows.',
        { requests: resources },
      ),
    },
  };
}

/**
 * The cluster label on kube-state-metrics' series, under the key of today's chart and under that of older ones (before 5.19.1 of the
 * chart kube-state-metrics). Today's reads the older key where the other is empty: one of the two is always idle.
 */
function clusterLabel(config: KubeStateMetricsConfig): { readonly [key: string]: Tree } {
  const relabelings = monitorClusterSteps(config)?.map((step) => (step instanceof Commented ? step.value : step));
  return relabelings === undefined
    ? {}
    : {
        relabelings: because(
          'Flows carry the cluster label, so what they are joined with must carry it too; rules do not see external labels. Older ' +
            'charts read this key, newer ones the one below http.',
          relabelings,
        ),
        http: { relabelings },
      };
}

/** What the rules need of kube-state-metrics: the zone label of nodes, and the cluster label. */
export const stackKubeStateMetrics = (config: KubeStateMetricsConfig, needs: StateMetrics): Tree => ({
  metricLabelsAllowlist: allowlist(needs),
  prometheus: { monitor: { interval: config.scrape.interval, ...clusterLabel(config) } },
});
