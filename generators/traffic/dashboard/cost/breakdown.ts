import { WORKLOAD_FIELDS } from '../../../identity/index.ts';
import { barGauge } from '../../../panels/charts.ts';
import { COLOURS, inCluster, latest, rows } from '../../../panels/shared.ts';
import { clusterColumn, type Column, table } from '../../../panels/table.ts';
import { either, labels, promql, type Query, selector } from '../../../promql/index.ts';
import { clusterLabels } from '../../../settings/general.ts';
import type { TrafficConfig } from '../../config.ts';
import { crossZonePrice } from '../../prices/index.ts';
import { hasPairs, PAIR_FIELDS } from '../../records/cost-hours.ts';
import { costNames, EXTERNAL, MONTH_NAMES, ZONE_LABELS } from '../../records/names.ts';
import { cell, type IsBuilt, linkTo } from '../links.ts';
import { by, type CostPanel, currencyUnit, day, last, lastWeek } from './shown.ts';

const { hour, month, week } = MONTH_NAMES;

/** Text of a table that is empty although the month is not. */
const NOTHING = 'nothing crosses zones';

const money = (config: TrafficConfig, field: string, title: string, width = 120): Column => ({
  field,
  title,
  unit: currencyUnit(crossZonePrice(config).currency),
  decimals: 2,
  width,
});

/** The two ends of a pair; a click on a workload shows all of its traffic. */
function pairColumns(config: TrafficConfig, isBuilt: IsBuilt): readonly Column[] {
  const end = (side: string, title: string): readonly Column[] => [
    { field: `${side}_namespace`, title: `${title} namespace` },
    {
      field: `${side}_workload`,
      title: `${title} workload`,
      ...linkTo(config, isBuilt, 'zone-workload', 'All traffic of ${__value.text}', {
        namespace: cell(`${title} namespace`),
        workload: cell(`${title} workload`),
      }),
    },
  ];
  return [...clusterColumn(config), ...end('source', 'From'), ...end('destination', 'To')];
}

/** Namespaces, groups, zones. */
export function ownerPanels(config: TrafficConfig): readonly CostPanel[] {
  const cluster = clusterLabels(config);
  const billed = (kept: readonly string[], record: string) => [
    rows(by([...cluster, ...kept], last(config, record))),
    rows(by([...cluster, ...kept], last(config, record, { direction: 'egress' }))),
    rows(by([...cluster, ...kept], last(config, record, { direction: 'ingress' }))),
  ];
  const billedColumns = [
    money(config, 'Value #A', 'This month'),
    money(config, 'Value #B', 'For sending', 110),
    money(config, 'Value #C', 'For receiving', 120),
  ];
  const namespace = [...cluster, 'namespace'];
  const ofWeek = by(namespace, last(config, week));
  const before = by(namespace, lastWeek(config, week));
  return [
    {
      key: 'namespaces',
      width: 12,
      height: 9,
      needs: ['workloads'],
      panel: () =>
        table({
          title: 'By namespace',
          description:
            'What each namespace is billed this month: its workloads for what they send to other zones, and for what they receive from them. The change is that of the last seven days against the seven before.',
          targets: [
            ...billed(['namespace'], month.workload),
            rows(promql`${ofWeek} / on (${labels(...namespace)}) (${before} > 0) - 1`),
          ],
          columns: [
            ...clusterColumn(config),
            { field: 'namespace', title: 'Namespace' },
            ...billedColumns,
            {
              field: 'Value #D',
              title: 'Week',
              unit: 'percentunit',
              decimals: 0,
              width: 90,
              cell: 'colour',
              steps: [
                [null, 'transparent'],
                [0.1, COLOURS.attention],
                [0.5, COLOURS.warning],
              ],
            },
          ],
          sortBy: 'This month',
          noValue: NOTHING,
        }),
    },
    {
      key: 'zone-pairs',
      width: 12,
      height: 9,
      panel: () =>
        table({
          title: 'By pair of zones',
          description:
            'What traffic from one zone to another has cost at both ends: this month, and in the last 24 hours.',
          targets: [
            rows(by([...cluster, ...ZONE_LABELS], last(config, month.zonePair))),
            rows(by([...cluster, ...ZONE_LABELS], day(config, hour.zonePair))),
          ],
          columns: [
            ...clusterColumn(config),
            { field: 'source_zone', title: 'From' },
            { field: 'destination_zone', title: 'To' },
            money(config, 'Value #A', 'This month'),
            money(config, 'Value #B', 'Last 24 hours'),
          ],
          sortBy: 'This month',
          noValue: NOTHING,
        }),
    },
    {
      key: 'groups',
      width: config.flows.external.length > 0 ? 12 : 24,
      height: 8,
      needs: ['groups'],
      panel: () =>
        table({
          title: `By ${config.cost.groupBy.join(', ')}`,
          description:
            'What the namespaces with each value of the labels in cost.groupBy are billed this month, as they are labelled now. Nodes and ends outside of the cluster are "unlabelled".',
          targets: billed(['group_by', 'group'], month.group),
          columns: [
            ...clusterColumn(config),
            { field: 'group_by', title: 'Label', width: 110 },
            { field: 'group', title: 'Value' },
            ...billedColumns,
          ],
          sortBy: 'This month',
          noValue: NOTHING,
        }),
    },
  ];
}

