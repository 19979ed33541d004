import { zoneFilter } from '../../identity/index.ts';
import type { RecordingRule } from '../../model/rules.ts';
import {
  aggregate,
  copied,
  either,
  join,
  labelReplace,
  labels,
  type Matchers,
  noneOf,
  not,
  oneOf,
  promql,
  type Query,
  recorded,
  selector,
  UniqueVector,
  withLabel,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { endLabels, reportsZones, type Side, SIDES } from '../source.ts';
import { flowKey, flowRate, otherSide, pairKey, sameNodeFlows } from './flows.ts';
import { BEYOND, LOCALITIES, sideLabels, trafficNames, workloadLabels, ZONE_LABELS } from './names.ts';
import { identityFields, identityLabels, resolvedLabel } from './resolution.ts';
import { onlyPlaced } from './usable.ts';
import { zeroFor } from './zero.ts';

/** Labels of one side on the finest pairs. */
const finestLabels = (config: TrafficConfig, side: Side): readonly string[] => sideLabels(side, identityFields(config));

/** Fields of a side that the source does not report; the others are "unknown". */
const NO_PEER: Readonly<Record<string, string>> = { reason: 'no_peer', pod: '' };

/** Adds the identity of one side. Where the source does not report that side, every flow gets the same identity. */
function identified(config: TrafficConfig, input: FlowInput, side: Side, flows: Query): Query {
  if (endLabels(input.source, side).length === 0) {
    return identityFields(config).reduce(
      (query, field) => withLabel(query, `${side}_${field}`, NO_PEER[field] ?? 'unknown'),
      flows,
    );
  }
  const endpoints = recorded(trafficNames(config, input).identity(side), flowKey(config, input.source, side));
  return join(flows, endpoints, identityLabels(config, input, side));
}

/** Renames `resolved_*` labels to their final names. */
function finalNames(config: TrafficConfig, input: FlowInput, query: Query): Query {
  const renames = SIDES.flatMap((side) => {
    const final = finestLabels(config, side);
    return identityLabels(config, input, side).flatMap((label, index) => {
      const to = final[index];
      return to === undefined || to === label ? [] : [[label, to] as const];
    });
  });
  return renames.length === 0 ? query : copied(query, Object.fromEntries(renames));
}

/**
 * Pairs that are known to stay on one node, with the identities of both ends. Both are in one zone, that of their node if it is known, else what the
 * destination has: names of pods that have moved are resolved to other nodes, and what never left its node would cross zones. A zone of the source
 * is never read, and that of the destination replaced while pairs are apart: replicas in different zones would become series with equal labels.
 */
function onOneNode(config: TrafficConfig, input: FlowInput, sameNode: Query): Query {
  const { source } = input;
  const [zones, reasons] = (['zone', 'reason'] as const).map((field) =>
    SIDES.map((side) => resolvedLabel(config, input, side, field)),
  ) as [string[], string[]];
  const [[from = '', to = ''], [fromReason = '', toReason = '']] = [zones, reasons];
  const known = identified(config, input, 'destination', sameNode);
  const placed = reportsZones(source)
    ? known
    : labelReplace(labelReplace(known, to, '$1', 'zone', '(.+)'), toReason, '', 'zone', '(.+)');
  const toLabels = identityLabels(config, input, 'destination');
  const key = flowKey(config, source, 'source');
  const halfway = aggregate('sum', [...key, ...toLabels], placed);
  const named = identityLabels(config, input, 'source').filter((label) => label !== from && label !== fromReason);
  const both = aggregate(
    'sum',
    [...clusterLabels(config), ...named, ...toLabels],
    join(halfway, recorded(trafficNames(config, input).identity('source'), key), named),
  );
  // Marked, as without a label more they would hide other traffic of the same ends.
  return withLabel(copied(both, { [to]: from, [toReason]: fromReason }), 'name', 'same_node');
}

/** Records the rate of all counted flows at the finest granularity. */
export function unclassifiedRule(config: TrafficConfig, input: FlowInput): RecordingRule {
  const { source } = input;
  const cluster = clusterLabels(config);
  const from = flowKey(config, source, 'source');
  const toLabels = identityLabels(config, input, 'destination');
  const fromLabels = identityLabels(config, input, 'source');
  const ends = [...cluster, ...fromLabels, ...toLabels];
  const rate = flowRate(config, input);
  // What two agents report is one series for each pair already.
  const flows = source.reporter === undefined ? aggregate('sum', pairKey(config, source), rate) : rate;
  const peers = identified(config, input, 'destination', flows);
  // Where no peer is known, all have the same labels for it.
  const halfway =
    endLabels(source, 'destination').length === 0 ? peers : aggregate('sum', [...from, ...toLabels], peers);
  const pairs = aggregate('sum', ends, identified(config, input, 'source', halfway));
  const sameNode = sameNodeFlows(config, input);
  const total =
    sameNode === undefined ? pairs : aggregate('sum', ends, either(pairs, onOneNode(config, input, sameNode)));
  const kept = [...cluster, ...SIDES.flatMap((side) => finestLabels(config, side))];
  const renamed = finalNames(config, input, total);
  return {
    record: trafficNames(config, input).unclassified(config.flows.granularity),
    expr: onlyPlaced(config, input, renamed === total ? total : aggregate('sum', kept, renamed)),
    labels: kept,
    unit: input.unitLabel,
    cardinality: CARDINALITY[config.flows.granularity],
    comment:
      `Traffic before its locality is known, with the reason where a zone is unknown. ${source.deduplication} ` +
      'Flows are summed by pair of endpoints before the first join, and by resolved destination before the second, so both joins stay cheap.',
  };
}

/** The number of pairs at each level. */
export const CARDINALITY = {
  zone: 'one for each pair of zones with traffic: at most the square of the zones and "unknown"',
  workload: 'one for each pair of workloads and zones with traffic',
  pod: 'one for each pair of pods with traffic',
} as const;

/** The recorded pairs before their locality is known. */
export const unclassified = (config: TrafficConfig, input: FlowInput, where: Matchers = {}): Query =>
  selector(trafficNames(config, input).unclassified(config.flows.granularity), where);

const podLabels = (side: Side): readonly string[] =>
  sideLabels(side, ['namespace', 'pod', 'workload_type', 'workload', 'zone']);

/**
 * The matrix of a source that counts one locality, which it tells from node labels itself. Where zones can be refused, it may have told it
 * from those: then only a known zone proves it.
 */
const localOnly = (config: TrafficConfig, matrix: (where?: Matchers) => Query, locality: string): Query =>
  zoneFilter(config) === undefined
    ? withLabel(matrix(), 'locality', locality)
    : either(
        withLabel(matrix({ source_zone: not('unknown') }), 'locality', locality),
        withLabel(matrix({ source_zone: 'unknown' }), 'locality', 'unknown'),
      );

/** Pairs with an end beyond the cluster, by class. The internet counts first, then other regions. */
const beyondPairs = (config: TrafficConfig, input: FlowInput, beyond: (typeof BEYOND)[number]): Query => {
  return either(
    ...SIDES.map((side) =>
      unclassified(config, input, {
        [`${side}_reason`]: beyond,
        ...(beyond === 'internet' ? {} : { [`${otherSide(side)}_reason`]: not('internet') }),
      }),
    ),
  );
};

/** Pairs without such an end. */
const ZONED: Matchers = Object.fromEntries(SIDES.map((side) => [`${side}_reason`, noneOf(BEYOND)]));

/** The zone matrix, small enough to be compared with its diagonal. */
function zonePairRule(config: TrafficConfig, input: FlowInput): RecordingRule {
  const { locality } = input.source;
  const cluster = clusterLabels(config);
  const apart = locality === undefined ? ZONED : {};
  const matrix = (where: Matchers = {}): Query => promql`
    sum by (${labels(...cluster, ...ZONE_LABELS)}) (${unclassified(config, input, { ...apart, ...where })})`;
  const key = labels(...cluster, ...ZONE_LABELS);
  // The diagonal: every source zone paired with itself.
  const diagonal = promql`
    label_replace(
      group by (${labels(...cluster, 'source_zone')}) (${unclassified(config, input, apart)}),
      "destination_zone", "$1", "source_zone", "(.*)"
    )`;
  // On the diagonal, both zones are known if one is.
  const same = promql`
    ${matrix({ source_zone: not('unknown') })}
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
              ${matrix({ source_zone: not('unknown'), destination_zone: not('unknown') })}
              unless on (${key})
              ${diagonal}`,
              'locality',
              'cross_zone',
            ),
            withLabel(matrix({ source_zone: 'unknown' }), 'locality', 'unknown'),
            // Pairs of two unknown zones are in both, with the same traffic.
            withLabel(matrix({ destination_zone: 'unknown' }), 'locality', 'unknown'),
            ...BEYOND.map((beyond) =>
              withLabel(
                aggregate('sum', [...cluster, ...ZONE_LABELS], beyondPairs(config, input, beyond)),
                'locality',
                beyond,
              ),
            ),
          )
        : localOnly(config, matrix, locality),
    labels: [...cluster, ...ZONE_LABELS, 'locality'],
    unit: input.unitLabel,
    cardinality: CARDINALITY.zone,
    comment:
      locality === undefined
        ? 'The zone matrix with its locality. Pairs within one zone are found by comparing the matrix with its diagonal. A pair with an ' +
          'unknown zone is neither same_zone nor cross_zone. With an end beyond the cluster, its class is the locality.'
        : `The zone matrix. This source counts ${locality} traffic only, even if a zone is unknown.`,
  };
}

