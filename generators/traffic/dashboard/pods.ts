import { COLOURS } from '../../panels/colours.ts';
import { type Column, table } from '../../panels/table.ts';
import { rows } from '../../panels/targets.ts';
import { clusterColumn, inCluster } from '../../panels/variables.ts';
import { join, labels, not, promql, type Query, quoted, selector, UniqueVector } from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import { type FlowInput, flowRate } from '../input.ts';
import { flowKey } from '../records/endpoints.ts';
import { trafficNames } from '../records/names.ts';
import { identityLabels } from '../records/resolution.ts';
import { type Side, SIDES } from '../source.ts';
import { grafanaUnit, type WantedPanel } from './wanted.ts';

interface Columns {
  readonly query: Query;
  /** The labels that name an end, in its columns. */
  readonly end: (side: Side) => { readonly namespace: string; readonly pod: string };
  readonly zone: (side: Side) => string;
}

/** Pairs of pods as they are recorded. */
function recordedPairs(config: TrafficConfig, input: FlowInput): Columns {
  const { podPair } = trafficNames(config, input);
  const crossing = { ...inCluster(config), locality: 'cross_zone' };
  return {
    query: promql`
      ${selector(podPair, { ...crossing, source_namespace: '$pods_namespace' })}
      or
      ${selector(podPair, { ...crossing, destination_namespace: '$pods_namespace' })}`,
    end: (side) => ({ namespace: `${side}_namespace`, pod: `${side}_pod` }),
    zone: (side) => `${side}_zone`,
  };
}

/** Pairs of pods from the flows of one namespace, as pairs of all would be too many to record. */
function rawPairs(config: TrafficConfig, input: FlowInput): Columns {
  const { source } = input;
  const key = (side: Side) => flowKey(config, source, side);
  const end = (side: Side) => ({ namespace: source.ends[side].namespace ?? '', pod: source.ends[side].pod ?? '' });
  const zone = (side: Side): string =>
    identityLabels(config, input, side).find((label) => label.endsWith(`${side}_zone`)) ?? `${side}_zone`;
  const flows = (side: Side) => promql`
    sum by (${labels(...new Set(SIDES.flatMap(key)))}) (
      ${flowRate(config, input, { ...inCluster(config), [end(side).namespace]: '$pods_namespace' })}
    )`;
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
  const placed = join(join(both, located('source'), [zone('source')]), located('destination'), [zone('destination')]);
  const ends = SIDES.flatMap((side) => [end(side).namespace, end(side).pod, zone(side)]);
  const pairs = promql`
    sum by (${labels(...new Set([...clusterLabels(config), ...ends]))}) (
      ${placed}
    )`;
  // Pairs in one zone have the zones of the diagonal.
  const sameZone = selector(trafficNames(config, input).zonePair, { ...inCluster(config), locality: 'same_zone' });
  return {
    query: promql`
      ${pairs}
      unless on (${labels(...clusterLabels(config), zone('source'), zone('destination'))})
      label_replace(
        label_replace(
          ${sameZone},
          ${quoted(zone('source'))}, "$1", "source_zone", "(.*)"
        ),
        ${quoted(zone('destination'))}, "$1", "destination_zone", "(.*)"
      )`,
    end,
    zone,
  };
}

/** The only panel that may read raw flows: it asks for one namespace. */
export const podPairs = (config: TrafficConfig, input: FlowInput): WantedPanel => ({
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
      description: `The 50 pod pairs with the most cross-zone traffic, with an end in the namespace, in ${input.unitLabel} over ${config.rules.window}.`,
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
      noValue: 'No pod of this namespace talks across zones',
    });
  },
});
