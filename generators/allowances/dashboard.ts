import type { Dashboard, Panel, PlacedPanel } from '../model/dashboard.ts';
import type { Skipped } from '../model/report.ts';
import { stat, timeSeries } from '../panels/charts.ts';
import { COLOURS, commonVariables, inCluster, overTime, type Step, withHost } from '../panels/shared.ts';
import { aggregate, either, labels, promql, type Query, selector } from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import { exceededName } from '../shared/record-names.ts';
import { conntrackAllowanceLow } from './alerts.ts';
import { exceptNodes, noHeadroom } from './exporter.ts';
import { ec2Nodes, type LimitQueries, limitQueries, LIMITS, PACKETS_OVER } from './limits.ts';
import { CONNTRACK_AVAILABLE, conntrackHeadroom } from './headroom.ts';
import { COUNTED_NODES } from './records.ts';
import type { AllowancesConfig } from './settings.ts';
import { conntrackNodes, firingAlerts, limitedNodes, longestLimited, worstInterfaces } from './tables.ts';
import { noTalkers, talkers, talkersOverTime } from './talkers.ts';

const { good, bad, warning } = COLOURS;
const healthy: Step = [null, good];

const key = (allowance: string): string => allowance.replace('_', '-');

/** The tile is red below the threshold of ConntrackAllowanceLow. */
const headroomThreshold = ({ alerts }: AllowancesConfig): number =>
  (alerts[conntrackAllowanceLow.alert] || {}).threshold ?? conntrackAllowanceLow.tier.threshold;

/** How many there are; 0 where there are none, but something is known. */
const countOf = (some: Query, known: Query): Query => either(promql`count(${some})`, promql`0 * count(${known})`);

const tile = (name: string, width: number, options: Omit<Parameters<typeof stat>[0], 'now'>): PlacedPanel => ({
  key: name,
  width,
  height: width === 4 ? 8 : 4,
  panel: stat({ ...options, now: true }),
});

const count = (name: string, title: string, description: string, expr: Query, steps: readonly Step[]): PlacedPanel =>
  tile(name, 3, { title, description, expr, unit: 'none', decimals: 0, steps });

/** Panels of one size. */
const places = (width: number, height: number, panels: Readonly<Record<string, Panel>>): readonly PlacedPanel[] =>
  Object.entries(panels).map(([name, panel]) => ({ key: name, width, height, panel }));

/** Whether any node is limited, by which limit, and whether all nodes report: the first row. */
function tiles(config: AllowancesConfig, { node, counters, exceeded, cluster }: LimitQueries): readonly PlacedPanel[] {
  const by = labels(...node);
  const nodes = (some: Query): Query => promql`group by (${by}) (${some} > 0)`;
  const ec2 = ec2Nodes(cluster);
  const byName = [...clusterLabels(config), 'node'];
  const silent = promql`
    ${aggregate('group', byName, ec2)}
    unless on (${labels(...byName)})
    ${aggregate('group', byName, selector(exceededName('pps'), cluster))}`;
  return [
    count(
      'limited',
      'Nodes limited',
      'Nodes with packets over any allowance within the window of the rules. It should be 0; "No data" is no exporter, not 0.',
      countOf(nodes(counters), counters),
      [healthy, [1, warning]],
    ),
    ...LIMITS.map(({ allowance, title, harm, colour }) =>
      count(
        key(allowance),
        title,
        `Nodes with packets over this allowance. ${harm} It should be 0.`,
        countOf(nodes(exceeded(allowance)), exceeded(allowance)),
        [healthy, [1, colour]],
      ),
    ),
    count(
      'reporting',
      'Reporting',
      'Nodes with allowance counters in the chosen clusters. Red if EC2 nodes are there and none reports.',
      either(promql`sum(${selector(COUNTED_NODES, cluster)})`, promql`0 * count(${ec2})`),
      [
        [null, bad],
        [1, good],
      ],
    ),
    count(
      'silent',
      'Not reporting',
      'EC2 nodes, by their provider ID, without allowance counters: limits of theirs would not show. It should be 0. No data without kube-state-metrics.',
      countOf(silent, ec2),
      [healthy, [1, warning]],
    ),
  ];
}

/** The packets of the interfaces that were over an allowance, and only of these. */
function trend({ title, harm, allowance }: (typeof LIMITS)[number], { exceeded }: LimitQueries): Panel {
  return timeSeries({
    title: `${title}: packets over the allowance`,
    description: `Packets per second over the allowance, of the ten interfaces with the most, while they are over it. The line at 0 stands for all others. ${harm}`,
    targets: [
      overTime(withHost(promql`topk(10, ${exceeded(allowance)} > 0)`, 'instance'), '{{host}} {{device}}'),
      overTime(promql`0 * group(${exceeded(allowance)})`, 'within the allowance'),
    ],
    unit: PACKETS_OVER,
    legend: 'table',
    colours: { 'within the allowance': COLOURS.unknown },
  });
}