/** Pairs of workloads and of pods. Their locality comes from the zone matrix, or from an end beyond the cluster. */
function finerRules(config: TrafficConfig, input: FlowInput): readonly RecordingRule[] {
  const { granularity } = config.flows;
  if (granularity === 'zone') return [];
  const isApart = input.source.locality === undefined;
  const names = trafficNames(config, input);
  const cluster = clusterLabels(config);
  const zones = new UniqueVector(
    promql`
      group by (${labels(...cluster, ...ZONE_LABELS, 'locality')}) (
        ${selector(names.zonePair, isApart ? { locality: noneOf(BEYOND) } : {})}
      )`,
    [...cluster, ...ZONE_LABELS],
  );
  const zoned = join(unclassified(config, input, isApart ? ZONED : {}), zones, ['locality']);
  const located = isApart
    ? either(zoned, ...BEYOND.map((beyond) => withLabel(beyondPairs(config, input, beyond), 'locality', beyond)))
    : zoned;
  const workloads = [...cluster, ...SIDES.flatMap(workloadLabels), 'locality'];
  const pods = [...cluster, ...SIDES.flatMap(podLabels), 'locality'];
  const rule = (record: string, kept: readonly string[], from: Query, cardinality: string): RecordingRule => ({
    record,
    expr: aggregate('sum', kept, from),
    labels: kept,
    unit: input.unitLabel,
    cardinality,
    comment:
      'The same traffic at a finer granularity. Its locality comes from the zone matrix, or from the end beyond the cluster.',
  });
  return granularity === 'pod'
    ? [
        rule(names.podPair, pods, located, CARDINALITY.pod),
        rule(names.workloadPair, workloads, selector(names.podPair), CARDINALITY.workload),
      ]
    : [rule(names.workloadPair, workloads, located, CARDINALITY.workload)];
}

