import type { RecordingRule } from '../../model/rules.ts';
import {
  aggregate,
  copied,
  either,
  labels,
  noneOf,
  not,
  promql,
  type Query,
  selector,
  withLabel,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { type Side, SIDES } from '../source.ts';
import { completedFlows, naming, pairKey, pairReports, rateOf } from './flows.ts';
import { BEYOND, REASONS, trafficNames } from './names.ts';
import { unclassified } from './pairs.ts';
import { onlyPlaced } from './usable.ts';
import { zeroFor } from './zero.ts';

const reasonOf = (side: Side, query: Query): Query => copied(query, { [`${side}_reason`]: 'reason' });

/** The share of traffic with an unknown zone, by reason. */
function unattributedRule(config: TrafficConfig, input: FlowInput): RecordingRule {
  const cluster = clusterLabels(config);
  const kept = [...cluster, 'reason'];
  // Traffic with an end beyond the cluster is attributed, whatever the other end is.
  const unplaced = noneOf(['', ...BEYOND]);
  const unknown = either(
    reasonOf('source', unclassified(config, input, { source_reason: unplaced, destination_reason: noneOf(BEYOND) })),
    reasonOf('destination', unclassified(config, input, { source_reason: '', destination_reason: unplaced })),
  );
  // The zone matrix has the same total in far fewer series.
  const total = promql`sum by (${labels(...cluster)}) (${selector(trafficNames(config, input).zonePair)})`;
  // A reason without traffic is recorded as 0: alerts on it resolve, and graphs have no gaps.
  const zero = zeroFor(cluster, selector(trafficNames(config, input).zonePair));
  const none = either(...REASONS.map((reason) => withLabel(zero, 'reason', reason)));
  return {
    record: trafficNames(config, input).unattributed,
    expr: promql`
      (
        ${aggregate('sum', kept, unknown)}
        or
        ${none}
      )
      / on (${labels(...cluster)}) group_left ()
      (${total} > 0)`,
    labels: kept,
    unit: 'ratio',
    cardinality: 'one for each reason',
    comment:
      'Share of all traffic (0 to 1) with an unknown zone, by reason: that of the source if its zone is unknown, else that of the ' +
      'destination.',
  };
}

/** Traffic that was read but is in no zone pair: 0 apart from rounding, unless a rule is broken. */
function lostRule(config: TrafficConfig, input: FlowInput): RecordingRule {
  const cluster = clusterLabels(config);
  const { endpoint, zonePair, lost } = trafficNames(config, input);
  const seen = onlyPlaced(config, input, promql`sum by (${labels(...cluster)}) (${selector(endpoint('source'))})`);
  const accounted = promql`sum by (${labels(...cluster)}) (${selector(zonePair)})`;
  return {
    record: lost,
    expr: promql`
      ${seen}
      - on (${labels(...cluster)})
      ${accounted}
      or
      ${seen}`,
    labels: cluster,
    unit: input.unitLabel,
    cardinality: 'one',
    comment:
      'All traffic that was read minus all traffic in the zone matrix. Apart from rounding, any value but 0 is a bug or a failing rule.',
  };
}

/** Checks of the figures of an input, evaluated at the same moment as the figures. */
export const qualityRules = (config: TrafficConfig, input: FlowInput): readonly RecordingRule[] => [
  unattributedRule(config, input),
  lostRule(config, input),
];

/** The peer view divided by the view that is read: 1 if each counts a packet once. Undefined where the source has one view only. */
export function doubleCountRule(config: TrafficConfig, input: FlowInput): RecordingRule | undefined {
  const { source, peerView } = input;
  const cluster = clusterLabels(config);
  const pair = labels(...pairKey(config, source));
  // Of these pairs the other end reports what the selection misses.
  const completed = completedFlows(config, input, { gap: not('outside') });
  const compared = (view: Query) =>
    completed === undefined
      ? view
      : promql`
        ${view}
        unless on (${pair})
        ${completed}`;
  const total = (one: Query, other: Query) => promql`
    sum by (${labels(...cluster)}) (
      ${compared(one)}
      and on (${pair})
      ${other}
    )`;
  const rule = { record: trafficNames(config, input).countedTwice, labels: cluster, unit: 'ratio', cardinality: 'one' };
  if (source.reporter !== undefined) {
    const reports = pairReports(config, input);
    const each = promql`${reports} > 0`;
    const several = promql`count by (${pair}) (${each}) > 1`;
    return {
      ...rule,
      expr: promql`
        ${total(promql`min by (${pair}) (${each})`, several)}
        /
        ${total(promql`max by (${pair}) (${reports})`, several)}`,
      comment:
        'The smaller report divided by the larger one, which counts, for pairs that two agents report. Near 1, both count a packet once; ' +
        'near 0.5, one of them counts it twice. The rule reads all flows again, so it has its own group and a longer interval.',
    };
  }
  if (peerView === undefined) return undefined;
  const view = (of: Pick<FlowInput, 'metric' | 'matchers'>) => rateOf(config, of, naming(source, ...SIDES));
  const seen = (of: Pick<FlowInput, 'metric' | 'matchers'>) => promql`${view(of)} > 0`;
  return {
    ...rule,
    expr: promql`
      ${total(view(peerView), seen(input))}
      /
      ${total(view(input), seen(peerView))}`,
    comment:
      'The peer view divided by the view that is read, for pairs that both ends name. Near 1, both count a packet once; near 2 or 0.5, one ' +
      'of them counts it twice. The rule reads all flows once more, so it has its own group and a longer interval.',
  };
}