/** Keys of the panels on connections left. */
const LEFT_PANELS = ['conntrack-headroom-by-node', 'conntrack-headroom', 'conntrack-available', 'conntrack-nodes'];

/** The panels on connections left: one beside the trends of the allowances, and a section. */
interface ConnectionsLeft {
  readonly overTime: Readonly<Record<string, Panel>>;
  readonly sections: Dashboard['sections'];
}

const NOTHING_LEFT: ConnectionsLeft = { overTime: {}, sections: [] };

/** How many connections nodes can still track. */
function connectionsLeft(config: AllowancesConfig, queries: LimitQueries): ConnectionsLeft {
  const headroom = conntrackHeadroom(queries.filter);
  const threshold = headroomThreshold(config);
  const except = exceptNodes(config.exporters);
  return {
    overTime: {
      'conntrack-headroom-by-node': timeSeries({
        title: 'Connection tracking: headroom',
        description: 'The ten nodes with the least headroom, as a share of their maximum within 7 days.' + except,
        targets: [overTime(withHost(promql`bottomk(10, ${headroom})`, 'instance'), '{{host}}')],
        unit: 'percentunit',
        legend: 'table',
        first: 'smallest',
      }),
    },
    sections: [
      {
        title: 'Connections left',
        panels: [
          tile('conntrack-headroom', 4, {
            title: 'Conntrack headroom',
            description:
              'Connections that the node with the least headroom can still track, as a share of its maximum within 7 days.' +
              except,
            expr: promql`min(${headroom})`,
            unit: 'percentunit',
            decimals: 0,
            steps: [
              [null, bad],
              [threshold, warning],
              [3 * threshold, good],
            ],
          }),
          tile('conntrack-available', 4, {
            title: 'Fewest left',
            description:
              'Connections that can still be tracked on the node with the fewest. Each instance type has a limit of its own, so the share tells more.' +
              except,
            expr: promql`min(${selector(CONNTRACK_AVAILABLE, queries.filter)})`,
            unit: 'none',
            decimals: 0,
            steps: [
              [null, bad],
              [1, COLOURS.total],
            ],
          }),
          ...places(16, 8, { 'conntrack-nodes': conntrackNodes(config, queries, threshold) }),
        ],
      },
    ],
  };
}

/** Panels that are left out for one reason; none if there is no reason. */
const skippedPanels = (uid: string, panels: readonly string[], reason: string | undefined): readonly Skipped[] =>
  reason === undefined ? [] : panels.map((panel) => ({ kind: 'panel', dashboard: uid, panel, reason }));

/** ENA allowances of EC2 nodes: whether any node exceeds a limit, which node, which limit, and who causes it. */
export function nodeAllowances(config: AllowancesConfig): Dashboard {
  const uid = 'node-allowances';
  const queries = limitQueries(config);
  const unknown = noTalkers(config);
  const without = noHeadroom(config.exporters);
  const left = without === undefined ? connectionsLeft(config, queries) : NOTHING_LEFT;
  return {
    uid,
    title: 'Node network allowances',
    description:
      'Network limits of EC2 nodes (ENA allowances): whether a node exceeds a limit, which node, which limit, and which of its pods cause it.',
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
          ...tiles(config, queries),
          ...places(24, 7, { 'limited-nodes': limitedNodes(config, queries) }),
          ...(unknown === undefined ? places(24, 8, { talkers: talkers(config, queries) }) : []),
          ...places(24, 6, {
            'worst-interfaces': worstInterfaces(config, queries),
            'firing-alerts': firingAlerts(config, queries),
          }),
        ],
      },
      {
        title: 'Over time, by interface',
        panels: [
          ...(unknown === undefined ? places(24, 8, { 'talkers-over-time': talkersOverTime(config, queries) }) : []),
          ...places(12, 7, {
            ...Object.fromEntries(LIMITS.map((limit) => [`${key(limit.allowance)}-by-node`, trend(limit, queries)])),
            ...left.overTime,
          }),
        ],
      },
      ...left.sections,
      { title: 'The last 7 days', panels: places(24, 7, { 'limited-week': longestLimited(config, queries) }) },
    ],
    skipped: [
      ...skippedPanels(uid, ['talkers', 'talkers-over-time'], unknown),
      ...skippedPanels(uid, LEFT_PANELS, without),
    ],
  };
}
