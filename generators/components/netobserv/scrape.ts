import type { NetobservConfig } from './settings.ts';
import { because, type Tree } from '../../model/tree.ts';
import { keepPort, podsWith, relabelling } from '../../shared/scrape.ts';

/** The metrics that flowlogs-pipeline makes of flows. */
export const netobservJob = (config: NetobservConfig): Tree => ({
  job_name: 'netobserv',
  scrape_interval: config.scrape.interval,
  kubernetes_sd_configs: podsWith(`app=${config.netobserv.app}`, config.netobserv.namespace),
  relabel_configs: relabelling(
    config,
    because(
      'Of several ports. The instance stays the address: two pods of the pipeline may share a node, and each counts its own flows.',
      keepPort(config.netobserv.port),
    ),
  ),
});
