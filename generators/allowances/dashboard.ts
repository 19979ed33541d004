import type { Dashboard, Panel } from '../model/dashboard.ts';
import { stat, timeSeries } from '../panels/charts.ts';
import { firing, noneRow } from '../panels/firing.ts';
import { COLOURS, commonVariables, inCluster, overTime, rows, type Step, withHost } from '../panels/shared.ts';
import { clusterColumn, table } from '../panels/table.ts';
import { either, labels, type Matchers, matches, promql, selector, selectorOfAny } from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import { allowanceSourceSilent, conntrackAllowanceLow, nodeAlerts } from './alerts.ts';
import { type Allowance, ALLOWANCES } from './exporter.ts';
import { conntrackHeadroom } from './records.ts';
import { exceededName } from '../shared/record-names.ts';
import type { AllowancesConfig } from './settings.ts';

/** Packets over a limit, per second. Grafana's own "pps" shows 0.04 as "40 mp/s", which looks like millions. */
const PACKETS_OVER = 'suffix: p/s';

const { bad, warning } = COLOURS;

/** Allowances, the most harmful to exceed first. */
const SHOWN: readonly (Readonly<Record<'title' | 'harm' | 'colour', string>> & {
  readonly allowance: Allowance;
  /** Title of the tile, where the full one is too long. */
  readonly short?: string;
})[] = [
  {
    allowance: 'conntrack',
    title: 'Connection tracking',
    short: 'Conntrack',
    harm: 'New connections fail.',
    colour: bad,
  },
  { allowance: 'linklocal', title: 'Link-local', harm: 'DNS, metadata or time sync packets are lost.', colour: bad },
  { allowance: 'pps', title: 'Packet rate', harm: 'Packets are queued or lost; TCP slows down.', colour: warning },
  { allowance: 'bw_in', title: 'Bandwidth in', harm: 'Inbound packets are queued or lost.', colour: warning },
  { allowance: 'bw_out', title: 'Bandwidth out', harm: 'Outbound packets are queued or lost.', colour: warning },
];

/** Every interface over an allowance, one row each. `exceeded` selects the record of an allowance. */
function worstInterfaces(config: AllowancesConfig, filter: Matchers): Panel {
  const kept = labels(...clusterLabels(config), 'instance', 'device');
  const counters = selectorOfAny(ALLOWANCES.map(exceededName), filter);
  return table({
    title: 'Interfaces over an allowance now',
    description: 'Interfaces with packets over an allowance, in packets per second. It should say "none".',
    targets: [
      // The aggregation drops the metric name, so the rows of one interface merge.
      ...SHOWN.map(({ allowance }) =>
        rows(promql`max by (${kept}) (${selector(exceededName(allowance), filter)}) > 0`),
      ),
      noneRow('instance', promql`${counters} > 0`, counters),
    ],
    columns: [
      ...clusterColumn(config),
      { field: 'instance', title: 'Instance', width: 400 },
      { field: 'device', title: 'Interface', width: 80 },
      ...SHOWN.map(({ title, colour }, index) => ({
        field: `Value #${String.fromCodePoint(65 + index)}`,
        title,
        unit: PACKETS_OVER,
        decimals: 2,
        cell: 'colour' as const,
        steps: [
          [null, 'transparent'],
          [0.000_001, colour],
        ] as const,
      })),
    ],
    noValue: 'no data',
  });
}

/** The firing alerts on allowances. */
function firingAlerts(config: AllowancesConfig, filter: Matchers): Panel {
  // An alert on the source has no node.
  const alerts = either(firing(filter, nodeAlerts), firing(inCluster(config), [allowanceSourceSilent]));
  return table({
    title: 'Firing alerts',
    description: 'Firing alerts on allowances, from the alerting rules of Azimuth.',
    targets: [rows(alerts), noneRow('alertname', alerts, selectorOfAny(ALLOWANCES.map(exceededName), filter))],
    columns: [
      { field: 'alertname', title: 'Alert', width: 300 },
      { field: 'severity', title: 'Severity', width: 100 },
      ...clusterColumn(config),
      { field: 'instance', title: 'Instance' },
      { field: 'device', title: 'Interface', width: 120 },
    ],
    noValue: 'no data',
  });
}

