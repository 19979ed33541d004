import { COLOURS, inCluster, rows } from '../../panels/shared.ts';
import { clusterColumn, type Column, table } from '../../panels/table.ts';
import {
  aggregate,
  copied,
  join,
  labels,
  not,
  promql,
  type Query,
  selector,
  UniqueVector,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { flowKey, flowRate, pairKey } from '../records/flows.ts';
import { trafficNames } from '../records/names.ts';
import { resolvedLabel } from '../records/resolution.ts';
import { onlyPlaced } from '../records/usable.ts';
import { type Side, SIDES } from '../source.ts';
import { grafanaUnit, OR_NO_IDENTITY, type PanelSpec } from './panel-spec.ts';

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
  const crossZone = { ...inCluster(config), locality: 'cross_zone' };
  return {
    query: promql`
      ${selector(podPair, { ...crossZone, source_namespace: '$pods_namespace' })}
      or
      ${selector(podPair, { ...crossZone, destination_namespace: '$pods_namespace' })}`,
    end: (side) => ({ namespace: `${side}_namespace`, pod: `${side}_pod` }),
    zone: (side) => `${side}_zone`,
  };
}

/** Pairs of pods from the flows of one namespace, where they are not recorded. */
function rawPairs(config: TrafficConfig, input: FlowInput): PodPairs {
  const { source } = input;
  const key = (side: Side) => flowKey(config, source, side);
  const end = (side: Side) => ({ namespace: source.ends[side].namespace ?? '', pod: source.ends[side].pod ?? '' });
  const zone = (side: Side): string => resolvedLabel(config, input, side, 'zone');
  const flows = (side: Side) =>
    aggregate(
      'sum',
      pairKey(config, source),
      flowRate(config, input, { ...inCluster(config), [end(side).namespace]: '$pods_namespace' }),
    );
  /** The labels of an end that the flows lack. */
  const brought = (side: Side): readonly string[] =>
    [zone(side), end(side).namespace, end(side).pod].filter((label) => !key(side).includes(label));
  const located = (side: Side) => {
    const { identity } = trafficNames(config, input);
    return new UniqueVector(
      selector(identity(side), { ...inCluster(config), [zone(side)]: not('unknown') }),
      key(side),
    );
  };
  const both = promql`
    ${flows('source')}
    or
    ${flows('destination')}`;
  const placed = join(join(both, located('source'), brought('source')), located('destination'), brought('destination'));
  const ends = SIDES.flatMap((side) => [end(side).namespace, end(side).pod, zone(side)]);
  const pairs = onlyPlaced(config, input, aggregate('sum', [...new Set([...clusterLabels(config), ...ends])], placed));
  // Drops pairs within one zone: their zones are on the diagonal of the matrix.
  const sameZone = selector(trafficNames(config, input).zonePair, { ...inCluster(config), locality: 'same_zone' });
  return {
    query: promql`
      ${pairs}
      unless on (${labels(...clusterLabels(config), zone('source'), zone('destination'))})
      ${copied(sameZone, { source_zone: zone('source'), destination_zone: zone('destination') })}`,
    end,
    zone,
  };
}

/** The only panel that may read raw flows, as it queries one namespace. */
export const podPairs = (config: TrafficConfig, input: FlowInput): PanelSpec => ({
  width: 24,
  height: 10,
  needs: ['pods', 'workloads'],
  panel: () => {
    const { query, end, zone } =
      config.flows.granularity === 'pod' ? recordedPairs(config, input) : rawPairs(config, input);
    const columns = (side: Side, title: string, place: string): readonly Column[] => [
      { field: end(side).namespace, title: `${title} namespace` },
      { field: end(side).pod, title: `${title} pod` },
      { field: zone(side), title: place },
    ];
    return table({
      title: 'Pod pairs across zones in $pods_namespace',
      description: `The 50 pod pairs with the most cross-zone traffic and at least one end in the namespace, in ${input.unitLabel} over ${config.rules.window}.`,
      targets: [
        rows(promql`
          topk(50,
            ${query}
          )`),
      ],
      columns: [
        ...clusterColumn(config),
        ...columns('source', 'Source', 'From zone'),
        ...columns('destination', 'Destination', 'To zone'),
        {
          field: 'Value',
          title: 'Traffic',
          unit: grafanaUnit(input),
          cell: 'gauge',
          width: 200,
          steps: [[null, COLOURS.cross_zone]],
        },
      ],
      sortBy: 'Traffic',
      noValue: `No pod of this namespace talks across zones${OR_NO_IDENTITY}`,
    });
  },
});
