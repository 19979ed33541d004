import type { Labels } from './allowances-input.ts';
import { only } from './dns-truth.ts';
import type { AgentTarget, KnownNode, UsedPod } from './flow-pipeline-world.ts';
import { grouped, type Held, type Truth } from './held.ts';

const PLACE = ['cluster', 'node'];
const TARGET = [...PLACE, 'job', 'instance'];
const WINDOW = 5;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const last = (values: readonly number[]): number => values.at(-1) ?? Number.NaN;

/** A kind of agent: its jobs, and its pods. */
export interface Kind {
  readonly source: string;
  readonly agent: string;
  readonly jobs: readonly string[];
  readonly isOurs: (pod: Labels) => boolean;
  readonly onEveryNode: boolean;
}

/** Every series of every record on agents, of one kind after the other; those of replicas of a scrape are one. */
export function agentTruth(
  kinds: readonly Kind[],
  agents: readonly AgentTarget[],
  nodes: readonly KnownNode[],
  pods: readonly UsedPod[],
): Truth {
  const all = kinds.map((kind) => ofKind(kind, agents, nodes, pods));
  const names = [...new Set(all.flatMap((truth) => Object.keys(truth)))];
  return Object.fromEntries(names.map((name) => [name, all.flatMap((truth) => truth[name] ?? [])]));
}

function ofKind(
  { source, agent, jobs, isOurs, onEveryNode }: Kind,
  agents: readonly AgentTarget[],
  nodes: readonly KnownNode[],
  pods: readonly UsedPod[],
): Truth {
  const own = { source, agent };
  const places = grouped(
    agents.filter(({ labels }) => jobs.includes(labels['job'] ?? '')),
    ({ labels }) => only(labels, PLACE),
  );
  /** A value of each target, the largest of its replicas. */
  const values = (at: readonly AgentTarget[], of: (one: AgentTarget) => number): readonly number[] =>
    grouped(at, ({ labels }) => only(labels, TARGET)).map(([, replicas]) => Math.max(...replicas.map(of)));
  const uses = grouped(
    pods.filter(({ labels }) => isOurs(labels)),
    ({ labels }) => only(labels, PLACE),
  );
  const upAt = (at: readonly AgentTarget[], minute: number): number =>
    Math.min(...values(at, ({ up }) => up[minute] ?? 0));
  const minutes = agents[0]?.up.length ?? 0;
  const up =
    jobs.length > 0
      ? places.map(([place, at]): Held => [{ ...place, ...own }, upAt(at, minutes - 1)])
      : uses.map(([place]): Held => [{ ...place, ...own }, 1]);
  const isUp = (place: Labels): boolean =>
    up.some(
      ([labels, value]) => value === 1 && labels['node'] === place['node'] && labels['cluster'] === place['cluster'],
    );
  const works = (place: Labels): boolean => {
    const at = places.find(([labels]) => labels['node'] === place['node'] && labels['cluster'] === place['cluster']);
    if (!isUp(place)) return false;
    if (at === undefined) return true;
    return sum(Array.from({ length: minutes }, (_, minute) => upAt(at[1], minute))) / minutes > 0.5;
  };
  const expected = onEveryNode
    ? grouped(
        nodes.filter(({ counts }) => counts),
        ({ labels }) => only(labels, PLACE),
      ).map(([labels]) => labels)
    : [];
  const observed = (place: Labels): boolean =>
    up.some(
      ([labels, value]) => value === 1 && (labels['node'] ?? '') !== '' && labels['cluster'] === place['cluster'],
    );
  const marked = (labels: Labels): Labels => ({ ...labels, ...own });
  return {
    'flow_agent:up:min': up,
    'cluster_node:flow_agent_expected:info': expected.map((labels): Held => [marked(labels), 1]),
    'cluster_node:flow_agent_missing:info': expected
      .filter((place) => observed(place) && !works(place))
      .map((labels): Held => [marked(labels), 1]),
    'cluster:flow_agent_coverage:ratio': grouped(expected, (labels) => only(labels, ['cluster'])).map(
      ([labels, here]): Held => [marked(labels), here.filter(isUp).length / here.length],
    ),
    'flow_agent:series:sum': places.map(([place, at]): Held => [
      marked(place),
      sum(values(at, ({ series }) => last(series))),
    ]),
    'flow_agent:series_added:rate5m': places.map(([place, at]): Held => [
      marked(place),
      sum(values(at, ({ added }) => sum(added.slice(-WINDOW)))) / 300,
    ]),
    'flow_agent:cpu_usage_cores:rate5m': uses.map(([place, here]): Held => [
      marked(place),
      sum(here.map(({ cpu }) => cpu)),
    ]),
    'flow_agent:memory_working_set_bytes:sum': uses.map(([place, here]): Held => [
      marked(place),
      sum(here.map(({ memory }) => memory)),
    ]),
    'flow_agent:cpu_throttled:ratio_rate5m': uses
      .map(([place, here]) => [place, here, sum(here.map(({ periods }) => periods))] as const)
      .filter(([, , periods]) => periods > 0)
      .map(([place, here, periods]): Held => [marked(place), sum(here.map(({ throttled }) => throttled)) / periods]),
  };
}
