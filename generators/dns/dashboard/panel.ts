import { firing } from '../../panels/firing.ts';
import type { PanelOf } from '../../panels/needs.ts';
import { inCluster } from '../../panels/shared.ts';
import { labels, type Matchers, matches, promql, type Query, selector } from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import { noExporter } from '../../shared/exporters.ts';
import { exceededName } from '../../shared/record-names.ts';
import { dnsAlerts } from '../alerts.ts';
import { asking } from '../clients.ts';
import { dnsNames } from '../names.ts';
import type { DnsConfig } from '../settings.ts';

/** What a panel requires, and why a configuration does not have it. */
export const MISSING = {
  allowances: noExporter,
  clients: (config: DnsConfig) => {
    const from = asking(config);
    return 'reason' in from ? from.reason : undefined;
  },
  nodeLocal: ({ nodeLocalDns }: DnsConfig) => (nodeLocalDns.scrape ? undefined : 'nodeLocalDns.scrape is false'),
} as const;

/** A panel that is built only if its needs are met. */
export type DnsPanel = PanelOf<keyof typeof MISSING>;

export const QUERIES = 'suffix: q/s';
export const PACKETS = 'suffix: p/s';

/** The series that the panels of a configuration read, with the matchers of the variables. */
export function dnsSeries(config: DnsConfig) {
  const names = dnsNames(config);
  const cluster = inCluster(config);
  const filter: Matchers = { ...cluster, job: matches('$job') };
  const of = (record: keyof typeof names, where: Matchers = {}): Query =>
    selector(names[record], { ...filter, ...where });
  const node = labels(...clusterLabels(config), 'node');
  const linkLocal = selector(names.linkLocal, cluster);
  return {
    of,
    linkLocal,
    client: (record: 'queries' | 'answers', where: Matchers = {}) => selector(names[record], { ...cluster, ...where }),
    /** Packets over the link-local allowance on nodes with a DNS server that passes queries on. */
    dropped: promql`${selector(exceededName('linklocal'), cluster)} and on (${node}) ${linkLocal}`,
    firing: firing(cluster, dnsAlerts),
  };
}

export type Series = ReturnType<typeof dnsSeries>;
