import { nodesByCluster } from '../../alerts/spec.ts';
import { barGauge, stat } from '../../panels/charts.ts';
import { firing, noneRow } from '../../panels/firing.ts';
import { COLOURS, inCluster, latest, rows, type Step } from '../../panels/shared.ts';
import { clusterColumn, table } from '../../panels/table.ts';
import { duration, either, labels, promql, selector, withLabel } from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import { figureAlerts } from '../alerts/index.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { agentKey } from '../records/losses.ts';
import { eventNames, trafficNames } from '../records/names.ts';
import { hiddenWhere } from './overview.ts';
import { OR_NO_IDENTITY, type PanelSpec, type PanelSpecs } from './panel-spec.ts';

/** As the alert TrafficCountedTwice looks back, for the same reason: the check runs less often than the other rules. */
const RATIO_LOOKBACK = duration('10m');

const tile = (needs: NonNullable<PanelSpec['needs']>, options: Parameters<typeof stat>[0]) => ({
  width: 3,
  height: 4,
  needs,
  panel: () => stat({ ...options, now: true }),
});

const FEW: readonly Step[] = [
  [null, COLOURS.good],
  [0.001, COLOURS.attention],
  [0.01, COLOURS.warning],
];

/** Whether the figures can be trusted: of the chosen clusters, whatever namespaces are chosen. */
export function trustPanels(config: TrafficConfig, input: FlowInput) {
  const names = trafficNames(config, input);
  const events = eventNames(config);
  const chosen = inCluster(config);
  const by = labels(...clusterLabels(config));
  const all = promql`sum by (${by}) (${selector(names.cluster, chosen)})`;
  const ratio = promql`last_over_time(${selector(names.countedTwice, chosen)}[${RATIO_LOOKBACK}])`;
  const nodes = nodesByCluster(config, chosen);
  const agents = promql`
    count by (${by}) (
      group by (${labels(...clusterLabels(config), 'instance')}) (${selector(events.seen, { ...chosen, source: input.source.id })})
    )`;
  const alerts = firing(chosen, figureAlerts);
  return {
    'events-lost': tile(['peers', 'losses'], {
      title: 'Events lost',
      description:
        'The largest share that an agent loses of what it sees, before it is counted. The figures of its node are too low by that share; ' +
        'FlowEventsLost fires on it.',
      expr: promql`max(sum by (${labels(...agentKey(config))}) (${selector(events.lostShare, { ...chosen, source: input.source.id })}))`,
      unit: 'percentunit',
      decimals: 1,
      steps: FEW,
    }),
    lost: tile([], {
      title: 'Lost by rules',
      description:
        'Traffic that was read and is missing from the zone matrix, as a share of what is in it. Apart from rounding it is 0; TrafficLost fires on it.',
      expr: promql`
        max(
          abs(${selector(names.lost, chosen)})
          / on (${by})
          (${all} > 0)
        )`,
      ...hiddenWhere(config, input),
      unit: 'percentunit',
      decimals: 1,
      steps: FEW,
    }),
    'counted-twice': tile(['two-views'], {
      title: 'Counted twice',
      description:
        'How many times as much one end of the traffic counts as the other, in the cluster where they differ most. It should be near 1; near 2, one of them counts ' +
        'each packet twice. TrafficCountedTwice fires on it.',
      expr: promql`
        max(
          ${either(ratio, withLabel(promql`1 / ${ratio}`, 'way', 'other'))}
        )`,
      unit: 'none',
      decimals: 2,
      steps: [
        [null, COLOURS.good],
        [1.2, COLOURS.attention],
        [1.5, COLOURS.warning],
      ],
    }),
    silent: tile(['losses'], {
      title: 'Silent nodes',
      description:
        'Nodes of which no agent reports anything, although kube-state-metrics knows them. Their traffic is missing, unless its other end reports it. ' +
        'Nodes without agents, such as those of Fargate, count too.',
      expr: promql`
        sum(
          clamp_min(
            ${nodes} - on (${by}) (${agents} or on (${by}) 0 * ${nodes}),
            0
          )
        )`,
      unit: 'none',
      decimals: 0,
      steps: [
        [null, COLOURS.good],
        [1, COLOURS.warning],
      ],
    }),
    unattributed: {
      width: 12,
      height: 4,
      needs: ['peers'],
      panel: () =>
        barGauge({
          title: 'Unknown zones by reason',
          description:
            'Share of all traffic of the chosen clusters with an unknown zone, by reason. Private addresses outside the cluster that no range describes (outside) have no zone; the others are faults of the ' +
            'data, on which TrafficUnattributed fires. docs/attribution.md explains each.',
          target: latest(
            promql`
              sum by (reason) (
                ${selector(names.unattributed, chosen)}
                * on (${by}) group_left ()
                ${all}
              )
              / on () group_left ()
              sum(${all})
              > 0`,
            '{{reason}}',
          ),
          unit: 'percentunit',
          colour: COLOURS.unknown,
          noValue: `none${OR_NO_IDENTITY}`,
        }),
    },
    'firing-alerts': {
      width: 24,
      height: 5,
      panel: () =>
        table({
          title: 'Firing alerts',
          description:
            'Firing alerts on whether these figures can be trusted, from the alerting rules of Azimuth. It should say "none".',
          targets: [rows(alerts), noneRow('alertname', alerts, selector(names.cluster, chosen))],
          columns: [
            { field: 'alertname', title: 'Alert' },
            { field: 'severity', title: 'Severity', width: 100 },
            ...clusterColumn(config),
            { field: 'unit', title: 'Unit', width: 140 },
            { field: 'instance', title: 'Agent' },
            { field: 'cause', title: 'Cause' },
          ],
          noValue: 'no data',
        }),
    },
  } satisfies PanelSpecs;
}
