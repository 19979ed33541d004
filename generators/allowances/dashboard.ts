import { conntrackAllowanceLow } from './alert-conntrack-low.ts';
import type { Config } from '../settings/index.ts';
import type { Dashboard } from '../model/dashboard.ts';
import { matches, promql, selector, type Matchers, type Query } from '../promql/index.ts';
import { conntrackHeadroom, exceededName } from './records.ts';
import type { Allowance } from './exporter.ts';
import { firingAlerts, SHOWN, worstInterfaces } from './dashboard-tables.ts';
import { COLOURS, type Step } from '../panels/colours.ts';
import { stat } from '../panels/stat.ts';
import { overTime } from '../panels/targets.ts';
import { timeSeries } from '../panels/time-series.ts';
import { PACKETS_OVER } from '../panels/units.ts';
import { commonVariables, inCluster } from '../panels/variables.ts';

/** Red below what ConntrackAllowanceLow warns of. */
const headroomThreshold = ({ alerts }: Config): number =>
  (alerts[conntrackAllowanceLow.alert] || {}).threshold ?? conntrackAllowanceLow.tier.threshold;

/** Adds the label `host`: the instance without its domain, as legends have little room; addresses stay whole. */
const named = (query: Query): Query => promql`
  label_replace(
    ${query},
    "host", "$1$2", "instance", "([a-zA-Z][^.]*)[.].+|(.+)"
  )`;

/** ENA allowances of EC2 nodes: is any node over a limit, which one, and which limit. */
export function nodeAllowances(config: Config): Dashboard {
  const filter: Matchers = { ...inCluster(config), node: matches('$node') };
  const exceeded = (allowance: Allowance) => selector(exceededName(allowance), filter);
  const healthy: Step = [null, COLOURS.good];
  const headroom = conntrackHeadroom(filter);
  const numbers = SHOWN.map(({ allowance, title, short, harm, colour }) => ({
    key: allowance.replace('_', '-'),
    width: 4,
    height: 4,
    panel: stat({
      title: `${short ?? title} exceeded`,
      description: `Packets per second over the ${title.toLowerCase()} allowance, all chosen nodes together. ${harm} 0 is right.`,
      expr: promql`sum(${exceeded(allowance)})`,
      unit: PACKETS_OVER,
      decimals: 2,
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
      targets: [overTime(named(promql`topk(10, ${exceeded(allowance)})`), '{{host}} {{device}}')],
      unit: PACKETS_OVER,
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
            height: 4,
            panel: stat({
              title: 'Conntrack headroom',
              description:
                'Connections that the node with the least room can still track, as a share of the most it could track within 7 days.',
              expr: promql`min(${headroom})`,
              unit: 'percentunit',
              decimals: 0,
              steps: [
                [null, COLOURS.bad],
                [headroomThreshold(config), COLOURS.warning],
                [3 * headroomThreshold(config), COLOURS.good],
              ],
              course: false,
            }),
          },
          { key: 'worst-interfaces', width: 24, height: 6, panel: worstInterfaces(config, exceeded) },
          { key: 'firing-alerts', width: 24, height: 8, panel: firingAlerts(config, filter) },
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
              targets: [overTime(named(promql`bottomk(10, ${headroom})`), '{{host}}')],
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
