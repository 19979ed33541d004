import { groupBy } from '../../bench/group.ts';
import { type ContainerUsage, type Pod, type PodUsage, workloadTypeOf } from '../../bench/model.ts';
import type { Stack } from './stack.ts';
import type { Answer, Expected } from './vector.ts';

const number = (value: number): Answer => ({ all: [{ labels: {}, value }] });
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const largest = (values: readonly number[]): number => Math.max(...values);

/** A pod with what it uses. */
interface Used {
  readonly pod: Pod;
  readonly usage: PodUsage;
}

/** A number for each pod; undefined for pods without any. */
type Measure = (one: Used) => number | undefined;

const containers =
  (value: (one: ContainerUsage) => number | undefined, total: (values: readonly number[]) => number = sum): Measure =>
  ({ usage }) => {
    const values = usage.containers.flatMap((one) => value(one) ?? []);
    return values.length === 0 ? undefined : total(values);
  };

const cpu = containers((one) => one.cpu);
const workingSet = containers((one) => one.workingSet);
const rss = containers((one) => one.rss);
const limitUsed = containers(({ rss: used, limits }) => limits?.memory && used / limits.memory, largest);
/** Each container with a limit has as many periods, so that the share of a pod is the mean of its containers. */
const periods = containers(({ throttled }) => (throttled === undefined ? undefined : 1));
const throttledPeriods = containers(({ throttled }) => throttled);
const ofNetwork =
  (direction: 'receive' | 'transmit'): Measure =>
  ({ pod, usage }) =>
    pod.hostNetwork ? undefined : usage[direction];

/** Every panel of workload-resources with the truth for each of its queries. */
export function workloadResourcesTruths({ cluster }: Stack): Readonly<Record<string, readonly Answer[]>> {
  const all = cluster.pods.flatMap((pod): Used[] => {
    const usage = cluster.usage?.get(pod.uid);
    return usage === undefined ? [] : [{ pod, usage }];
  });
  const keyOf = ({ pod }: Used) => ({
    cluster: cluster.name,
    namespace: pod.namespace,
    workload_type: workloadTypeOf(pod),
    workload: pod.workload.name,
  });
  const workloads = groupBy(all, (one) => JSON.stringify(keyOf(one)));
  const ofAll = (measure: Measure): number => sum(all.flatMap((one) => measure(one) ?? []));
  /** A statistic of the pods of each workload that have the measure. */
  const byWorkload = (measure: Measure, statistic: (values: readonly number[]) => number): readonly Expected[] =>
    [...workloads].flatMap(([key, pods]) => {
      const values = pods.flatMap((one) => measure(one) ?? []);
      const labels = JSON.parse(key) as Expected['labels'];
      return values.length === 0 ? [] : [{ labels, value: statistic(values) }];
    });
  const byPod = (measure: Measure): Answer => ({
    all: all.flatMap((one) => {
      const value = measure(one);
      const { name: pod, node } = one.pod;
      const labels = { ...keyOf(one), pod, node, host: node.split('.')[0] ?? '' };
      return value === undefined ? [] : [{ labels, value }];
    }),
    limit: 12,
  });
  const mean = (values: readonly number[]): number => sum(values) / values.length;
  const beside = (measure: Measure): readonly Answer[] => [
    byPod(measure),
    { all: byWorkload(measure, mean), limit: 12 },
  ];
  const ran = byWorkload(periods, sum);
  const throttled = byWorkload(throttledPeriods, sum).map(({ labels, value }, index) => ({
    labels,
    value: value / (ran[index]?.value ?? Number.NaN),
  }));
  const one = () => 1;
  const rows = (expected: readonly Expected[]): Answer => ({ all: expected });
  return {
    'limit-used': [number(largest(all.flatMap((used) => limitUsed(used) ?? [])))],
    throttled: [number(largest(throttled.map(({ value }) => value)))],
    // Nothing restarts while the test runs.
    restarts: [number(0)],
    cpu: [number(ofAll(cpu))],
    memory: [number(ofAll(workingSet))],
    pods: [number(all.length)],
    workloads: [
      rows(byWorkload(cpu, sum)),
      rows(byWorkload(cpu, mean)),
      rows(byWorkload(cpu, largest)),
      rows(byWorkload(workingSet, sum)),
      rows(byWorkload(workingSet, largest)),
      rows(byWorkload(limitUsed, largest)),
      rows(throttled),
      rows(byWorkload(() => 0, sum)),
      rows(byWorkload(one, sum)),
    ],
    'limit-used-by-pod': [byPod(limitUsed)],
    'cpu-by-pod': beside(cpu),
    'memory-by-pod': beside(workingSet),
    'rss-by-pod': beside(rss),
    'throttled-by-pod': [
      byPod((used) => {
        const [waited, ranFor] = [throttledPeriods(used), periods(used)];
        return waited === undefined || ranFor === undefined ? undefined : waited / ranFor;
      }),
    ],
    'receive-by-pod': beside(ofNetwork('receive')),
    'transmit-by-pod': beside(ofNetwork('transmit')),
    'cpu-allotted': [cpu, containers(({ requests }) => requests?.cpu), containers(({ limits }) => limits?.cpu)].map(
      (measure) => number(ofAll(measure)),
    ),
    'memory-allotted': [
      workingSet,
      containers(({ requests }) => requests?.memory),
      containers(({ limits }) => limits?.memory),
    ].map((measure) => number(ofAll(measure))),
  };
}
