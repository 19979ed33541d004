import type { Dashboard } from '../../model/dashboard.ts';
import { graph, panelsOf } from '../../panels/needs.ts';
import { COLOURS, commonVariables, inCluster, overTime } from '../../panels/shared.ts';
import { promql, selector } from '../../promql/index.ts';
import { routingNames } from '../names.ts';
import type { RoutingConfig } from '../settings.ts';
import { missing, type RoutingPanel, routingSeries, type Series } from './panel.ts';
import { conditions, evicted, firingAlerts, tiles } from './summary.ts';
import { effectTable, servicesTable, skewTable, unhintedZonesTable, zonesTable } from './tables.ts';

/** How Services are routed over time, and what crosses zones because of it. */
const overview = (config: RoutingConfig, series: Series): readonly RoutingPanel[] => [
  graph('routing-modes', {
    title: 'Services by routing',
    description:
      'Services with a virtual address by how they choose endpoints: trafficDistribution (hints without the annotation), topology-mode Auto, or none.',
    targets: [overTime(promql`count by (routing) (${series.of(routingNames.routing)})`, '{{routing}}')],
    unit: 'none',
    stacked: true,
    legend: 'list',
    colours: { trafficDistribution: COLOURS.good, Auto: COLOURS.total, none: COLOURS.unknown },
  }),
  graph(
    'cross-zone-share',
    {
      title: 'Share that crosses zones',
      description:
        'The share of the traffic into the workloads of a Service that crosses zones: the ten Services with the most cross-zone traffic. Marks show ' +
        'where routing changed.',
      targets: [
        overTime(
          promql`
            ${series.crossing('crossing')}
            / on (${series.on})
            (${series.crossing('inbound')} > 0)
            and on (${series.on})
            topk(10, ${series.crossing('crossing')})`,
          '{{namespace}}/{{service}}',
        ),
      ],
      unit: 'percentunit',
      legend: 'table',
    },
    { needs: ['crossing'] },
  ),
  graph(
    'evictions-by-namespace',
    {
      title: 'Evictions by the descheduler',
      description: 'Pods that the descheduler evicted, in the hour before each point, by namespace.',
      targets: [overTime(evicted(inCluster(config), ['namespace']), '{{namespace}}')],
      unit: 'none',
    },
    { needs: ['evictions'] },
  ),
];

/** A panel of the whole width, and one of half of it. */
const full = (key: string, panel: RoutingPanel['panel'], more: Partial<RoutingPanel> = {}): RoutingPanel => ({
  key,
  width: 24,
  height: 9,
  ...more,
  panel,
});
const half = (key: string, panel: RoutingPanel['panel'], more: Partial<RoutingPanel> = {}): RoutingPanel =>
  full(key, panel, { width: 12, height: 7, ...more });

/** How Services are routed by zone, what is wrong with it, and what changed. */
export function zoneRouting(config: RoutingConfig): Dashboard {
  const uid = 'zone-routing';
  const series = routingSeries(config);
  const sections: readonly { readonly title?: string; readonly panels: readonly RoutingPanel[] }[] = [
    {
      panels: [
        ...tiles(config, series),
        full('firing-alerts', () => firingAlerts(config, series), { height: 5 }),
        full('services', () => servicesTable(config, series)),
      ],
    },
    {
      title: 'What a change did',
      panels: [
        full('effect', () => effectTable(config, series), { needs: ['crossing'], height: 5 }),
        ...overview(config, series),
      ],
    },
    {
      title: 'Where hints or pods are missing',
      panels: [
        half('unhinted-zones', () => unhintedZonesTable(config, series), { needs: ['crossing'] }),
        half('skew', () => skewTable(config, series)),
      ],
    },
    {
      title: 'topology-mode Auto',
      panels: [half('conditions', () => conditions(config, series)), half('zones', () => zonesTable(config, series))],
    },
  ];
  const routing = selector(routingNames.routing, inCluster(config));
  return {
    uid,
    title: 'Zone routing',
    description:
      'Services by zone hints: which are called across zones and why, what mends it, and what the last change did.',
    tags: ['azimuth', 'network'],
    from: 'now-6h',
    refresh: '1m',
    variables: [
      ...commonVariables(config, selector(routingNames.routing)),
      {
        kind: 'query',
        name: 'namespace',
        label: 'Namespace',
        description: 'Namespaces of the Services to show.',
        query: { selector: routing, label: 'namespace' },
        multi: true,
      },
      {
        kind: 'query',
        name: 'service',
        label: 'Service',
        description: 'Services to show.',
        query: { selector: routing, label: 'service' },
        multi: true,
      },
    ],
    annotations: [
      {
        name: 'Routing changes',
        expr: series.of(routingNames.changed),
        title: '{{change}}',
        text: '{{namespace}}/{{service}}',
        colour: COLOURS.total,
      },
    ],
    ...panelsOf(uid, (need) => missing(config, need), sections),
  };
}
