import { DNS } from '../../dns/settings.ts';
import { DNS_LABEL } from '../../schema/formats.ts';
import { namespace, section, value, when } from '../../schema/settings.ts';
import { CLUSTER, SCRAPE, TARGETS } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';
import { scrapedBy } from '../../shared/settings.ts';

const ON = { 'dns.enabled': true };
/** A collector scrapes by the job, too; then nothing is suspected in vain, as the files differ. */
const BY_JOB = { ...ON, 'coreDns.scrape': ['job'] };

/** How CoreDNS is scraped. */
export const CORE_DNS = section('CoreDNS, the DNS server of the cluster.', {
  scrape: when(ON, scrapedBy('monitor')),
  namespace: when(BY_JOB, namespace('kube-system', 'its pods')),
  app: when(BY_JOB, value(DNS_LABEL, 'kube-dns', 'Value of the label k8s-app on its pods.')),
});

/** Its own sections, those of others that it reads, and the type of both. */
export const SETTINGS = { coreDns: CORE_DNS };
export const READS = { dns: DNS, targets: TARGETS, cluster: CLUSTER, scrape: SCRAPE };
export type CoreDnsConfig = Slice<typeof SETTINGS & typeof READS>;
