import type { Cluster, MetricFamily, Service } from '../model.ts';
import { constant, family, type Sample } from './family.ts';

/** `kube_service_info{namespace,service,uid,cluster_ip,...}`, one row for each Service. */
export function serviceFamilies({ services = [] }: Cluster): MetricFamily[] {
  return [family('kube_service_info', 'gauge', '[STABLE] Information about service.', services.map(row))];
}

function row({ namespace, name, clusterIp }: Service): Sample {
  const address = { cluster_ip: clusterIp, external_name: '', external_traffic_policy: '', load_balancer_ip: '' };
  return constant({ namespace, service: name, uid: `service-${namespace}-${name}`, ...address }, 1);
}
