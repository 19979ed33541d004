import type { RecordingRule } from '../../model/rules.ts';
import { aggregate, labels, promql, selector } from '../../promql/index.ts';
import type { WorkloadsConfig } from '../settings.ts';
import { ACTIVE_POD, resourceNames, type Use, workloadKey } from './names.ts';

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
  avg: 'The average pod of each workload.',
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
export function workloadThrottlingRule(config: WorkloadsConfig): RecordingRule {
  const [{ podPeriods, podThrottled, throttled }, key] = [resourceNames(config), workloadKey(config)];
  return {
    record: throttled,
    expr: promql`
      ${aggregate('sum', key, selector(podThrottled))}
      / on (${labels(...key)})
      (${aggregate('sum', key, selector(podPeriods))} > 0)`,
    labels: key,
    unit: '0 to 1',
    cardinality: 'one for each workload with CPU limits',
    comment:
      'The share of their periods in which containers waited for CPU: both summed first, as an average of shares would count idle pods as much as busy ones.',
  };
}

/** Records how close each workload is to a memory limit. */
export function workloadLimitUsedRule(config: WorkloadsConfig): RecordingRule {
  const [names, key] = [resourceNames(config), workloadKey(config)];
  return {
    record: names.limitUsed,
    expr: aggregate('max', key, selector(names.podLimitUsed)),
    labels: key,
    unit: '0 to 1',
    cardinality: 'one for each workload with memory limits',
    comment: 'The pod of each workload that is closest to a memory limit.',
  };
}

/** Records the number of pods of each workload. */
export function workloadPodsRule(config: WorkloadsConfig): RecordingRule {
  const key = workloadKey(config);
  return {
    record: resourceNames(config).pods,
    expr: promql`
      count by (${labels(...key)}) (
        ${selector(ACTIVE_POD)}
      )`,
    labels: key,
    unit: 'pods',
    cardinality: WORKLOADS,
    comment: 'Pods of each workload that run or wait to.',
  };
}
