import type { Node, Pod, Workload } from '../../bench/model.ts';
import { createRandom, type Random } from '../../bench/random.ts';
import { hash } from './noise.ts';
import { PLOT } from './plot.ts';
import { type Planned, WORKLOADS } from './workloads.ts';

// Kubernetes leaves vowels and look-alikes out of generated names.
const SUFFIX = 'bcdfghjklmnpqrstvwxz2456789';
const ZONES = 3;
const DAY = 86_400;

/** Makes the incarnations of pods, all of them different and the same for the same seed. */
export interface PodMaker {
  /** A pod of a workload on a node. `revision` names the ReplicaSet of a Deployment, `ordinal` the pod of a StatefulSet. */
  make(
    planned: Planned,
    place: { readonly node: Node; readonly ordinal: number; readonly revision: string; readonly createdAt: number },
  ): Pod;
}

/** The maker for a seed. Addresses are dealt in order, each once. */
export function podMaker(seed: number): PodMaker {
  const random = createRandom(seed ^ hash('pods'));
  const workloads = new Map<string, Workload>();
  let dealt = 0;
  const nextIp = (node: Node): string => {
    dealt += 1;
    const subnet = Number(node.internalIp.split('.')[2] ?? 0);
    return `10.0.${subnet + 1 + (dealt % 3) + 3 * Math.floor(dealt / 240)}.${10 + (dealt % 240)}`;
  };
  return {
    make(planned, { node, ordinal, revision, createdAt }) {
      const { namespace, kind, name, hostNetwork = false } = planned;
      const path = `${namespace}/${name}`;
      const workload = workloads.get(path) ?? { namespace, kind, name };
      workloads.set(path, workload);
      const replicaSet = `${name}-${createRandom(seed ^ hash(path + revision)).text(10, SUFFIX)}`;
      const isDeployment = kind === 'Deployment';
      const suffix = random.text(5, SUFFIX);
      return {
        namespace,
        name: isDeployment ? `${replicaSet}-${suffix}` : `${name}-${kind === 'StatefulSet' ? ordinal : suffix}`,
        uid: uid(random),
        ip: hostNetwork ? node.internalIp : nextIp(node),
        node: node.name,
        workload,
        controller: isDeployment ? { kind: 'ReplicaSet', name: replicaSet } : { kind, name },
        createdAt,
        hostNetwork,
      };
    },
  };
}

const uid = (random: Random): string => [8, 4, 4, 4, 12].map((length) => random.text(length)).join('-');

/** Where the pods of the cluster are at a time; times in seconds relative to now. */
export interface Placement {
  at(seconds: number): readonly Pod[];
  /** When pods change, in order. */
  readonly changes: readonly number[];
}

/** Places the pods and lets happen to them what the plot says. `start` is the Unix time of the timeline's start. */
export function placePods(seed: number, nodes: readonly Node[], start: number): Placement {
  const maker = podMaker(seed);
  const random = createRandom(seed ^ hash('ages'));
  const createdAt = (seconds: number) => start + seconds - PLOT.begins;
  const nodeIn = (zone: number, turn: number): Node => {
    const inZone = nodes.filter((_, index) => index % ZONES === zone % ZONES);
    const node = inZone[turn % inZone.length];
    if (node === undefined) throw new RangeError('pods need a node in every zone');
    return node;
  };
  const turns = [0, 0, 0];
  const first = WORKLOADS.flatMap((planned) =>
    Array.from({ length: planned.replicas }, (_, ordinal) => {
      const zone = (ordinal + (planned.firstZone ?? 0)) % ZONES;
      const turn = turns[zone] ?? 0;
      const isDaemon = planned.kind === 'DaemonSet';
      if (!isDaemon) turns[zone] = turn + 1;
      const node = isDaemon ? nodeIn(ordinal, Math.floor(ordinal / ZONES)) : nodeIn(zone, turn);
      return maker.make(planned, { node, ordinal, revision: '1', createdAt: start - random.int(DAY / 2, 3 * DAY) });
    }),
  );

  const stages: { from: number; pods: readonly Pod[] }[] = [{ from: PLOT.begins, pods: first }];
  const replace = (seconds: number, old: readonly Pod[], next: (pod: Pod) => Pod): void => {
    const pods = (stages.at(-1)?.pods ?? []).map((pod) => (old.includes(pod) ? next(pod) : pod));
    stages.push({ from: seconds, pods });
  };
  const podsOf = (name: string) => first.filter(({ workload }) => workload.name === name);
  const again = (pod: Pod, node: Node, revision: string, seconds: number): Pod => {
    const planned = WORKLOADS.find(({ namespace, name }) => namespace === pod.namespace && name === pod.workload.name);
    if (planned === undefined) throw new RangeError(`${pod.name} belongs to no workload of the demo`);
    return maker.make(planned, { node, ordinal: 0, revision, createdAt: createdAt(seconds) });
  };

  const { at, batch, pause } = PLOT.deploy;
  const checkout = podsOf('checkout');
  for (let done = 0; done < checkout.length; done += batch) {
    const seconds = at + (done / batch) * pause;
    replace(seconds, checkout.slice(done, done + batch), (pod) => {
      const node = nodes.find(({ name }) => name === pod.node);
      return again(pod, node ?? nodeIn(0, 0), '2', seconds);
    });
  }
  const { drain } = PLOT;
  const inDrained = ({ node }: Pod) => nodes.findIndex(({ name }) => name === node) % ZONES === drain.zone;
  let drained = 0;
  replace(drain.at, podsOf(drain.workload).filter(inDrained), (pod) => {
    drained += 1;
    return again(pod, nodeIn(drain.zone + drained, 1), '1', drain.at);
  });
  replace(PLOT.move.at, podsOf('indexer'), (pod) => again(pod, nodeIn(2, 1), '1', PLOT.move.at));

  return {
    changes: stages.slice(1).map(({ from }) => from),
    at: (seconds) => stages.findLast(({ from }) => from <= seconds)?.pods ?? first,
  };
}
