import type { KubeStateMetricsConfig } from './settings.ts';
import { because, type Tree } from '../../model/tree.ts';
import { keepPort, podsWith, relabelling } from '../../shared/scrape.ts';

/** The port of the objects' metrics; 8081 has those of kube-state-metrics itself. */
const PORT = 8080;

/** kube-state-metrics where its own chart brings it and no operator is there to read a ServiceMonitor. */
export const kubeStateMetricsJob = (config: KubeStateMetricsConfig): Tree => ({
  job_name: 'kube-state-metrics',
  scrape_interval: config.kubeStateMetrics.interval ?? config.scrape.interval,
  honor_labels: because('Namespace, pod and node are those of the objects, not those of kube-state-metrics.', true),
  kubernetes_sd_configs: podsWith('app.kubernetes.io/name=kube-state-metrics', config.kubeStateMetrics.namespace),
  relabel_configs: relabelling(config, keepPort(PORT)),
});
