import { graph } from '../../panels/needs.ts';
import { overTime, withHost } from '../../panels/shared.ts';
import { labelReplace, labels, promql, type Query } from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import {
  countedTwiceName,
  eventLostName,
  eventLostShareName,
  trafficLostName,
  unattributedName,
} from '../../shared/record-names.ts';
import { perGroup, rulerOf } from '../../shared/rulers.ts';
import { pipelineNames } from '../names.ts';
import { noPackets } from '../packets.ts';
import { queueing } from '../records.ts';
import type { PipelineConfig } from '../settings.ts';
import { PACKETS_PER_SECOND, type PipelinePanel, type Series } from './panel.ts';

const AGENT = '{{agent}} on {{host}}';

/** What agents lose, and where. */
export const lossPanels = (config: PipelineConfig, { of, ofCluster, most }: Series): readonly PipelinePanel[] => {
  const { window } = config.rules;
  return [
    graph(
      'covered',
      {
        title: 'Nodes with an agent',
        description:
          'The share of nodes with an agent that answers, by kind of agent. Below 100 %, traffic of some nodes is not observed.',
        targets: [
          overTime(
            ofCluster(pipelineNames(config).coverage),
            config.cluster.label === null ? '{{agent}}' : `{{agent}} in {{${config.cluster.label}}}`,
          ),
        ],
        unit: 'percentunit',
        first: 'smallest',
      },
      { needs: ['coverage'] },
    ),
    graph(
      'lost-by-cause',
      {
        title: 'Lost events by source and cause',
        description:
          'Events or packets per second that agents lose before they count them, by the place of the loss. Most are lost where a buffer overflows: kernel is ' +
          'the perf buffer, the others are queues in the agent.',
        targets: [overTime(promql`sum by (source, type) (${ofCluster(eventLostName(window))})`, '{{source}} {{type}}')],
        unit: 'suffix: /s',
      },
      { needs: ['losses'] },
    ),
    graph(
      'lost-by-agent',
      {
        title: 'Share that is lost, by agent',
        description: 'The ten agents that lose most, as a share of what each sees. FlowEventsLost warns above 1 %.',
        targets: [
          overTime(
            withHost(
              promql`
                topk(10,
                  sum by (${labels(...clusterLabels(config), 'instance', 'source')}) (
                    ${ofCluster(eventLostShareName(window))}
                  )
                )`,
              'instance',
            ),
            '{{source}} on {{host}}',
          ),
        ],
        unit: 'percentunit',
      },
      { needs: ['losses'], width: queueing(config).length > 0 ? 12 : 24 },
    ),
    graph(
      'queued',
      {
        title: 'Waiting in the agents',
        description: `What waits in the agents with the most: ${queueing(config)
          .map(({ queue }) => queue?.what)
          .join('; ')}. Near the limit, what comes in is lost.`,
        targets: [overTime(most(of('queued')), AGENT)],
        unit: 'short',
      },
      { needs: ['queue'] },
    ),
  ];
};

/** What agents use, and what they expose. */
export const usagePanels = ({ of, most }: Series): readonly PipelinePanel[] => [
  graph(
    'cpu',
    {
      title: 'CPU',
      description: 'Cores that the ten busiest agents use.',
      targets: [overTime(most(of('cpu')), AGENT)],
      unit: 'suffix: cores',
    },
    { needs: ['usage'] },
  ),
  graph(
    'throttling',
    {
      title: 'Throttling',
      description:
        'The share of their CPU periods in which agents waited, of the ten that wait most. FlowAgentThrottled warns above 25 %. Empty without CPU limits.',
      targets: [overTime(most(of('throttled')), AGENT)],
      unit: 'percentunit',
    },
    { needs: ['usage'] },
  ),
  graph(
    'memory',
    {
      title: 'Memory',
      description: 'Memory of the ten largest agents that the kernel cannot drop at once.',
      targets: [overTime(most(of('memory')), AGENT)],
      unit: 'bytes',
    },
    { needs: ['usage'] },
  ),
  graph(
    'series-by-agent',
    {
      title: 'Series by agent',
      description: 'Series of the ten agents that expose most.',
      targets: [overTime(most(of('series')), AGENT)],
      unit: 'short',
    },
    { needs: ['scrapes'] },
  ),
  graph(
    'new-series',
    {
      title: 'New series an hour, by agent',
      description:
        'Series that an agent would create within an hour, of the ten that create most. Peaks are deploys and restarts; a plateau is a label with ever new values.',
      targets: [overTime(most(promql`3600 * ${of('seriesAdded')}`), AGENT)],
      unit: 'short',
    },
    { needs: ['scrapes'], width: 24 },
  ),
];

/** A graph that needs metrics of the ruler: its options are made only where there are some. */
const ofRuler = (key: string, options: () => Parameters<typeof graph>[1]): PipelinePanel => ({
  ...graph(key, { title: '', description: '', targets: [], unit: 'none' }, { needs: ['ruler'] }),
  panel: () => graph(key, options()).panel(),
});

