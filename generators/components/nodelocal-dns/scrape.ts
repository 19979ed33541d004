import type { NodeLocalDnsConfig } from './settings.ts';
import type { Tree } from '../../model/tree.ts';
import { fixedPort, instance, keepPort, node, podsWith, relabelling } from '../../shared/scrape.ts';

/** Port of CoreDNS' own metrics in the cache, which its pods declare. */
const METRICS = 9253;

/** Port of the cache's setup errors, which its pods do not declare. */
const SETUP = 9353;

const job = (config: NodeLocalDnsConfig, name: string, address: readonly Tree[]): Tree => ({
  job_name: name,
  scrape_interval: config.scrape.interval,
  kubernetes_sd_configs: podsWith(`k8s-app=${config.nodeLocalDns.app}`, config.nodeLocalDns.namespace),
  relabel_configs: relabelling(config, keepPort(METRICS), ...address, instance, node),
});

/**
 * What NodeLocal DNSCache answers on every node.
 * Upstream: kubernetes/kubernetes, cluster/addons/dns/nodelocaldns/nodelocaldns.yaml.
 */
export const nodeLocalDnsJob = (config: NodeLocalDnsConfig): Tree => job(config, 'node-local-dns', []);

/** Whether the cache could set up its address on every node. */
export const nodeLocalDnsSetupJob = (config: NodeLocalDnsConfig): Tree =>
  job(
    config,
    'node-local-dns-setup',
    fixedPort(SETUP, 'Setup errors have a port of their own, which no container declares.'),
  );
