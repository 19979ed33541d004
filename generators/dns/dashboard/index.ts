import type { Dashboard } from '../../model/dashboard.ts';
import { panelsOf } from '../../panels/needs.ts';
import { commonVariables, inCluster } from '../../panels/shared.ts';
import { selector } from '../../promql/index.ts';
import { dnsNames } from '../names.ts';
import { clientPanels } from './clients.ts';
import { answerPanels, limitPanels, nodeLocalPanels, upstreamPanels } from './graphs.ts';
import { MISSING, type DnsPanel, dnsSeries } from './panel.ts';
import { firingAlerts, serverTable, tiles } from './summary.ts';
import type { DnsConfig } from '../settings.ts';

/** DNS of the cluster: whether it works, whether and where it is throttled, and who asks. */
export function clusterDns(config: DnsConfig): Dashboard {
  const series = dnsSeries(config);
  const sections: readonly { readonly title?: string; readonly panels: readonly DnsPanel[] }[] = [
    {
      panels: [
        ...tiles(series),
        { key: 'firing-alerts', width: 24, height: 5, panel: () => firingAlerts(config, series) },
        { key: 'servers', width: 24, height: 7, panel: () => serverTable(config, series) },
      ],
    },
    { title: 'Is DNS throttled', panels: limitPanels(series) },
    { title: 'Who asks', panels: clientPanels(config, series) },
    { title: 'Answers', panels: answerPanels(series) },
    { title: 'Upstream servers', panels: upstreamPanels(series) },
    { title: 'NodeLocal DNSCache', panels: nodeLocalPanels(config) },
  ];
  const uid = 'cluster-dns';
  const requests = dnsNames(config).requests;
  return {
    uid,
    title: 'Cluster DNS',
    description: 'DNS of the cluster: whether it works, whether and where it is throttled, and which workloads ask.',
    tags: ['azimuth', 'network'],
    from: 'now-3h',
    refresh: '1m',
    variables: [
      ...commonVariables(config, selector(requests)),
      {
        kind: 'query',
        name: 'job',
        label: 'DNS server',
        description: 'Kinds of DNS servers to show: coredns, or the caches on the nodes (node-local-dns).',
        query: { selector: selector(requests, inCluster(config)), label: 'job' },
        multi: true,
      },
    ],
    ...panelsOf(uid, (need) => MISSING[need](config), sections),
  };
}
