import type { Config } from '../config/schema.ts';
import type { RecordingRule } from '../model/rules.ts';
import { labels, not, promql, selector, withLabel, type Query } from '../promql/index.ts';
import { SIDES, type Side } from '../sources/flow-source.ts';
import type { FlowInput } from '../sources/input.ts';
import { clusterLabels, LOCALITIES, trafficNames } from './names.ts';
import { CARDINALITY, unclassified } from './traffic.ts';

const ZONES = SIDES.map((side) => `${side}_zone`);

const workloadOf = (side: Side): readonly string[] =>
  ['namespace', 'workload_type', 'workload', 'zone'].map((field) => `${side}_${field}`);

const podOf = (side: Side): readonly string[] =>
  ['namespace', 'pod', 'workload_type', 'workload', 'zone'].map((field) => `${side}_${field}`);

/** Levels of pairs, finest first, from the one that the configuration asks for. */
function levels(config: Config, input: FlowInput) {
  const names = trafficNames(config, input);
  const cluster = clusterLabels(config);
  const all = [
    { level: 'pod', record: names.podPair, labels: [...cluster, ...SIDES.flatMap(podOf), 'locality'] },
    { level: 'workload', record: names.workloadPair, labels: [...cluster, ...SIDES.flatMap(workloadOf), 'locality'] },
    { level: 'zone', record: names.zonePair, labels: [...cluster, ...ZONES, 'locality'] },
  ] as const;
  return all.slice(all.findIndex(({ level }) => level === config.flows.granularity));
}

/** Pairs with the label `locality`. */
function classified(config: Config, input: FlowInput): Query {
  const { locality } = input.source;
  if (locality !== undefined) return withLabel(unclassified(config, input), 'locality', locality);
  const cluster = clusterLabels(config);
  const key = labels(...cluster, ...ZONES);
  const known = unclassified(config, input, { source_zone: not('unknown'), destination_zone: not('unknown') });
  // The diagonal of the zone matrix: every source zone paired with itself.
  const diagonal = promql`
    label_replace(
      group by (${labels(...cluster, 'source_zone')}) (${known}),
      "destination_zone", "$1", "source_zone", "(.*)"
    )`;
  const same = promql`
    ${known}
    and on (${key})
    ${diagonal}`;
  const cross = promql`
    ${known}
    unless on (${key})
    ${diagonal}`;
  const unknown = promql`
    ${unclassified(config, input, { source_zone: 'unknown' })}
    or
    ${unclassified(config, input, { destination_zone: 'unknown' })}`;
  return promql`
    ${withLabel(same, 'locality', 'same_zone')}
    or
    ${withLabel(cross, 'locality', 'cross_zone')}
    or
    ${withLabel(unknown, 'locality', 'unknown')}`;
}

/** The pairs of each level, the finest first; the others are sums of it. */
function pairRules(config: Config, input: FlowInput): readonly RecordingRule[] {
  return levels(config, input).map(({ level, record, labels: kept }, index, all) => {
    const finer = all[index - 1];
    return {
      record,
      expr: promql`
        sum by (${labels(...kept)}) (
          ${finer === undefined ? classified(config, input) : selector(finer.record)}
        )`,
      labels: kept,
      unit: input.unitLabel,
      cardinality: CARDINALITY[level],
      comment:
        finer === undefined
          ? input.source.locality === undefined
            ? 'Traffic with its locality. Two ends in one zone are found by comparing the pair of zones with the diagonal; a pair with an ' +
              'unknown end is neither same nor cross.'
            : `Traffic with its locality: this source counts ${input.source.locality} traffic only.`
          : `The same, summed by ${level}.`,
    };
  });
}

/** Zone pairs summed over zones, with a zero where a locality has no traffic at all. */
function clusterRule(config: Config, input: FlowInput): RecordingRule {
  const { zonePair, cluster: record } = trafficNames(config, input);
  const cluster = clusterLabels(config);
  const nothing = promql`0 * sum by (${labels(...cluster)}) (${selector(zonePair)})`;
  const [same, cross, unknown] = LOCALITIES;
  return {
    record,
    expr: promql`
      sum by (${labels(...cluster, 'locality')}) (${selector(zonePair)})
      or
      ${withLabel(nothing, 'locality', same)}
      or
      ${withLabel(nothing, 'locality', cross)}
      or
      ${withLabel(nothing, 'locality', unknown)}`,
    labels: [...cluster, 'locality'],
    unit: input.unitLabel,
    cardinality: 'three',
    comment:
      'Traffic of the cluster by locality. All three values exist whenever there is traffic, so that "none crosses zones" reads 0 ' +
      'and only a broken pipeline reads "no data".',
  };
}

/** From the finest pairs to the cluster. */
export const pairAndClusterRules = (config: Config, input: FlowInput): readonly RecordingRule[] => [
  ...pairRules(config, input),
  clusterRule(config, input),
];
