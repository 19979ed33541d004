import type { Cluster, MetricFamily } from '../model.ts';
import { constant, family } from './family.ts';

/** What kube-state-metrics says of how many pods fit, of those that do not start, and of runs of kube-burner; nothing without a control plane. */
export function capacityFamilies({ nodes, pods, controlPlane }: Cluster): MetricFamily[] {
  if (controlPlane === undefined) return [];
  const { maxPods, run, unschedulable, creating } = controlPlane;
  const all = [...pods, ...(run?.pods ?? [])];
  const ofRun = new Set(run?.namespaces);
  const namespaces = [...new Set([...pods.map(({ namespace }) => namespace), ...ofRun])];
  return [
    family(
      'kube_node_status_allocatable',
      'gauge',
      '[STABLE] The allocatable for different resources of a node that are available for scheduling.',
      nodes.map(({ name }) => constant({ node: name, resource: 'pods', unit: 'integer' }, maxPods)),
    ),
    family(
      'kube_pod_status_unschedulable',
      'gauge',
      '[STABLE] Describes the unschedulable status for the pod.',
      all
        .filter(({ uid }) => unschedulable.has(uid))
        .map(({ namespace, name, uid }) => constant({ namespace, pod: name, uid }, 1)),
    ),
    family(
      'kube_pod_container_status_waiting_reason',
      'gauge',
      '[STABLE] Describes the reason the container is currently in waiting state.',
      all
        .filter(({ uid }) => creating.has(uid))
        .map(({ namespace, name, uid, workload }) =>
          constant({ namespace, pod: name, uid, container: workload.name, reason: 'ContainerCreating' }, 1),
        ),
    ),
    family(
      'kube_namespace_labels',
      'gauge',
      '[STABLE] Kubernetes labels converted to Prometheus labels.',
      namespaces.map((namespace) =>
        constant({ namespace, ...(ofRun.has(namespace) && { label_kube_burner_io_uuid: run?.uuid ?? '' }) }, 1),
      ),
    ),
  ];
}
