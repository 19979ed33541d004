import type { NodeExporterConfig } from './settings.ts';
import { because, type Tree } from '../../model/tree.ts';
import { instance, keepPort, node, podsWith, relabelling } from '../../shared/scrape.ts';

/** The ENA counters of node_exporter on every node. */
export const nodeExporterJob = (config: NodeExporterConfig): Tree => ({
  job_name: 'ethtool-node-exporter',
  scrape_interval: config.scrape.interval,
  kubernetes_sd_configs: podsWith(`app.kubernetes.io/name=${config.nodeExporter.app}`, config.nodeExporter.namespace),
  relabel_configs: relabelling(
    config,
    keepPort(config.nodeExporter.port),
    because('Alerts name the node; node_exporter itself does not know it.', node),
    instance,
  ),
});
