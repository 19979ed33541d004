import { clusterLabels } from '../../settings/cluster-labels.ts';
import type { Config } from '../../settings/index.ts';
import { priceOf, priceText } from '../price-book.ts';
import type { RecordingRule } from '../../model/rules.ts';
import { either, labels, promql, selector, withLabel, type Query } from '../../promql/index.ts';
import { SIDES } from '../source.ts';
import type { FlowInput } from '../input.ts';
import { costNames, trafficNames, workloadLabels, ZONE_LABELS } from './names.ts';
import { CARDINALITY } from './traffic.ts';

/** A month as clouds bill it: 730 hours. */
const MONTH_SECONDS = 730 * 3600;

const crossing = (record: string): Query => selector(record, { locality: 'cross_zone' });

/**
 * Records of money. Both billed directions are in the cost of a pair; the cluster's cost tells them apart. Traffic with an unknown
 * zone has no price, so the cost is a lower bound by the unattributed share.
 */
export function costRules(config: Config, input: FlowInput): readonly RecordingRule[] {
  const cluster = clusterLabels(config);
  const traffic = trafficNames(config, input);
  const names = costNames(config);
  const { egressPerGB, ingressPerGB, currency } = priceOf(config);
  const { bytesPerGB } = config.cloud;
  const bytes = promql`sum by (${labels(...cluster)}) (${crossing(traffic.zonePair)})`;
  const none = promql`0 * sum by (${labels(...cluster)}) (${selector(traffic.zonePair)})`;
  const billed = (direction: string, price: number) =>
    withLabel(promql`${either(bytes, none)} / ${bytesPerGB} * ${price}`, 'direction', direction);
  const unit = `${currency}/s`;
  const perPair = (record: string, from: string, kept: readonly string[], cardinality: string): RecordingRule => ({
    record,
    expr: promql`${crossing(from)} / ${bytesPerGB} * ${Number((egressPerGB + ingressPerGB).toPrecision(12))}`,
    labels: [...cluster, ...kept, 'locality'],
    unit,
    cardinality,
    comment: `What cross-zone traffic costs in both billed directions: ${priceText(config)}.`,
  });
  return [
    ...(config.flows.granularity === 'zone'
      ? []
      : [
          perPair(
            names.workloadPair,
            traffic.workloadPair,
            SIDES.flatMap(workloadLabels),
            `${CARDINALITY.workload} across zones`,
          ),
        ]),
    perPair(names.zonePair, traffic.zonePair, ZONE_LABELS, CARDINALITY.zone),
    {
      record: names.cluster,
      expr: either(billed('egress', egressPerGB), billed('ingress', ingressPerGB)),
      labels: [...cluster, 'direction'],
      unit,
      cardinality: 'two',
      comment: 'The cost of the cluster by billed direction: what senders pay, and what receivers pay.',
    },
    {
      record: names.monthly,
      expr: promql`sum by (${labels(...cluster)}) (avg_over_time(${selector(names.cluster)}[1d])) * ${MONTH_SECONDS}`,
      labels: cluster,
      unit: `${currency}/month`,
      cardinality: 'one',
      comment:
        'What a month of 730 hours costs if it goes on like the last day; within the first day, like the time since the start.',
    },
  ];
}
