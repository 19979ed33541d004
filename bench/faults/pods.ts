import type { Cluster, Pod } from '../model.ts';
import type { ClusterFault } from './change.ts';
import { reborn, withEnds, withoutPod } from './ends.ts';

/** When something happens, and for how long the API server still knows the old incarnation; seconds. */
export interface Replacement {
  readonly pod: Pod;
  readonly at: number;
  /** 60 by default; 0 replaces it at once. */
  readonly overlap?: number;
}

/** A StatefulSet pod moves to another node and address: for a while two uids of one name are known. */
export function podMoved(
  cluster: Cluster,
  { pod, at, overlap = 60, node, ip }: Replacement & { readonly node: string; readonly ip: string },
): ClusterFault {
  return replaced(cluster, pod, reborn(pod, at, { node, ip }), at, overlap);
}

/** A pod is made again with the same name on the same node and, being on the network of its host, the same address. */
export function podRecreated(cluster: Cluster, { pod, at, overlap = 60 }: Replacement): ClusterFault {
  return replaced(cluster, pod, reborn(pod, at), at, overlap);
}

function replaced(cluster: Cluster, old: Pod, next: Pod, at: number, overlap: number): ClusterFault {
  const connections = withEnds(cluster.connections, old, next);
  const both = { ...cluster, pods: [...cluster.pods, next], connections };
  const after = { ...cluster, pods: cluster.pods.map((pod) => (pod.uid === old.uid ? next : pod)), connections };
  const stages = overlap > 0 ? [{ from: at, cluster: both }] : [];
  return {
    timeline: [{ from: 0, cluster }, ...stages, { from: at + overlap, cluster: after }],
    change: { from: at, until: at + overlap },
  };
}

/**
 * A pod completes and keeps its address in its status, while a new incarnation of another pod gets that address.
 * Traffic of the completed pod ends; that of the other one goes on from the new address.
 */
export function ipReused(
  cluster: Cluster,
  { completed, by, at }: { readonly completed: Pod; readonly by: Pod; readonly at: number },
): ClusterFault {
  const next = reborn(by, at, { ip: completed.ip, node: completed.node });
  const done: Pod = { ...completed, phase: 'Succeeded' };
  const swap = new Map([
    [completed.uid, done],
    [by.uid, next],
  ]);
  const pods = cluster.pods.map((pod) => swap.get(pod.uid) ?? pod);
  const connections = withEnds(withoutPod(cluster.connections, completed), by, next);
  return {
    timeline: [
      { from: 0, cluster },
      { from: at, cluster: { ...cluster, pods, connections } },
    ],
    change: { from: at, until: at },
  };
}

/**
 * A pod is deleted: the API server forgets it at once. Its traffic ends then, too, or `linger` seconds later, in which
 * sources still name a pod that nobody knows.
 */
export function podGone(
  cluster: Cluster,
  { pod, at, linger = 0 }: { readonly pod: Pod; readonly at: number; readonly linger?: number },
): ClusterFault {
  const forgotten = { ...cluster, pods: cluster.pods.filter(({ uid }) => uid !== pod.uid) };
  const gone = { ...forgotten, connections: withoutPod(cluster.connections, pod) };
  const stages = linger > 0 ? [{ from: at, cluster: forgotten }] : [];
  return {
    timeline: [{ from: 0, cluster }, ...stages, { from: at + linger, cluster: gone }],
    change: { from: at, until: at + linger },
  };
}

/** A pod waits for a node, without address and traffic, and then runs: the labels of its one uid change. */
export function pendingToRunning(
  cluster: Cluster,
  { pod, at }: { readonly pod: Pod; readonly at: number },
): ClusterFault {
  const { ipv6: _none, ...rest } = pod;
  const waiting: Pod = { ...rest, ip: '', node: '', phase: 'Pending' };
  const before = {
    ...cluster,
    pods: cluster.pods.map((one) => (one.uid === pod.uid ? waiting : one)),
    connections: withoutPod(cluster.connections, pod),
  };
  return {
    timeline: [
      { from: 0, cluster: before },
      { from: at, cluster },
    ],
    change: { from: at, until: at },
  };
}
