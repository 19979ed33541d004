import { DNS_LABEL } from '../../schema/formats.ts';
import { ENABLED, namespace, SECTION } from '../../schema/settings.ts';
import { CLUSTER, SCRAPE } from '../../settings/general.ts';
import { type Slice } from '../../settings/section.ts';

/** NodeLocal DNSCache. */
export const NODE_LOCAL_DNS = {
  ...SECTION,
  description: 'NodeLocal DNSCache: see docs/nodelocal-dns.md.',
  properties: {
    scrape: { ...ENABLED, description: 'Scrape its metrics (port 9253) and its setup errors (port 9353).' },
    namespace: namespace('kube-system', 'its pods'),
    app: { ...DNS_LABEL, default: 'node-local-dns', description: 'Value of the label k8s-app on its pods.' },
  },
} as const;

/** Its own sections, the sections of others that it reads, and both with their values. */
export const SETTINGS = { nodeLocalDns: NODE_LOCAL_DNS };
export const READS = { cluster: CLUSTER, scrape: SCRAPE };
export type NodeLocalDnsConfig = Slice<typeof SETTINGS & typeof READS>;
