import { stat } from '../../panels/charts.ts';
import { noneRow } from '../../panels/firing.ts';
import { COLOURS, rows, type Step } from '../../panels/shared.ts';
import { clusterColumn, table } from '../../panels/table.ts';
import { either, labels, promql, type Query, quotedList, withLabel } from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import { eventLostShareName, unattributedName } from '../../shared/record-names.ts';
import { rulerOf } from '../../shared/rulers.ts';
import { kindKey } from '../agents.ts';
import { pipelineNames } from '../names.ts';
import type { PipelineConfig } from '../settings.ts';
import { type PipelinePanel, type Series } from './panel.ts';

const { good, attention, warning, bad, total } = COLOURS;

const plain: readonly Step[] = [[null, total]];

const tile = (
  key: string,
  needs: NonNullable<PipelinePanel['needs']>,
  options: () => Parameters<typeof stat>[0],
  width = 3,
): PipelinePanel => ({ key, width, height: 4, needs, panel: () => stat({ ...options(), now: true }) });

/** A number that is 0 where its series are missing and `known` has some. */
const orZero = (query: Query, known: Query): Query => either(query, promql`0 * group(${known})`);

/** New series an hour as a share of those that agents have. */
export const turnover = (config: PipelineConfig, { of }: Series): Query => {
  const by = labels(...kindKey(config));
  return promql`
    3600 * sum by (${by}) (${of('seriesAdded')})
    / on (${by})
    (sum by (${by}) (${of('series')}) > 0)`;
};

/** The share of traffic that has a zone which is unknown, of the unit where it is largest. What is outside of the cluster has none. */
const unattributed = (config: PipelineConfig, { ofCluster }: Series): Query => {
  const by = labels(...clusterLabels(config));
  const shares = config.inputs.map(({ unit }) =>
    withLabel(
      promql`sum by (${by}) (${ofCluster(unattributedName(unit, config.rules.window), { reason: { operator: '!~', value: 'outside|no_peer' } })})`,
      'unit',
      unit,
    ),
  );
  return promql`max(${either(...shares)})`;
};

/** Whether the observer works: the first row. */
export const tiles = (config: PipelineConfig, series: Series): readonly PipelinePanel[] => {
  const { of, ofCluster } = series;
  return [
    tile('coverage', ['coverage'], () => ({
      title: 'Coverage',
      description:
        'The share of nodes with an agent that answers, where it is lowest. Traffic of the others is seen from its other end, or not at all. It should be 100 %.',
      expr: promql`min(${ofCluster(pipelineNames(config).coverage)})`,
      unit: 'percentunit',
      decimals: 1,
      steps: [
        [null, bad],
        [0.9, warning],
        [0.99, attention],
        [1, good],
      ],
    })),
    tile('agents-down', ['coverage'], () => ({
      title: 'Without an agent',
      description:
        'Nodes without an agent that works: it does not answer, crashes again and again, or is not there. It should be 0. "No data" if no agent of the cluster answers.',
      expr: orZero(promql`count(${of('missing')})`, of('up')),
      unit: 'none',
      decimals: 0,
      steps: [
        [null, good],
        [1, warning],
      ],
    })),
    tile('events-lost', ['losses'], () => ({
      title: 'Worst loss',
      description:
        'The agent that loses most: the share of what it sees that is lost before it is counted. Traffic of its node is undercounted by as much. It should be 0.',
      expr: promql`
        max(
          sum by (${labels(...clusterLabels(config), 'instance', 'source')}) (
            ${ofCluster(eventLostShareName(config.rules.window))}
          )
        )`,
      unit: 'percentunit',
      decimals: 1,
      steps: [
        [null, good],
        [0.001, attention],
        [0.01, warning],
        [0.1, bad],
      ],
    })),
    tile('throttled', ['usage'], () => ({
      title: 'Worst throttled',
      description:
        'The agent that waits most for CPU: the share of its periods in which it had used up its quota. 0 without CPU limits.',
      expr: orZero(promql`max(${of('throttled')})`, of('cpu')),
      unit: 'percentunit',
      decimals: 0,
      steps: [
        [null, good],
        [0.1, attention],
        [0.25, warning],
        [0.5, bad],
      ],
    })),
    tile('series', ['scrapes'], () => ({
      title: 'Series',
      description: 'Series that all agents expose together: what they cost Prometheus in memory.',
      expr: promql`sum(${of('series')})`,
      unit: 'short',
      decimals: 1,
      steps: plain,
    })),
    tile('churn', ['scrapes'], () => ({
      title: 'New an hour',
      description:
        'Series that agents would create within an hour, as a share of those that they have. A deploy adds all once, for a moment; above 200 % for long, a ' +
        'label has ever new values.',
      expr: promql`max(${turnover(config, series)})`,
      unit: 'percentunit',
      decimals: 0,
      steps: [
        [null, good],
        [1, attention],
        [2, warning],
      ],
    })),
    tile('rules', ['ruler'], () => ({
      title: 'Slowest rules',
      description:
        'The group of rules that takes most of its interval. Above 100 %, evaluations are skipped, and all of its records have gaps.',
      expr: promql`max(${rulerOf(config).load})`,
      unit: 'percentunit',
      decimals: 0,
      steps: [
        [null, good],
        [0.5, attention],
        [0.8, warning],
        [1, bad],
      ],
    })),
    tile('unattributed', ['traffic'], () => ({
      title: 'Zone unknown',
      description:
        'The share of traffic whose zone is unknown although it is within the cluster, where it is largest. The last section has the reasons.',
      expr: unattributed(config, series),
      unit: 'percentunit',
      decimals: 1,
      steps: [
        [null, good],
        [0.02, attention],
        [0.1, warning],
      ],
    })),
  ];
};

