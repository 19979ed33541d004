import type { Config } from '../config/schema.ts';
import type { Dashboard, Panel } from '../model/dashboard.ts';
import { matches, oneOf, promql, selector, type Matchers } from '../promql/index.ts';
import { allowanceAlerts } from '../alerts/index.ts';
import { CONNTRACK_AVAILABLE, CONNTRACK_AVAILABLE_MAX_7D, exceededName } from '../recordings/allowances.ts';
import type { Allowance } from '../sources/ethtool-exporter.ts';
import { COLOURS, type Step } from './panels/colours.ts';
import { stat } from './panels/stat.ts';
import { table } from './panels/table.ts';
import { overTime, rows } from './panels/targets.ts';
import { timeSeries } from './panels/time-series.ts';
import { commonVariables, inCluster } from './variables.ts';

/** Allowances in the order of the harm that exceeding them does. */
const SHOWN: readonly {
  readonly allowance: Allowance;
  readonly title: string;
  readonly harm: string;
  readonly colour: string;
}[] = [
  { allowance: 'conntrack', title: 'Connection tracking', harm: 'New connections fail.', colour: COLOURS.bad },
  {
    allowance: 'linklocal',
    title: 'Link-local',
    harm: 'DNS, metadata or time sync packets are lost.',
    colour: COLOURS.bad,
  },
  {
    allowance: 'pps',
    title: 'Packet rate',
    harm: 'Packets are queued or lost; TCP slows down.',
    colour: COLOURS.warning,
  },
  { allowance: 'bw_in', title: 'Bandwidth in', harm: 'Inbound packets are queued or lost.', colour: COLOURS.warning },
  {
    allowance: 'bw_out',
    title: 'Bandwidth out',
    harm: 'Outbound packets are queued or lost.',
    colour: COLOURS.warning,
  },
];

/** ENA allowances of EC2 nodes: is any node over a limit, which one, and which limit. */
export function nodeAllowances(config: Config): Dashboard {
  const filter: Matchers = { ...inCluster(config), node: matches('$node') };
  const exceeded = (allowance: Allowance) => selector(exceededName(allowance), filter);
  const healthy: Step = [null, COLOURS.good];
  const headroom = promql`${selector(CONNTRACK_AVAILABLE, filter)} / (${selector(CONNTRACK_AVAILABLE_MAX_7D, filter)} > 0)`;
  const numbers = SHOWN.map(({ allowance, title, harm, colour }) => ({
    key: allowance.replace('_', '-'),
    width: 4,
    height: 5,
    panel: stat({
      title,
      description: `Packets per second over the ${title.toLowerCase()} allowance, all chosen nodes together. ${harm} 0 is right.`,
      expr: promql`sum(${exceeded(allowance)})`,
      unit: 'pps',
      steps: [healthy, [0.000_001, colour]],
    }),
  }));
  const courses = SHOWN.map(({ allowance, title, harm }) => ({
    key: `${allowance.replace('_', '-')}-by-node`,
    width: 12,
    height: 7,
    panel: timeSeries({
      title: `${title}: packets over the allowance`,
      description: `The ten interfaces with the most packets per second over the allowance. ${harm}`,
      targets: [overTime(promql`topk(10, ${exceeded(allowance)})`, '{{instance}} {{device}}')],
      unit: 'pps',
      legend: 'table',
    }),
  }));
  return {
    uid: 'node-allowances',
    title: 'Node network allowances',
    description: 'Network limits of EC2 nodes (ENA allowances): is any node over a limit, which node, which limit.',
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
          ...numbers,
          {
            key: 'conntrack-headroom',
            width: 4,
            height: 5,
            panel: stat({
              title: 'Lowest conntrack headroom',
              description:
                'Connections that the fullest node can still track, as a share of the most it could track within 7 days.',
              expr: promql`min(${headroom})`,
              unit: 'percentunit',
              decimals: 0,
              steps: [
                [null, COLOURS.bad],
                [0.1, COLOURS.warning],
                [0.3, COLOURS.good],
              ],
            }),
          },
          { key: 'worst-interfaces', width: 14, height: 8, panel: worstInterfaces(exceeded) },
          { key: 'firing-alerts', width: 10, height: 8, panel: firingAlerts(filter) },
        ],
      },
      {
        title: 'By node and interface',
        panels: [
          ...courses,
          {
            key: 'conntrack-headroom-by-node',
            width: 12,
            height: 7,
            panel: timeSeries({
              title: 'Connection tracking: headroom',
              description:
                'The ten nodes with the least headroom, as a share of the most they could track within 7 days.',
              targets: [overTime(promql`bottomk(10, ${headroom})`, '{{instance}}')],
              unit: 'percentunit',
              legend: 'table',
            }),
          },
        ],
      },
    ],
  };
}

function worstInterfaces(exceeded: (allowance: Allowance) => ReturnType<typeof selector>): Panel {
  return table({
    title: 'Interfaces over an allowance now',
    description: 'Every interface with packets over an allowance, in packets per second. Empty is right.',
    targets: SHOWN.map(({ allowance }) => rows(promql`${exceeded(allowance)} > 0`)),
    columns: [
      { field: 'instance', title: 'Instance' },
      { field: 'device', title: 'Interface', width: 90 },
      ...SHOWN.map(({ title, colour }, index) => ({
        field: `Value #${String.fromCodePoint(65 + index)}`,
        title,
        unit: 'pps',
        cell: 'colour' as const,
        steps: [
          [null, 'transparent'],
          [0.000_001, colour],
        ] as const,
      })),
    ],
    noValue: 'No interface is over an allowance',
  });
}

function firingAlerts(filter: Matchers): Panel {
  return table({
    title: 'Firing alerts',
    description: 'Alerts on allowances that fire now, from the alerting rules beside this dashboard.',
    targets: [
      rows(
        selector('ALERTS', {
          ...filter,
          alertstate: 'firing',
          alertname: oneOf(allowanceAlerts.map(({ alert }) => alert)),
        }),
      ),
    ],
    columns: [
      { field: 'alertname', title: 'Alert' },
      { field: 'severity', title: 'Severity', width: 90 },
      { field: 'instance', title: 'Instance' },
      { field: 'device', title: 'Interface', width: 90 },
    ],
    noValue: 'No alert fires',
  });
}
