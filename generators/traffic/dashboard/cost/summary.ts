import { stat, timeSeries } from '../../../panels/charts.ts';
import { firing, noneRow } from '../../../panels/firing.ts';
import { COLOURS, inCluster, overTime, rows, type Step } from '../../../panels/shared.ts';
import { clusterColumn, table } from '../../../panels/table.ts';
import { labels, promql, type Query, selector } from '../../../promql/index.ts';
import { clusterLabels } from '../../../settings/general.ts';
import { costAlerts } from '../../alerts/cost.ts';
import type { TrafficConfig } from '../../config.ts';
import { crossZonePrice } from '../../prices/index.ts';
import { MONTH_NAMES } from '../../records/names.ts';
import { type CostPanel, currencyUnit, DAY, day, last } from './shown.ts';

const { good, attention, warning, bad, total, cross_zone: crossing } = COLOURS;
const { hour, month, forecast, incomplete } = MONTH_NAMES;

const HOURLY = 'Recorded once an hour.';

const tile = (
  key: string,
  width: number,
  options: Parameters<typeof stat>[0],
  needs: CostPanel['needs'] = [],
): CostPanel => ({ key, width, height: 4, needs, panel: () => stat({ ...options, now: true }) });

const plain: readonly Step[] = [[null, total]];

/** The month, and how it compares: the first row. */
export function tiles(config: TrafficConfig): readonly CostPanel[] {
  const unit = currencyUnit(crossZonePrice(config).currency);
  const spent = promql`sum(${day(config, hour.cluster)})`;
  const weekAgo = promql`sum(sum_over_time(${selector(hour.cluster, inCluster(config))}[${DAY}] offset 1w))`;
  return [
    tile('month', 4, {
      title: 'This month so far',
      description: `What traffic between zones has cost since the first of the month (UTC), at both ends. ${HOURLY} The bill of the cloud comes a day or two later.`,
      expr: promql`sum(${last(config, month.cluster)})`,
      unit,
      decimals: 2,
      steps: [[null, crossing]],
    }),
    tile('forecast', 4, {
      title: 'By the end of the month',
      description: 'The month so far, and the days that are left as if they were like the last seven.',
      expr: promql`sum(${last(config, forecast)})`,
      unit,
      decimals: 2,
      steps: plain,
    }),
    tile(
      'budget',
      4,
      {
        title: 'Of the budget',
        description:
          'The forecast as a share of cost.budgetPerMonth, of the cluster that is nearest to it. Above 100 %, the month will cost more than planned.',
        expr: promql`max(${last(config, forecast)}) / ${config.cost.budgetPerMonth ?? 1}`,
        unit: 'percentunit',
        decimals: 0,
        steps: [
          [null, good],
          [0.9, attention],
          [1, bad],
        ],
      },
      ['budget'],
    ),
    tile('day', 3, {
      title: 'Last 24 hours',
      description: `What the last 24 hours have cost. ${HOURLY}`,
      expr: spent,
      unit,
      decimals: 2,
      steps: plain,
    }),
    tile('same-weekday', 3, {
      title: 'Against last week',
      description: 'The last 24 hours against the same hours of the same weekday, a week before. A plus is a rise.',
      expr: promql`${spent} / (${weekAgo} > 0) - 1`,
      unit: 'percentunit',
      decimals: 0,
      steps: [
        [null, good],
        [0.1, attention],
        [0.3, warning],
      ],
    }),
    tile(
      'avoidable',
      3,
      {
        title: 'Avoidable',
        description:
          'What zone-aware routing could have saved this month: traffic between workloads that each run in the zone of the other. A lower bound.',
        expr: promql`sum(${last(config, month.avoidable)})`,
        unit,
        decimals: 2,
        steps: [
          [null, good],
          [0.01, attention],
        ],
      },
      ['avoidable'],
    ),
    tile('covered', 3, {
      title: 'Counted',
      description:
        'The share of this month so far in which the cost was recorded, in the cluster with the least. Below 99.5 %, the figures are too low: the table of clusters says since when.',
      expr: promql`min(${last(config, month.covered)})`,
      unit: 'percentunit',
      decimals: 1,
      steps: [
        [null, bad],
        [0.9, attention],
        [0.995, good],
      ],
    }),
  ];
}

const graph = (
  key: string,
  options: Parameters<typeof timeSeries>[0],
  needs: CostPanel['needs'] = [],
  [width, height] = [12, 8],
): CostPanel => ({ key, width, height, needs, panel: () => timeSeries(options) });

