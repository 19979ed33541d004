import type { CiliumConfig } from './settings.ts';
import type { Tree } from '../../model/tree.ts';
import { fixedPort, instance, keepContainer, node, podsWith, relabelling } from '../../shared/scrape.ts';

/** Hubble's metrics of every Cilium agent. */
export const ciliumJob = (config: CiliumConfig): Tree => ({
  job_name: 'cilium-hubble',
  scrape_interval: config.scrape.interval,
  kubernetes_sd_configs: podsWith('k8s-app=cilium', config.cilium.namespace),
  relabel_configs: relabelling(
    config,
    keepContainer('cilium-agent'),
    ...fixedPort(
      config.cilium.hubblePort,
      "Agents use the network of their host and have other ports too; Hubble's metrics have one of their own.",
    ),
    instance,
    node,
  ),
});
