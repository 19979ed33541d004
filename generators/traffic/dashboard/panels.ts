import type { PanelTarget } from '../../model/dashboard.ts';
import { barGauge, stat, timeSeries } from '../../panels/charts.ts';
import { COLOURS, inCluster, latest, overTime, rows } from '../../panels/shared.ts';
import { clusterColumn, matrix, table } from '../../panels/table.ts';
import { labels, type Matchers, matches, promql, type Query, selector } from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { agentKey } from '../records/losses.ts';
import { eventNames, LOCALITIES, trafficNames } from '../records/names.ts';
import { knowsLocality, notPlaced } from '../records/usable.ts';
import { grafanaUnit, NO_IDENTITY, OR_NO_IDENTITY, type PanelSpec, type PanelSpecs } from './panel-spec.ts';

/** Text of a panel of cross-zone traffic that is empty. */
const NONE_ACROSS = `no cross-zone traffic${OR_NO_IDENTITY}`;
const WITHHELD_TITLE = `Withheld: ${NO_IDENTITY}`;
const TITLES = { same_zone: 'Same zone', cross_zone: 'Cross zone', unknown: 'Unknown zone' } as const;

/** One number in the top row. */
const tile = (width: number, needs: NonNullable<PanelSpec['needs']>, options: Parameters<typeof stat>[0]) => ({
  width,
  height: 4,
  needs,
  panel: () => stat(options),
});

/** Where figures are withheld, in the chosen clusters; nowhere for a source that needs no identity. */
const withheld = (config: TrafficConfig, input: FlowInput): Query | undefined =>
  knowsLocality(input.source) ? undefined : notPlaced(config, input, inCluster(config));

/** A line on the ground of a graph for as long as its figures are withheld. */
function withheldLine(config: TrafficConfig, input: FlowInput): readonly PanelTarget[] {
  const where = withheld(config, input);
  return where === undefined ? [] : [overTime(promql`0 * group(${where})`, WITHHELD_TITLE)];
}

/** The numbers of the top row, and their trend. */
export function overviewPanels(config: TrafficConfig, input: FlowInput) {
  const names = trafficNames(config, input);
  const unit = grafanaUnit(input);
  const traffic = (matchers: Matchers = {}) =>
    promql`sum(${selector(names.cluster, { ...inCluster(config), ...matchers })})`;
  const share = (locality: string) => promql`${traffic({ locality })} / (${traffic()} > 0)`;
  const where = withheld(config, input);
  const hidden = where === undefined ? {} : { withheld: { where, text: NO_IDENTITY } };
  const measured = `In ${input.unitLabel}, each packet counted once, averaged over ${config.rules.window}.`;
  return {
    'cross-zone': tile(6, [], {
      title: 'Cross zone',
      description: `Traffic between two zones, which most clouds bill by bytes. ${measured} The percentage is the change over the time range.`,
      expr: traffic({ locality: 'cross_zone' }),
      ...hidden,
      unit,
      steps: [[null, COLOURS.cross_zone]],
      change: true,
      size: 36,
    }),
    'cross-zone-share': tile(6, ['peers'], {
      title: 'Cross-zone share',
      description:
        'Cross-zone traffic as a share of all traffic. With three zones and no zone-aware routing, expect about two thirds.',
      expr: share('cross_zone'),
      ...hidden,
      unit: 'percentunit',
      decimals: 1,
      steps: [
        [null, COLOURS.good],
        [0.1, COLOURS.attention],
        [0.4, COLOURS.warning],
      ],
      change: true,
      size: 36,
    }),
    total: tile(3, ['peers'], {
      title: 'Total',
      description: `All traffic that ${input.source.id} sees; "azimuth list --sources" says what it does not see. ${measured}`,
      expr: traffic(),
      ...hidden,
      unit,
      steps: [[null, COLOURS.total]],
      sparkline: false,
    }),
    'same-zone': tile(3, ['peers'], {
      title: 'Same zone',
      description: `Traffic within one zone. ${measured}`,
      expr: traffic({ locality: 'same_zone' }),
      ...hidden,
      unit,
      steps: [[null, COLOURS.same_zone]],
      sparkline: false,
    }),
    'unknown-share': tile(3, ['peers'], {
      title: 'Unknown share',
      description:
        'Share of traffic with an unknown zone at either end: callers from outside the cluster, pods that Hubble reports by address only, nodes without a zone. If it is large, the other numbers are too low.',
      expr: share('unknown'),
      ...hidden,
      unit: 'percentunit',
      decimals: 1,
      steps: [
        [null, COLOURS.unknown],
        [0.1, COLOURS.attention],
        [0.3, COLOURS.warning],
      ],
      sparkline: false,
    }),
    'events-lost': tile(3, ['peers', 'losses'], {
      title: 'Events lost',
      description:
        'The largest share that an agent loses of what it sees, before it is counted. The figures of its node are too low by that share; ' +
        'FlowEventsLost fires on it.',
      expr: promql`max(sum by (${labels(...agentKey(config))}) (${selector(eventNames(config).lostShare, { ...inCluster(config), source: input.source.id })}))`,
      unit: 'percentunit',
      decimals: 1,
      steps: [
        [null, COLOURS.good],
        [0.001, COLOURS.attention],
        [0.01, COLOURS.warning],
      ],
      sparkline: false,
    }),
    locality: {
      width: 12,
      height: 8,
      panel: () =>
        timeSeries({
          title: 'Traffic by locality',
          description: `Same-zone, cross-zone and unknown traffic, stacked to the total. ${measured}`,
          targets: [
            ...LOCALITIES.map((locality) => overTime(traffic({ locality }), TITLES[locality])),
            ...withheldLine(config, input),
          ],
          unit,
          stacked: true,
          colours: {
            ...Object.fromEntries(LOCALITIES.map((locality) => [TITLES[locality], COLOURS[locality]])),
            [WITHHELD_TITLE]: COLOURS.unknown,
          },
        }),
    },
  } satisfies PanelSpecs;
}

