import type { Panel } from '../../model/dashboard.ts';
import { stat } from '../../panels/charts.ts';
import { noneRow } from '../../panels/firing.ts';
import { COLOURS, rows, type Step } from '../../panels/shared.ts';
import { clusterColumn, table } from '../../panels/table.ts';
import { either, labels, not, promql, type Query } from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import { metric, nodeLabels } from '../names.ts';
import type { CiliumHealthConfig } from '../settings.ts';
import { type CiliumPanel, PACKETS, type Series } from './panel.ts';

const { good, attention, warning, bad } = COLOURS;

const tile = (
  key: string,
  options: Parameters<typeof stat>[0],
  needs: NonNullable<CiliumPanel['needs']> = [],
): CiliumPanel => ({
  key,
  width: 3,
  height: 4,
  needs,
  panel: () => stat({ ...options, now: true }),
});

/** Green at 0, red above. */
const NONE: readonly Step[] = [
  [null, good],
  [0.000_001, bad],
];

/** Whether Cilium works: the first row. */
export const tiles = ({ of, all, failures }: Series): readonly CiliumPanel[] => [
  tile('agents-missing', {
    title: 'Agents missing',
    description: 'Nodes whose agent does not answer Prometheus. No pod starts there. It should be 0.',
    expr: either(promql`count(${of('missing')})`, promql`0 * count(${of('up')})`),
    unit: 'none',
    decimals: 0,
    steps: NONE,
  }),
  tile('operators', {
    title: 'Operators',
    description: 'Operators that answer Prometheus. One leads and the others wait; one alone is enough until it ends.',
    expr: promql`sum(${all('operators')})`,
    unit: 'none',
    decimals: 0,
    steps: [
      [null, attention],
      [2, good],
    ],
  }),
  tile('not-in-datapath', {
    title: 'Not in datapath',
    description:
      'Services, policies and other objects that agents fail to bring into the datapath, summed over nodes. It should be 0. Off in Cilium by default: the generated ' +
      'values turn it on.',
    expr: promql`sum(${of('reconcilerErrors')})`,
    unit: 'none',
    decimals: 0,
    steps: NONE,
  }),
  tile('fullest-map', {
    title: 'Fullest map',
    description: 'The eBPF map that is fullest, of all nodes.',
    expr: promql`max(${of('mapPressure')})`,
    unit: 'percentunit',
    decimals: 0,
    steps: [
      [null, good],
      [0.6, attention],
      [0.8, warning],
      [0.95, bad],
    ],
  }),
  tile('dropped', {
    title: 'Dropped',
    description:
      'Packets per second that the datapath drops, without the reasons in cilium.expectedDrops such as policies.',
    expr: promql`sum(${failures})`,
    unit: PACKETS,
    decimals: 1,
    steps: [
      [null, good],
      [5, attention],
      [10, warning],
      [100, bad],
    ],
  }),
  tile('regenerations-failing', {
    title: 'Regen. failed',
    description: 'Share of the endpoint regenerations that fail. It should be 0.',
    expr: promql`
      ${either(promql`sum(${of('regenerations', { outcome: not('success') })})`, promql`0 * sum(${of('regenerations')})`)}
      / (sum(${of('regenerations')}) > 0)`,
    unit: 'percentunit',
    decimals: 1,
    steps: [
      [null, good],
      [0.01, attention],
      [0.05, warning],
      [0.5, bad],
    ],
  }),
  tile(
    'paths-broken',
    {
      title: 'Broken paths',
      description:
        'Share of the paths between nodes, or to an endpoint on them, on which health checks fail although the agents run. It should be 0.',
      expr: promql`max(${all('brokenPaths')})`,
      unit: 'percentunit',
      decimals: 1,
      steps: NONE,
    },
    ['healthChecking'],
  ),
  tile('addresses-used', {
    title: 'Addresses in use',
    description: 'Share of the pod addresses of a node that is in use: the node with the fewest left.',
    expr: promql`max(${of('addresses')})`,
    unit: 'percentunit',
    decimals: 0,
    steps: [
      [null, good],
      [0.8, attention],
      [0.9, warning],
      [0.999, bad],
    ],
  }),
];