/** What observing costs. */
export const costTiles = (config: PipelineConfig, { of }: Series): readonly PipelinePanel[] => [
  tile(
    'cost-cpu',
    ['usage'],
    () => ({
      title: 'CPU of all agents',
      description: 'Cores that all agents use together.',
      expr: promql`sum(${of('cpu')})`,
      unit: 'suffix: cores',
      decimals: 2,
      steps: plain,
    }),
    6,
  ),
  tile(
    'cost-memory',
    ['usage'],
    () => ({
      title: 'Memory of all agents',
      description: 'Memory of all agents that kernels cannot drop at once.',
      expr: promql`sum(${of('memory')})`,
      unit: 'bytes',
      decimals: 1,
      steps: plain,
    }),
    6,
  ),
  tile(
    'cost-node',
    ['usage'],
    () => ({
      title: 'CPU of a node',
      description: 'What the agents of one node use on average: all sources together.',
      expr: promql`avg(sum by (${labels(...clusterLabels(config), 'node')}) (${of('cpu')}))`,
      unit: 'suffix: cores',
      decimals: 3,
      steps: plain,
    }),
    6,
  ),
  tile(
    'cost-rules',
    ['ruler'],
    () => ({
      title: 'Time of the rules',
      description:
        'Seconds that all groups of Azimuth take within a second. Groups run side by side, so it may be more than one.',
      expr: promql`sum(${rulerOf(config).load})`,
      unit: 's',
      decimals: 2,
      steps: plain,
    }),
    6,
  ),
];

/** The firing alerts on the pipeline and on the figures. */
export const firingPanel = (config: PipelineConfig, { of, firing }: Series): PipelinePanel => ({
  key: 'firing-alerts',
  width: 12,
  height: 6,
  panel: () =>
    table({
      title: 'Firing alerts',
      description: 'Firing alerts on agents, on what they lose, on the figures and on the rules. It should say "none".',
      // Alerts on agents name the node, others the instance.
      targets: [
        rows(promql`label_join(${firing}, ${quotedList('place', '', 'node', 'instance')})`),
        noneRow('alertname', firing, of('up')),
      ],
      columns: [
        { field: 'alertname', title: 'Alert', width: 180 },
        { field: 'severity', title: 'Severity', width: 80 },
        ...clusterColumn(config),
        { field: 'place', title: 'Node or instance' },
      ],
      noValue: 'no data',
    }),
});

/** Nodes whose traffic nobody observes. */
export const missingPanel = (config: PipelineConfig, { of }: Series): PipelinePanel => ({
  key: 'nodes-without-agent',
  width: 12,
  height: 6,
  needs: ['coverage'],
  panel: () =>
    table({
      title: 'Nodes without an agent that works',
      description:
        'Nodes whose agent does not answer, crashes again and again, or is not there. Not those of flowPipeline.nodesWithout. It should say "none".',
      targets: [rows(of('missing')), noneRow('node', of('missing'), of('up'))],
      columns: [
        ...clusterColumn(config),
        { field: 'node', title: 'Node' },
        { field: 'agent', title: 'Agent', width: 150 },
      ],
      noValue: 'no data',
    }),
});

/** The agents with the most series: whether they answer, what they use and what they expose. */
export const agentsPanel = (config: PipelineConfig, { of, key }: Series): PipelinePanel => ({
  key: 'agents',
  width: 24,
  height: 8,
  needs: ['scrapes'],
  panel: () => {
    const top = promql`topk(50, ${of('series')})`;
    // Without names, as rows with different names do not merge.
    const among = (query: Query): Query => promql`
      sum by (${key}) (${query})
      and on (${key})
      ${top}`;
    const hasUsage = config.workloads.resources;
    return table({
      title: 'Agents',
      description:
        'The fifty agents with the most series: whether each answers, what it uses and what it exposes. An agent far from the others is the odd one out.',
      targets: [
        rows(among(of('up'))),
        rows(among(of('series'))),
        rows(among(promql`3600 * ${of('seriesAdded')}`)),
        ...(hasUsage ? [rows(among(of('cpu'))), rows(among(of('throttled'))), rows(among(of('memory')))] : []),
      ],
      columns: [
        ...clusterColumn(config),
        { field: 'node', title: 'Node' },
        { field: 'agent', title: 'Agent', width: 170 },
        {
          field: 'Value #A',
          title: 'Answers',
          width: 90,
          cell: 'colour',
          states: [
            { value: 0, text: 'no', colour: bad },
            { value: 1, text: 'yes', colour: good },
          ],
        },
        { field: 'Value #B', title: 'Series', unit: 'none', decimals: 0, width: 90 },
        { field: 'Value #C', title: 'New an hour', unit: 'none', decimals: 0, width: 110 },
        ...(hasUsage
          ? [
              { field: 'Value #D', title: 'CPU', unit: 'suffix: cores', decimals: 3, width: 110 },
              {
                field: 'Value #E',
                title: 'Throttled',
                unit: 'percentunit',
                decimals: 0,
                width: 100,
                cell: 'colour' as const,
                steps: [
                  [null, 'transparent'],
                  [0.1, attention],
                  [0.25, warning],
                  [0.5, bad],
                ] as const,
              },
              { field: 'Value #F', title: 'Memory', unit: 'bytes', decimals: 0, width: 110 },
            ]
          : []),
      ],
      sortBy: 'Series',
      noValue: 'no data',
    });
  },
});
