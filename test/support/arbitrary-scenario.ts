import * as fc from 'fast-check';
import {
  type Affects,
  agentRestarted,
  clusterRenamed,
  ipReused,
  podGone,
  podMoved,
  scrapeGap,
  secondKubeStateMetrics,
} from '../../bench/faults/index.ts';
import { type GenerateOptions, generateCluster, minimumPods } from '../../bench/generate.ts';
import type { Cluster, Pod } from '../../bench/model.ts';
import type { Scrape } from '../../bench/scrape.ts';
import type { SourceId } from '../../bench/sources/index.ts';
import { clusterAt, scrapesOf, type Timeline } from '../../bench/timeline.ts';

const CLUSTER_FAULTS = ['pod moved', 'pod gone', 'address reused'] as const;
const SCRAPE_FAULTS = ['agent restarted', 'second kube-state-metrics', 'cluster renamed', 'scrape gap'] as const;

/** A small cluster and what happens to it. */
export interface Incident {
  readonly options: GenerateOptions;
  readonly fault: (typeof CLUSTER_FAULTS)[number] | (typeof SCRAPE_FAULTS)[number];
  /** What it happens to: one of all that it can happen to, as a share. */
  readonly where: number;
  /** When it begins and how long it lasts, in seconds; some begin and end at once. */
  readonly at: number;
  readonly lasts: number;
}

/** Small enough for many clusters in a short time; in two zones, two nodes are in one. */
const NODES = 3;

const options: fc.Arbitrary<GenerateOptions> = fc
  .record({
    seed: fc.nat({ max: 1_000_000 }),
    zones: fc.constantFrom(['az-a', 'az-b'], ['az-a', 'az-b', 'az-c']),
    more: fc.nat({ max: 2 }),
    namespaces: fc.integer({ min: 2, max: 3 }),
    connectionsPerPod: fc.integer({ min: 1, max: 2 }),
    externalPeers: fc.nat({ max: 2 }),
    unlabelledNodes: fc.nat({ max: 1 }),
    hybridNodes: fc.nat({ max: 1 }),
    services: fc.boolean(),
    dualStackShare: fc.constantFrom(0, 0.5, 1),
    missingNamesShare: fc.constantFrom(0, 0.3),
    hostNetworkTraffic: fc.boolean(),
    nodeTraffic: fc.boolean(),
  })
  .map(({ more, ...rest }) => ({ ...rest, nodes: NODES, pods: minimumPods(NODES) + more }));

/** Any incident. */
export const incident: fc.Arbitrary<Incident> = fc.record({
  options,
  fault: fc.constantFrom(...CLUSTER_FAULTS, ...SCRAPE_FAULTS),
  where: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  at: fc.integer({ min: 150, max: 240 }),
  lasts: fc.integer({ min: 30, max: 200 }),
});

/** What is scraped over time, and what is true when all has settled. */
export interface Course {
  readonly scrapes: readonly Scrape[];
  readonly change: { readonly from: number; readonly until: number };
  readonly settled: Cluster;
}

function pick<T>(from: readonly T[], where: number): T {
  const picked = from[Math.floor(where * from.length)];
  if (picked === undefined) throw new RangeError('nothing to pick from');
  return picked;
}

/** Pods that could be elsewhere: on a network of their own, and not bound to a node. */
const movable = ({ pods }: Cluster): Pod[] =>
  pods.filter(
    ({ hostNetwork, controller, workload }) =>
      !hostNetwork && controller?.kind !== 'Node' && workload.kind !== 'DaemonSet',
  );

function clusterFault(cluster: Cluster, { fault, where, at, lasts }: Incident) {
  const pods = movable(cluster);
  const pod = pick(pods, where);
  if (fault === 'pod gone') return podGone(cluster, { pod, at, linger: lasts });
  if (fault === 'address reused') {
    const others = pods.filter(({ uid }) => uid !== pod.uid);
    return ipReused(cluster, { completed: pod, by: pick(others, where), at });
  }
  const nodes = cluster.nodes.filter(({ name }) => name !== pod.node);
  return podMoved(cluster, { pod, at, overlap: lasts, node: pick(nodes, where).name, ip: '10.99.0.1' });
}

function scrapeFault(scrapes: readonly Scrape[], { fault, where, at, lasts }: Incident) {
  const hit = pick(scrapes, where);
  const affects: Affects = (scrape) => scrape === hit;
  const change = { from: at, until: at + lasts };
  if (fault === 'second kube-state-metrics') return secondKubeStateMetrics(scrapes, change);
  if (fault === 'cluster renamed') return clusterRenamed(scrapes, at, 'renamed');
  if (fault === 'agent restarted') return agentRestarted(scrapes, affects, at);
  return scrapeGap(scrapes, affects, change, where < 0.5 ? 'target' : 'prometheus');
}

const isOneOf = <T extends string>(list: readonly T[], value: string): value is T => list.some((one) => one === value);

/** What becomes of a cluster that a source watches. */
export function courseOf(id: SourceId, incidental: Incident): Course {
  const cluster = generateCluster(incidental.options);
  const scraped = (timeline: Timeline) =>
    scrapesOf(timeline, { sources: [id], kubeStateMetricsReplicas: 1 }).filter(
      ({ labels }) => labels['job'] !== 'ethtool',
    );
  if (isOneOf(CLUSTER_FAULTS, incidental.fault)) {
    const { timeline, change } = clusterFault(cluster, incidental);
    return { scrapes: scraped(timeline), change, settled: clusterAt(timeline, Infinity) };
  }
  const { scrapes, change } = scrapeFault(scraped([{ from: 0, cluster }]), incidental);
  const name = incidental.fault === 'cluster renamed' ? 'renamed' : cluster.name;
  return { scrapes, change, settled: { ...cluster, name } };
}
