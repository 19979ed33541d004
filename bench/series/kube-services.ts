import type { Cluster, Labels, MetricFamily, Service } from '../model.ts';
import { constant, family, type Sample } from './family.ts';

/** The Service of the API server, which every cluster has. */
const API_SERVER: Service = { namespace: 'default', name: 'kubernetes', clusterIp: '10.96.0.1' };

/** `kube_service_info{namespace,service,uid,cluster_ip,...}` and `kube_service_created`, one row for each Service. */
export function serviceFamilies(cluster: Cluster): MetricFamily[] {
  const services = [API_SERVER, ...(cluster.services ?? [])];
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
