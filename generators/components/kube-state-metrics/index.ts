import { because } from '../../model/tree.ts';
import { checkOf } from '../../settings/check.ts';
import { problemIf, tooOld } from '../../shared/checks.ts';
import { keepPort, scrapeJob } from '../../shared/scrape.ts';
import { component } from '../contract.ts';
import { READS, SETTINGS, type KubeStateMetricsConfig } from './settings.ts';
import { honorLabels, kubeStateMetricsValues, stackKubeStateMetrics } from './values.ts';

/** Port of the object metrics; 8081 serves those of kube-state-metrics itself. */
const PORT = 8080;

/** Whether rules read its metrics. Alerts on allowances only read what it exports anyway. */
const isRead = ({
  flows,
  workloads,
  controlPlane,
}: {
  readonly flows: Pick<KubeStateMetricsConfig['flows'], 'source'>;
  readonly workloads: Pick<KubeStateMetricsConfig['workloads'], 'resources'>;
  readonly controlPlane: Pick<KubeStateMetricsConfig['controlPlane'], 'enabled'>;
}): boolean => flows.source !== 'none' || workloads.resources || controlPlane.enabled;

/** Upstream: kube-state-metrics, CHANGELOG; prometheus-community/helm-charts, charts/kube-state-metrics/Chart.yaml. */
const installable = checkOf<KubeStateMetricsConfig>()(
  ['kubeStateMetrics', 'flows.source', 'workloads.resources', 'controlPlane.enabled'],
  ({ kubeStateMetrics: { standalone, version }, ...domains }) =>
    standalone
      ? [
          ...tooOld(
            'kubeStateMetrics.version',
            version,
            '5.17.0',
            'kube_node_status_addresses, which maps addresses to nodes, needs kube-state-metrics 2.11',
          ),
          ...problemIf(
            !isRead(domains),
            'kubeStateMetrics.standalone',
            true,
            'false, as flows.source is none, workloads.resources and controlPlane.enabled are false, and no rule reads its metrics',
          ),
        ]
      : [],
);

/** kube-state-metrics, from its own chart or as part of kube-prometheus-stack. */
export const kubeStateMetrics = component({
  id: 'kube-state-metrics',
  settings: SETTINGS,
  reads: READS,
  checks: [installable],
  enabled: (config) => config.kubeStateMetrics.standalone || isRead(config) || 'kubeStateMetrics.standalone is false',
  exports: { 'kube_*': 'kube-state-metrics' },
  skipped: (config) => {
    const { targets, kubeStateMetrics: own } = config;
    const isExported = targets.includes('kube-prometheus-stack') || (own.standalone && targets.includes('helm-values'));
    return isExported || !isRead(config)
      ? []
      : [
          {
            kind: 'what kube-state-metrics must export',
            reason: 'targets has no kube-prometheus-stack, and kubeStateMetrics.standalone is false',
          },
        ];
  },
  demands: [
    {
      output: 'helm-values',
      setting: 'kubeStateMetrics.standalone',
      when: ({ kubeStateMetrics: own }) => own.standalone,
    },
  ],
  helmValues: (config, { stateMetrics }) =>
    config.kubeStateMetrics.standalone ? [kubeStateMetricsValues(config, stateMetrics())] : [],
  stackValues: (config, { stateMetrics }) => {
    if (config.kubeStateMetrics.standalone) {
      const reason = 'Installed from its own chart (kube-state-metrics.yaml); two would store everything twice.';
      return { kubeStateMetrics: { enabled: because(reason, false) } };
    }
    return isRead(config) ? { 'kube-state-metrics': stackKubeStateMetrics(config, stateMetrics()) } : {};
  },
  scrapeJobs: (config) => {
    const { standalone, scrape, namespace, interval } = config.kubeStateMetrics;
    const job = scrapeJob(config, 'kube-state-metrics', {
      label: 'app.kubernetes.io/name=kube-state-metrics',
      namespace,
      interval: interval ?? config.scrape.interval,
      honorLabels,
      steps: [keepPort(PORT)],
    });
    // A collector always needs the job, whichever chart installs kube-state-metrics.
    return [{ ...job, isMonitored: !standalone || scrape === 'monitor' }];
  },
});
