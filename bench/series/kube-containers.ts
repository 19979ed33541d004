import type { Cluster, ContainerUsage, Labels, MetricFamily } from '../model.ts';
import { constant, family, type Sample } from './family.ts';

const UNITS = { cpu: 'core', memory: 'byte' } as const;

/** What kube-state-metrics exposes about containers: requests, limits and restarts. Pods without known usage have no containers here. */
export function containerFamilies({ pods, usage = new Map() }: Pick<Cluster, 'pods' | 'usage'>): MetricFamily[] {
  const containers = pods.flatMap(({ namespace, name, uid, node }) =>
    (usage.get(uid)?.containers ?? []).map((container) => ({
      container,
      node,
      labels: { namespace, pod: name, uid, container: container.name },
    })),
  );
  const allotted = (which: 'requests' | 'limits'): Sample[] =>
    containers.flatMap(({ container, node, labels }) =>
      (['cpu', 'memory'] as const).flatMap((resource) => {
        const value = container[which]?.[resource];
        return value === undefined ? [] : [constant({ ...labels, node, resource, unit: UNITS[resource] }, value)];
      }),
    );
  const restarts = containers.map(({ container, labels }: { container: ContainerUsage; labels: Labels }) =>
    constant(labels, container.restarts ?? 0),
  );
  return [
    family(
      'kube_pod_container_resource_requests',
      'gauge',
      'The number of requested request resource.',
      allotted('requests'),
    ),
    family(
      'kube_pod_container_resource_limits',
      'gauge',
      'The number of requested limit resource.',
      allotted('limits'),
    ),
    family(
      'kube_pod_container_status_restarts_total',
      'counter',
      '[STABLE] The number of container restarts.',
      restarts,
    ),
  ];
}