/** The tile is red below the threshold of ConntrackAllowanceLow. */
const headroomThreshold = ({ alerts }: AllowancesConfig): number =>
  (alerts[conntrackAllowanceLow.alert] || {}).threshold ?? conntrackAllowanceLow.tier.threshold;

/** ENA allowances of EC2 nodes: whether any node exceeds a limit, which node, and which limit. */
export function nodeAllowances(config: AllowancesConfig): Dashboard {
  const filter: Matchers = { ...inCluster(config), node: matches('$node') };
  const exceeded = (allowance: Allowance) => selector(exceededName(allowance), filter);
  const healthy: Step = [null, COLOURS.good];
  const headroom = conntrackHeadroom(filter);
  const tiles = SHOWN.map(({ allowance, title, short, harm, colour }) => ({
    key: allowance.replace('_', '-'),
    width: 4,
    height: 4,
    panel: stat({
      title: `${short ?? title} exceeded`,
      description: `Packets per second over the ${title.toLowerCase()} allowance, summed over the selected nodes. ${harm} It should be 0.`,
      expr: promql`sum(${exceeded(allowance)})`,
      unit: PACKETS_OVER,
      decimals: 2,
      steps: [healthy, [0.000_001, colour]],
      now: true,
    }),
  }));
  const trends = SHOWN.map(({ allowance, title, harm }) => ({
    key: `${allowance.replace('_', '-')}-by-node`,
    width: 12,
    height: 7,
    panel: timeSeries({
      title: `${title}: packets over the allowance`,
      description: `The ten interfaces with the most packets per second over the allowance. ${harm}`,
      targets: [overTime(withHost(promql`topk(10, ${exceeded(allowance)})`, 'instance'), '{{host}} {{device}}')],
      unit: PACKETS_OVER,
      legend: 'table',
    }),
  }));
  return {
    uid: 'node-allowances',
    title: 'Node network allowances',
    description:
      'Network limits of EC2 nodes (ENA allowances): whether a node exceeds a limit, which node, and which limit.',
    tags: ['azimuth', 'network'],
    from: 'now-3h',
    refresh: '1m',
    variables: [
      ...commonVariables(config, selector(exceededName('pps'))),
      {
        kind: 'query',
        name: 'node',
        label: 'Node',
        description: 'Nodes to show.',
        query: { selector: selector(exceededName('pps'), inCluster(config)), label: 'node' },
        multi: true,
      },
    ],
    sections: [
      {
        panels: [
          ...tiles,
          {
            key: 'conntrack-headroom',
            width: 4,
            height: 4,
            panel: stat({
              title: 'Conntrack headroom',
              description:
                'Connections that the node with the least headroom can still track, as a share of its maximum within 7 days.',
              expr: promql`min(${headroom})`,
              unit: 'percentunit',
              decimals: 0,
              steps: [
                [null, bad],
                [headroomThreshold(config), warning],
                [3 * headroomThreshold(config), COLOURS.good],
              ],
              now: true,
            }),
          },
          { key: 'worst-interfaces', width: 24, height: 6, panel: worstInterfaces(config, filter) },
          { key: 'firing-alerts', width: 24, height: 8, panel: firingAlerts(config, filter) },
        ],
      },
      {
        title: 'By node and interface',
        panels: [
          ...trends,
          {
            key: 'conntrack-headroom-by-node',
            width: 12,
            height: 7,
            panel: timeSeries({
              title: 'Connection tracking: headroom',
              description: 'The ten nodes with the least headroom, as a share of their maximum within 7 days.',
              targets: [overTime(withHost(promql`bottomk(10, ${headroom})`, 'instance'), '{{host}}')],
              unit: 'percentunit',
              legend: 'table',
              first: 'smallest',
            }),
          },
        ],
      },
    ],
  };
}
