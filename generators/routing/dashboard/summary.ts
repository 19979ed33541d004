import type { Panel } from '../../model/dashboard.ts';
import { stat } from '../../panels/charts.ts';
import { noneRow } from '../../panels/firing.ts';
import { COLOURS, rows, type Step } from '../../panels/shared.ts';
import { clusterColumn, table } from '../../panels/table.ts';
import { either, labels, oneOf, promql, type Query, selector } from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import { EVICTIONS } from '../metrics.ts';
import { routingNames } from '../names.ts';
import type { RoutingConfig } from '../settings.ts';
import { countOf, type RoutingPanel, type Series } from './panel.ts';
import { runbookLink } from './patch.ts';

const { good, attention, warning, total } = COLOURS;

const some = (colour: string): readonly Step[] => [
  [null, good],
  [1, colour],
];

const tile = (
  key: string,
  options: Omit<Parameters<typeof stat>[0], 'now'>,
  needs: RoutingPanel['needs'] = [],
): RoutingPanel => ({ key, width: 3, height: 4, needs, panel: () => stat({ ...options, now: true }) });

/** Successful evictions of the last hour, whatever the name of the counter. */
export const evicted = (where: Parameters<typeof selector>[1], by: readonly string[] = []): Query =>
  either(
    ...EVICTIONS.names.map(
      (name) => promql`
        sum by (${labels(...by)}) (increase(${selector(name, { ...where, result: 'success' })}[1h]))`,
    ),
  );

/** What is wrong with routing: the first row. */
export function tiles(config: RoutingConfig, series: Series): readonly RoutingPanel[] {
  const { of, crossing, on, zones } = series;
  const cluster = labels(...clusterLabels(config));
  const count = (key: string, title: string, description: string, query: Query, steps: readonly Step[]) =>
    tile(key, { title, description, expr: countOf(series, query), unit: 'none', decimals: 0, steps });
  const hinted = promql`${of(routingNames.hintedZones)} > 0`;
  return [
    tile(
      'without-hints',
      {
        title: 'Without hints',
        description:
          'Services that are called across zones although they have endpoints in two zones or more, as they have no zone hints.',
        expr: countOf(series, series.unhinted),
        unit: 'none',
        decimals: 0,
        steps: some(attention),
      },
      ['crossing'],
    ),
    tile(
      'unhinted-share',
      {
        title: 'Unhinted share',
        description:
          'Share of the cross-zone traffic into the Services shown that goes to Services without hints: what trafficDistribution could keep in the zone.',
        expr: promql`
          (${either(promql`sum(${crossing('crossing')} and on (${on}) (${series.unhinted}))`, promql`0 * sum(${crossing('crossing')})`)})
          / (sum(${crossing('crossing')}) > 0)`,
        unit: 'percentunit',
        decimals: 0,
        steps: [
          [null, good],
          [0.2, attention],
          [0.5, warning],
        ],
      },
      ['crossing'],
    ),
    count(
      'partial',
      'Partial hints',
      'Services of which only some ready endpoints have a hint: callers ignore them all. It should be 0.',
      promql`${of(routingNames.hinted)} > 0 < 1`,
      some(warning),
    ),
    count(
      'zone-without',
      'A zone without',
      'Services whose hints leave out a zone with ready nodes: callers there use endpoints of all zones.',
      promql`
        ${hinted}
        < on (${cluster}) group_left ()
        ${zones}`,
      some(warning),
    ),
    count(
      'auto-without',
      'Auto without hints',
      'Services with topology-mode Auto of which the EndpointSlice controller refuses hints; the table below says why.',
      of(routingNames.condition),
      some(warning),
    ),
    count(
      'too-few',
      'Too few endpoints',
      'Services with fewer ready endpoints than there are zones: hints cannot cover every zone.',
      promql`
        (
          ${of(routingNames.total)}
          and on (${on})
          ${of(routingNames.routing)}
        )
        < on (${cluster}) group_left ()
        ${zones}`,
      [[null, total]],
    ),
    count(
      'skewed',
      'Skewed',
      'Workloads with zone hints whose pods are spread unevenly: by more than one pod and by more than half of the mean of a zone. Pods in the emptier zone get more load.',
      series.skewed,
      some(warning),
    ),
    tile(
      'evictions',
      {
        title: 'Evictions, 1 h',
        description: 'Pods that the descheduler evicted in the last hour. Without end, something undoes its work.',
        expr: promql`sum(${evicted(series.cluster)})`,
        unit: 'none',
        decimals: 0,
        steps: [
          [null, total],
          [20, attention],
        ],
      },
      ['evictions'],
    ),
  ];
}

/** The firing alerts on routing. */
export const firingAlerts = (config: RoutingConfig, { firing: alerts, known }: Series): Panel =>
  table({
    title: 'Firing alerts',
    description: 'Firing alerts on routing, from the alerting rules of Azimuth. It should say "none".',
    targets: [rows(alerts), noneRow('alertname', alerts, known)],
    columns: [
      { field: 'alertname', title: 'Alert' },
      { field: 'severity', title: 'Severity', width: 100 },
      ...clusterColumn(config),
      { field: 'namespace', title: 'Namespace', width: 140 },
      { field: 'service', title: 'Service' },
      { field: 'missing', title: 'Missing', width: 120 },
      { field: 'workload', title: 'Workload' },
    ],
    noValue: 'no data',
  });

const REASONS = {
  node_without_zone_or_cpu: 'a ready node has no zone label or no CPU',
  one_zone: 'nodes are ready in one zone only',
  too_few_endpoints: 'fewer ready endpoints than zones',
  endpoint_without_zone: 'a ready endpoint has no zone',
  overload: 'a zone would get over 20 % more than its part',
} as const;

/** Services with Auto and without hints, and why. */
export function conditions(config: RoutingConfig, { of }: Series): Panel {
  const on = labels(...clusterLabels(config), 'namespace', 'service');
  const row = (value: Query): Query => promql`
    ${of(routingNames.condition)}
    * on (${on}) group_left ()
    ${value}`;
  return table({
    title: 'Auto without hints, and why',
    description: `Services with topology-mode Auto and without hints, and the first condition of the EndpointSlice controller that holds: ${Object.entries(
      REASONS,
    )
      .map(([name, text]) => `${name}: ${text}`)
      .join('; ')}.`,
    targets: [
      rows(row(of(routingNames.total))),
      rows(row(promql`count by (${on}) (${of(routingNames.endpoints)})`)),
      noneRow(
        'service',
        of(routingNames.condition),
        of(routingNames.routing, { routing: oneOf(['Auto', 'trafficDistribution', 'none']) }),
      ),
    ],
    columns: [
      ...clusterColumn(config),
      { field: 'namespace', title: 'Namespace', width: 120 },
      { field: 'service', title: 'Service', ...runbookLink(config, 'ServiceWithoutZoneHints') },
      { field: 'reason', title: 'Condition' },
      { field: 'Value #A', title: 'Endpoints', unit: 'none', decimals: 0, width: 100 },
      { field: 'Value #B', title: 'Zones', unit: 'none', decimals: 0, width: 80 },
    ],
    noValue: 'no data',
  });
}