/** The evaluation of the rules. */
export const rulePanels = (config: PipelineConfig): readonly PipelinePanel[] => [
  ofRuler('rule-load', () => {
    const { labels: own, load } = rulerOf(config);
    const group = own.find((label) => label !== 'user' && label !== 'file') ?? '';
    const worst = promql`
      topk(10,
        max by (${perGroup(config)}) (
          ${load}
        )
      )`;
    return {
      title: 'Time of rule groups against their interval',
      description:
        'The ten groups that take most of their interval. RuleGroupSlow warns above 80 %; above 100 %, evaluations are skipped.',
      // Most rulers name a group with its file.
      targets: [overTime(labelReplace(worst, 'name', '$1', group, '(?:.*;)?(.+)'), '{{name}}')],
      unit: 'percentunit',
    };
  }),
  ofRuler('rule-misses', () => ({
    title: 'Skipped and failed evaluations in 15 minutes',
    description:
      'Evaluations of all groups that were skipped as the one before was not done, and those that failed. Both should be 0; RuleGroupSlow and ' +
      'RuleEvaluationFailing name the group.',
    targets: [
      overTime(promql`sum(${rulerOf(config).missed('15m')})`, 'skipped'),
      overTime(promql`sum(${rulerOf(config).failures('15m')})`, 'failed'),
    ],
    unit: 'none',
  })),
];

/** Packets that are dropped, reset connections or are sent again. */
export const packetPanels = (config: PipelineConfig, { ofCluster }: Series): readonly PipelinePanel[] => {
  const names = pipelineNames(config);
  const top = (record: string): Query => promql`topk(10, ${ofCluster(record)})`;
  const WORKLOAD = '{{namespace}}/{{workload}}';
  return [
    graph(
      'drops-by-reason',
      {
        title: 'Dropped packets by reason',
        description:
          'Packets that the kernel or a policy dropped, by reason. Some are normal: packets of closed connections, probes of addresses that are gone.',
        targets: [overTime(promql`sum by (reason) (${ofCluster(names.dropsByReason)})`, '{{reason}}')],
        unit: PACKETS_PER_SECOND,
      },
      { needs: ['drops'] },
    ),
    graph(
      'drops-by-workload',
      {
        title: 'Dropped packets by workload',
        description:
          'Dropped packets of the ten workloads with the most: of that which sent them, or of that which should have received them from outside.',
        targets: [
          overTime(
            promql`topk(10, sum by (${labels(...clusterLabels(config), 'namespace', 'workload')}) (${ofCluster(names.drops)}))`,
            WORKLOAD,
          ),
        ],
        unit: PACKETS_PER_SECOND,
      },
      { needs: ['drops'] },
    ),
    graph(
      'resets',
      {
        title: 'TCP resets by workload',
        description:
          'Packets with the flag RST that workloads send: they refuse or cut off connections. The ten with the most.',
        targets: [overTime(top(names.resets), WORKLOAD)],
        unit: PACKETS_PER_SECOND,
      },
      { needs: ['resets'], width: noPackets(config, 'retransmits') === undefined ? 12 : 24 },
    ),
    graph(
      'retransmits',
      {
        title: 'TCP retransmissions by workload',
        description:
          'Segments that workloads send again, as nobody confirmed them: packets are lost on the way. The ten with the most.',
        targets: [overTime(top(names.retransmits), WORKLOAD)],
        unit: PACKETS_PER_SECOND,
      },
      { needs: ['retransmits'] },
    ),
  ];
};

/** Whether the figures of traffic are complete, and counted once. */
export const figurePanels = (config: PipelineConfig, { ofCluster }: Series): readonly PipelinePanel[] => {
  const { inputs, rules } = config;
  const { window } = rules;
  const units = inputs.map(({ unit, unitLabel }) => ({ unit, label: unitLabel.replace('/s', '') }));
  const by = labels(...clusterLabels(config));
  return [
    graph(
      'unattributed-by-reason',
      {
        title: 'Zone unknown, by reason',
        description:
          'The share of traffic with an unknown zone, by reason: outside is a private address that is none of the cluster, the others are gaps. TrafficUnattributed warns of gaps.',
        targets: units.map(({ unit, label }) =>
          overTime(
            promql`max by (reason) (${ofCluster(unattributedName(unit, window))}) > 0`,
            units.length === 1 ? '{{reason}}' : `{{reason}} (${label})`,
          ),
        ),
        unit: 'percentunit',
      },
      { needs: ['traffic'] },
    ),
    graph(
      'conservation',
      {
        title: 'Traffic that is in no zone pair',
        description:
          'What the rules read less what the zone matrix holds. It is 0 but for rounding, unless a rule fails or another Prometheus is federated.',
        targets: units.map(({ unit, label }) =>
          overTime(promql`sum by (${by}) (${ofCluster(trafficLostName(unit, window))})`, label),
        ),
        unit: 'short',
        decimals: 2,
      },
      { needs: ['traffic'] },
    ),
    graph(
      'counted-twice',
      {
        title: 'Count of the other end over ours',
        description:
          'What the other end counts of the same packets, divided by what counts. Near 1, each packet counts once; near 2 or 0.5, one end counts it twice.',
        targets: inputs
          .filter(({ peerView, source }) => peerView !== undefined || source.reporter !== undefined)
          .map(({ unit, unitLabel }) =>
            overTime(
              promql`max by (${by}) (${ofCluster(countedTwiceName(unit, window))})`,
              unitLabel.replace('/s', ''),
            ),
          ),
        unit: 'none',
      },
      { needs: ['traffic', 'twoViews'], width: 24 },
    ),
  ];
};
