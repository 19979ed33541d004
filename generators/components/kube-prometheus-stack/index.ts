import { component } from '../contract.ts';
import { READS, SETTINGS } from './settings.ts';
import { kubePrometheusStackValues } from './values.ts';

/** kube-prometheus-stack: Prometheus with our scrape jobs, kube-state-metrics, Grafana's dashboards sidecar. */
export const kubePrometheusStack = component({
  id: 'kube-prometheus-stack',
  settings: SETTINGS,
  reads: READS,
  enabled: () => true,
  valuesWithRules: kubePrometheusStackValues,
});