/** Zone pairs summed by locality, with 0 for a locality without traffic; but no 0 for the others while no zone is known. */
function clusterRule(config: TrafficConfig, input: FlowInput): RecordingRule {
  const { zonePair, cluster: record } = trafficNames(config, input);
  const cluster = clusterLabels(config);
  const zero = (locality: string) => {
    const pairs = selector(zonePair, locality === 'unknown' ? {} : { locality: oneOf(['same_zone', 'cross_zone']) });
    return withLabel(zeroFor(cluster, pairs), 'locality', locality);
  };
  return {
    record,
    expr: either(promql`sum by (${labels(...cluster, 'locality')}) (${selector(zonePair)})`, ...LOCALITIES.map(zero)),
    labels: [...cluster, 'locality'],
    unit: input.unitLabel,
    cardinality: 'five',
    comment:
      'Traffic of the cluster by locality. All values exist where both zones of any traffic are known: without cross-zone traffic ' +
      'the panel shows 0. Where no zone is known, there is only "unknown" and what is beyond the cluster.',
  };
}

/** The zone matrix, the finer pairs, and the sums of the cluster. */
export const pairAndClusterRules = (config: TrafficConfig, input: FlowInput): readonly RecordingRule[] => [
  zonePairRule(config, input),
  ...finerRules(config, input),
  clusterRule(config, input),
];
