import { seriesText } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';
import { always, type Edge, type EdgeInput, ending, lastSeen, MINUTES, ONE, TWO } from './edges-input.ts';
import { identityEdges } from './pipeline-edges-identity.ts';
import { placesEdges, zoneEdges } from './pipeline-edges-zones.ts';
import { ABSENT, counting, during, holding, type Level, type Turn } from './pipeline-input.ts';

const share = (labels: Labels, level: Level) =>
  holding('cluster_instance:flow_events_lost:ratio_rate5m', labels, during([MINUTES, level]));
const agent = (place: Labels, rest: Labels = {}) => ({
  ...place,
  instance: 'node-a',
  source: 'retina-hubble',
  type: 'kernel',
  ...rest,
});

const group = (place: Labels, name = 'azimuth-identity'): Labels => ({
  ...place,
  instance: 'prometheus-0',
  rule_group: `zones.yaml;${name}`,
});
const slow = (labels: Labels, seconds: number) => [
  always('prometheus_rule_group_last_duration_seconds', labels, seconds),
  always('prometheus_rule_group_interval_seconds', labels, 60),
];

const FAILURES = 'prometheus_rule_evaluation_failures_total';

/** Cases that the table of `AlertCase` has no place for: windows from both sides, the smallest number that counts, and look-alikes. */
export function edgesOf(input: EdgeInput): Readonly<Record<string, readonly Edge[]>> {
  const { units, zones, each, ends, of, sender, twins } = input;
  const ratio = (place: Labels, ...turns: readonly Turn[]) =>
    each((unit) => [holding(`cluster:${unit}_initiator_over_receiver:ratio_rate5m`, place, during(...turns))]);
  const lost = (place: Labels, level: number) => each((unit) => [always(`cluster:${unit}_lost:rate5m`, place, level)]);
  const unattributed = (place: Labels, reason: string, level: number) =>
    each((unit) => [always(`cluster:${unit}_unattributed:ratio_rate5m`, { ...place, reason }, level)]);
  return {
    TrafficLost: [
      {
        name: 'a cluster with little traffic counts, one without any does not',
        series: [...sender(ONE, 'cart', 0.001), ...lost(ONE, 0.0001), ...sender(TWO, 'cart', 0), ...lost(TWO, 1e-9)],
        firing: [[40, ...of(ONE)]],
      },
      {
        name: 'the share is that of the whole cluster, to either side',
        series: [ONE, TWO].flatMap((place, index) => [
          ...ends('source', { ...place, namespace: 'shop' }, 40),
          ...ends('source', { ...place, namespace: 'web' }, 10),
          ...lost(place, index === 0 ? 1 : -1.001),
        ]),
        firing: [[40, ...of(TWO)]],
      },
    ],
    TrafficUnattributed: [
      {
        name: 'reasons of a cluster add up, to exactly the threshold and to a little more',
        series: [
          ...unattributed(ONE, 'gone', 0.05),
          ...unattributed(ONE, 'unplaced', 0.05),
          ...unattributed(ONE, 'outside', 0.9),
          ...unattributed(TWO, 'gone', 0.05),
          ...unattributed(TWO, 'unplaced', 0.0501),
        ],
        firing: [[40, ...of(TWO)]],
      },
    ],
    TrafficCountedTwice: [
      {
        name: 'the last ratio counts for ten minutes, whether too high or too low',
        series: [...ratio(ONE, [40, 2], [20, ABSENT]), ...ratio(TWO, [40, 0.5], [20, ABSENT])],
        // It goes on for 15 minutes afterwards.
        firing: [[lastSeen(40, 10) + 15, ...of(ONE, TWO)], [lastSeen(40, 10) + 16]],
      },
      {
        name: 'a ratio that is well again counts at once',
        series: [...ratio(ONE, [40, 2], [20, 1]), ...ratio(TWO, [40, 0.5], [20, 1])],
        firing: [[40 + 15, ...of(ONE, TWO)], [40 + 16]],
      },
      {
        name: 'thresholds from both sides',
        series: [1.5, 1.501, 0.6667, 0.6666].flatMap((level) => ratio({ cluster: String(level) }, [MINUTES, level])),
        firing: [[40, ...of({ cluster: '1.501' }, { cluster: '0.6666' })]],
      },
    ],
    FlowSourceSilent: [
      {
        name: 'nodes are counted, each once',
        series: ['a', 'b'].flatMap((node) => twins('kube_node_info', { ...ONE, node })),
        firing: [],
        counted: [30, ...of(ONE).map((where) => [where, 2] as const)],
      },
      {
        name: 'one node is enough, and it counts for five minutes',
        series: [ending('kube_node_info', { ...ONE, node: 'a' }, 20)],
        firing: [[15], [16, ...of(ONE)], [lastSeen(20, 5), ...of(ONE)], [lastSeen(20, 5) + 1]],
      },
      {
        name: 'traffic of another cluster, or without a cluster, is none of this one',
        series: [
          ...[{}, ONE, TWO].flatMap((place) => twins('kube_node_info', { ...place, node: 'a' })),
          ...twins('kube_node_info', ONE),
          ...sender(TWO),
          ...(units.length > 1 ? [] : sender({})),
        ],
        firing: [[30, ...of(ONE)]],
      },
    ],
    ZoneInvalid: [
      {
        name: 'values of nodes, each once; one node is enough',
        series: [
          ...['0', '1'].flatMap((refused_zone) =>
            [ONE, TWO].flatMap((place) => twins('cluster_node:refused_zone:info', { ...place, refused_zone })),
          ),
          always('cluster_node:refused_zone:info', { ...ONE, node: 'a', refused_zone: '2' }),
        ],
        firing: [
          [30],
          [31, { ...ONE, zone: '2' }, ...['0', '1'].flatMap((zone) => [ONE, TWO].map((place) => ({ ...place, zone })))],
        ],
      },
      ...(zones === undefined
        ? []
        : [...units.flatMap((unit) => zoneEdges(input, unit, zones)), ...placesEdges(input, zones)]),
    ],
    IdentitySourceSilent: identityEdges(input),
    ClusterLabelMissing: [
      ...['kube_node_info', 'kube_pod_info'].map((metric) => ({
        name: `one series of ${metric}, for ten minutes; it counts for five`,
        series: [
          ending(metric, { node: 'a', pod: 'p' }, 20),
          always(metric, { ...ONE, node: 'a', pod: 'p' }),
          ...sender(ONE),
        ],
        firing: [[10], [11, {}], [lastSeen(20, 5), {}], [lastSeen(20, 5) + 1]] as const,
      })),
      ...units.map((unit) => ({
        name: `one series of ${unit}, for as long as it is there`,
        series: [
          // No traffic is not the same as no series.
          holding(
            `source_endpoint:${unit}:rate5m`,
            { namespace: 'shop', pod: 'p' },
            during([20, 0], [MINUTES - 20, ABSENT]),
          ),
          always('kube_node_info', { ...ONE, node: 'a' }),
        ],
        firing: [[10], [11, {}], [20, {}], [21]] as const,
      })),
    ],
  };
}

