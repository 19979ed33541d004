import { WORKLOAD_FIELDS } from '../../identity/index.ts';
import type { RecordingRule } from '../../model/rules.ts';
import { aggregate, duration, either, labels, promql, type Query, selector } from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { crossZonePrice } from '../prices/index.ts';
import { hasAvoidable, hasPairs, midHour, PAIR_FIELDS, thisMonth } from './cost-hours.ts';
import { EXTERNAL_FIELDS, noExternalCost } from './cost-external.ts';
import { groupMonthRule } from './cost-groups.ts';
import { MONTH_NAMES, ZONE_LABELS } from './names.ts';

const { hour, month } = MONTH_NAMES;

/** The longest month. Hours of the month before have another label. */
const LONGEST = duration('31d');

/** A month with more missing than this says since when it is incomplete. */
const TOLERATED = 0.005;

/** The last 168 hours, whether an engine counts the sample at the start of a range or not. */
const WEEK = duration('167h30m');

/** The hours of this month in a record, by what `over` makes of them. */
const ofMonth = (over: Query): Query => promql`
  ${over}
  and on (month)
  ${thisMonth.query}`;

const total = (kept: readonly string[], record: string): Query =>
  aggregate('sum', kept, ofMonth(promql`sum_over_time(${selector(record)}[${LONGEST}])`));

/**
 * How many hours of this month there should be by now. vmalert writes a record after the rules that follow it in its group have read it: they
 * know the hour before.
 */
function hoursElapsed({ rules }: TrafficConfig): Query {
  const now = rules.ruler === 'vmalert' ? promql`vector(time() - ${3600 + 1800})` : midHour;
  return promql`scalar((day_of_month(${now}) - 1) * 24 + hour(${now}) + 1)`;
}

/** How much of the month is counted, and since when it is not. */
function coverageRules(config: TrafficConfig): readonly RecordingRule[] {
  const cluster = clusterLabels(config);
  const by = labels(...cluster);
  const covered = selector(month.covered);
  const elapsed = hoursElapsed(config);
  return [
    {
      record: month.covered,
      expr: promql`clamp_max(${total(cluster, hour.covered)} / ${elapsed}, 1)`,
      labels: cluster,
      unit: 'ratio',
      cardinality: 'one',
      comment:
        'The share of this month so far in which the cost was recorded. A cluster that came during the month, and a time without data, are missing in its sum.',
    },
    {
      record: MONTH_NAMES.gap,
      expr: promql`
        (
          time() - 3600 * ${elapsed} * (1 - ${covered})
          and on (${by})
          ${covered} < ${1 - TOLERATED}
        )
        * on () group_left (month)
        ${thisMonth.query}`,
      labels: [...cluster, 'month'],
      unit: 's',
      cardinality: 'one, each month',
      comment:
        'While more than 0.5 % of this month is missing: when that began, if all of it is missing at a stretch until now.',
    },
    {
      record: MONTH_NAMES.incomplete,
      expr: promql`
        ${aggregate('min', cluster, ofMonth(promql`min_over_time(${selector(MONTH_NAMES.gap)}[${LONGEST}])`))}
        and on (${by})
        ${covered} < ${1 - TOLERATED}`,
      labels: cluster,
      unit: 's',
      cardinality: 'one',
      comment: 'Since when hours of this month have been missing, as Unix time. No series while the month is complete.',
    },
  ];
}

/** The month so far, and what the days that are left would add if they were like the last seven. */
function forecastRule(config: TrafficConfig): RecordingRule {
  const cluster = clusterLabels(config);
  const by = labels(...cluster);
  const week = (record: string): Query =>
    aggregate('sum', cluster, promql`sum_over_time(${selector(record)}[${WEEK}])`);
  const soFar = aggregate('sum', cluster, selector(month.cluster));
  return {
    record: MONTH_NAMES.forecast,
    expr: promql`
      ${soFar}
      + on (${by})
      ${either(
        promql`
        ${week(hour.cluster)}
        / on (${by})
        (${week(hour.covered)} > 0)
        * (scalar(days_in_month(${midHour})) * 24 - ${hoursElapsed(config)})`,
        promql`0 * ${soFar}`,
      )}`,
    labels: cluster,
    unit: crossZonePrice(config).currency,
    cardinality: 'one',
    comment:
      'What this month will have cost at its end: the month so far, and for each hour that is left the mean of the hours of the last seven days that were counted. ' +
      'Hours that are missing so far stay missing.',
  };
}

/** The cost of the calendar month so far (UTC), from the hours that were recorded; what it will be; and what to compare it with. */
export function monthRules(config: TrafficConfig, input: FlowInput): readonly RecordingRule[] {
  const cluster = clusterLabels(config);
  const { currency: unit } = crossZonePrice(config);
  const rule = (record: string, from: string, kept: readonly string[], cardinality: string): RecordingRule => ({
    record,
    expr: total([...cluster, ...kept], from),
    labels: [...cluster, ...kept],
    unit,
    cardinality,
    comment: `The hours of this month in ${from}, summed.`,
  });
  const pairs = [...PAIR_FIELDS, 'locality'];
  const across = 'one for each pair of workloads with traffic across zones this month';
  const workloadsOnly: readonly RecordingRule[] = [
    rule(
      month.workload,
      hour.workload,
      [...WORKLOAD_FIELDS, 'direction'],
      'one for each workload with traffic across zones this month, and each billed direction',
    ),
    rule(month.workloadPair, hour.workloadPair, pairs, across),
    ...(hasAvoidable(config, input) ? [rule(month.avoidable, hour.avoidable, pairs, across)] : []),
    ...groupMonthRule(config),
    {
      record: MONTH_NAMES.week,
      expr: aggregate(
        'sum',
        [...cluster, ...WORKLOAD_FIELDS],
        promql`sum_over_time(${selector(hour.workload)}[${WEEK}])`,
      ),
      labels: [...cluster, ...WORKLOAD_FIELDS],
      unit,
      cardinality: 'one for each workload with traffic across zones in a week',
      comment: 'Cost of the last seven days by workload, to compare one week with another.',
    },
    {
      record: MONTH_NAMES.dearest,
      expr: aggregate(
        'max',
        [...cluster, ...PAIR_FIELDS],
        promql`max_over_time(${selector(hour.workloadPair)}[6d] offset 1d)`,
      ),
      labels: [...cluster, ...PAIR_FIELDS],
      unit,
      cardinality: 'one for each pair of workloads with traffic across zones in a week',
      comment:
        'The dearest hour of a pair in the six days up to yesterday: what CrossZoneTrafficStep compares the last hour with.',
    },
  ];
  return [
    rule(month.cluster, hour.cluster, ['direction'], 'two'),
    rule(
      month.zonePair,
      hour.zonePair,
      [...ZONE_LABELS, 'locality'],
      'one for each pair of zones with traffic this month',
    ),
    ...coverageRules(config),
    forecastRule(config),
    ...(noExternalCost(config, input) === undefined
      ? [
          rule(
            month.external,
            hour.external,
            EXTERNAL_FIELDS,
            'one for each workload, each end beyond the cluster and each class that bills it this month',
          ),
        ]
      : []),
    ...(hasPairs(config) ? workloadsOnly : []),
  ];
}
