import type { RecordingRule } from '../../model/rules.ts';
import {
  copied,
  either,
  join,
  labels,
  type Matchers,
  not,
  promql,
  type Query,
  recorded,
  selector,
  UniqueVector,
  withLabel,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import { type FlowInput, flowRate } from '../input.ts';
import { type Side, SIDES } from '../source.ts';
import { flowKey } from './endpoints.ts';
import { LOCALITIES, trafficNames, workloadLabels, ZONE_LABELS } from './names.ts';
import { identityFields, identityLabels } from './resolution.ts';

/** Labels that the finest pairs keep of one side before their locality is known. */
export const sideLabels = (config: TrafficConfig, side: Side): readonly string[] =>
  identityFields(config).map((field) => `${side}_${field}`);

/** A side that the source does not name at all. */
const NO_PEER: Readonly<Record<string, string>> = { reason: 'no_peer', pod: '' };

/** Adds the identity of one side; a source without that side gives the same answer for every flow. */
function identified(config: TrafficConfig, input: FlowInput, side: Side, flows: Query): Query {
  if (Object.keys(input.source.ends[side]).length === 0) {
    return identityFields(config).reduce(
      (query, field) => withLabel(query, `${side}_${field}`, NO_PEER[field] ?? 'unknown'),
      flows,
    );
  }
  const endpoints = recorded(trafficNames(config, input).identity(side), flowKey(config, input.source, side));
  return join(flows, endpoints, identityLabels(config, input, side));
}

/** Every label that joins have named apart, under its final name. */
function finalNames(config: TrafficConfig, input: FlowInput, query: Query): Query {
  const renames = SIDES.filter((side) => Object.keys(input.source.ends[side]).length > 0).flatMap((side) => {
    const final = sideLabels(config, side);
    return identityLabels(config, input, side).flatMap((label, index) => {
      const to = final[index];
      return to === undefined || to === label ? [] : [[label, to] as const];
    });
  });
  return renames.length === 0 ? query : copied(query, Object.fromEntries(renames));
}

/** The rate of all counted flows between the finest ends that are recorded. */
export function unclassifiedRule(config: TrafficConfig, input: FlowInput): RecordingRule {
  const { source } = input;
  const cluster = clusterLabels(config);
  const [from, to] = [flowKey(config, source, 'source'), flowKey(config, source, 'destination')];
  const hasPeer = Object.keys(source.ends.destination).length > 0;
  const toLabels = hasPeer ? identityLabels(config, input, 'destination') : sideLabels(config, 'destination');
  const pairs = promql`
    sum by (${labels(...new Set([...from, ...to]))}) (
      ${flowRate(config, input)}
    )`;
  const halfway = promql`
    sum by (${labels(...from, ...toLabels)}) (
      ${identified(config, input, 'destination', pairs)}
    )`;
  const fromLabels = identityLabels(config, input, 'source');
  const total = promql`
    sum by (${labels(...cluster, ...fromLabels, ...toLabels)}) (
      ${identified(config, input, 'source', halfway)}
    )`;
  const kept = [...cluster, ...SIDES.flatMap((side) => sideLabels(config, side))];
  const renamed = finalNames(config, input, total);
  return {
    record: trafficNames(config, input).unclassified(config.flows.granularity),
    expr:
      renamed === total
        ? total
        : promql`
      sum by (${labels(...kept)}) (
        ${renamed}
      )`,
    labels: kept,
    unit: input.unitLabel,
    cardinality: CARDINALITY[config.flows.granularity],
    comment:
      `Traffic before its locality is known, with the reason where a zone is unknown. ${source.countOnce} ` +
      'Flows are reduced to pairs of endpoints before the first join and to the destination before the second, which makes both cheap.',
  };
}

/** How many pairs there are at each level. */
export const CARDINALITY = {
  zone: 'one for each pair of zones that talk: at most the square of the zones and "unknown"',
  workload: 'one for each pair of workloads and zones that talk',
  pod: 'one for each pair of pods that talk',
} as const;

/** The recorded pairs before their locality is known. */
export const unclassified = (
  config: TrafficConfig,
  input: FlowInput,
  where: Parameters<typeof selector>[1] = {},
): Query => selector(trafficNames(config, input).unclassified(config.flows.granularity), where);

const podOf = (side: Side): readonly string[] =>
  ['namespace', 'pod', 'workload_type', 'workload', 'zone'].map((field) => `${side}_${field}`);

/** The zone matrix, small enough to be compared with its diagonal. */
function zonePairRule(config: TrafficConfig, input: FlowInput): RecordingRule {
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
function finerRules(config: TrafficConfig, input: FlowInput): readonly RecordingRule[] {
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
function clusterRule(config: TrafficConfig, input: FlowInput): RecordingRule {
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
export const pairAndClusterRules = (config: TrafficConfig, input: FlowInput): readonly RecordingRule[] => [
  zonePairRule(config, input),
  ...finerRules(config, input),
  clusterRule(config, input),
];
