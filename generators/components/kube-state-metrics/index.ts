import { checkOf, problem } from '../../settings/check.ts';
import { because } from '../../model/tree.ts';
import { tooOld } from '../../shared/charts.ts';
import { component } from '../contract.ts';
import { kubeStateMetricsJob } from './scrape.ts';
import { READS, SETTINGS, type KubeStateMetricsConfig } from './settings.ts';
import { stackKubeStateMetrics } from './stack-values.ts';
import { kubeStateMetricsValues } from './values.ts';

/** Upstream: kube-state-metrics, CHANGELOG; prometheus-community/helm-charts, charts/kube-state-metrics/Chart.yaml. */
const standalone = checkOf<KubeStateMetricsConfig>()(
  ['kubeStateMetrics', 'flows.source'],
  ({ kubeStateMetrics: { standalone: isStandalone, version }, flows }) =>
    isStandalone
      ? [
          ...tooOld(
            'kubeStateMetrics.version',
            version,
            '5.17.0',
            'kube_node_status_addresses, by which the addresses of nodes are known, came with its kube-state-metrics 2.11',
          ),
          ...(flows.source === 'none'
            ? [
                problem(
                  'kubeStateMetrics.standalone',
                  true,
                  'false, as flows.source is none and no rule reads its metrics',
                ),
              ]
            : []),
        ]
      : [],
);

/** kube-state-metrics, by its own chart or within kube-prometheus-stack. */
export const kubeStateMetrics = component({
  id: 'kube-state-metrics',
  settings: SETTINGS,
  reads: READS,
  checks: [standalone],
  enabled: ({ kubeStateMetrics: own, flows }) =>
    own.standalone || flows.source !== 'none' || 'kubeStateMetrics.standalone is false',
  skipped: ({ targets, kubeStateMetrics: own }, { sources }) => {
    const isExported = targets.includes('kube-prometheus-stack') || (own.standalone && targets.includes('helm-values'));
    return isExported || sources.length === 0
      ? []
      : [
          {
            kind: 'what kube-state-metrics must export',
            reason: 'targets has no kube-prometheus-stack, and kubeStateMetrics.standalone is false',
          },
        ];
  },
  demands: ({ kubeStateMetrics: own }) =>
    own.standalone ? [{ output: 'helm-values', setting: 'kubeStateMetrics.standalone' }] : [],
  helmValues: (config, { stateMetrics }) =>
    config.kubeStateMetrics.standalone ? [kubeStateMetricsValues(config, stateMetrics())] : [],
  stackValues: (config, { stateMetrics }) => {
    if (config.kubeStateMetrics.standalone) {
      const reason = 'Installed by its own chart (kube-state-metrics.yaml); two would store everything twice.';
      return { kubeStateMetrics: { enabled: because(reason, false) } };
    }
    return config.flows.source === 'none'
      ? {}
      : { 'kube-state-metrics': stackKubeStateMetrics(config, stateMetrics()) };
  },
  scrapeJobs: (config) => {
    const { standalone: isStandalone, scrape } = config.kubeStateMetrics;
    // A collector scrapes it, whoever installs it.
    return [{ job: kubeStateMetricsJob(config), isMonitored: !isStandalone || scrape === 'monitor' }];
  },
});
