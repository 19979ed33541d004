import type { Config } from '../../config/schema.ts';
import { because, type Tree } from '../../model/commented.ts';
import { cluster, fixedPort, instance, keepContainer, node, podsWith } from './parts.ts';

/** Hubble's metrics of every Cilium agent. */
export const ciliumJob = (config: Config): Tree => ({
  job_name: 'cilium-hubble',
  scrape_interval: config.scrape.interval,
  kubernetes_sd_configs: podsWith('k8s-app=cilium', config.cilium.namespace),
  relabel_configs: [
    keepContainer('cilium-agent'),
    because(
      "Agents use the network of their host and have other ports too; Hubble's metrics have one of their own.",
      fixedPort(config.cilium.hubblePort),
    ),
    instance,
    node,
    ...cluster(config),
  ],
});
