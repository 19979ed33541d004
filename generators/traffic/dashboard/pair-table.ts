import type { Panel } from '../../model/dashboard.ts';
import { COLOURS, latest } from '../../panels/shared.ts';
import { clusterColumn, type Column, columnsBy, sumOf, table } from '../../panels/table.ts';
import { asPairs, type Directions, largestWithReturns, pairLabels } from '../../panels/two-ways.ts';
import { aggregate, either, promql, type Query, withLabel } from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { costNames, sideLabels, trafficNames } from '../records/names.ts';
import { withEndIn } from './chosen.ts';
import { cell, type IsBuilt, linkTo } from './links.ts';
import { currencyOf, currencyUnit, monthly, noMoney } from './money.ts';
import { grafanaUnit, NONE_ACROSS, OR_NO_IDENTITY, type PanelSpec } from './panel-spec.ts';
import { inLocality, localityTitle } from './variables.ts';

/** As many directions are shown, and the way back of each. */
export const SHOWN = 50;

const FIELDS = ['namespace', 'workload', 'zone'];

/** The two ends of a pair of workloads in their zones. */
export const workloadEnds = (config: TrafficConfig): Directions => ({
  shared: clusterLabels(config),
  left: sideLabels('source', FIELDS),
  right: sideLabels('destination', FIELDS),
  fields: FIELDS,
});

/** A record of workload pairs by workload and zone, in the chosen namespaces and localities. */
export const byWorkload = (config: TrafficConfig, input: FlowInput, record: string): Query => {
  const { shared, left, right } = workloadEnds(config);
  return aggregate('sum', [...shared, ...left, ...right], withEndIn(config, record, inLocality(input)));
};

/** The columns of what a pair sends, receives and costs. */
export const trafficColumns = (config: TrafficConfig, input: FlowInput): readonly Column[] => {
  const unit = grafanaUnit(input);
  return [
    { field: 'sent', title: 'Sent', unit, width: 120 },
    { field: 'received', title: 'Received', unit, width: 120 },
    { field: 'sum', title: 'Sum', unit, cell: 'gauge', width: 180, steps: [[null, COLOURS.cross_zone]] },
    ...(noMoney(config, input) === undefined
      ? [{ field: 'cost', title: 'Cost a month', unit: currencyUnit(config), decimals: 2, width: 120 }]
      : []),
  ];
};

/** Steps from rows with the label `way` to those columns. */
export const TRAFFIC_STEPS = [...columnsBy('way'), sumOf(['sent', 'received'], 'sum')];

/** Workload pairs with both directions in one row. */
export const workloadPairs = (config: TrafficConfig, input: FlowInput, isBuilt: IsBuilt): PanelSpec => ({
  width: 24,
  height: 10,
  needs: ['workloads'],
  panel: (): Panel => {
    const ends = workloadEnds(config);
    const traffic = byWorkload(config, input, trafficNames(config, input).workloadPair);
    const largest = largestWithReturns(traffic, ends, SHOWN);
    const cost = byWorkload(config, input, costNames(config).workloadPair);
    const toPods = (title: string) =>
      linkTo(config, isBuilt, 'zone-traffic', 'Show the pods of ${__value.text}', {
        namespace: '',
        pods_namespace: cell(title),
      });
    const toWorkload = (prefix: string) =>
      linkTo(config, isBuilt, 'zone-workload', 'All traffic of ${__value.text}', {
        namespace: cell(`${prefix}amespace`),
        workload: cell(`${prefix === 'N' ? 'W' : 'Peer w'}orkload`),
      });
    const priced = noMoney(config, input) === undefined;
    return table({
      title: `Workload pairs (${localityTitle(input)})`,
      description:
        `The pairs of workloads and zones with the ${SHOWN} largest directions now, in ${input.unitLabel}: a row has both directions of a pair, as the first of the two sends and ` +
        `receives them.${priced ? ` The cost is both directions in ${currencyOf(config)} for a month at the present rate.` : ''} Click a namespace to see its pods below, a workload for all of its traffic.`,
      targets: [
        latest(
          priced
            ? either(
                asPairs(largest, ends),
                withLabel(
                  monthly(aggregate('sum', pairLabels(ends), asPairs(promql`${cost} and ${largest}`, ends))),
                  'way',
                  'cost',
                ),
              )
            : asPairs(largest, ends),
          '',
        ),
      ],
      first: TRAFFIC_STEPS,
      columns: [
        ...clusterColumn(config),
        { field: 'end_namespace', title: 'Namespace', ...toPods('Namespace') },
        { field: 'end_workload', title: 'Workload', ...toWorkload('N') },
        { field: 'end_zone', title: 'Zone', width: 150 },
        { field: 'peer_namespace', title: 'Peer namespace', ...toPods('Peer namespace') },
        { field: 'peer_workload', title: 'Peer workload', ...toWorkload('Peer n') },
        { field: 'peer_zone', title: 'Peer zone', width: 150 },
        ...trafficColumns(config, input),
      ],
      sortBy: 'Sum',
      noValue: localityTitle(input) === 'Cross zone' ? NONE_ACROSS : `no such traffic${OR_NO_IDENTITY}`,
    });
  },
});
