import { clusterLabels } from '../../settings/cluster-labels.ts';
import type { Config } from '../../settings/index.ts';
import type { RecordingRule } from '../../model/rules.ts';
import { copied, join, labels, promql, recorded, selector, withLabel, type Query } from '../../promql/index.ts';
import { SIDES, type Side } from '../source.ts';
import { flowRate, type FlowInput } from '../input.ts';
import { flowKey } from './endpoints.ts';
import { trafficNames } from './names.ts';
import { identityFields, identityLabels } from './resolution.ts';

/** Labels that the finest pairs keep of one side before their locality is known. */
export const sideLabels = (config: Config, side: Side): readonly string[] =>
  identityFields(config).map((field) => `${side}_${field}`);

/** A side that the source does not name at all. */
const NO_PEER: Readonly<Record<string, string>> = { reason: 'no_peer', pod: '' };

/** Adds the identity of one side; a source without that side gives the same answer for every flow. */
function identified(config: Config, input: FlowInput, side: Side, flows: Query): Query {
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
function finalNames(config: Config, input: FlowInput, query: Query): Query {
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
export function unclassifiedRule(config: Config, input: FlowInput): RecordingRule {
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
export const unclassified = (config: Config, input: FlowInput, where: Parameters<typeof selector>[1] = {}): Query =>
  selector(trafficNames(config, input).unclassified(config.flows.granularity), where);
