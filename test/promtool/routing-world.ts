import { type InputSeries, seriesText } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';

/** A node as the API server knows it. */
export interface Node {
  readonly name: string;
  /** Empty: without the label. */
  readonly zone: string;
  readonly cores: number;
  readonly isReady?: boolean;
  readonly role?: string;
}

/** An endpoint in a slice. */
export interface Endpoint {
  readonly address: string;
  readonly zone: string;
  /** Empty: an address that is no pod. */
  readonly pod: string;
  readonly isReady?: boolean;
  readonly hints?: readonly string[];
}

/** A Service, by its slices. */
export interface Service {
  readonly namespace: string;
  readonly name: string;
  readonly isHeadless?: boolean;
  readonly annotations?: { readonly mode?: string; readonly older?: string };
  readonly slices: Readonly<Record<string, readonly Endpoint[]>>;
}

/** A pod, as the records of identity have it, and whether it runs. */
export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly zone: string;
  readonly type: string;
  readonly workload: string;
  readonly phase?: string;
}

/** Traffic into a workload. */
export interface Call {
  readonly from: string;
  readonly to: Pick<Pod, 'namespace' | 'type' | 'workload'>;
  readonly zones: readonly [source: string, destination: string];
  readonly rate: number;
}

export interface Cluster {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly services: readonly Service[];
  readonly pods: readonly Pod[];
  readonly calls: readonly Call[];
}

export const localityOf = ([source, destination]: Call['zones']): string =>
  [source, destination].includes('unknown') ? 'unknown' : source === destination ? 'same_zone' : 'cross_zone';

/** One row of kube-state-metrics: of what is told apart by the values of its labels. */
const rowsOf = ({ name: cluster, nodes, services, pods }: Cluster): readonly (readonly [string, Labels, number])[] => [
  ...nodes.flatMap(({ name: node, zone, cores, isReady = true, role = '' }) => [
    ['kube_node_labels', { cluster, node, label_topology_kubernetes_io_zone: zone }, 1] as const,
    ['kube_node_status_allocatable', { cluster, node, resource: 'cpu', unit: 'core' }, cores] as const,
    ['kube_node_status_allocatable', { cluster, node, resource: 'memory', unit: 'byte' }, 1e9] as const,
    ...['true', 'false', 'unknown'].map(
      (status) =>
        [
          'kube_node_status_condition',
          { cluster, node, condition: 'Ready', status },
          Number(status === String(isReady)),
        ] as const,
    ),
    ['kube_node_status_condition', { cluster, node, condition: 'DiskPressure', status: 'true' }, 1] as const,
    ...(role === '' ? [] : [['kube_node_role', { cluster, node, role }, 1] as const]),
  ]),
  ...services.flatMap(({ namespace, name: service, isHeadless = false, annotations = {}, slices }) => [
    [
      'kube_service_info',
      { cluster, namespace, service, uid: service, cluster_ip: isHeadless ? 'None' : '172.20.0.9' },
      1,
    ] as const,
    [
      'kube_service_annotations',
      {
        cluster,
        namespace,
        service,
        uid: service,
        annotation_service_kubernetes_io_topology_mode: annotations.mode ?? '',
        annotation_service_kubernetes_io_topology_aware_hints: annotations.older ?? '',
      },
      1,
    ] as const,
    ...Object.entries(slices).flatMap(([endpointslice, endpoints]) => [
      [
        'kube_endpointslice_labels',
        { cluster, namespace, endpointslice, label_kubernetes_io_service_name: service },
        1,
      ] as const,
      ...endpoints.flatMap(({ address, zone, pod, isReady = true, hints = [] }) => [
        [
          'kube_endpointslice_endpoints',
          {
            cluster,
            namespace,
            endpointslice,
            address,
            ready: String(isReady),
            endpoint_zone: zone,
            endpoint_nodename: `node-of-${pod}`,
            ...(pod !== '' && { targetref_kind: 'Pod', targetref_name: pod, targetref_namespace: namespace }),
          },
          1,
        ] as const,
        ...hints.map(
          (zoneOfHint) =>
            [
              'kube_endpointslice_endpoints_hints',
              { cluster, namespace, endpointslice, address, for_zone: zoneOfHint },
              1,
            ] as const,
        ),
      ]),
    ]),
  ]),
  ...pods.flatMap(({ namespace, name: pod, phase = 'Running' }) =>
    ['Pending', 'Running', 'Succeeded'].map(
      (one) =>
        ['kube_pod_status_phase', { cluster, namespace, pod, uid: pod, phase: one }, Number(one === phase)] as const,
    ),
  ),
];

/** Rows of a scrape that does not honour labels: they tell of kube-state-metrics, and must count for nothing. */
const dishonoured = (labels: Labels): Labels => ({
  ...labels,
  ...(labels['node'] === undefined
    ? { exported_namespace: labels['namespace'] ?? '', namespace: 'monitoring' }
    : { exported_node: labels['node'], node: 'n0' }),
});

/** The records that the rules read and others write: identities and traffic. */
const readRecords = ({ name: cluster, pods, calls }: Cluster): readonly (readonly [string, Labels, number])[] => [
  ...pods.map(
    ({ namespace, name: pod, zone, type, workload }) =>
      [
        'cluster_namespace_pod:identity:info',
        { cluster, namespace, pod, node: `node-of-${pod}`, zone, workload_type: type, workload },
        1,
      ] as const,
  ),
  ...calls.map(
    ({ from, to, zones, rate }) =>
      [
        'workload_pair:network_flows:rate5m',
        {
          cluster,
          source_namespace: 'callers',
          source_workload_type: 'Deployment',
          source_workload: from,
          source_zone: zones[0],
          destination_namespace: to.namespace,
          destination_workload_type: to.type,
          destination_workload: to.workload,
          destination_zone: zones[1],
          locality: localityOf(zones),
        },
        rate,
      ] as const,
  ),
];

/**
 * What is scraped of clusters, and what other rules recorded of them. Two replicas of kube-state-metrics say the same, and one of them is scraped
 * by a job that honours no labels, too. Its target has a label `service`, as with kube-prometheus-stack.
 */
export const seriesOf = (clusters: readonly Cluster[], minutes: number): readonly InputSeries[] =>
  clusters.flatMap((cluster) => [
    ...rowsOf(cluster).flatMap(([metric, labels, value]) => {
      const told = { service: 'kube-state-metrics', ...labels };
      return [
        { ...told, instance: 'a' },
        { ...told, instance: 'b' },
        { ...dishonoured(told), instance: 'a', job: 'other' },
      ].map((one) => ({ series: seriesText(metric, one), values: `${value}x${2 * minutes}` }));
    }),
    ...readRecords(cluster).map(([metric, labels, value]) => ({
      series: seriesText(metric, labels),
      values: `${value}x${2 * minutes}`,
    })),
  ]);
