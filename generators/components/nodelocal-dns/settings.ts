import { DNS_LABEL } from '../../schema/formats.ts';
import { namespace, section, value } from '../../schema/settings.ts';
import { NODE_LOCAL_SCRAPE } from '../../dns/settings.ts';
import { CLUSTER, SCRAPE } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';

export const NODE_LOCAL_DNS = section('NodeLocal DNSCache: see docs/nodelocal-dns.md.', {
  scrape: NODE_LOCAL_SCRAPE,
  namespace: namespace('kube-system', 'its pods'),
  app: value(DNS_LABEL, 'node-local-dns', 'Value of the label k8s-app on its pods.'),
});

/** Its own sections, those of others that it reads, and the type of both. */
export const SETTINGS = { nodeLocalDns: NODE_LOCAL_DNS };
export const READS = { cluster: CLUSTER, scrape: SCRAPE };
export type NodeLocalDnsConfig = Slice<typeof SETTINGS & typeof READS>;
