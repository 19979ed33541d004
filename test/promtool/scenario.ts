import { seriesText, type InputSeries } from '../support/rule-test.ts';

/** Seconds between samples, as in the default configuration. */
const STEP = 30;

/** From when to when something exists, in minutes; by default from 0 to the end. Afterwards its series just end. */
export interface Lifetime {
  readonly from?: number;
  readonly until?: number;
}

/** A node, its true zone, and how it tells: by label, by provider ID, or not at all. */
export interface NodeSpec extends Lifetime {
  readonly name: string;
  readonly cluster?: string;
  readonly label?: string;
  readonly providerId?: string;
}

/** A pod. `created` is its creation time, in minutes; the newer of two pods with one name is the right one. */
export interface PodSpec extends Lifetime {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly cluster?: string;
  readonly uid?: string;
  readonly ip?: string;
  readonly created?: number;
  readonly controller?: readonly [kind: string, name: string];
  readonly hostNetwork?: boolean;
}

/** Packets from one pod to another, as the server's node reports them; an end without a pod has an address only. */
export interface FlowSpec extends Lifetime {
  readonly cluster?: string;
  readonly source: readonly [namespace: string, pod: string];
  readonly destination: readonly [namespace: string, pod: string];
  /** Packets per second. */
  readonly rate: number;
  /** Minute at which the agent restarts and its counter begins at 0 again. */
  readonly resetAt?: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Minutes that every scenario lasts. */
export const MINUTES = 30;

/** What follows after the end: nothing, as when Prometheus was down, or the marker that a scrape without the series leaves. */
type End = '_' | 'stale';

/** Values at every step of a lifetime: blanks before, then the values, then how it ends. */
export function values(
  at: (minute: number) => number,
  { from = 0, until = MINUTES }: Lifetime = {},
  end: End = '_',
): string {
  const steps = Array.from({ length: (MINUTES * 60) / STEP + 1 }, (_, step) => (step * STEP) / 60);
  return steps
    .map((minute) => {
      if (minute < from) return '_';
      if (minute <= until) return String(at(minute));
      return minute - STEP / 60 <= until ? end : '_';
    })
    .join(' ');
}

const constant = (value: number, lifetime: Lifetime): string => values(() => value, lifetime);

/** kube-state-metrics' series of nodes and pods, once for each replica. */
export function kubeStateMetrics(nodes: readonly NodeSpec[], pods: readonly PodSpec[], replicas = 1): InputSeries[] {
  const instances = Array.from({ length: replicas }, (_, index) => `10.0.0.${index}:8080`);
  return instances.flatMap((instance) => {
    const target = { job: 'kube-state-metrics', instance };
    return [
      ...nodes.flatMap((node) => {
        const labels = { ...target, cluster: node.cluster ?? 'one', node: node.name };
        return [
          {
            series: seriesText('kube_node_info', { ...labels, provider_id: node.providerId ?? '' }),
            values: constant(1, node),
          },
          {
            series: seriesText('kube_node_labels', { ...labels, label_topology_kubernetes_io_zone: node.label ?? '' }),
            values: constant(1, node),
          },
        ];
      }),
      ...pods.flatMap((pod) => {
        const uid = pod.uid ?? `uid-${pod.namespace}-${pod.name}`;
        const labels = { ...target, cluster: pod.cluster ?? 'one', namespace: pod.namespace, pod: pod.name, uid };
        const [kind, name] = pod.controller ?? ['', ''];
        const info = {
          ...labels,
          node: pod.node,
          pod_ip: pod.ip ?? '',
          created_by_kind: kind,
          created_by_name: name,
          host_network: String(pod.hostNetwork ?? false),
        };
        return [
          { series: seriesText('kube_pod_info', info), values: constant(1, pod) },
          { series: seriesText('kube_pod_created', labels), values: constant((pod.created ?? 0) * 60, pod) },
        ];
      }),
    ];
  });
}

/** Owners of ReplicaSets or Jobs: `[namespace, controller, kind, name]`. */
export const owners = (
  metric: 'kube_replicaset_owner' | 'kube_job_owner',
  rows: readonly (readonly [namespace: string, controlled: string, kind: string, name: string])[],
): InputSeries[] =>
  rows.map(([namespace, controlled, kind, name]) => ({
    series: seriesText(metric, {
      cluster: 'one',
      job: 'kube-state-metrics',
      instance: '10.0.0.0:8080',
      namespace,
      [metric === 'kube_job_owner' ? 'job_name' : 'replicaset']: controlled,
      owner_kind: kind,
      owner_name: name,
      owner_is_controller: 'true',
    }),
    values: constant(1, {}),
  }));

/** Hubble's series of the flows. */
export const hubbleFlows = (flows: readonly FlowSpec[]): InputSeries[] =>
  flows.map(({ cluster = 'one', source, destination, rate, resetAt = 0, labels, ...lifetime }) => ({
    series: seriesText('hubble_flows_processed_total', {
      cluster,
      instance: 'agent',
      type: 'Trace',
      subtype: 'to-endpoint',
      verdict: 'FORWARDED',
      protocol: 'TCP',
      traffic_direction: 'ingress',
      source_namespace: source[0],
      source_pod: source[1],
      destination_namespace: destination[0],
      destination_pod: destination[1],
      ...labels,
    }),
    // Hubble forgets a series a minute after its pod; the next scrape marks it stale.
    values: values((minute) => rate * 60 * (minute >= resetAt ? minute - resetAt : minute), lifetime, 'stale'),
  }));

/** Samples as promtool prints them: the labels of a record and the value. */
export const sample = (labels: Readonly<Record<string, string>>, value: number) => {
  const [name = '', rest] = [
    labels['__name__'],
    Object.fromEntries(Object.entries(labels).filter(([key]) => key !== '__name__')),
  ];
  return { labels: seriesText(name, rest), value };
};

/** Samples of figures, those with the same labels added up. */
export const summed = (
  cases: readonly { readonly labels: Readonly<Record<string, string>>; readonly rate: number }[],
) => {
  const sums = new Map<string, number>();
  for (const { labels, rate } of cases) {
    const key = JSON.stringify(labels);
    sums.set(key, (sums.get(key) ?? 0) + rate);
  }
  return [...sums].map(([key, rate]) => sample(JSON.parse(key) as Record<string, string>, rate));
};