/** Pairs of workloads, ends outside of the cluster, and what could be avoided. */
export function pairPanels(config: TrafficConfig, isBuilt: IsBuilt): readonly CostPanel[] {
  const cluster = clusterLabels(config);
  const pair = [...cluster, ...PAIR_FIELDS];
  const outside = promql`
    topk(20,
      ${by(
        pair,
        either(
          last(config, month.workloadPair, { source_namespace: EXTERNAL.namespace }),
          last(config, month.workloadPair, { destination_namespace: EXTERNAL.namespace }),
        ),
      )}
    )`;
  const columns = pairColumns(config, isBuilt);
  const sender = ['source_namespace', 'source_workload'];
  return [
    {
      key: 'external',
      width: hasPairs(config) && config.cost.groupBy.length > 0 ? 12 : 24,
      height: 8,
      needs: ['external'],
      panel: () =>
        table({
          title: 'With databases, caches and others outside of the cluster',
          description:
            'The 20 pairs with an end of flows.external that have cost most this month, where its zone is known.',
          targets: [rows(outside)],
          columns: [...columns, money(config, 'Value', 'This month')],
          sortBy: 'This month',
          noValue: 'nothing across zones',
        }),
    },
    {
      key: 'workload-pairs',
      width: 24,
      height: 10,
      needs: ['workloads'],
      panel: () =>
        table({
          title: 'By pair of workloads',
          description: 'The 50 pairs that have cost most this month, each direction on its own, at both ends.',
          targets: [rows(promql`topk(50, ${by(pair, last(config, month.workloadPair))})`)],
          columns: [...columns, money(config, 'Value', 'This month')],
          sortBy: 'This month',
          noValue: NOTHING,
        }),
    },
    {
      key: 'avoidable-pairs',
      width: 16,
      height: 9,
      needs: ['avoidable'],
      panel: () =>
        table({
          title: 'What could be avoided',
          description:
            'The 20 pairs with the most cost this month that zone-aware routing could save: both workloads run in the zone of the other. Begin with trafficDistribution on the Service of the one that is called.',
          targets: [rows(promql`topk(20, ${by(pair, last(config, month.avoidable))})`)],
          columns: [...columns, money(config, 'Value', 'Avoidable')],
          sortBy: 'Avoidable',
          noValue: 'nothing',
        }),
    },
    {
      key: 'avoidable-by-sender',
      width: 8,
      height: 9,
      needs: ['avoidable'],
      panel: () =>
        barGauge({
          title: 'Avoidable, by the workload that sends',
          description: 'The five workloads whose traffic could have cost most less this month.',
          target: latest(
            promql`topk(5, ${by(sender, last(config, month.avoidable))})`,
            '{{source_namespace}}/{{source_workload}}',
          ),
          unit: currencyUnit(crossZonePrice(config).currency),
          colour: COLOURS.cross_zone,
          noValue: 'nothing',
        }),
    },
  ];
}

/** A query, with 0 for what only the other one has. */
const orNothing = (query: Query, other: Query): Query => either(query, promql`0 * ${other}`);

/** Who costs more than a week before, and who less. */
export function changePanels(config: TrafficConfig): readonly CostPanel[] {
  const own = ['namespace', 'workload'];
  const now = by(own, last(config, week));
  const before = by(own, lastWeek(config, week));
  const change = (
    key: string,
    title: string,
    description: string,
    more: Query,
    less: Query,
    colour: string,
  ): CostPanel => ({
    key,
    width: 12,
    height: 9,
    needs: ['workloads'],
    panel: () =>
      barGauge({
        title,
        description,
        target: latest(
          promql`topk(5, ${orNothing(more, less)} - (${orNothing(less, more)}) > 0)`,
          '{{namespace}}/{{workload}}',
        ),
        unit: currencyUnit(crossZonePrice(config).currency),
        colour,
        noValue: 'none',
      }),
  });
  return [
    change(
      'dearer',
      'Dearer than the week before',
      'The five workloads whose last seven days cost most more than the seven before, and by how much.',
      now,
      before,
      COLOURS.bad,
    ),
    change(
      'cheaper',
      'Cheaper than the week before',
      'The five workloads whose last seven days cost most less than the seven before, and by how much: what the last change saved.',
      before,
      now,
      COLOURS.good,
    ),
  ];
}

/** What leaves the dashboard, and what it rests on. */
export function listPanels(config: TrafficConfig): readonly CostPanel[] {
  const { currency } = crossZonePrice(config);
  return [
    {
      key: 'export',
      width: 24,
      height: 10,
      needs: ['workloads'],
      panel: () =>
        table({
          title: 'For a spreadsheet: this month by workload and billed direction',
          description: `One query and plain columns, up to 1000 rows: Inspect, Data, Download CSV. Cost is in ${currency}.`,
          targets: [
            rows(
              promql`topk(1000, ${by([...clusterLabels(config), ...WORKLOAD_FIELDS, 'direction'], last(config, month.workload))})`,
            ),
          ],
          columns: [
            ...clusterColumn(config),
            { field: 'namespace', title: 'Namespace' },
            { field: 'workload_type', title: 'Kind' },
            { field: 'workload', title: 'Workload' },
            { field: 'direction', title: 'Direction' },
            { field: 'Value', title: `Cost (${currency})`, decimals: 4 },
          ],
          sortBy: `Cost (${currency})`,
          noValue: NOTHING,
        }),
    },
    {
      key: 'prices',
      width: 24,
      height: 6,
      panel: () =>
        table({
          title: 'Prices',
          description:
            'What a gigabyte costs, and when that was checked. Only cross_zone is charged to traffic here; the others are there for comparison. cloud.price changes them.',
          targets: [
            rows(
              promql`max by (class, direction, currency, as_of) (${selector(costNames(config).price, inCluster(config))})`,
            ),
          ],
          columns: [
            { field: 'class', title: 'Traffic' },
            { field: 'direction', title: 'Billed' },
            { field: 'Value', title: 'Price of a GB', decimals: 4 },
            { field: 'currency', title: 'Currency' },
            { field: 'as_of', title: 'As of' },
          ],
          sortBy: 'Price of a GB',
          noValue: 'no data',
        }),
    },
  ];
}
