import { ofCluster } from '../../alerts/spec.ts';
import {
  aggregate,
  duration,
  either,
  inOrder,
  labels,
  oneOf,
  promql,
  type Query,
  seconds,
  selector,
  withLabel,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import { costInput, noMoney } from '../cost-input.ts';
import { crossZonePrice } from '../prices/index.ts';
import { hasPairs, PAIR_FIELDS } from '../records/cost-hours.ts';
import { costNames, MONTH_NAMES, trafficNames, ZONED_LOCALITIES } from '../records/names.ts';
import { knowsLocality } from '../records/usable.ts';
import { type Alert, warning } from './common.ts';

/** Hours of a month as budgets are spread over it. */
const MONTH_HOURS = 730;

/** How much faster than the slow pace the fast one is. */
const FAST = 4;

/** Records of hours, as last recorded: of the hour that ended up to an hour ago. */
const ofLastHour = (record: string): Query => promql`last_over_time(${selector(record)}[2h])`;

/** A step must be this share of what the cluster costs, or it is not worth anybody's time. */
const WORTH = 0.05;

/** A share must rise by so much, or a small one would double by a trifle. */
const POINTS = 0.05;

/** What is compared with must be known for so many hours. */
const KNOWN_HOURS = 24;

const noBudget = (config: TrafficConfig): string | undefined =>
  noMoney(config) ?? (config.cost.budgetPerMonth === null ? 'cost.budgetPerMonth is null' : undefined);

const money = (config: TrafficConfig): string => crossZonePrice(config).currency;

/** What a window cost, over what the budget has for a window of that length. Evaluations that are missing count as zero. */
function pace(config: TrafficConfig, window: string): Query {
  const cost = selector(costNames(config).cluster);
  const range = duration(window);
  const spent = promql`
    avg_over_time(${cost}[${range}])
    * clamp_max(count_over_time(${cost}[${range}]) * ${seconds(config.rules.interval)}, ${seconds(window)})`;
  const budget = ((config.cost.budgetPerMonth ?? 0) * seconds(window)) / (MONTH_HOURS * 3600);
  return promql`${aggregate('sum', clusterLabels(config), spent)} / ${Number(budget.toPrecision(12))}`;
}

/**
 * Spending is above a pace in a long window, and still is in a short one, so that the alert ends soon after the spending. The value is the
 * smaller of the two.
 */
function burns(config: TrafficConfig, [long, short]: readonly [string, string], factor: number): Query {
  const cluster = clusterLabels(config);
  const [whole, end] = [pace(config, long), pace(config, short)];
  const smaller = inOrder(cluster, promql`${whole} <= on (${labels(...cluster)}) ${end}`, end);
  return promql`${smaller} > ${factor}`;
}

/** A step of one pair of workloads. */
function steps(config: TrafficConfig, threshold: number): Query {
  const by = labels(...clusterLabels(config));
  const pair = [...clusterLabels(config), ...PAIR_FIELDS];
  // Of two months, in the hour between them.
  const now = aggregate('max', pair, ofLastHour(MONTH_NAMES.hour.workloadPair));
  const before = either(aggregate('max', pair, ofLastHour(MONTH_NAMES.dearest)), promql`0 * ${now}`);
  const all = aggregate(
    'sum',
    clusterLabels(config),
    aggregate('max', [...clusterLabels(config), 'direction'], ofLastHour(MONTH_NAMES.hour.cluster)),
  );
  const known = promql`sum_over_time(${selector(MONTH_NAMES.hour.covered)}[6d] offset 1d)`;
  return promql`
    ${now} > ${threshold} * (${before})
    and
    ${now} - (${before}) > on (${by}) group_left () ${WORTH} * ${all}
    and on (${by})
    ${aggregate('sum', clusterLabels(config), known)} >= ${KNOWN_HOURS}`;
}

/** The cross-zone share is above that of the week. */
function shares(config: TrafficConfig, threshold: number): Query {
  const found = costInput(config);
  if ('reason' in found) throw new TypeError(found.reason);
  const cluster = clusterLabels(config);
  const { cluster: record } = trafficNames(config, found.input);
  const share = (range: string, offset = ''): Query => {
    const mean = (where: Query): Query =>
      aggregate(
        'sum',
        cluster,
        offset === ''
          ? promql`avg_over_time(${where}[${duration(range)}])`
          : promql`avg_over_time(${where}[${duration(range)}] offset ${duration(offset)})`,
      );
    return promql`
      ${mean(selector(record, { locality: 'cross_zone' }))}
      / on (${labels(...cluster)})
      (${mean(selector(record, { locality: oneOf(ZONED_LOCALITIES) }))} > 0)`;
  };
  const now = share('1h');
  const week = share('6d', '1d');
  const known = promql`count_over_time(${selector(record, { locality: 'cross_zone' })}[6d] offset 1d)`;
  return promql`
    ${now} > on (${labels(...cluster)}) ${threshold} * (${week})
    and on (${labels(...cluster)})
    (${now}) - on (${labels(...cluster)}) (${week}) > ${POINTS}
    and on (${labels(...cluster)})
    ${aggregate('max', cluster, known)} * ${seconds(config.rules.interval)} >= ${KNOWN_HOURS * 3600}`;
}

const alert = (spec: Omit<Alert, 'ratio' | 'sustained' | 'dashboard'> & Partial<Alert>): Alert => ({
  ratio: false,
  sustained: false,
  dashboard: { uid: 'zone-cost', variables: [] },
  ...spec,
});

/** Alerts on what traffic between zones costs. */
export const costAlerts: readonly Alert[] = [
  alert({
    alert: 'CrossZoneCostBudgetBurn',
    tier: warning(1.5, '15m', '1h'),
    summary: 'Traffic between zones costs more than its budget allows for.',
    description: (config) =>
      `${ofCluster(config.cluster.label)}it costs at least {{ $value | humanize }} times what ${config.cost.budgetPerMonth} ${money(config)} a month allow for, ` +
      `{{ if eq $labels.pace "fast" }}over the last six hours and over the last one{{ else }}over the last day and over the last six hours{{ end }}. ` +
      'First: see on the dashboard which pair of workloads rose most, and what was deployed then.',
    expr: (config, threshold) =>
      either(
        withLabel(burns(config, ['1d', '6h'], threshold), 'pace', 'slow'),
        withLabel(burns(config, ['6h', '1h'], FAST * threshold), 'pace', 'fast'),
      ),
    without: noBudget,
    comment: `Slow: a day at 1.5 times the pace spends 5 % of the month. Fast: six hours at ${FAST} times that spend as much. The shorter window ends the alert soon after the spending does.`,
  }),
  alert({
    alert: 'CrossZoneCostForecast',
    tier: warning(1, '3h', '3h'),
    summary: 'This month, traffic between zones will cost more than its budget.',
    description: (config) =>
      `${ofCluster(config.cluster.label)}at the end of the month it will have cost {{ $value | humanizePercentage }} of the budget of ` +
      `${config.cost.budgetPerMonth} ${money(config)}, if the days that are left are like the last seven. First: see what could be avoided, and who pays for it, on the dashboard.`,
    expr: (config, threshold) => promql`
      ${ofLastHour(MONTH_NAMES.forecast)} / ${config.cost.budgetPerMonth ?? 1} > ${threshold}`,
    without: noBudget,
    comment: 'The forecast is recorded once an hour, so three hours are three forecasts in a row.',
  }),
  alert({
    alert: 'CrossZoneTrafficStep',
    tier: warning(1.5, '1h', '1h'),
    summary: 'A pair of workloads costs far more across zones than in any hour of its own week.',
    description: (config) =>
      `${ofCluster(config.cluster.label)}traffic from {{ $labels.source_namespace }}/{{ $labels.source_workload }} to ` +
      `{{ $labels.destination_namespace }}/{{ $labels.destination_workload }} costs {{ $value | humanize }} ${money(config)} an hour across zones, ` +
      'more than half again as much as in the dearest hour of the six days before yesterday. First: see what was deployed, moved or rescaled on either side then.',
    expr: steps,
    without: (config) =>
      noMoney(config) ?? (hasPairs(config) ? undefined : 'flows.granularity is zone, so no workloads are recorded'),
    comment:
      'Compared with the dearest hour, not the mean, so that what is dear every day is none. The week ends a day ago: a step fires for up to a day, then it is normal. ' +
      'Only what is over 5 % of the cost of the cluster, and only where a day of the week before is known.',
  }),
  alert({
    alert: 'CrossZoneShareHigh',
    tier: warning(1.3, '2h', '1h'),
    summary: 'More of the traffic crosses zones than in the week before.',
    description: ({ cluster }) =>
      `${ofCluster(cluster.label)}{{ $value | humanizePercentage }} of the bytes cross zones, far more than in the six days before yesterday. Traffic no longer stays in ` +
      'its zone. First: look for Services that lost their zone hints or trafficDistribution, and for workloads that left a zone.',
    expr: shares,
    without: (config) => {
      const found = costInput(config);
      return (
        noMoney(config) ??
        ('input' in found && knowsLocality(found.input.source)
          ? 'the source counts cross-zone traffic only'
          : undefined)
      );
    },
    comment:
      'Means of an hour against means of six days, so that neither bursts nor the time of day count. The share must rise by 5 points as well: a small one would double by a trifle.',
  }),
];
