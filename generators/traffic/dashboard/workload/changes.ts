import { COLOURS, latest } from '../../../panels/shared.ts';
import { clusterColumn, columnsBy, table } from '../../../panels/table.ts';
import {
  aggregate,
  copied,
  either,
  labels,
  type Matchers,
  promql,
  type Query,
  withLabel,
} from '../../../promql/index.ts';
import { clusterLabels } from '../../../settings/general.ts';
import type { TrafficConfig } from '../../config.ts';
import type { FlowInput } from '../../input.ts';
import { costNames, trafficNames } from '../../records/names.ts';
import { SIDES } from '../../source.ts';
import { otherSide } from '../../records/flows.ts';
import { currencyUnit, monthly, noMoney } from '../money.ts';
import { grafanaUnit, OR_NO_IDENTITY, type PanelSpecs } from '../panel-spec.ts';
import { SHOWN } from '../pair-table.ts';
import { asEnd } from './series.ts';

/** Traffic of both directions by peer, whatever zones. */
function byPeer(config: TrafficConfig, record: string, where: Matchers = {}): Query {
  const key = [...clusterLabels(config), 'peer_namespace', 'peer_workload'];
  const sides = SIDES.map((own) => {
    const other = otherSide(own);
    const series =
      own === 'source'
        ? asEnd(config, record, 'source', where)
        : promql`${asEnd(config, record, 'destination', where)} unless ${asEnd(config, record, 'source', where)}`;
    const named = copied(series, {
      [`${other}_namespace`]: 'peer_namespace',
      [`${other}_workload`]: 'peer_workload',
    });
    return withLabel(named, 'way', own);
  });
  return aggregate('sum', key, either(...sides));
}

const figure = (query: Query, name: string): Query => withLabel(query, 'way', name);

/** What would change the traffic across zones: by peer, from the records of avoidable traffic. */
export const changePanels = (config: TrafficConfig, input: FlowInput) =>
  ({
    changes: {
      width: 24,
      height: 8,
      needs: ['bytes'],
      panel: () => {
        const unit = grafanaUnit(input);
        const cost = costNames(config);
        const { workloadPair } = trafficNames(config, input);
        const key = labels(...clusterLabels(config), 'peer_namespace', 'peer_workload');
        const crossing = byPeer(config, workloadPair, { locality: 'cross_zone' });
        const beside = (query: Query): Query => promql`${query} and on (${key}) topk(${SHOWN}, ${crossing})`;
        const avoidable = byPeer(config, cost.avoidableBytes);
        const priced = noMoney(config, input) === undefined;
        return table({
          title: 'What would change it, by peer',
          description:
            'Avoidable: each of the two workloads has a running pod in the zone of the other, so zone-aware routing of the Service between them could keep that traffic in one zone. ' +
            'At random: what would cross if every call went to a random pod; if as much crosses, routing is not zone-aware yet. Nothing avoidable: one of the two lacks pods in a zone, so ' +
            'spread its pods, or move what belongs together.',
          targets: [
            latest(
              either(
                figure(promql`topk(${SHOWN}, ${crossing})`, 'crossing'),
                figure(beside(promql`${avoidable} or 0 * ${crossing}`), 'avoidable'),
                figure(beside(byPeer(config, cost.random)), 'random'),
                ...(priced
                  ? [figure(beside(monthly(promql`${byPeer(config, cost.avoidableCost)} or 0 * ${crossing}`)), 'saved')]
                  : []),
              ),
              '',
            ),
          ],
          first: columnsBy('way'),
          columns: [
            ...clusterColumn(config),
            { field: 'peer_namespace', title: 'Peer namespace' },
            { field: 'peer_workload', title: 'Peer workload' },
            {
              field: 'crossing',
              title: 'Cross zone',
              unit,
              cell: 'gauge',
              width: 180,
              steps: [[null, COLOURS.cross_zone]],
            },
            { field: 'random', title: 'At random', unit, width: 120 },
            { field: 'avoidable', title: 'Avoidable', unit, width: 120 },
            ...(priced
              ? [
                  {
                    field: 'saved',
                    title: 'Avoidable a month',
                    unit: currencyUnit(config),
                    decimals: 2,
                    width: 150,
                  },
                ]
              : []),
          ],
          sortBy: 'Cross zone',
          noValue: `no cross-zone traffic${OR_NO_IDENTITY}`,
        });
      },
    },
  }) satisfies PanelSpecs;
