import type { RetinaConfig } from './settings.ts';
import { because, type Tree } from '../../model/tree.ts';
import { fixedPort, instance, keepContainer, node, podsWith, relabelling } from '../../shared/scrape.ts';

/** A job on every Retina agent; `address` puts the right port into `__address__`. */
const agentJob = (config: RetinaConfig, name: string, address: readonly Tree[]): Tree => ({
  job_name: name,
  scrape_interval: config.scrape.interval,
  kubernetes_sd_configs: podsWith('k8s-app=retina', config.retina.namespace),
  relabel_configs: relabelling(config, keepContainer('retina'), ...address, instance, node),
});

/** The flows: Hubble's metrics of every Retina agent. */
export const hubbleJob = (config: RetinaConfig): Tree =>
  agentJob(
    config,
    'networkobservability-hubble',
    fixedPort(
      config.retina.hubblePort,
      'Agents use the network of their host and declare one port; Hubble listens on another.',
    ),
  );

/** Retina's own metrics, at the port that the pod's annotation names. */
export const retinaJob = (config: RetinaConfig): Tree =>
  agentJob(config, 'retina-pods', [
    because(
      'Address and annotation are joined by ";", so that both groups match. Joined by ":", under a pattern ' +
        'of one group, they never give the port.',
      {
        source_labels: ['__address__', '__meta_kubernetes_pod_annotation_prometheus_io_port'],
        separator: ';',
        regex: '([^:]+)(?::\\d+)?;(\\d+)',
        replacement: '$1:$2',
        target_label: '__address__',
      },
    ),
  ]);
