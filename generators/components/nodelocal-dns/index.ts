import type { Tree } from '../../model/tree.ts';
import { fixedPort, instance, keepPort, node, scrapeJob } from '../../shared/scrape.ts';
import { component, type ScrapeJob } from '../contract.ts';
import { READS, SETTINGS, type NodeLocalDnsConfig } from './settings.ts';

/** Port of CoreDNS' own metrics in the cache, which its pods declare. */
const METRICS = 9253;

/** Port of the cache's setup errors, which its pods do not declare. */
const SETUP = 9353;

/** The cache on every node. Upstream: kubernetes/kubernetes, cluster/addons/dns/nodelocaldns/nodelocaldns.yaml. */
const job = (config: NodeLocalDnsConfig, name: string, address: readonly Tree[]): ScrapeJob =>
  scrapeJob(config, name, {
    label: `k8s-app=${config.nodeLocalDns.app}`,
    namespace: config.nodeLocalDns.namespace,
    steps: [keepPort(METRICS), ...address, instance, node],
  });

/** NodeLocal DNSCache: what it answers on every node, and whether it could set up its address there. */
export const nodeLocalDns = component({
  id: 'nodelocal-dns',
  settings: SETTINGS,
  reads: READS,
  enabled: ({ nodeLocalDns: { scrape } }) => scrape || 'nodeLocalDns.scrape is false',
  scrapeJobs: (config) => [
    job(config, 'node-local-dns', []),
    job(
      config,
      'node-local-dns-setup',
      fixedPort(SETUP, 'Setup errors have a port of their own, which no container declares.'),
    ),
  ],
});
