import type { Node, Pod } from '../../bench/model.ts';
import { type ControlPlane, controlPlaneUnder, type Run } from '../../bench/model/control-plane.ts';
import { createRandom } from '../../bench/random.ts';
import type { Roles } from './nodes.ts';
import { hash, type Noise, timeOfDay } from './noise.ts';
import { PLOT } from './plot.ts';

/** The run of kube-burner in the demo. */
export const RUN_UUID = '7c1f0a52-3b9e-4d60-9a7d-2f5be0c41d18';
/** Deployments that it creates, of one pod each, in a namespace each. */
export const RUN_PODS = 130;
/** Pods that each kubelet allows. */
export const MAX_PODS = 20;

/** Pods of the run that get an address on the node whose addresses run out. */
const ADDRESSES_LEFT = 4;

const SUFFIX = 'bcdfghjklmnpqrstvwxz2456789';

/** What the run depends on. */
interface Cast {
  readonly seed: number;
  readonly noise: Noise;
  /** Unix time of the timeline's start. */
  readonly start: number;
  readonly nodes: readonly Node[];
  readonly roles: Roles;
  /** Pods when the run begins. */
  readonly pods: readonly Pod[];
}

/** A pod of the run: placed, without a node, or on a node that has no address for it. */
interface Made {
  readonly pod: Pod;
  readonly state: 'running' | 'unschedulable' | 'creating';
}

/** All pods of the run, in the order in which they are created. */
function podsOfRun({ seed, start, nodes, roles, pods }: Cast): readonly Made[] {
  const random = createRandom(seed ^ hash('burner'));
  const taken = new Map(nodes.map(({ name }) => [name, pods.filter(({ node }) => node === name).length]));
  const mine = new Map<string, number>();
  const { from, created } = PLOT.burner;
  return Array.from({ length: RUN_PODS }, (_, index) => {
    const place = nodes
      .map((_node, turn) => nodes[(index + turn) % nodes.length])
      .find((node) => node !== undefined && (taken.get(node.name) ?? 0) < MAX_PODS);
    const node = place?.name ?? '';
    if (node !== '') taken.set(node, (taken.get(node) ?? 0) + 1);
    mine.set(node, (mine.get(node) ?? 0) + 1);
    const isCreating = node === roles.merging && (mine.get(node) ?? 0) > ADDRESSES_LEFT;
    const state = node === '' ? 'unschedulable' : isCreating ? 'creating' : 'running';
    const name = `deployment-${index}-1`;
    const workload = { namespace: `kube-burner-test-${index}`, kind: 'Deployment', name } as const;
    const replicaSet = `${name}-${random.text(10, SUFFIX)}`;
    return {
      state,
      pod: {
        namespace: workload.namespace,
        name: `${replicaSet}-${random.text(5, SUFFIX)}`,
        uid: [8, 4, 4, 4, 12].map((length) => random.text(length)).join('-'),
        ip: state === 'running' ? `10.0.${200 + Math.floor(index / 200)}.${10 + (index % 200)}` : '',
        node,
        workload,
        controller: { kind: 'ReplicaSet', name: replicaSet },
        createdAt: start - PLOT.begins + from + Math.floor(((created - from) * index) / RUN_PODS),
        hostNetwork: false,
        ...(state !== 'running' && { phase: 'Pending' as const }),
      },
    };
  });
}

/** How many of the pods exist at a time, from which on: those before are deleted. */
function existing(seconds: number): readonly [first: number, last: number] {
  const { from, created, deletes, until } = PLOT.burner;
  if (seconds < from || seconds >= until) return [0, 0];
  const part = (begin: number, end: number) =>
    Math.round(RUN_PODS * Math.min(1, (seconds + 60 - begin) / (end - begin)));
  return seconds < deletes ? [0, part(from, created)] : [part(deletes, until), RUN_PODS];
}

/** How much of what a control plane can do is asked of it. */
function loadAt(noise: Noise, seconds: number): number {
  const { from, created, deletes, until } = PLOT.burner;
  if (seconds < from || seconds >= until) return 0.02 * timeOfDay(seconds) * noise.wander('api', seconds, 0.3);
  if (seconds < created) return 0.93 * noise.wander('api', seconds * 5, 0.05);
  return seconds < deletes ? 0.16 : 0.66;
}

/** How much of what the test stores is in the database: it keeps its size. */
const writtenAt = (seconds: number): number =>
  Math.min(1, Math.max(0, (seconds - PLOT.burner.from) / (PLOT.burner.created - PLOT.burner.from)));

/** The control plane of the demo at a time, in seconds relative to now: the same object while it is the same. */
export function burnerOf(cast: Cast): (seconds: number, pods: number) => ControlPlane {
  const { noise, roles } = cast;
  const all = podsOfRun(cast);
  const runs = new Map<string, Run | undefined>();
  const runAt = (seconds: number): Run | undefined => {
    const [first, last] = existing(seconds);
    const key = `${first}-${last}`;
    if (!runs.has(key)) {
      const pods = all.slice(first, last).map(({ pod }) => pod);
      const namespaces = pods.map(({ namespace }) => namespace);
      runs.set(key, pods.length === 0 ? undefined : { uuid: RUN_UUID, namespaces, pods });
    }
    return runs.get(key);
  };
  const planes = new Map<string, ControlPlane>();
  const { from, until } = PLOT.burner;
  return (seconds, pods) => {
    const isRunning = seconds >= from && seconds < until;
    const every = isRunning ? PLOT.nodesEvery : PLOT.ratesEvery;
    const floor = Math.floor(seconds / every) * every;
    // The first step after the run begins when that ends.
    const moment = seconds >= until ? Math.max(until, floor) : floor;
    const key = `${moment} ${pods}`;
    const known = planes.get(key);
    if (known !== undefined) return known;
    const run = isRunning ? runAt(moment) : undefined;
    const uids = new Set(run?.pods.map(({ uid }) => uid));
    const inState = (wanted: Made['state']) =>
      all.filter(({ state, pod }) => state === wanted && uids.has(pod.uid)).map(({ pod }) => pod.uid);
    const creating = inState('creating');
    const plane = controlPlaneUnder({
      load: loadAt(noise, moment),
      pods: pods + uids.size,
      written: writtenAt(moment),
      maxPods: MAX_PODS,
      ...(run !== undefined && { run }),
      unschedulable: inState('unschedulable'),
      creating,
      withoutAddresses: new Set(creating.length > 0 ? [roles.merging] : []),
    });
    planes.set(key, plane);
    return plane;
  };
}
