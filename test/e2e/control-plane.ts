import type { Cluster } from '../../bench/model.ts';
import { type ControlPlane, controlPlaneUnder } from '../../bench/model/control-plane.ts';
import type { ControlPlanePart } from '../../bench/targets.ts';

/** All of the control plane. */
export const PARTS: readonly ControlPlanePart[] = ['api-servers', 'queues', 'members', 'kubelets'];

/** The run of kube-burner that goes on. */
export const RUN = 'b7c2a9d0-0000-4000-8000-5ca1ab1e0001';

/** A cluster under a load test: one of its namespaces belongs to the run, two pods fit nowhere, and three wait for their sandbox. */
export function underLoad(cluster: Cluster): Cluster {
  const { pods, nodes } = cluster;
  const mine = pods.filter(({ namespace }) => namespace !== 'kube-system');
  const controlPlane: ControlPlane = controlPlaneUnder({
    load: 0.75,
    // The windows of the test are seconds long.
    scale: 1000,
    leaderChanges: 40,
    pods: pods.length,
    maxPods: 25,
    run: { uuid: RUN, namespaces: [mine[0]?.namespace ?? ''], pods: [] },
    unschedulable: mine.slice(0, 2).map(({ uid }) => uid),
    creating: mine.slice(2, 5).map(({ uid }) => uid),
    withoutAddresses: new Set(nodes.slice(0, 1).map(({ name }) => name)),
  });
  return { ...cluster, controlPlane };
}

/** Its control plane. @throws Error when it has none. */
export function planeOf({ controlPlane }: Cluster): ControlPlane {
  if (controlPlane === undefined) throw new Error('the cluster has no control plane');
  return controlPlane;
}

/** Processes of the control plane that are scraped, but for kubelets. */
export function processesOf(cluster: Cluster): number {
  const { apiServers, members } = planeOf(cluster);
  return apiServers.length + 2 + members.length;
}