/** Nodes, those in trouble first. */
export function nodeTable(config: CiliumHealthConfig, series: Series): Panel {
  const { of, byNode, maxByNode, failures, onNode } = series;
  const node = labels(...nodeLabels(config));
  const trouble = either(
    promql`${of('missing')} * 1e9`,
    promql`${byNode(of('reconcilerErrors'))} > 0`,
    byNode(failures),
    promql`${of('up')} * 0`,
  );
  const worst = promql`topk(50, ${maxByNode(trouble)})`;
  const shown = (query: Query) => rows(promql`${query} and on (${node}) ${worst}`);
  return table({
    title: 'Nodes',
    description:
      'The fifty nodes most in trouble: without an agent, then by what is not in the datapath, then by drops. "Degraded" are parts of the agent that say so.',
    targets: [
      shown(maxByNode(either(promql`${of('missing')} * 0`, of('up')))),
      shown(maxByNode(of('degraded'))),
      shown(byNode(of('reconcilerErrors'))),
      shown(maxByNode(of('mapPressure'))),
      shown(byNode(failures)),
      shown(maxByNode(of('addresses'))),
      shown(maxByNode(metric('cilium_endpoint', onNode))),
    ],
    columns: [
      ...clusterColumn(config),
      { field: 'node', title: 'Node' },
      {
        field: 'Value #A',
        title: 'Agent',
        width: 90,
        cell: 'colour',
        states: [
          { value: 0, text: 'down', colour: bad },
          { value: 1, text: 'up', colour: 'transparent' },
        ],
      },
      countColumn('Value #B', 'Degraded'),
      countColumn('Value #C', 'Not in datapath'),
      shareColumn('Value #D', 'Fullest map', [0.8, 0.95]),
      {
        field: 'Value #E',
        title: 'Dropped',
        unit: PACKETS,
        decimals: 1,
        width: 120,
        cell: 'colour',
        steps: [
          [null, 'transparent'],
          [10, warning],
          [100, bad],
        ],
      },
      shareColumn('Value #F', 'Addresses in use', [0.9, 0.999]),
      { field: 'Value #G', title: 'Endpoints', unit: 'none', decimals: 0, width: 110 },
    ],
    sortBy: 'Dropped',
    noValue: 'no data',
  });
}

/** A column of numbers that should be 0. */
const countColumn = (field: string, title: string) => ({
  field,
  title,
  unit: 'none',
  decimals: 0,
  width: 140,
  cell: 'colour' as const,
  steps: [
    [null, 'transparent'],
    [1, bad],
  ] as const,
});

/** A column of shares that become a warning and an alarm. */
const shareColumn = (field: string, title: string, [high, full]: readonly [number, number]) => ({
  field,
  title,
  unit: 'percentunit',
  decimals: 0,
  width: 140,
  cell: 'colour' as const,
  steps: [
    [null, 'transparent'],
    [high, warning],
    [full, bad],
  ] as const,
});

/** The firing alerts on Cilium. */
export function firingAlerts(config: CiliumHealthConfig, { of, firing: alerts }: Series): Panel {
  const places = ['map_name', 'module_id', 'reason', 'api_call', 'kind', 'family'];
  const by = labels(...clusterLabels(config), 'alertname', 'severity', ...places);
  return table({
    title: 'Firing alerts',
    description:
      'Firing alerts on Cilium, from the alerting rules of Azimuth, with the number of nodes where they fire. It should say "none".',
    targets: [rows(promql`count by (${by}) (${alerts})`), noneRow('alertname', alerts, of('up'))],
    columns: [
      { field: 'alertname', title: 'Alert' },
      { field: 'severity', title: 'Severity', width: 100 },
      ...clusterColumn(config),
      { field: 'map_name', title: 'Map' },
      { field: 'module_id', title: 'Reconciler' },
      { field: 'reason', title: 'Reason' },
      { field: 'api_call', title: 'Call' },
      { field: 'Value #A', title: 'Firing', unit: 'none', decimals: 0, width: 90 },
    ],
    sortBy: 'Firing',
    noValue: 'no data',
  });
}
