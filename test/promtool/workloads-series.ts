import { type InputSeries, seriesText } from '../support/rule-test.ts';
import { type Labels, scrapes } from './allowances-input.ts';
import { KUBELET } from './workloads-input.ts';
import { MINUTES, perMinute, type Pod, TELLERS } from './workloads-world.ts';

const counter = (units: number): string => {
  let value = 10_000;
  return scrapes(perMinute(units).map((each) => (value += each)));
};
const gauge = (value: number): string => scrapes(Array.from({ length: MINUTES }, () => value));

/** Labels that a target has itself: a series with one of them says nothing about the pod that its other labels name. */
const LOST = ['namespace', 'pod', 'node'].map((label): Labels => ({ [`exported_${label}`]: 'of-its-own' }));
const MANY = 1e6;

const CADVISOR_COUNTERS = {
  cpu: 'container_cpu_usage_seconds_total',
  periods: 'container_cpu_cfs_periods_total',
  throttled: 'container_cpu_cfs_throttled_periods_total',
} as const;
const CADVISOR_GAUGES = {
  rss: 'container_memory_rss',
  workingSet: 'container_memory_working_set_bytes',
} as const;
const NETWORK = {
  received: 'container_network_receive_bytes_total',
  sent: 'container_network_transmit_bytes_total',
} as const;

const entries = <K extends string>(names: Readonly<Record<K, string>>) => Object.entries(names) as [K, string][];

/** Whether there are series beside those of a pod that must not count: for few pods, as they are many. */
const isNoisy = (pod: string): boolean => pod === 'p';

/** What cAdvisor says of a pod, and rows that are none of a container, or of another pod than they say. */
function fromKubelets({ cluster, namespace, name: pod, containers, interfaces }: Pod): InputSeries[] {
  const labels = { cluster, namespace, pod };
  const seen = containers.flatMap(({ name, seen: rows }) =>
    rows.flatMap((row) => [
      ...entries(CADVISOR_COUNTERS).flatMap(([field, metric]) => {
        const units = row[field];
        if (units === undefined) return [];
        return [{ series: seriesText(metric, { ...row.scrape, ...labels, container: name }), values: counter(units) }];
      }),
      ...entries(CADVISOR_GAUGES).map(([field, metric]) => ({
        series: seriesText(metric, { ...row.scrape, ...labels, container: name }),
        values: gauge(row[field]),
      })),
    ]),
  );
  const carried = interfaces.flatMap(({ scrape, name, ...row }) =>
    entries(NETWORK).map(([field, metric]) => ({
      series: seriesText(metric, { ...scrape, ...labels, interface: name }),
      values: counter(row[field]),
    })),
  );
  const others: readonly Labels[] = [
    ...LOST.map((lost) => ({ ...labels, container: 'x', ...lost })),
    { ...labels, container: 'POD' },
    labels,
    // Of a pod that there is not.
    ...[...LOST.map((lost) => ({ container: 'x', ...lost })), { container: 'POD' }, {}].map((ghost) => ({
      ...labels,
      pod: 'ghost',
      ...ghost,
    })),
    // Of the node, and of a container that Kubernetes does not know.
    { cluster },
    { cluster, container: 'x' },
  ];
  const hidden = (isNoisy(pod) ? others : []).flatMap((other) => [
    ...Object.values(CADVISOR_COUNTERS).map((metric) => ({
      series: seriesText(metric, { ...KUBELET, ...other }),
      values: counter(MANY),
    })),
    ...Object.values(CADVISOR_GAUGES).map((metric) => ({
      series: seriesText(metric, { ...KUBELET, ...other }),
      values: gauge(MANY),
    })),
  ]);
  const foreign = (isNoisy(pod) ? [...LOST.map((lost) => ({ ...labels, ...lost })), { cluster }] : []).flatMap(
    (other) =>
      Object.values(NETWORK).map((metric) => ({
        series: seriesText(metric, { ...KUBELET, ...other, interface: 'eth0' }),
        values: counter(MANY),
      })),
  );
  return [...seen, ...carried, ...hidden, ...foreign];
}

/** Restarts in turn, the first of them in the first of the last five minutes, after one long ago. */
const restarted = (times: number): string => {
  const at = [1, ...Array.from({ length: times }, (_, index) => MINUTES - 4 + index)];
  return scrapes(Array.from({ length: MINUTES }, (_, minute) => 5 + at.filter((each) => each <= minute).length));
};

/** What kube-state-metrics says of a pod, and rows of which it says that they are of another. */
function fromStateMetrics({ cluster, namespace, name: pod, phase, containers }: Pod): InputSeries[] {
  const labels = { cluster, namespace, pod };
  const row = (metric: string, more: Labels, values: string): InputSeries => ({
    series: seriesText(metric, { ...labels, ...more }),
    values,
  });
  const allotted = (more: Labels, resource: string, value: number) =>
    (['requests', 'limits'] as const).map((which, index) =>
      row(`kube_pod_container_resource_${which}`, { ...more, resource }, gauge(value * (index + 1))),
    );
  const [teller = {}] = TELLERS;
  return [
    ...(['Pending', 'Running', 'Succeeded'] as const).flatMap((each) => [
      row('kube_pod_status_phase', { ...teller, phase: each }, gauge(each === phase ? 1 : 0)),
      ...LOST.map((lost) => row('kube_pod_status_phase', { ...teller, phase: each, ...lost }, gauge(1))),
    ]),
    ...containers.flatMap(({ name, said }) =>
      said.flatMap(({ teller: by, cpu, memory, restarts }) => [
        ...allotted({ ...by, container: name }, 'cpu', cpu),
        // No limit is no row, but a limit of 0 is one.
        ...allotted({ ...by, container: name }, 'memory', memory),
        ...(isNoisy(pod) ? allotted({ ...by, container: name }, 'pods', MANY) : []),
        row('kube_pod_container_status_restarts_total', { ...by, container: name }, restarted(restarts)),
      ]),
    ),
    ...(isNoisy(pod) ? LOST : []).flatMap((lost) => [
      ...['cpu', 'memory'].flatMap((resource) => allotted({ ...teller, ...lost, container: 'x' }, resource, MANY)),
      ...TELLERS.flatMap((by) =>
        ['one', 'two'].map((uid) =>
          row('kube_pod_container_status_restarts_total', { ...by, uid, ...lost, container: 'x' }, restarted(4)),
        ),
      ),
    ]),
  ];
}

/** The records of identity that say which pods there are. */
const identities = ({ cluster, namespace, name: pod, incarnations }: Pod): InputSeries[] =>
  incarnations.map(({ uid, node, zone, workloadType, workload, isOnHostNetwork, created }) => ({
    series: seriesText('cluster_namespace_pod_uid:identity:created', {
      cluster,
      namespace,
      pod,
      uid,
      node,
      zone,
      // As where zones can be refused.
      reason: `of-${uid}`,
      workload,
      workload_type: workloadType,
      host_network: String(isOnHostNetwork),
    }),
    values: gauge(created),
  }));

/** Everything that the rules read of these pods. */
export const seriesOf = (pods: readonly Pod[]): readonly InputSeries[] => [
  ...new Map(
    pods
      .flatMap((pod) => [...fromKubelets(pod), ...fromStateMetrics(pod), ...identities(pod)])
      .map((one) => [one.series, one]),
  ).values(),
];
