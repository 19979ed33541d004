/** A metric of kube-state-metrics that the rules read, and from which version on. All are gauges with the value 1. */
interface StateMetric {
  readonly name: string;
  readonly type: 'gauge';
  readonly labels: readonly string[];
  /** Version of kube-state-metrics. */
  readonly since: string;
  /** The file of kube-state-metrics that says so. */
  readonly source: string;
}

const ENDPOINT_SLICES = 'internal/store/endpointslice.go';
const SERVICES = 'internal/store/service.go';

/**
 * Every metric that tells how Services route, by what it tells. kube-state-metrics exports neither `trafficDistribution` nor
 * `internalTrafficPolicy` nor hints for nodes, and its custom-resource-state configuration cannot either: since 2.9 it refuses the core
 * group of Services ("group is required in the defined GVK"), and 2.8 has no hints.
 * Upstream: kube-state-metrics v2.8.0 to v2.20.0; internal/discovery/discovery.go; issue 2434.
 */
export const STATE_METRICS = {
  slices: {
    name: 'kube_endpointslice_labels',
    type: 'gauge',
    labels: ['namespace', 'endpointslice', 'label_kubernetes_io_service_name'],
    service: 'label_kubernetes_io_service_name',
    since: '2.8.0',
    source: ENDPOINT_SLICES,
  },
  endpoints: {
    name: 'kube_endpointslice_endpoints',
    type: 'gauge',
    labels: [
      'namespace',
      'endpointslice',
      'address',
      'ready',
      'serving',
      'terminating',
      'hostname',
      'targetref_kind',
      'targetref_name',
      'targetref_namespace',
      'endpoint_nodename',
      'endpoint_zone',
    ],
    since: '2.8.0',
    source: ENDPOINT_SLICES,
  },
  hints: {
    name: 'kube_endpointslice_endpoints_hints',
    type: 'gauge',
    labels: ['namespace', 'endpointslice', 'address', 'for_zone'],
    since: '2.10.0',
    source: ENDPOINT_SLICES,
  },
  annotations: {
    name: 'kube_service_annotations',
    type: 'gauge',
    labels: [
      'namespace',
      'service',
      'uid',
      'annotation_service_kubernetes_io_topology_mode',
      'annotation_service_kubernetes_io_topology_aware_hints',
    ],
    mode: 'annotation_service_kubernetes_io_topology_mode',
    older: 'annotation_service_kubernetes_io_topology_aware_hints',
    since: '2.2.0',
    source: SERVICES,
  },
  services: {
    name: 'kube_service_info',
    type: 'gauge',
    labels: [
      'namespace',
      'service',
      'uid',
      'cluster_ip',
      'external_name',
      'load_balancer_ip',
      'external_traffic_policy',
    ],
    since: '2.0.0',
    source: SERVICES,
  },
  nodeLabels: {
    name: 'kube_node_labels',
    type: 'gauge',
    labels: ['node', 'label_topology_kubernetes_io_zone'],
    zone: 'label_topology_kubernetes_io_zone',
    since: '2.0.0',
    source: 'internal/store/node.go',
  },
  nodeConditions: {
    name: 'kube_node_status_condition',
    type: 'gauge',
    labels: ['node', 'condition', 'status'],
    since: '2.0.0',
    source: 'internal/store/node.go',
  },
  nodeRoles: {
    name: 'kube_node_role',
    type: 'gauge',
    labels: ['node', 'role'],
    since: '2.0.0',
    source: 'internal/store/node.go',
  },
  nodeAllocatable: {
    name: 'kube_node_status_allocatable',
    type: 'gauge',
    labels: ['node', 'resource', 'unit'],
    since: '2.0.0',
    source: 'internal/store/node.go',
  },
  podPhases: {
    name: 'kube_pod_status_phase',
    type: 'gauge',
    labels: ['namespace', 'pod', 'uid', 'phase'],
    since: '2.0.0',
    source: 'internal/store/pod.go',
  },
} as const satisfies Readonly<Record<string, StateMetric & Readonly<Record<string, unknown>>>>;

/** What kube-state-metrics must export for them, beside what it exports for the zones of nodes and for pods. */
export const ROUTING_METRICS = {
  resources: ['endpointslices', 'nodes', 'pods', 'services'],
  labels: { endpointslices: ['kubernetes.io/service-name'], nodes: ['topology.kubernetes.io/zone'] },
  annotations: {
    services: ['service.kubernetes.io/topology-aware-hints', 'service.kubernetes.io/topology-mode'],
  },
} as const;

/**
 * Evictions by the descheduler, the newer name first. 0.34 and newer have both.
 * Upstream: kubernetes-sigs/descheduler v0.30.0 to v0.36.0, metrics/metrics.go.
 */
export const EVICTIONS = {
  names: ['descheduler_pods_evicted_total', 'descheduler_pods_evicted'],
  type: 'counter',
  labels: ['result', 'strategy', 'profile', 'namespace', 'node'],
  since: ['0.34.0', '0.30.0'],
} as const;
