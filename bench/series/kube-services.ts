import type { Cluster, Labels, MetricFamily, Service } from '../model.ts';
import { constant, family, type Sample } from './family.ts';

/** `kube_service_info{namespace,service,uid,cluster_ip,...}` and `kube_service_created`, one row for each Service. */
export function serviceFamilies({ services = [] }: Cluster): MetricFamily[] {
  return [
    family('kube_service_info', 'gauge', '[STABLE] Information about service.', services.map(row)),
    family(
      'kube_service_created',
      'gauge',
      '[STABLE] Unix creation timestamp',
      services.map((service) => constant(identity(service), service.createdAt ?? 0)),
    ),
  ];
}

function identity({ namespace, name, createdAt = 0 }: Service): Labels {
  return { namespace, service: name, uid: `service-${namespace}-${name}-${createdAt}` };
}

function row(service: Service): Sample {
  const { clusterIp } = service;
  const address = { cluster_ip: clusterIp, external_name: '', external_traffic_policy: '', load_balancer_ip: '' };
  return constant({ ...identity(service), ...address }, 1);
}
