import { clusterLabels } from '../settings/cluster-labels.ts';
import { allowanceAlerts } from '../alerts/index.ts';
import type { Config } from '../settings/index.ts';
import type { Panel } from '../model/dashboard.ts';
import { labels, oneOf, promql, selector, type Matchers, type Query } from '../promql/index.ts';
import type { Allowance } from './exporter.ts';
import { COLOURS } from '../panels/colours.ts';
import { table } from '../panels/table.ts';
import { rows } from '../panels/targets.ts';
import { PACKETS_OVER } from '../panels/units.ts';
import { clusterColumn } from '../panels/variables.ts';

/** Allowances in the order of the harm that exceeding them does. */
export const SHOWN: readonly {
  readonly allowance: Allowance;
  readonly title: string;
  /** Where there is little room. */
  readonly short?: string;
  readonly harm: string;
  readonly colour: string;
}[] = [
  {
    allowance: 'conntrack',
    title: 'Connection tracking',
    short: 'Conntrack',
    harm: 'New connections fail.',
    colour: COLOURS.bad,
  },
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

/** Every interface over an allowance, one row each. `exceeded` gives the record of an allowance. */
export function worstInterfaces(config: Config, exceeded: (allowance: Allowance) => Query): Panel {
  const kept = labels(...clusterLabels(config), 'instance', 'device');
  return table({
    title: 'Interfaces over an allowance now',
    description: 'Every interface with packets over an allowance, in packets per second. Empty is right.',
    // Without the name of the record, rows of one interface merge into one.
    targets: SHOWN.map(({ allowance }) => rows(promql`max by (${kept}) (${exceeded(allowance)}) > 0`)),
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
    noValue: 'none',
  });
}

/** The alerts on allowances that fire. */
export function firingAlerts(config: Config, filter: Matchers): Panel {
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
      { field: 'alertname', title: 'Alert', width: 300 },
      { field: 'severity', title: 'Severity', width: 100 },
      ...clusterColumn(config),
      { field: 'instance', title: 'Instance' },
      { field: 'device', title: 'Interface', width: 120 },
    ],
    noValue: 'none',
  });
}
