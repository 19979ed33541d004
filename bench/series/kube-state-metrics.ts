import type { Cluster, MetricFamily } from '../model.ts';
import { capacityFamilies } from './kube-capacity.ts';
import { containerFamilies } from './kube-containers.ts';
import { namespaceFamilies } from './kube-namespaces.ts';
import { nodeFamilies } from './kube-nodes.ts';
import { ownerFamilies } from './kube-owners.ts';
import { podFamilies } from './kube-pods.ts';
import { serviceFamilies } from './kube-services.ts';

/**
 * What kube-state-metrics v2 exposes about the cluster, all gauges: the pods (`namespace`, `pod`, `uid` and more),
 * the owners of ReplicaSets and Jobs, the Services, and the nodes, whose zone label is on the allowlist. Every replica exposes the
 * same.
 */
export function kubeStateMetricsFamilies(cluster: Cluster): MetricFamily[] {
  const run = cluster.controlPlane?.run?.pods ?? [];
  return [
    ...podFamilies({ nodes: cluster.nodes, pods: run.length === 0 ? cluster.pods : [...cluster.pods, ...run] }),
    ...containerFamilies(cluster),
    ...ownerFamilies(cluster),
    ...nodeFamilies(cluster),
    ...namespaceFamilies(cluster),
    ...serviceFamilies(cluster),
    ...capacityFamilies(cluster),
  ];
}
