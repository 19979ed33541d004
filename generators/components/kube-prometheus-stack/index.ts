import { component } from '../contract.ts';
import { READS, SETTINGS } from './settings.ts';
import { kubePrometheusStackValues } from './values.ts';

/** kube-prometheus-stack: Prometheus with our scrape jobs, kube-state-metrics, Grafana's dashboards sidecar. */
export const kubePrometheusStack = component({
  id: 'kube-prometheus-stack',
  settings: SETTINGS,
  reads: READS,
  enabled: () => true,
  skipped: ({ targets, monitors, adot }, { scrapeJobs }) =>
    targets.includes('kube-prometheus-stack') ||
    monitors.enabled ||
    adot.enabled ||
    scrapeJobs().every(({ isMonitored = false }) => isMonitored)
      ? []
      : [
          {
            kind: 'scrape jobs',
            reason: 'targets has no kube-prometheus-stack, and neither monitors nor adot is enabled',
          },
        ],
  valuesWithRules: (config, context) => [kubePrometheusStackValues(config, context)],
});
