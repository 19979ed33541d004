import { COLOURS, latest } from '../../../panels/shared.ts';
import { clusterColumn, table } from '../../../panels/table.ts';
import { aggregate, copied, either, labels, promql, type Query, withLabel } from '../../../promql/index.ts';
import { clusterLabels } from '../../../settings/general.ts';
import type { TrafficConfig } from '../../config.ts';
import type { FlowInput } from '../../input.ts';
import { costNames, LOCALITIES, trafficNames } from '../../records/names.ts';
import { type Side, SIDES } from '../../source.ts';
import { cell, type IsBuilt, linkTo } from '../links.ts';
import { currencyOf, monthly, noMoney } from '../money.ts';
import { SHOWN, TRAFFIC_STEPS, trafficColumns } from '../pair-table.ts';
import type { PanelSpecs } from '../panel-spec.ts';
import { LOCALITY_TEXTS } from '../variables.ts';
import { otherSide } from '../../records/flows.ts';
import { asEnd } from './series.ts';
import { NO_PEERS } from './summary.ts';

const PEER = ['namespace', 'workload', 'zone'];
const WAYS = { source: 'sent', destination: 'received' } as const;

/** The labels of a row: the zone of the workload, and the peer with its zone. */
export const peerRow = (config: TrafficConfig): readonly string[] => [
  ...clusterLabels(config),
  'end_zone',
  ...PEER.map((field) => `peer_${field}`),
  'locality',
];

/** What the workload sends and receives, by zone and peer, with the direction in `way`. Traffic with itself is sent. */
export function withPeers(config: TrafficConfig, record: string): Query {
  const side = (own: Side): Query => {
    const other = otherSide(own);
    const names = {
      [`${own}_zone`]: 'end_zone',
      ...Object.fromEntries(PEER.map((field) => [`${other}_${field}`, `peer_${field}`])),
    };
    const series =
      own === 'source'
        ? asEnd(config, record, 'source')
        : promql`${asEnd(config, record, 'destination')} unless ${asEnd(config, record, 'source')}`;
    return withLabel(copied(series, names), 'way', WAYS[own]);
  };
  return aggregate('sum', [...peerRow(config), 'way'], either(...SIDES.map(side)));
}

/** The peers of the workload. */
export const peerPanels = (config: TrafficConfig, input: FlowInput, isBuilt: IsBuilt) =>
  ({
    peers: {
      width: 24,
      height: 10,
      panel: () => {
        const row = labels(...peerRow(config));
        const traffic = withPeers(config, trafficNames(config, input).workloadPair);
        const most = promql`topk(${SHOWN}, sum by (${row}) (${traffic}))`;
        const cost = promql`sum by (${row}) (${withPeers(config, costNames(config).workloadPair)})`;
        const shown = (query: Query): Query => promql`
          ${query}
          and on (${row})
          ${most}`;
        const priced = noMoney(config, input) === undefined;
        const variables = { namespace: cell('Peer namespace'), workload: cell('Peer workload') };
        return table({
          title: 'Peers of $namespace/$workload',
          description:
            `The ${SHOWN} peers and zones with the most traffic now, in ${input.unitLabel}, as the workload sends and receives it.` +
            `${priced ? ` The cost is both directions in ${currencyOf(config)} for a month at the present rate.` : ''} Click a peer for its traffic.`,
          targets: [
            latest(
              priced ? either(shown(traffic), withLabel(shown(monthly(cost)), 'way', 'cost')) : shown(traffic),
              '',
            ),
          ],
          first: TRAFFIC_STEPS,
          columns: [
            ...clusterColumn(config),
            { field: 'end_zone', title: 'Zone' },
            {
              field: 'peer_namespace',
              title: 'Peer namespace',
              ...linkTo(config, isBuilt, 'zone-routing', 'Routing in ${__value.text}', {
                namespace: cell('Peer namespace'),
              }),
            },
            {
              field: 'peer_workload',
              title: 'Peer workload',
              ...linkTo(config, isBuilt, 'zone-workload', 'All traffic of ${__value.text}', variables),
            },
            { field: 'peer_zone', title: 'Peer zone' },
            {
              field: 'locality',
              title: 'Locality',
              width: 110,
              states: LOCALITIES.map((value) => ({ value, text: LOCALITY_TEXTS[value], colour: COLOURS[value] })),
            },
            ...trafficColumns(config, input),
          ],
          sortBy: 'Sum',
          noValue: NO_PEERS,
        });
      },
    },
  }) satisfies PanelSpecs;
