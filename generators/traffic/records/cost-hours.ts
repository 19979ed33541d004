import { WORKLOAD_FIELDS } from '../../identity/index.ts';
import type { RecordingRule } from '../../model/rules.ts';
import {
  aggregate,
  copied,
  either,
  join,
  labels,
  promql,
  type Query,
  seconds,
  selector,
  UniqueVector,
  withLabel,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { crossZonePrice } from '../prices/index.ts';
import { type Side, SIDES } from '../source.ts';
import { EXTERNAL_FIELDS, noExternalCost } from './cost-external.ts';
import { costNames, MONTH_NAMES, sideLabels, ZONE_LABELS } from './names.ts';

const HOUR = 3600;

/** The middle of the hour that ends now: the hour belongs to the month that this is in, so at most half an hour counts for the wrong month. */
export const midHour = promql`vector(time() - ${HOUR / 2})`;

/**
 * The month that the hour belongs to (1 to 12, UTC) as label `month`, with the value 1. Sums over 31 days can tell by it which hours are of this
 * month, as no range of a query can begin with a month.
 */
export const thisMonth = new UniqueVector(promql`count_values("month", month(${midHour}))`, []);

/**
 * A rate per second over the last hour, summed: its mean times the seconds that were counted. It is the same whether an engine counts the sample
 * at the start of a range or not. Evaluations that are missing count as zero; `covered` tells of them.
 */
const summed = ({ rules }: TrafficConfig, rate: Query): Query => promql`
  avg_over_time(${rate}[1h])
  * clamp_max(count_over_time(${rate}[1h]) * ${seconds(rules.interval)}, ${HOUR})`;

const inMonth = (query: Query): Query => join(query, thisMonth, ['month']);

/** Cost without the zones: a pair of workloads is one row. */
export const PAIR_FIELDS = SIDES.flatMap((side) => sideLabels(side, WORKLOAD_FIELDS));

/** Whether pairs of workloads are recorded, and whether it is known which of their traffic is avoidable. */
export const hasPairs = ({ flows }: Pick<TrafficConfig, 'flows'>): boolean => flows.granularity !== 'zone';
export const hasAvoidable = (config: Pick<TrafficConfig, 'flows'>, { source }: FlowInput): boolean =>
  hasPairs(config) && source.locality === undefined;

/** What each workload is billed: the sender for what leaves its zone, the receiver for what enters its zone. */
function workloadRule(config: TrafficConfig): RecordingRule {
  const cluster = clusterLabels(config);
  const { egress, ingress, both, currency } = crossZonePrice(config);
  const pairs = selector(costNames(config).workloadPair);
  const of = (side: Side, direction: string, price: number): readonly Query[] => {
    if (price === 0) return [];
    const end = [...cluster, ...sideLabels(side, WORKLOAD_FIELDS)];
    const rename = Object.fromEntries(WORKLOAD_FIELDS.map((field) => [`${side}_${field}`, field]));
    const named = copied(aggregate('sum', end, summed(config, pairs)), rename);
    const share = promql`${aggregate('sum', [...cluster, ...WORKLOAD_FIELDS], named)} * ${Number((price / both).toPrecision(12))}`;
    return [withLabel(share, 'direction', direction)];
  };
  return {
    record: MONTH_NAMES.hour.workload,
    expr: inMonth(either(...of('source', 'egress', egress), ...of('destination', 'ingress', ingress))),
    labels: [...cluster, ...WORKLOAD_FIELDS, 'direction', 'month'],
    unit: currency,
    cardinality: 'one for each workload with traffic across zones and each billed direction, each month',
    comment: 'Cost of the last hour by the workload that is billed: egress to the sender, ingress to the receiver.',
  };
}

/** The cost of the last hour, from the rates that were recorded in it. */
export function hourRules(config: TrafficConfig, input: FlowInput): readonly RecordingRule[] {
  const cluster = clusterLabels(config);
  const names = costNames(config);
  const { currency: unit } = crossZonePrice(config);
  const rule = (
    record: string,
    from: string,
    kept: readonly string[],
    cardinality: string,
    comment: string,
  ): RecordingRule => ({
    record,
    expr: inMonth(aggregate('sum', [...cluster, ...kept], summed(config, selector(from)))),
    labels: [...cluster, ...kept, 'month'],
    unit,
    cardinality: `${cardinality}, each month`,
    comment,
  });
  const { hour } = MONTH_NAMES;
  const pairs = [...PAIR_FIELDS, 'locality'];
  const across = 'one for each pair of workloads with traffic across zones';
  return [
    rule(
      hour.cluster,
      names.cluster,
      ['direction'],
      'two',
      'Cost of the last hour by billed direction. The label month is that of the middle of the hour, in UTC.',
    ),
    rule(
      hour.zonePair,
      names.zonePair,
      [...ZONE_LABELS, 'locality'],
      'one for each pair of zones with traffic',
      'Cost of the last hour by pair of zones, in both billed directions.',
    ),
    ...(hasPairs(config)
      ? [
          rule(
            hour.workloadPair,
            names.workloadPair,
            pairs,
            across,
            'Cost of the last hour by pair of workloads, in both billed directions.',
          ),
          workloadRule(config),
        ]
      : []),
    ...(hasAvoidable(config, input)
      ? [
          rule(
            hour.avoidable,
            names.avoidableCost,
            pairs,
            across,
            'What zone-aware routing could have saved in the last hour, by pair of workloads. A lower bound.',
          ),
        ]
      : []),
    ...(noExternalCost(config, input) === undefined
      ? [
          rule(
            hour.external,
            names.external,
            EXTERNAL_FIELDS,
            'one for each workload, each end beyond the cluster and each class that bills it',
            'Cost of the last hour of what leaves the region, by workload, end and class.',
          ),
        ]
      : []),
    {
      record: hour.covered,
      expr: inMonth(promql`
        max by (${labels(...cluster)}) (
          clamp_max(count_over_time(${selector(names.cluster)}[1h]) * ${seconds(config.rules.interval)} / ${HOUR}, 1)
        )`),
      labels: [...cluster, 'month'],
      unit: 'ratio',
      cardinality: 'one, each month',
      comment: 'The share of the last hour in which the cost was recorded: what is missing is missing in its sum.',
    },
  ];
}
