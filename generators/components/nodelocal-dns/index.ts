import { component } from '../contract.ts';
import { nodeLocalDnsJob, nodeLocalDnsSetupJob } from './scrape.ts';
import { READS, SETTINGS } from './settings.ts';

/** NodeLocal DNSCache. */
export const nodeLocalDns = component({
  id: 'nodelocal-dns',
  settings: SETTINGS,
  reads: READS,
  enabled: ({ nodeLocalDns: { scrape } }) => scrape || 'nodeLocalDns.scrape is false',
  scrapeJobs: (config) => [{ job: nodeLocalDnsJob(config) }, { job: nodeLocalDnsSetupJob(config) }],
});
