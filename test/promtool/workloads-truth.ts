import type { Labels } from './allowances-input.ts';
import { grouped, type Held, type Truth } from './held.ts';
import { type Container, MINUTES, perMinute, type Pod, type Said, type Seen } from './workloads-world.ts';

const WINDOW = 5;
const NOBODY = 'unknown';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const most = (values: readonly number[]): readonly number[] => (values.length === 0 ? [] : [Math.max(...values)]);

/** What a counter of so many units grew by per second, between the first and the last scrape of the window. */
const perSecond = (units: number): number => sum(perMinute(units).slice(MINUTES - WINDOW + 1)) / (60 * (WINDOW - 1));

/** Who scraped: the kubelets of one way to scrape them have a part of the pod each, and each way has all of it. */
const wayOf = ({ instance: _instance, ...way }: Labels): Labels => way;

const keyOf = ({ cluster, namespace, name }: Pod): Labels => ({ cluster, namespace, pod: name });

/** The node and the workload of a pod: those of its newest incarnation, `unknown` of a pod that nobody describes. */
function placeOf({ incarnations }: Pod): Labels {
  const newest = incarnations.at(-1);
  if (newest === undefined) return { workload_type: NOBODY, workload: NOBODY };
  return { node: newest.node, workload_type: newest.workloadType, workload: newest.workload };
}
const hostNetworkOf = ({ incarnations }: Pod): string => {
  const newest = incarnations.at(-1);
  return newest === undefined ? NOBODY : String(newest.isOnHostNetwork);
};
const workloadOf = (pod: Pod): Labels => {
  const { workload_type = '', workload = '' } = placeOf(pod);
  return { cluster: pod.cluster, namespace: pod.namespace, workload_type, workload };
};

/** A counter of things of a pod: those of one way to scrape together, of the way that has most. */
const counted = (rows: readonly { readonly scrape: Labels; readonly units: number }[]): readonly number[] =>
  most(grouped(rows, ({ scrape }) => wayOf(scrape)).map(([, same]) => sum(same.map(({ units }) => perSecond(units)))));

const countedBy =
  (field: 'cpu' | 'periods' | 'throttled') =>
  ({ containers }: Pod): readonly number[] =>
    counted(
      containers.flatMap(({ seen }) =>
        seen.flatMap((row) => {
          const units = row[field];
          return units === undefined ? [] : [{ scrape: row.scrape, units }];
        }),
      ),
    );

const carried =
  (field: 'received' | 'sent') =>
  (pod: Pod): readonly number[] =>
    hostNetworkOf(pod) === 'false'
      ? counted(pod.interfaces.map((row) => ({ scrape: row.scrape, units: row[field] })))
      : [];

/** The most that any kubelet shows of a container: the old one of a restart lingers beside the new one. */
const largest = ({ seen }: Container, field: keyof Pick<Seen, 'rss' | 'workingSet'>): number =>
  Math.max(...seen.map((row) => row[field]));

const measured =
  (field: 'rss' | 'workingSet') =>
  ({ containers }: Pod): readonly number[] => [sum(containers.map((one) => largest(one, field)))];

/** How close the closest container is to its limit, which is twice the request. */
const limitUsed = ({ containers }: Pod): readonly number[] =>
  most(
    containers.flatMap((one) => {
      const limit = 2 * Math.max(...one.said.map(({ memory }) => memory));
      return limit > 0 ? [largest(one, 'rss') / limit] : [];
    }),
  );

/** A figure of kube-state-metrics by pod: of all containers of one incarnation, as one instance tells it; the most of these. */
const told = ({ containers }: Pod, of: (said: Said) => readonly number[]): readonly number[] =>
  most(
    grouped(
      containers.flatMap(({ said }) => said.flatMap((one) => of(one).map((value) => ({ ...one, value })))),
      ({ teller }) => teller,
    ).map(([, rows]) => sum(rows.map(({ value }) => value))),
  );

/** Every series of every record of pods and workloads. */
export function truthOf(pods: readonly Pod[]): Truth {
  const byPod = (of: (pod: Pod) => readonly number[]): readonly Held[] =>
    pods.flatMap((pod) => of(pod).map((value): Held => [{ ...keyOf(pod), ...placeOf(pod) }, value]));
  const byWorkload = (
    of: (pod: Pod) => readonly number[],
    combine: (values: readonly number[]) => number,
    among = pods,
  ): readonly Held[] =>
    grouped(
      among.flatMap((pod) => of(pod).map((value) => ({ pod, value }))),
      ({ pod }) => workloadOf(pod),
    ).map(([labels, rows]): Held => [labels, combine(rows.map(({ value }) => value))]);
  const max = (values: readonly number[]): number => Math.max(...values);

  const described = pods.filter(({ incarnations }) => incarnations.length > 0);
  const active = pods.filter(({ phase }) => phase !== 'Succeeded');
  const map = (some: readonly Pod[]): readonly Held[] =>
    some.map((pod) => [{ ...keyOf(pod), ...placeOf(pod), host_network: hostNetworkOf(pod) }, 1]);
  const uses = {
    cpu_usage_cores: ['rate5m', countedBy('cpu')],
    memory_working_set_bytes: ['', measured('workingSet')],
    memory_rss_bytes: ['', measured('rss')],
    network_receive_bytes: ['rate5m', carried('received')],
    network_transmit_bytes: ['rate5m', carried('sent')],
  } as const;
  const used = Object.entries(uses).flatMap(([name, [rate, of]]): (readonly [string, readonly Held[]])[] => [
    [`pod:${name}:${rate === '' ? 'sum' : rate}`, byPod(of)],
    [`workload:${name}:sum${rate === '' ? '' : `_${rate}`}`, byWorkload(of, sum)],
    [`workload:${name}:max${rate === '' ? '' : `_${rate}`}`, byWorkload(of, max)],
  ]);
  const periods = byWorkload(countedBy('periods'), sum);
  const throttled = byWorkload(countedBy('throttled'), sum);
  const allotted = (times: number): readonly Held[] =>
    (['cpu', 'memory'] as const).flatMap((resource) =>
      byWorkload((pod) => told(pod, (said) => [times * said[resource]]), sum, active).map(([labels, value]): Held => [
        { ...labels, resource },
        value,
      ]),
    );
  return {
    'cluster_namespace_pod:undescribed:info': pods
      .filter((pod) => !described.includes(pod))
      .map((pod): Held => [keyOf(pod), 1]),
    'cluster_namespace_pod:workload:info': map(pods),
    'cluster_namespace_pod:active_workload:info': map(active),
    'workload:pods:count': byWorkload(() => [1], sum, active),
    ...Object.fromEntries(used),
    'pod:cpu_periods:rate5m': byPod(countedBy('periods')),
    'pod:cpu_throttled_periods:rate5m': byPod(countedBy('throttled')),
    'workload:cpu_throttled:ratio_rate5m': periods.flatMap(([labels, ran], index): Held[] =>
      ran > 0 ? [[labels, (throttled[index]?.[1] ?? 0) / ran]] : [],
    ),
    'pod:memory_limit_used:max_ratio': byPod(limitUsed),
    'workload:memory_limit_used:max_ratio': byWorkload(limitUsed, max),
    'workload:container_restarts:increase5m': byWorkload(
      (pod) => told(pod, ({ restarts }) => (restarts > 0 ? [restarts] : [])),
      sum,
      described,
    ),
    'workload:resource_requests:sum': allotted(1),
    'workload:resource_limits:sum': allotted(2),
  };
}
