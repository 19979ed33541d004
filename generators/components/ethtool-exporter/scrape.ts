import type { EthtoolExporterConfig } from './settings.ts';
import { because, type Tree } from '../../model/tree.ts';
import { fixedPort, instance, node, podsWith, relabelling } from '../../shared/scrape.ts';

/** The ENA counters: the ethtool exporter on every node. */
export const ethtoolJob = (config: EthtoolExporterConfig): Tree => ({
  job_name: 'ethtool-exporter',
  scrape_interval: config.scrape.interval,
  kubernetes_sd_configs: podsWith(`app=${config.ethtool.app}`),
  relabel_configs: relabelling(
    config,
    ...fixedPort(config.ethtool.port, 'Where the exporter listens, whether its pods declare that port or not.'),
    because('Alerts name the node; the exporter itself does not know it.', node),
    instance,
  ),
});
