import { seconds as secondsOf, type Config } from '../generators/index.ts';
import type { Cluster, Node, Pod } from '../bench/model.ts';
import type { Stage, Timeline } from '../bench/timeline.ts';
import type { StoryEvent } from '../preview/app/model/state.ts';
import { ciliumAt, hasCilium } from './story/cilium.ts';
import { burnerOf } from './story/burner.ts';
import { connectionsAt } from './story/connections.ts';
import { dnsAt } from './story/dns.ts';
import { eventsOf } from './story/events.ts';
import { namespacesOf } from './story/owners.ts';
import { makeNodes, nodesAt, rolesOf } from './story/nodes.ts';
import { createNoise } from './story/noise.ts';
import { dnsBursts, PLOT } from './story/plot.ts';
import { agentPods, observerAt, observerRoles } from './story/pipeline.ts';
import { placePods } from './story/pods.ts';
import { servicesAt } from './story/services.ts';
import { usageAt } from './story/usage.ts';

export { PLOT } from './story/plot.ts';

/** A cluster and what happens to it, around a moment called now. */
export interface Story {
  /** Unix time in seconds of the timeline's 0. */
  readonly start: number;
  /** Unix time in seconds from which on the past is shown: six hours, less where scrapes or evaluations are frequent. */
  readonly shownFrom: number;
  /** Unix time in seconds of the first scrape: earlier, so that windows are full by then. */
  readonly fedFrom: number;
  /** Unix time in seconds. */
  readonly now: number;
  /**
   * The cluster from the start until a day after now. What does not change from stage to stage is the same object: the
   * list of pods, the list of connections.
   */
  readonly timeline: Timeline;
  /** What happens, in order, for people. */
  readonly events: readonly StoryEvent[];
}

const SEED = 20_251_121;

/** When rates change: every few minutes, and whenever something happens. */
function rateChanges(podChanges: readonly number[]): ReadonlySet<number> {
  const steps = Math.ceil((PLOT.ends - PLOT.begins) / PLOT.ratesEvery);
  return new Set([
    PLOT.routed.at,
    ...Array.from({ length: steps }, (_, index) => PLOT.begins + index * PLOT.ratesEvery),
    ...podChanges,
    ...[
      ...dnsBursts(),
      PLOT.storm,
      PLOT.resolver,
      PLOT.starved,
      PLOT.losing,
      PLOT.blind,
      PLOT.churn,
      PLOT.refused,
    ].flatMap(({ from, until }) => [from, until]),
  ]);
}

/** At the most so many scrapes and evaluations are made of the past: six hours every 15 and 30 seconds. */
const MOST = { scrapes: 1440, evaluations: 720 } as const;

const shownSeconds = ({ scrape, rules }: Config): number =>
  Math.min(PLOT.shown, MOST.scrapes * secondsOf(scrape.interval), MOST.evaluations * secondsOf(rules.interval));

/** What a cluster has for as long as no rate changes. */
interface Rates {
  readonly connections: () => Cluster['connections'];
  readonly usage: () => NonNullable<Cluster['usage']>;
}

const NONE: Rates = { connections: () => [], usage: () => new Map() };

/** Where the descheduler is scraped, it evicts a pod of a batch job now and then. */
const evictionsOf = (nodes: readonly Node[]): NonNullable<Cluster['evictions']> =>
  nodes.slice(0, 1).map(({ name }) => ({ namespace: 'catalog', node: name, perHour: 3 }));

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

/** A cluster whose connections and usage are made when first read, as a day of them takes seconds and most start-ups need six hours. */
const clusterOf = ({ connections, usage }: Rates, rest: Omit<Cluster, 'connections' | 'usage'>): Cluster => ({
  ...rest,
  get connections() {
    return connections();
  },
  get usage() {
    return usage();
  },
});

/**
 * The story of the demo around `now`, a Unix time in whole seconds. The same configuration and time give the same
 * story, down to the names of pods.
 */
export function makeStory(now: number, config: Config, seed = SEED): Story {
  const start = now + PLOT.begins;
  const idle = makeNodes(seed, start, config);
  const placement = placePods(seed, idle, start);
  const noise = createNoise(seed);
  const roles = rolesOf(placement.at(PLOT.begins));
  const observing = observerRoles(idle, Object.values(roles));
  const agents = agentPods(seed, idle, start, config);
  const observed = new Map<readonly Pod[], readonly Pod[]>();
  /** The pods at a time with the agents that observe them: the same object while they are the same. */
  const podsAt = (seconds: number): readonly Pod[] => {
    const placed = placement.at(seconds);
    const all = observed.get(placed) ?? [...placed, ...agents];
    observed.set(placed, all);
    return all;
  };
  const controlPlaneAt = burnerOf({ seed, noise, start, nodes: idle, roles, pods: podsAt(PLOT.burner.from) });
  const rates = rateChanges(placement.changes);
  const minutes = Math.floor((PLOT.ends - PLOT.begins) / PLOT.nodesEvery);
  const times = new Set([...rates, ...Array.from({ length: minutes }, (_, at) => PLOT.begins + at * PLOT.nodesEvery)]);

  const withCilium = hasCilium(config);
  const stages: Stage[] = [];
  let workloads: Cluster['workloads'] = [];
  let current = NONE;
  for (const seconds of [...times].toSorted((a, b) => a - b)) {
    const pods = podsAt(seconds);
    if (stages.at(-1)?.cluster.pods !== pods) workloads = [...new Set(pods.map(({ workload }) => workload))];
    if (rates.has(seconds)) {
      const { leaking } = roles;
      const connections = once(() => connectionsAt({ noise, seconds, start, leaking, nodes: idle, pods }));
      const usage = once(() => usageAt({ noise, seconds, leaking, observing, pods, connections: connections() }));
      current = { connections, usage };
    }
    stages.push({
      from: seconds - PLOT.begins,
      cluster: clusterOf(current, {
        name: config.cluster.name,
        nodes: nodesAt(noise, idle, roles, seconds),
        workloads,
        pods,
        ...(config.cost.groupBy.length > 0 && { namespaces: namespacesOf(config) }),
        services: servicesAt(seconds),
        dns: dnsAt(seconds),
        evictions: evictionsOf(idle),
        ...(withCilium && { cilium: ciliumAt(config, noise, roles, seconds, now) }),
        controlPlane: controlPlaneAt(seconds, pods.length),
        observer: observerAt(observing, seconds),
      }),
    });
  }

  const indexerAt = (seconds: number): Pod => {
    const found = placement.at(seconds).find(({ workload }) => workload.name === 'indexer');
    if (found === undefined) throw new RangeError('the demo has no indexer that could move');
    return found;
  };
  const moved = { from: indexerAt(PLOT.begins), to: indexerAt(PLOT.move.at) };
  const events = eventsOf(now, config, { nodes: idle, roles, observing, moved });
  const shownFrom = now - shownSeconds(config);
  return { start, shownFrom, fedFrom: shownFrom - PLOT.lookback, now, timeline: stages, events };
}
