import type { Config } from '../config/schema.ts';
import type { RecordingRule } from '../model/rules.ts';
import {
  defaultLabel,
  duration,
  join,
  labels,
  not,
  promql,
  recorded,
  selector,
  withLabel,
  type Query,
} from '../promql/index.ts';
import { SIDES, type FlowSource, type Side } from '../sources/flow-source.ts';
import { countedFlows, endpointKey, identityOf } from './endpoints.ts';
import { clusterLabels, endpointIdentity, trafficNames } from './names.ts';

const workloadOf = (side: Side): readonly string[] => [`${side}_namespace`, ...identityOf(side)];

const ZONES = SIDES.map((side) => `${side}_zone`);

const endpoints = (config: Config, source: FlowSource, side: Side) =>
  recorded(endpointIdentity(side), endpointKey(config, source, side));

/** The rate of all counted flows between workloads and zones. */
function unclassifiedRule(config: Config, source: FlowSource): RecordingRule {
  const kept = [...clusterLabels(config), ...SIDES.flatMap(workloadOf)];
  const rate = promql`rate(${countedFlows(config, source)}[${duration(config.rules.window)}])`;
  const toDestination = join(rate, endpoints(config, source, 'destination'), identityOf('destination'));
  const halfway = [...endpointKey(config, source, 'source'), ...workloadOf('destination')];
  const perSource = promql`
    sum by (${labels(...halfway)}) (
      ${toDestination}
    )`;
  const total = promql`
    sum by (${labels(...kept)}) (
      ${join(perSource, endpoints(config, source, 'source'), identityOf('source'))}
    )`;
  return {
    record: trafficNames(config, source).unclassified,
    expr: SIDES.reduce<Query>((query, side) => defaultLabel(query, `${side}_namespace`, 'unknown'), total),
    labels: kept,
    unit: source.unitLabel,
    comment:
      `Traffic between workloads, before its locality. ${source.countOnce} ` +
      'Flows are reduced to the destination workload before the second join, which makes that one cheap.',
  };
}

/** The same with the label `locality`. */
function workloadPairRule(config: Config, source: FlowSource): RecordingRule {
  const { unclassified, workloadPair } = trafficNames(config, source);
  const cluster = clusterLabels(config);
  const key = labels(...cluster, ...ZONES);
  const known = selector(unclassified, { source_zone: not('unknown'), destination_zone: not('unknown') });
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
    ${selector(unclassified, { source_zone: 'unknown' })}
    or
    ${selector(unclassified, { destination_zone: 'unknown' })}`;
  return {
    record: workloadPair,
    expr: promql`
      ${withLabel(same, 'locality', 'same_zone')}
      or
      ${withLabel(cross, 'locality', 'cross_zone')}
      or
      ${withLabel(unknown, 'locality', 'unknown')}`,
    labels: [...cluster, ...SIDES.flatMap(workloadOf), 'locality'],
    unit: source.unitLabel,
    comment:
      'Traffic between workloads with its locality. Two ends in one zone are found by comparing the pair of zones with the ' +
      'diagonal; a pair with an unknown end is neither same nor cross.',
  };
}

/** Workload pairs summed over workloads. */
function zonePairRule(config: Config, source: FlowSource): RecordingRule {
  const { workloadPair, zonePair } = trafficNames(config, source);
  const kept = [...clusterLabels(config), ...ZONES, 'locality'];
  return {
    record: zonePair,
    expr: promql`sum by (${labels(...kept)}) (${selector(workloadPair)})`,
    labels: kept,
    unit: source.unitLabel,
    comment: 'The zone matrix.',
  };
}

/** Zone pairs summed over zones, with a zero where a locality has no traffic at all. */
function clusterRule(config: Config, source: FlowSource): RecordingRule {
  const { zonePair, cluster: record } = trafficNames(config, source);
  const cluster = clusterLabels(config);
  const nothing = promql`0 * sum by (${labels(...cluster)}) (${selector(zonePair)})`;
  return {
    record,
    expr: promql`
      sum by (${labels(...cluster, 'locality')}) (${selector(zonePair)})
      or
      ${withLabel(nothing, 'locality', 'same_zone')}
      or
      ${withLabel(nothing, 'locality', 'cross_zone')}
      or
      ${withLabel(nothing, 'locality', 'unknown')}`,
    labels: [...cluster, 'locality'],
    unit: source.unitLabel,
    comment:
      'Traffic of the cluster by locality. All three values exist whenever there is traffic, so that "none crosses zones" reads 0 ' +
      'and only a broken pipeline reads "no data".',
  };
}

/** The chain from flows to workload pairs, zone pairs and the cluster. */
export const trafficRules = (config: Config, source: FlowSource): readonly RecordingRule[] => [
  unclassifiedRule(config, source),
  workloadPairRule(config, source),
  zonePairRule(config, source),
  clusterRule(config, source),
];
