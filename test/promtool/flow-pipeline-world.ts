import { createRandom } from '../../bench/random.ts';
import { type InputSeries, seriesText } from '../support/rule-test.ts';
import { type Labels, scrapes } from './allowances-input.ts';
import { MINUTES } from './dns-world.ts';

/** A scrape target of an agent, minute by minute: whether it answers, how many series it has, and how many of them are new. */
export interface AgentTarget {
  readonly labels: Labels;
  readonly up: readonly number[];
  readonly series: readonly number[];
  readonly added: readonly number[];
}

/** A node as kube-state-metrics describes it. */
export interface KnownNode {
  readonly labels: Labels;
  /** Whether it must have an agent. */
  readonly counts: boolean;
}

/** What a pod uses, as the records of pods have it. */
export interface UsedPod {
  readonly labels: Labels;
  readonly cpu: number;
  readonly memory: number;
  readonly periods: number;
  readonly throttled: number;
}

const minutes = (value: (minute: number) => number): readonly number[] =>
  Array.from({ length: MINUTES }, (_, minute) => value(minute));

export const ALWAYS = minutes(() => 1);
export const NEVER = minutes(() => 0);
/** Answers now, but mostly did not. */
export const CRASHING = minutes((minute) => (minute % 4 === 3 ? 1 : 0));
/** Did not answer twice. */
export const RESTARTED = minutes((minute) => (minute === 6 || minute === 7 ? 0 : 1));
/** Does not answer now. */
export const GONE = minutes((minute) => (minute === MINUTES - 1 ? 0 : 1));

/** Targets of these labels, all of them different. */
export function targets(
  seed: number,
  all: readonly (readonly [labels: Labels, up: readonly number[]])[],
): readonly AgentTarget[] {
  const random = createRandom(seed);
  return all.map(([labels, up]) => ({
    labels,
    up,
    series: minutes(() => random.int(1, 900)),
    added: minutes(() => random.int(0, 90)),
  }));
}

/** Pods of these labels, all of them different. */
export function usedPods(seed: number, all: readonly Labels[]): readonly UsedPod[] {
  const random = createRandom(seed);
  return all.map((labels) => ({
    labels,
    cpu: random.int(1, 90),
    memory: random.int(1, 9000),
    periods: random.int(10, 20),
    throttled: random.int(0, 9),
  }));
}

const constant = (metric: string, labels: Labels, value: number): InputSeries => ({
  series: seriesText(metric, labels),
  values: `${value}x${2 * MINUTES}`,
});

/** Everything that rules on agents read. */
export const agentSeries = (
  agents: readonly AgentTarget[],
  nodes: readonly KnownNode[],
  pods: readonly UsedPod[],
): readonly InputSeries[] => [
  ...agents.flatMap(({ labels, up, series, added }) =>
    (
      [
        ['up', up],
        ['scrape_samples_scraped', series],
        ['scrape_series_added', added],
      ] as const
    ).map(([metric, values]) => ({ series: seriesText(metric, labels), values: scrapes(values) })),
  ),
  ...nodes.map(({ labels }) => constant('kube_node_info', labels, 1)),
  ...pods.flatMap(({ labels, cpu, memory, periods, throttled }) => [
    constant('pod:cpu_usage_cores:rate5m', labels, cpu),
    constant('pod:memory_working_set_bytes:sum', labels, memory),
    constant('pod:cpu_periods:rate5m', labels, periods),
    constant('pod:cpu_throttled_periods:rate5m', labels, throttled),
  ]),
];
