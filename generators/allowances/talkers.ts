import { POD_IDENTITY } from '../identity/index.ts';
import type { Panel } from '../model/dashboard.ts';
import { timeSeries } from '../panels/charts.ts';
import { firing, noneRow } from '../panels/firing.ts';
import { COLOURS, overTime, rows, TRAFFIC_UNITS, withHost } from '../panels/shared.ts';
import { clusterColumn, table } from '../panels/table.ts';
import {
  aggregate,
  duration,
  either,
  join,
  labels,
  not,
  promql,
  type Query,
  selector,
  selectorOfAny,
  UniqueVector,
} from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import { conntrackAllowanceLow } from './alerts.ts';
import { endpointName, podNetworkName } from '../shared/record-names.ts';
import type { LimitQueries } from './limits.ts';
import { EVENT_BREAK } from './records.ts';
import type { AllowancesConfig } from './settings.ts';

type Input = AllowancesConfig['inputs'][number];

const SIDES = ['source', 'destination'] as const;

/** The inputs whose flows name pods at both ends, one for each unit. */
const naming = ({ inputs }: AllowancesConfig): readonly Input[] =>
  inputs.filter(
    ({ unit, source: { ends } }, index) =>
      SIDES.every((side) => ends[side].pod !== undefined && ends[side].namespace !== undefined) &&
      inputs.findIndex((other) => other.unit === unit) === index,
  );

/** Why the pods with the most traffic are not known; undefined if they are. */
export const noTalkers = (config: AllowancesConfig): string | undefined =>
  config.workloads.resources || naming(config).length > 0
    ? undefined
    : 'no flow source names pods, and workloads.resources is false';

const nodeLabels = (config: AllowancesConfig): readonly string[] => [...clusterLabels(config), 'node'];

const podLabels = (config: AllowancesConfig): readonly string[] => [
  ...nodeLabels(config),
  'namespace',
  'workload',
  'pod',
];

/** At most so many nodes, those with the most packets over a limit: a fleet may have hundreds, each with dozens of pods. */
const MOST_NODES = 10;

/** The nodes whose pods are shown. */
const worstNodes = (config: AllowancesConfig, ...over: readonly Query[]): Query =>
  promql`topk(${MOST_NODES}, ${aggregate('max', nodeLabels(config), either(...over))})`;

/** What each pod on these nodes sends and receives, by the flows. */
function flowsOf(config: AllowancesConfig, { cluster }: LimitQueries, nodes: Query, { unit }: Input): Query {
  const pod = [...clusterLabels(config), 'namespace', 'pod'];
  const ends = SIDES.map((side) => endpointName(side, unit, config.rules.window));
  const flows = aggregate('sum', pod, selectorOfAny(ends, { ...cluster, pod: not('') }));
  const placed = promql`
    ${selector(POD_IDENTITY, cluster)}
    and on (${labels(...nodeLabels(config))})
    ${nodes}`;
  return aggregate('sum', podLabels(config), join(flows, new UniqueVector(placed, pod), ['node', 'workload']));
}

/** What each pod on these nodes receives, transmits or both, by cAdvisor. */
const bytesOf = (
  config: AllowancesConfig,
  { cluster }: LimitQueries,
  nodes: Query,
  ...directions: readonly ('receive' | 'transmit')[]
): Query =>
  aggregate(
    'sum',
    podLabels(config),
    promql`
      ${selectorOfAny(
        directions.map((direction) => podNetworkName(direction, config.rules.window)),
        cluster,
      )}
      and on (${labels(...nodeLabels(config))})
      ${nodes}`,
  );

/** The pods with the most traffic on each node that is limited now. */
export function talkers(config: AllowancesConfig, queries: LimitQueries): Panel {
  const nodes = worstNodes(
    config,
    promql`max_over_time(${queries.over}[${duration(EVENT_BREAK)}])`,
    firing(queries.filter, [conntrackAllowanceLow]),
  );
  const inputs = naming(config);
  const { resources } = config.workloads;
  const both = ['receive', 'transmit'] as const;
  const ranks = [
    ...inputs.map((input) => flowsOf(config, queries, nodes, input)),
    ...(resources ? [bytesOf(config, queries, nodes, ...both)] : []),
  ];
  const by = labels(...nodeLabels(config));
  // A pod with many small packets is no less the cause than one with many bytes.
  const shown = either(...ranks.map((rank) => promql`topk by (${by}) (3, ${rank})`));
  const measures = [
    ...inputs.map((input, index) => ({
      title: `By flows, ${input.unitLabel}`,
      unit: TRAFFIC_UNITS[input.unit],
      expr: ranks[index] ?? shown,
    })),
    ...(resources ? both : []).map((direction) => ({
      title: direction === 'receive' ? 'Received' : 'Sent',
      unit: TRAFFIC_UNITS.network_bytes,
      expr: bytesOf(config, queries, nodes, direction),
    })),
  ];
  return table({
    title: 'Who causes it: pods with the most traffic on limited nodes',
    description:
      `The three pods with the most traffic, by each measure, on each of the ${MOST_NODES} nodes with the most packets over a limit; choose a node for those of others. ` +
      'Received and sent are those of cAdvisor, without pods on the host network. A leak of connections need not have much traffic: look for what no other node has.',
    targets: [
      ...measures.map(({ expr }) =>
        rows(promql`
          ${expr}
          and on (${labels(...podLabels(config))})
          (${shown})`),
      ),
      noneRow('pod', nodes, queries.counters),
    ],
    columns: [
      ...clusterColumn(config),
      { field: 'node', title: 'Node' },
      { field: 'namespace', title: 'Namespace', width: 130 },
      { field: 'workload', title: 'Workload', width: 160 },
      { field: 'pod', title: 'Pod' },
      ...measures.map(({ title, unit }, index) => ({
        field: `Value #${String.fromCodePoint(65 + index)}`,
        title,
        unit,
        decimals: 1,
        width: 130,
        cell: 'gauge' as const,
        steps: [[null, COLOURS.total]] as const,
      })),
    ],
    sortBy: measures[0]?.title ?? '',
    noValue: 'no data',
  });
}

/** The traffic of pods over time on the nodes that were limited within it, to be laid beside the packets over the limits. */
export function talkersOverTime(config: AllowancesConfig, queries: LimitQueries): Panel {
  // At the end of the range for all of it: what causes an event begins before the rules see the event.
  const nodes = worstNodes(config, promql`max_over_time(${queries.over}[${duration('$__range')}] @ end())`);
  const [input] = naming(config);
  const isFlows = input !== undefined && !config.workloads.resources;
  const expr = isFlows
    ? flowsOf(config, queries, nodes, input)
    : bytesOf(config, queries, nodes, 'receive', 'transmit');
  return timeSeries({
    title: 'Pods on limited nodes',
    description:
      'The ten pods with the most traffic, received and sent, on nodes that were over a limit within the time range. What rises with the packets over the limit is the cause.',
    targets: [overTime(withHost(promql`topk(10, ${expr})`, 'node'), '{{pod}} on {{host}}')],
    unit: TRAFFIC_UNITS[isFlows ? input.unit : 'network_bytes'],
    legend: 'table',
  });
}
