import type { Cluster, Labels, MetricFamily, Service } from '../model.ts';
import { type Endpoint, endpointsOf } from '../model/routing.ts';
import { constant, family, type Sample } from './family.ts';

/** The Service of the API server, which every cluster has. */
const API_SERVER: Service = { namespace: 'default', name: 'kubernetes', clusterIp: '10.96.0.1' };

/**
 * `kube_service_info{namespace,service,uid,cluster_ip,...}`, `kube_service_created` and `kube_service_annotations`, one row for each Service, and
 * the EndpointSlices of those with endpoints: one for each address family.
 */
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
    family(
      'kube_service_annotations',
      'gauge',
      'Kubernetes annotations converted to Prometheus labels.',
      services.map((service) => constant({ ...identity(service), ...annotations(service) }, 1)),
    ),
    ...sliceFamilies(cluster, services),
  ];
}

/** Annotations on the allowlist; a Service without them has its row nevertheless. */
const annotations = ({ routing }: Service): Labels =>
  routing === 'Auto' ? { annotation_service_kubernetes_io_topology_mode: routing } : {};

const isIpv6 = ({ address }: Endpoint): boolean => address.includes(':');

/** The `kube_endpointslice_*` families. Hints for nodes are not exposed. */
function sliceFamilies(cluster: Cluster, services: readonly Service[]): MetricFamily[] {
  const slices = services.flatMap((service) => {
    const endpoints = endpointsOf(cluster, service);
    return [
      { suffix: 'ipv4', of: endpoints.filter((one) => !isIpv6(one)) },
      { suffix: 'ipv6', of: endpoints.filter(isIpv6) },
    ].flatMap(({ suffix, of }) =>
      of.length === 0
        ? []
        : [{ service, of, slice: { endpointslice: `${service.name}-${suffix}`, namespace: service.namespace } }],
    );
  });
  return [
    family(
      'kube_endpointslice_labels',
      'gauge',
      'Kubernetes labels converted to Prometheus labels.',
      slices.map(({ slice, service }) => constant({ ...slice, label_kubernetes_io_service_name: service.name }, 1)),
    ),
    family(
      'kube_endpointslice_endpoints',
      'gauge',
      'Endpoints attached to the endpointslice.',
      slices.flatMap(({ slice, of }) => of.map((endpoint) => constant({ ...slice, ...endpointLabels(endpoint) }, 1))),
    ),
    family(
      'kube_endpointslice_endpoints_hints',
      'gauge',
      'Topology routing hints attached to endpoints',
      slices.flatMap(({ slice, of }) =>
        of.flatMap(({ address, hints }) => hints.map((zone) => constant({ ...slice, address, for_zone: zone }, 1))),
      ),
    ),
  ];
}

const endpointLabels = ({ pod, address, zone }: Endpoint): Labels => ({
  ready: 'true',
  serving: 'true',
  hostname: '',
  terminating: 'false',
  targetref_kind: 'Pod',
  targetref_name: pod.name,
  targetref_namespace: pod.namespace,
  endpoint_nodename: pod.node,
  endpoint_zone: zone,
  address,
});

function identity({ namespace, name, createdAt = 0 }: Service): Labels {
  return { namespace, service: name, uid: `service-${namespace}-${name}-${createdAt}` };
}

function row(service: Service): Sample {
  const { clusterIp, isHeadless = false } = service;
  const address = {
    cluster_ip: isHeadless ? 'None' : clusterIp,
    external_name: '',
    external_traffic_policy: '',
    load_balancer_ip: '',
  };
  return constant({ ...identity(service), ...address }, 1);
}