/** The same, of alerts that are no matter of the flow source. */
export const EDGES: Readonly<Record<string, readonly Edge[]>> = {
  FlowEventsLost: [
    {
      name: 'every type with any part in the loss is named, and no other',
      series: [
        share(agent(ONE), 0.02),
        share(agent(ONE, { type: 'channel' }), 1e-6),
        share(agent(ONE, { type: 'ring' }), 0),
        // Not this agent.
        share(agent(TWO), 0.001),
        share(agent(ONE, { instance: 'node-b' }), 0.001),
        share(agent(ONE, { source: 'obi' }), 0.001),
      ],
      firing: [[40, agent(ONE), agent(ONE, { type: 'channel' })]],
    },
    {
      name: 'parts add up to exactly the threshold, and to a little more',
      series: [
        share(agent(ONE), 0.005),
        share(agent(ONE, { type: 'channel' }), 0.005),
        share(agent(TWO), 0.005),
        share(agent(TWO, { type: 'channel' }), 0.00501),
      ],
      firing: [[40, agent(TWO), agent(TWO, { type: 'channel' })]],
    },
  ],
  RuleEvaluationFailing: [
    {
      name: 'one failure, counted from the first sample of a new instance on',
      // Whole minutes, so that nothing is extrapolated.
      series: [{ series: seriesText(FAILURES, group(ONE)), values: '_x39 0 0 1 1x40' }],
      firing: [[20], [21, group(ONE)]],
    },
    {
      name: 'failures of two jobs add up',
      series: ['one', 'two'].map((job) =>
        counting(FAILURES, { ...group(ONE), job }, during([20, 0], [1, 14], [39, 0])),
      ),
      firing: [],
      counted: [30, [group(ONE), 30]],
    },
    {
      name: 'failures of another cluster, instance or group do not count here',
      series: [
        group(ONE),
        group(TWO),
        { ...group(ONE), instance: 'prometheus-1' },
        group(ONE, 'azimuth-pairs'),
        group(ONE, 'others'),
      ].map((labels, index) => counting(FAILURES, labels, during([20, 0], [40, index > 0 ? 1 : 0]))),
      firing: [[25, group(TWO), { ...group(ONE), instance: 'prometheus-1' }, group(ONE, 'azimuth-pairs')]],
    },
  ],
  RuleGroupSlow: [
    {
      name: 'the slower of two jobs counts, for its own cluster, instance and group alone',
      series: [
        ...slow({ ...group(ONE), job: 'one' }, 50),
        ...slow({ ...group(ONE), job: 'two' }, 30),
        ...slow(group(TWO), 30),
        ...slow({ ...group(ONE), instance: 'prometheus-1' }, 30),
        ...slow(group(ONE, 'azimuth-pairs'), 30),
      ],
      firing: [[40, group(ONE)]],
    },
  ],
};
