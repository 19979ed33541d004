import type { KubezonnetConfig } from './settings.ts';
import { because, type Tree } from '../../model/tree.ts';
import { keepPort, podsWith, relabelling } from '../../shared/scrape.ts';

/** The server of kubezonnet, which knows the counters of all nodes. */
export const kubezonnetJob = (config: KubezonnetConfig): Tree => ({
  job_name: 'kubezonnet',
  scrape_interval: config.scrape.interval,
  honor_labels: because('Namespace and pod are those of the sender, not those of the server.', true),
  kubernetes_sd_configs: podsWith(
    `app.kubernetes.io/component=server,app.kubernetes.io/name=${config.kubezonnet.app}`,
    config.kubezonnet.namespace,
  ),
  relabel_configs: relabelling(config, keepPort(config.kubezonnet.port)),
});
