import type { RecordingRule } from '../../model/rules.ts';
import { aggregate, labels, promql, selector } from '../../promql/index.ts';
import type { WorkloadsConfig } from '../settings.ts';
import { ACTIVE_POD, ALLOTMENTS, resourceNames, type Use, workloadKey } from './names.ts';

const WORKLOADS = 'one for each workload';

const UNITS: Readonly<Record<Use, string>> = {
  cpu: 'cores',
  workingSet: 'bytes',
  rss: 'bytes',
  receive: 'bytes/s',
  transmit: 'bytes/s',
};

const STATISTICS = {
  sum: 'All pods of each workload.',
  avg: 'The average pod of each workload; the dashboard draws pods beside it.',
  max: 'The pod of each workload with the most.',
} as const;

/** Records the sum, the average and the maximum of the pods of each workload. */
export function workloadUsageRules(config: WorkloadsConfig, ...uses: readonly Use[]): readonly RecordingRule[] {
  const [names, key] = [resourceNames(config), workloadKey(config)];
  return uses.flatMap((use) =>
    (['sum', 'avg', 'max'] as const).map((statistic) => ({
      record: names.workload(use, statistic),
      expr: aggregate(statistic, key, selector(names.pod(use))),
      labels: key,
      unit: UNITS[use],
      cardinality: WORKLOADS,
      comment: STATISTICS[statistic],
    })),
  );
}

/** Records how much of the time workloads are throttled. */
export function workloadThrottlingRules(config: WorkloadsConfig): readonly RecordingRule[] {
  const [{ podPeriods, podThrottled, throttled, throttledMax }, key] = [resourceNames(config), workloadKey(config)];
  const shared = { labels: key, unit: '0 to 1', cardinality: 'one for each workload with CPU limits' };
  const [waited, ran] = [selector(podThrottled), selector(podPeriods)];
  return [
    {
      ...shared,
      record: throttled,
      expr: promql`
        ${aggregate('sum', key, waited)}
        / on (${labels(...key)})
        (${aggregate('sum', key, ran)} > 0)`,
      comment:
        'The share of their periods in which containers waited for CPU: both summed first, as an average of shares would count idle pods as much as busy ones.',
    },
    {
      ...shared,
      record: throttledMax,
      expr: aggregate('max', key, promql`${waited} / (${ran} > 0)`),
      comment: 'The same of the pod that waits most.',
    },
  ];
}

/** Records pods, requests, limits and restarts of each workload. */
export function workloadCountRules(config: WorkloadsConfig): readonly RecordingRule[] {
  const [names, key] = [resourceNames(config), workloadKey(config)];
  return [
    {
      record: names.pods,
      expr: promql`
        count by (${labels(...key)}) (
          ${selector(ACTIVE_POD)}
        )`,
      labels: key,
      unit: 'pods',
      cardinality: WORKLOADS,
      comment: 'Pods of each workload that run or wait to.',
    },
    {
      record: names.restarts,
      expr: aggregate('sum', key, selector(names.podRestarts)),
      labels: key,
      unit: 'restarts',
      cardinality: WORKLOADS,
      comment: 'Restarts of containers within the window.',
    },
    ...ALLOTMENTS.map((allotment) => ({
      record: names.allotment(allotment),
      expr: aggregate('sum', key, selector(names.podAllotment(allotment))),
      labels: key,
      unit: allotment.startsWith('cpu') ? 'cores' : 'bytes',
      cardinality: 'one for each workload with any',
      comment: 'All pods of each workload that run or wait to.',
    })),
    {
      record: names.limitUsed,
      expr: aggregate('max', key, selector(names.podLimitUsed)),
      labels: key,
      unit: '0 to 1',
      cardinality: 'one for each workload with memory limits',
      comment: 'The pod of each workload that is closest to a memory limit.',
    },
  ];
}
