import { timeSeries } from '../../panels/charts.ts';
import { inCluster, latest, overTime } from '../../panels/shared.ts';
import { clusterColumn, table } from '../../panels/table.ts';
import { asPairs, type Directions, largestWithReturns } from '../../panels/two-ways.ts';
import {
  aggregate,
  copied,
  defaultLabel,
  duration,
  either,
  flat,
  join,
  labels,
  promql,
  type Query,
  selector,
  UniqueVector,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { flowKey, flowRate, pairKey, sameNodeFlows } from '../records/flows.ts';
import { trafficNames } from '../records/names.ts';
import { resolvedLabel } from '../records/resolution.ts';
import { onlyPlaced } from '../records/usable.ts';
import { type Side, SIDES } from '../source.ts';
import { SHOWN, TRAFFIC_STEPS, trafficColumns } from './pair-table.ts';
import { grafanaUnit, OR_NO_IDENTITY, type PanelSpecs } from './panel-spec.ts';
import { inLocality, localityTitle } from './variables.ts';

/** A query for pairs of pods, and its labels. */
interface PodPairs {
  readonly query: Query;
  /** The labels that name an end. */
  readonly end: (side: Side) => { readonly namespace: string; readonly pod: string };
  readonly zone: (side: Side) => string;
}

/** Pairs of pods from the records. */
function recordedPairs(config: TrafficConfig, input: FlowInput): PodPairs {
  const { podPair } = trafficNames(config, input);
  const chosen = { ...inCluster(config), ...inLocality(input) };
  return {
    query: either(...SIDES.map((side) => selector(podPair, { ...chosen, [`${side}_namespace`]: '$pods_namespace' }))),
    end: (side) => ({ namespace: `${side}_namespace`, pod: `${side}_pod` }),
    zone: (side) => `${side}_zone`,
  };
}

/** Pairs of pods from the flows of one namespace, where they are not recorded. */
function rawPairs(config: TrafficConfig, input: FlowInput): PodPairs {
  const { source } = input;
  const names = trafficNames(config, input);
  const key = (side: Side) => flowKey(config, source, side);
  const end = (side: Side) => ({ namespace: source.ends[side].namespace ?? '', pod: source.ends[side].pod ?? '' });
  const zone = (side: Side): string => resolvedLabel(config, input, side, 'zone');
  const flows = (side: Side) => {
    const where = { ...inCluster(config), [end(side).namespace]: '$pods_namespace' };
    const seen = flowRate(config, input, where);
    // What never leaves its node is recorded apart, with the zone of the node.
    const local = sameNodeFlows(config, input, where);
    return aggregate('sum', pairKey(config, source), local === undefined ? seen : either(seen, local));
  };
  /** The labels of an end that the flows lack. */
  const brought = (side: Side): readonly string[] =>
    [zone(side), end(side).namespace, end(side).pod].filter((label) => !key(side).includes(label));
  const located = (side: Side) => new UniqueVector(selector(names.identity(side), inCluster(config)), key(side));
  const both = promql`
    ${flows('source')}
    or
    ${flows('destination')}`;
  const placed = join(join(both, located('source'), brought('source')), located('destination'), brought('destination'));
  const ends = SIDES.flatMap((side) => [end(side).namespace, end(side).pod, zone(side)]);
  const pairs = onlyPlaced(config, input, aggregate('sum', [...new Set([...clusterLabels(config), ...ends])], placed));
  // The zone matrix knows the locality of each pair of zones.
  const zones = selector(names.zonePair, { ...inCluster(config), ...inLocality(input) });
  return {
    query: promql`
      ${pairs}
      and on (${labels(...clusterLabels(config), zone('source'), zone('destination'))})
      ${copied(zones, { source_zone: zone('source'), destination_zone: zone('destination') })}`,
    end,
    zone,
  };
}

const pairsOf = (config: TrafficConfig, input: FlowInput): PodPairs =>
  config.flows.granularity === 'pod' ? recordedPairs(config, input) : rawPairs(config, input);

/** The two ends of a pair of pods, under the labels that the query has. */
function podEnds(config: TrafficConfig, { end, zone }: PodPairs): Directions {
  const of = (side: Side) => [end(side).namespace, end(side).pod, zone(side)];
  return {
    shared: clusterLabels(config),
    left: of('source'),
    right: of('destination'),
    fields: ['namespace', 'pod', 'zone'],
  };
}

/** By their ends alone; an end without a pod, such as a node, is "unknown". */
function byPod({ shared, left, right }: Directions, query: Query): Query {
  const ends = [...left, ...right];
  return ends.reduce(
    (inner, label) => defaultLabel(inner, label, 'unknown'),
    aggregate('sum', [...shared, ...ends], query),
  );
}

const nonePods = (input: FlowInput): string =>
  `No pod of this namespace has such traffic (${localityTitle(input)})${OR_NO_IDENTITY}`;

/** Pairs of pods of one namespace: the only panels that may read raw flows. */
export const podPanels = (config: TrafficConfig, input: FlowInput) =>
  ({
    'pod-pairs': {
      width: 24,
      height: 10,
      needs: ['pods', 'workloads'],
      panel: () => {
        const pairs = pairsOf(config, input);
        const ends = podEnds(config, pairs);
        return table({
          title: `Pod pairs of $pods_namespace (${localityTitle(input)})`,
          description:
            `The pod pairs with the ${SHOWN} largest directions and at least one end in the namespace, in ${input.unitLabel} over ${config.rules.window}. ` +
            'A row has both directions of a pair, as the first of the two sends and receives them.',
          // VictoriaMetrics refuses queries of more than 16 KiB, and pairs of raw flows are read three times.
          targets: [latest(flat(asPairs(largestWithReturns(byPod(ends, pairs.query), ends, SHOWN), ends)), '')],
          first: TRAFFIC_STEPS,
          columns: [
            ...clusterColumn(config),
            { field: 'end_namespace', title: 'Namespace', width: 110 },
            { field: 'end_pod', title: 'Pod' },
            { field: 'end_zone', title: 'Zone', width: 135 },
            { field: 'peer_namespace', title: 'Peer namespace', width: 120 },
            { field: 'peer_pod', title: 'Peer pod' },
            { field: 'peer_zone', title: 'Peer zone', width: 135 },
            ...trafficColumns(config, input).filter(({ field }) => field !== 'cost'),
          ],
          sortBy: 'Sum',
          noValue: nonePods(input),
        });
      },
    },
    'pod-pairs-over-time': {
      width: 24,
      height: 8,
      needs: ['pods', 'workloads'],
      panel: () => {
        const pairs = pairsOf(config, input);
        const query = byPod(podEnds(config, pairs), pairs.query);
        const name = (side: Side) => `{{${pairs.end(side).namespace}}}/{{${pairs.end(side).pod}}}`;
        return timeSeries({
          title: `Pod pairs of $pods_namespace over time (${localityTitle(input)})`,
          description: `The ten directions with the most traffic at the end of the time range, in ${input.unitLabel}.`,
          targets: [
            overTime(
              flat(promql`
                ${query}
                and
                topk(10,
                  last_over_time((${query})[${duration('1s')}:${duration('1s')}] @ end())
                )`),
              `${name('source')} → ${name('destination')}`,
            ),
          ],
          unit: grafanaUnit(input),
          legend: 'table',
          points: 30,
          noValue: nonePods(input),
        });
      },
    },
  }) satisfies PanelSpecs;
