import { seriesText } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';
import { always, type Edge, ending, lastSeen, MINUTES, ONE, sender, TWO } from './edges-input.ts';
import { ofUnit, sent, UNIT } from './pipeline-case.ts';
import { IDENTITY_EDGES } from './pipeline-edges-identity.ts';
import { ABSENT, counting, during, holding, type Level, type Turn } from './pipeline-input.ts';

const ratio = (place: Labels, ...turns: readonly Turn[]) =>
  holding(`cluster:${UNIT}_initiator_over_receiver:ratio_rate5m`, place, during(...turns));

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
const lost = (place: Labels, level: number) => always(`cluster:${UNIT}_lost:rate5m`, place, level);

/** Cases that the table of `AlertCase` has no place for: windows from both sides, the smallest number that counts, and look-alikes. */
export const EDGES: Readonly<Record<string, readonly Edge[]>> = {
  TrafficLost: [
    {
      name: 'a cluster with little traffic counts, one without any does not',
      series: [sender(ONE, 'cart', 0.001), lost(ONE, 0.0001), sender(TWO, 'cart', 0), lost(TWO, 1e-9)],
      firing: [[40, ofUnit(ONE)]],
    },
  ],
  TrafficCountedTwice: [
    {
      name: 'the last ratio counts for ten minutes, whether too high or too low',
      series: [ratio(ONE, [40, 2], [20, ABSENT]), ratio(TWO, [40, 0.5], [20, ABSENT])],
      // It goes on for 15 minutes afterwards.
      firing: [[lastSeen(40, 10) + 15, ofUnit(ONE), ofUnit(TWO)], [lastSeen(40, 10) + 16]],
    },
    {
      name: 'a ratio that is well again counts at once',
      series: [ratio(ONE, [40, 2], [20, 1]), ratio(TWO, [40, 0.5], [20, 1])],
      firing: [[40 + 15, ofUnit(ONE), ofUnit(TWO)], [40 + 16]],
    },
  ],
  FlowSourceSilent: [
    {
      name: 'one node is enough, and it counts for five minutes',
      series: [ending('kube_node_info', { ...ONE, node: 'a' }, 20)],
      firing: [[15], [16, ofUnit(ONE)], [lastSeen(20, 5), ofUnit(ONE)], [lastSeen(20, 5) + 1]],
    },
    {
      name: 'traffic of another cluster, or without a cluster, is none of this one',
      series: [
        ...[ONE, TWO].map((place) => always('kube_node_info', { ...place, node: 'a' })),
        sender(TWO),
        sender({}),
      ],
      firing: [[30, ofUnit(ONE)]],
    },
  ],
  IdentitySourceSilent: IDENTITY_EDGES,
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
  ClusterLabelMissing: [
    ...['kube_node_info', 'kube_pod_info'].map((metric) => ({
      name: `one series of ${metric}, for ten minutes; it counts for five`,
      series: [
        ending(metric, { node: 'a', pod: 'p' }, 20),
        always(metric, { ...ONE, node: 'a', pod: 'p' }),
        always(sent, { ...ONE, namespace: 'shop', pod: 'p' }),
      ],
      firing: [[10], [11, {}], [lastSeen(20, 5), {}], [lastSeen(20, 5) + 1]] as const,
    })),
    {
      name: 'one series of traffic, for as long as it is there',
      series: [ending(sent, { namespace: 'shop', pod: 'p' }, 20), always('kube_node_info', { ...ONE, node: 'a' })],
      firing: [[10], [11, {}], [20, {}], [21]],
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
