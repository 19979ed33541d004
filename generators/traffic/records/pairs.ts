import { clusterLabels } from '../../settings/cluster-labels.ts';
import type { Config } from '../../settings/index.ts';
import type { RecordingRule } from '../../model/rules.ts';
import {
  either,
  join,
  labels,
  not,
  promql,
  selector,
  UniqueVector,
  withLabel,
  type Matchers,
  type Query,
} from '../../promql/index.ts';
import { SIDES, type Side } from '../source.ts';
import type { FlowInput } from '../input.ts';
import { LOCALITIES, trafficNames, workloadLabels, ZONE_LABELS } from './names.ts';
import { CARDINALITY, unclassified } from './traffic.ts';

const podOf = (side: Side): readonly string[] =>
  ['namespace', 'pod', 'workload_type', 'workload', 'zone'].map((field) => `${side}_${field}`);

/** The zone matrix, small enough to be compared with its diagonal. */
function zonePairRule(config: Config, input: FlowInput): RecordingRule {
  const { locality } = input.source;
  const cluster = clusterLabels(config);
  const matrix = (where: Matchers = {}): Query => promql`
    sum by (${labels(...cluster, ...ZONE_LABELS)}) (${unclassified(config, input, where)})`;
  const known = matrix({ source_zone: not('unknown'), destination_zone: not('unknown') });
  const key = labels(...cluster, ...ZONE_LABELS);
  // The diagonal: every source zone paired with itself.
  const diagonal = promql`
    label_replace(
      group by (${labels(...cluster, 'source_zone')}) (${unclassified(config, input)}),
      "destination_zone", "$1", "source_zone", "(.*)"
    )`;
  const same = promql`
    ${known}
    and on (${key})
    ${diagonal}`;
  return {
    record: trafficNames(config, input).zonePair,
    expr:
      locality === undefined
        ? either(
            withLabel(same, 'locality', 'same_zone'),
            withLabel(
              promql`
              ${known}
              unless on (${key})
              ${diagonal}`,
              'locality',
              'cross_zone',
            ),
            withLabel(matrix({ source_zone: 'unknown' }), 'locality', 'unknown'),
            withLabel(matrix({ source_zone: not('unknown'), destination_zone: 'unknown' }), 'locality', 'unknown'),
          )
        : withLabel(matrix(), 'locality', locality),
    labels: [...cluster, ...ZONE_LABELS, 'locality'],
    unit: input.unitLabel,
    cardinality: CARDINALITY.zone,
    comment:
      locality === undefined
        ? 'The zone matrix with its locality. Two ends in one zone are found by comparing the matrix with its diagonal; a pair with an ' +
          'unknown end is neither same nor cross.'
        : `The zone matrix. This source counts ${locality} traffic only, whether or not it knows both zones.`,
  };
}

/** The finer pairs: the locality of their zones comes from the matrix. */
function finerRules(config: Config, input: FlowInput): readonly RecordingRule[] {
  const { granularity } = config.flows;
  if (granularity === 'zone') return [];
  const names = trafficNames(config, input);
  const cluster = clusterLabels(config);
  const zones = new UniqueVector(
    promql`group by (${labels(...cluster, ...ZONE_LABELS, 'locality')}) (${selector(names.zonePair)})`,
    [...cluster, ...ZONE_LABELS],
  );
  const located = join(unclassified(config, input), zones, ['locality']);
  const workloads = [...cluster, ...SIDES.flatMap(workloadLabels), 'locality'];
  const pods = [...cluster, ...SIDES.flatMap(podOf), 'locality'];
  const rule = (record: string, kept: readonly string[], from: Query, cardinality: string): RecordingRule => ({
    record,
    expr: promql`
      sum by (${labels(...kept)}) (
        ${from}
      )`,
    labels: kept,
    unit: input.unitLabel,
    cardinality,
    comment: 'The same by the ends themselves; the locality of their zones is that of the matrix.',
  });
  return granularity === 'pod'
    ? [
        rule(names.podPair, pods, located, CARDINALITY.pod),
        rule(names.workloadPair, workloads, selector(names.podPair), CARDINALITY.workload),
      ]
    : [rule(names.workloadPair, workloads, located, CARDINALITY.workload)];
}

/** Zone pairs summed over zones, with a zero where a locality has no traffic at all. */
function clusterRule(config: Config, input: FlowInput): RecordingRule {
  const { zonePair, cluster: record } = trafficNames(config, input);
  const cluster = clusterLabels(config);
  const nothing = promql`0 * sum by (${labels(...cluster)}) (${selector(zonePair)})`;
  return {
    record,
    expr: either(
      promql`sum by (${labels(...cluster, 'locality')}) (${selector(zonePair)})`,
      ...LOCALITIES.map((locality) => withLabel(nothing, 'locality', locality)),
    ),
    labels: [...cluster, 'locality'],
    unit: input.unitLabel,
    cardinality: 'three',
    comment:
      'Traffic of the cluster by locality. All three values exist whenever there is traffic, so that "none crosses zones" reads 0 ' +
      'and only a broken pipeline reads "no data".',
  };
}

/** The zone matrix, the pairs behind it, and the sums of the cluster. */
export const pairAndClusterRules = (config: Config, input: FlowInput): readonly RecordingRule[] => [
  zonePairRule(config, input),
  ...finerRules(config, input),
  clusterRule(config, input),
];
