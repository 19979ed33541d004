import type { Tree } from '../../model/tree.ts';
import { fixedPort, instance, keepPort, node, scrapeJob } from '../../shared/scrape.ts';
import { NODE_LOCAL_JOB, NODE_LOCAL_SETUP_JOB } from '../../dns/settings.ts';
import { component, type ScrapeJob } from '../contract.ts';
import { READS, SETTINGS, type NodeLocalDnsConfig } from './settings.ts';

/** Port of the CoreDNS metrics, declared by the pods. */
const METRICS = 9253;

/** Port of the setup errors, not declared by the pods. */
const SETUP = 9353;

/** The cache on every node. Upstream: kubernetes/kubernetes, cluster/addons/dns/nodelocaldns/nodelocaldns.yaml. */
const job = (config: NodeLocalDnsConfig, name: string, address: readonly Tree[]): ScrapeJob =>
  scrapeJob(config, name, {
    label: `k8s-app=${config.nodeLocalDns.app}`,
    namespace: config.nodeLocalDns.namespace,
    steps: [keepPort(METRICS), ...address, instance, node],
  });

/** NodeLocal DNSCache: DNS metrics of every node, and errors in setting up its address. */
export const nodeLocalDns = component({
  id: 'nodelocal-dns',
  settings: SETTINGS,
  reads: READS,
  enabled: ({ nodeLocalDns: { scrape } }) => scrape || 'nodeLocalDns.scrape is false',
  scrapeJobs: (config) => [
    job(config, NODE_LOCAL_JOB, []),
    job(
      config,
      NODE_LOCAL_SETUP_JOB,
      fixedPort(SETUP, 'Setup errors have their own port, which no container declares.'),
    ),
  ],
});
