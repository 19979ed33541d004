import type { Cluster, Controller, Labels, MetricFamily, Workload } from '../model.ts';
import { constant, family, type Sample } from './family.ts';

/** The owner labels shared by pods, ReplicaSets and Jobs: empty strings for an object without owner. */
export function ownerLabels(owner: Controller | undefined, isController = true): Labels {
  return {
    owner_kind: owner?.kind ?? '',
    owner_name: owner?.name ?? '',
    owner_is_controller: owner === undefined ? '' : String(isController),
  };
}

/** The owners of the controllers in between: the Deployment of each ReplicaSet, the CronJob of each Job. */
export function ownerFamilies(cluster: Cluster): MetricFamily[] {
  return [
    family(
      'kube_replicaset_owner',
      'gauge',
      "[STABLE] Information about the ReplicaSet's owner.",
      ownersOf(cluster, 'ReplicaSet', 'replicaset'),
    ),
    family(
      'kube_job_owner',
      'gauge',
      "[STABLE] Information about the Job's owner.",
      ownersOf(cluster, 'Job', 'job_name'),
    ),
  ];
}

/** One row for each controller of that kind, however many pods it has. */
function ownersOf({ pods }: Cluster, kind: string, label: string): Sample[] {
  const owners = new Map<string, { namespace: string; name: string; workload: Workload | undefined }>();
  for (const { namespace, controller, workload } of pods) {
    if (controller?.kind !== kind) continue;
    // A controller that is the workload itself has no owner.
    const owner = workload.kind === kind ? undefined : workload;
    owners.set(`${namespace}/${controller.name}`, { namespace, name: controller.name, workload: owner });
  }
  return [...owners.values()].map(({ namespace, name, workload }) =>
    constant({ namespace, [label]: name, ...ownerLabels(workload) }, 1),
  );
}
