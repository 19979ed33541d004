import { barGauge, timeSeries } from '../../../panels/charts.ts';
import { COLOURS, latest, overTime, type Step } from '../../../panels/shared.ts';
import { aggregate, labels, oneOf, promql } from '../../../promql/index.ts';
import type { TrafficConfig } from '../../config.ts';
import type { FlowInput } from '../../input.ts';
import { costNames, trafficNames, ZONE_LABELS, ZONED_LOCALITIES } from '../../records/names.ts';
import type { Side } from '../../source.ts';
import { costText, currencyUnit, monthly, noMoney } from '../money.ts';
import { hiddenWhere, tile, withheldLine } from '../overview.ts';
import { grafanaUnit, OR_NO_IDENTITY, type PanelSpec, type PanelSpecs } from '../panel-spec.ts';
import { asEither, asEnd, runningPods, sumOrZero } from './series.ts';

const SHARES: readonly Step[] = [
  [null, COLOURS.good],
  [0.1, COLOURS.attention],
  [0.4, COLOURS.warning],
];

/** How much crosses zones, what it costs, and where the pods are. */
export function summaryPanels(config: TrafficConfig, input: FlowInput) {
  const unit = grafanaUnit(input);
  const { workloadPair } = trafficNames(config, input);
  const cost = costNames(config);
  const hidden = hiddenWhere(config, input);
  const all = asEither(config, workloadPair);
  const zoned = asEither(config, workloadPair, { locality: oneOf(ZONED_LOCALITIES) });
  const crossing = sumOrZero(asEither(config, workloadPair, { locality: 'cross_zone' }), all);
  // Without money beside them, the others are wider.
  const [large, small] = input.unit === 'network_bytes' ? [4, 3] : [6, 5];
  const measured = `In ${input.unitLabel}, averaged over ${config.rules.window}.`;
  const byZone = (side: Side, title: string, verb: string) =>
    ({
      width: 12,
      height: 8,
      panel: () =>
        timeSeries({
          title,
          description: `Traffic that the workload ${verb}, by the zones of both ends, those of one zone included, stacked. ${measured}`,
          targets: [
            overTime(
              aggregate('sum', ZONE_LABELS, asEnd(config, workloadPair, side)),
              '{{source_zone}} → {{destination_zone}}',
            ),
            ...withheldLine(config, input),
          ],
          unit,
          stacked: true,
          legend: 'table',
        }),
    }) satisfies PanelSpec;
  const number = (title: string, side: Side, verb: string) =>
    tile(small, [], {
      title,
      description: `All that the workload ${verb}, in its zone and across. ${measured}`,
      expr: promql`sum(${asEnd(config, workloadPair, side)})`,
      ...hidden,
      unit,
      steps: [[null, COLOURS.total]],
    });
  return {
    'cross-zone': tile(large, [], {
      title: 'Cross zone',
      description: `Traffic of the workload with other zones, sent and received; that with itself counts once. ${measured} The percentage is the change over the time range.`,
      expr: crossing,
      ...hidden,
      unit,
      steps: [[null, COLOURS.cross_zone]],
      change: true,
    }),
    'cross-zone-share': tile(large, [], {
      title: 'Cross-zone share',
      description:
        'Cross-zone traffic as a share of the traffic of the workload within the region: same zone, cross zone and unknown.',
      expr: promql`${crossing} / (sum(${zoned}) > 0)`,
      ...hidden,
      unit: 'percentunit',
      decimals: 1,
      steps: SHARES,
      change: true,
    }),
    sent: number('Sent', 'source', 'sends'),
    received: number('Received', 'destination', 'receives'),
    cost: tile(4, ['money'], {
      title: 'Cost a month',
      description: `${costText(config)} Of all cross-zone traffic with an end in the workload: the other end may be another team's.`,
      expr: monthly(sumOrZero(asEither(config, cost.workloadPair), all)),
      ...hidden,
      unit: noMoney(config, input) === undefined ? currencyUnit(config) : 'none',
      decimals: 2,
      steps: [[null, COLOURS.cross_zone]],
    }),
    avoidable: tile(4, ['bytes'], {
      title: 'Avoidable',
      description:
        'Share of its cross-zone traffic that zone-aware routing could keep in one zone, as each of the two workloads has a running pod in the zone of the other. A lower bound.',
      expr: promql`${sumOrZero(asEither(config, cost.avoidableBytes), all)} / (${crossing} > 0)`,
      ...hidden,
      unit: 'percentunit',
      decimals: 0,
      steps: SHARES,
      sparkline: false,
    }),
    zones: tile(2, [], {
      title: 'Zones',
      description: 'Zones with running pods of the workload. With one, all of its traffic with other zones crosses.',
      expr: promql`count(count by (zone) (${runningPods(config)}))`,
      unit: 'none',
      decimals: 0,
      steps: [
        [null, COLOURS.warning],
        [2, COLOURS.good],
      ],
      now: true,
    }),
    spread: {
      width: 24,
      height: 6,
      panel: () =>
        barGauge({
          title: 'Pods by zone',
          description:
            'Running pods in each zone. A zone without a pod calls and is called across zones; a zone with few of them is loaded more once calls stay in their zone.',
          target: latest(promql`count by (${labels('zone')}) (${runningPods(config)})`, '{{zone}}'),
          unit: 'suffix: pods',
          colour: COLOURS.total,
          noValue: 'no running pods',
        }),
    },
    'sent-by-zone': byZone('source', 'Sent, by zone', 'sends'),
    'received-by-zone': byZone('destination', 'Received, by zone', 'receives'),
  } satisfies PanelSpecs;
}

/** Text of an empty table of peers. */
export const NO_PEERS = `no traffic${OR_NO_IDENTITY}`;
