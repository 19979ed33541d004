import type { KubeStateMetricsConfig } from './settings.ts';
import { atLeast } from '../../shared/version.ts';
import type { HelmValues } from '../../model/bundle.ts';
import type { StateMetrics } from '../../domain.ts';
import { because, type Tree } from '../../model/tree.ts';
import { allowlist } from './allowlist.ts';
import { clusterStep, monitorLabels } from '../../shared/monitors.ts';

/** From this chart on, the settings of the two ports of kube-state-metrics are apart. */
const SEPARATE_PORTS = 'v5.19.1';

function monitor(config: KubeStateMetricsConfig): Tree {
  const { version, scrape, interval } = config.kubeStateMetrics;
  if (scrape === 'job') {
    return {
      enabled: because('The job kube-state-metrics scrapes it, or its PodMonitor (monitors.enabled): once.', false),
    };
  }
  const steps = clusterStep(config);
  const endpoint: Tree = {
    interval: interval ?? config.scrape.interval,
    honorLabels: because('Namespace, pod and node are those of the objects, not those of kube-state-metrics.', true),
    relabelings: steps.length === 0 ? undefined : steps,
  };
  return {
    enabled: true,
    additionalLabels: monitorLabels(config),
    ...(atLeast(`v${version}`, SEPARATE_PORTS)
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
      'helm upgrade --install kube-state-metrics kube-state-metrics --repo https://prometheus-community.github.io/helm-charts ' +
      `--version ${version} --namespace ${namespace} --values helm-values/kube-state-metrics.yaml`,
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