/** The pairs of zones and of workloads behind these numbers. */
export function pairPanels(config: TrafficConfig, input: FlowInput) {
  const names = trafficNames(config, input);
  const unit = grafanaUnit(input);
  const zonePairs = (matchers: Matchers = {}) =>
    promql`sum by (source_zone, destination_zone) (${selector(names.zonePair, { ...inCluster(config), ...matchers })})`;
  const crossZone = { ...inCluster(config), locality: 'cross_zone' };
  const ends = ['source_namespace', 'source_workload', 'destination_namespace', 'destination_workload'];
  const placed = [...ends, 'source_zone', 'destination_zone'];
  const inNamespace = (side: string) =>
    selector(names.workloadPair, { ...crossZone, [`${side}_namespace`]: matches('$namespace') });
  const cluster = clusterLabels(config).map((label) => `&\${${label}:queryparam}`);
  const toPods = (side: string) => ({
    title: 'Show the pods of ${__value.text}',
    url: `/d/zone-traffic?\${datasource:queryparam}${cluster.join('')}&\${namespace:queryparam}&var-pods_namespace=\${__data.fields["${side} namespace"]}&\${__url_time_range}`,
  });
  return {
    'top-pairs': {
      width: 12,
      height: 8,
      needs: ['workloads'],
      panel: () =>
        barGauge({
          title: 'Top cross-zone workload pairs',
          description: `The workload pairs with the most cross-zone traffic now in the selected namespaces, in ${input.unitLabel}. Each direction is a pair of its own.`,
          target: latest(
            promql`
          topk(5,
            sum by (${labels(...ends)}) (
              ${inNamespace('source')}
              or
              ${inNamespace('destination')}
            )
          )`,
            '{{source_namespace}}/{{source_workload}} → {{destination_namespace}}/{{destination_workload}}',
          ),
          unit,
          colour: COLOURS.cross_zone,
          noValue: NONE_ACROSS,
        }),
    },
    'zone-pairs': {
      width: 24,
      height: 8,
      panel: () =>
        timeSeries({
          title: 'Cross-zone traffic by zone pair',
          description: `Traffic from one zone to another, stacked to the total of cross-zone traffic, in ${input.unitLabel}.`,
          targets: [
            overTime(zonePairs({ locality: 'cross_zone' }), '{{source_zone}} → {{destination_zone}}'),
            ...withheldLine(config, input),
          ],
          unit,
          stacked: true,
          legend: 'table',
        }),
    },
    matrix: {
      width: 12,
      height: 8,
      needs: ['peers'],
      panel: () =>
        matrix({
          title: 'Zone × zone',
          description: `Traffic from the zone of the row to the zone of the column now, in ${input.unitLabel}. The diagonal is traffic within one zone.`,
          target: rows(zonePairs()),
          row: 'source_zone',
          column: 'destination_zone',
          unit,
          corner: 'from \\ to',
          noValue: `no traffic${OR_NO_IDENTITY}`,
        }),
    },
    'workload-pairs': {
      width: 24,
      height: 10,
      needs: ['workloads'],
      panel: () =>
        table({
          title: 'Workload pairs across zones',
          description:
            'The 50 pairs of workloads and zones with the most cross-zone traffic now. Click a namespace to see its pods below.',
          targets: [
            // Each pair is one series already; the sum only drops the labels without a column, of the 50 that are shown.
            rows(promql`
          sum by (${labels(...clusterLabels(config), ...placed)}) (
            topk(50,
              ${inNamespace('source')}
              or
              ${inNamespace('destination')}
            )
          )`),
          ],
          columns: [
            ...clusterColumn(config),
            { field: 'source_namespace', title: 'Source namespace', link: toPods('Source') },
            { field: 'source_workload', title: 'Source workload' },
            { field: 'source_zone', title: 'From zone' },
            { field: 'destination_namespace', title: 'Destination namespace', link: toPods('Destination') },
            { field: 'destination_workload', title: 'Destination workload' },
            { field: 'destination_zone', title: 'To zone' },
            { field: 'Value', title: 'Traffic', unit, cell: 'gauge', width: 200, steps: [[null, COLOURS.cross_zone]] },
          ],
          sortBy: 'Traffic',
          noValue: NONE_ACROSS,
        }),
    },
  } satisfies PanelSpecs;
}