/** Hours, the month, and the pace of spending. */
export function graphs(config: TrafficConfig): readonly CostPanel[] {
  const unit = currencyUnit(crossZonePrice(config).currency);
  const cluster = clusterLabels(config);
  const { budgetPerMonth: budget } = config.cost;
  const known = promql`group by (${labels(...cluster)}) (${last(config, month.cluster)})`;
  const spent = promql`sum(${last(config, month.cluster)})`;
  const shareOfDay = (hours: number, sum: Query): Query =>
    promql`max(sum by (${labels(...cluster)}) (${sum})) / ${Number((((budget ?? 1) * hours) / 730).toPrecision(12))}`;
  return [
    graph('hourly', {
      title: 'Cost of an hour, by billed direction',
      description:
        'Egress is billed to the workload that sends, ingress to the one that receives. Each point is the hour before it.',
      targets: [
        overTime(
          promql`sum by (direction) (last_over_time(${selector(hour.cluster, inCluster(config))}[1h]))`,
          '{{direction}}',
        ),
      ],
      unit,
      stacked: true,
      colours: { egress: crossing, ingress: total },
    }),
    graph('month-graph', {
      title: budget === null ? 'The month, and its forecast' : 'The month, its forecast, and the budget',
      description: 'What the month has cost so far, and what it will have cost at its end by the last seven days.',
      targets: [
        overTime(spent, 'so far'),
        overTime(promql`sum(${last(config, forecast)})`, 'forecast'),
        ...(budget === null ? [] : [overTime(promql`count(${known}) * ${budget}`, 'budget')]),
      ],
      unit,
      colours: { 'so far': crossing, forecast: total, budget: bad },
    }),
    graph(
      'pace',
      {
        title: 'Pace of spending against the budget',
        description:
          'How many times as fast as cost.budgetPerMonth allows for a cluster spends, over a day and over six hours. CrossZoneCostBudgetBurn fires above 1.5 in both.',
        targets: [
          overTime(shareOfDay(24, day(config, hour.cluster)), 'a day'),
          overTime(
            shareOfDay(6, promql`sum_over_time(${selector(hour.cluster, inCluster(config))}[5h30m])`),
            'six hours',
          ),
          overTime(promql`group(${last(config, month.cluster)})`, 'as planned'),
        ],
        unit: 'suffix: ×',
        colours: { 'a day': total, 'six hours': crossing, 'as planned': good },
      },
      ['budget'],
      [8, 7],
    ),
  ];
}

/** Firing alerts on cost, and how far the figures of each cluster can be trusted. */
export function trust(config: TrafficConfig): readonly CostPanel[] {
  // Beside the pace of spending, where there is a budget.
  const width = config.cost.budgetPerMonth === null ? 12 : 8;
  const cluster = clusterLabels(config);
  const alerts = firing(inCluster(config), costAlerts);
  return [
    {
      key: 'firing-alerts',
      width,
      height: 7,
      panel: () =>
        table({
          title: 'Firing alerts',
          description: 'Firing alerts on cost, from the alerting rules of Azimuth. It should say "none".',
          targets: [rows(alerts), noneRow('alertname', alerts, last(config, month.cluster))],
          columns: [
            { field: 'alertname', title: 'Alert' },
            ...clusterColumn(config),
            { field: 'source_workload', title: 'From', width: 90 },
            { field: 'destination_workload', title: 'To', width: 90 },
          ],
          noValue: 'no data',
        }),
    },
    {
      key: 'clusters',
      width,
      height: 7,
      panel: () =>
        table({
          title: 'How much of the month is counted',
          description:
            '"Missing since" is when the first hour of this month went missing: with more than 0.5 % missing, the month is too low. A cluster that came during the month is missing hours since the first.',
          targets: [
            rows(promql`sum by (${labels(...cluster)}) (${last(config, month.cluster)})`),
            rows(promql`min by (${labels(...cluster)}) (${last(config, month.covered)})`),
            // In milliseconds, as Grafana has it.
            rows(promql`1000 * min by (${labels(...cluster)}) (${last(config, incomplete)})`),
          ],
          columns: [
            ...clusterColumn(config),
            {
              field: 'Value #A',
              title: 'This month',
              unit: currencyUnit(crossZonePrice(config).currency),
              decimals: 2,
              width: 95,
            },
            { field: 'Value #B', title: 'Counted', unit: 'percentunit', decimals: 1, width: 80 },
            { field: 'Value #C', title: 'Missing since', unit: 'dateTimeAsIso', width: 150 },
          ],
          noValue: 'no data',
        }),
    },
  ];
}
