import { type Cluster, type Controller, type Labels, type MetricFamily, topKnownOf } from '../model.ts';
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
  const owners = new Map<string, { namespace: string; name: string; owner: Controller | undefined }>();
  for (const pod of pods) {
    const { namespace, controller } = pod;
    if (controller?.kind !== kind) continue;
    // A controller at the top has no owner.
    const top = topKnownOf(pod);
    const owner = top.kind === kind ? undefined : top;
    owners.set(`${namespace}/${controller.name}`, { namespace, name: controller.name, owner });
  }
  return [...owners.values()].map(({ namespace, name, owner }) =>
    constant({ namespace, [label]: name, ...ownerLabels(owner) }, 1),
  );
}
