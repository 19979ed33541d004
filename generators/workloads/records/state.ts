import { POD_IDENTITY } from '../../identity/index.ts';
import type { RecordingRule } from '../../model/rules.ts';
import {
  aggregate,
  duration,
  join,
  matches,
  promql,
  type Query,
  recorded,
  type UniqueVector,
} from '../../promql/index.ts';
import { stateMetric } from '../../shared/state-metrics.ts';
import type { WorkloadsConfig } from '../settings.ts';
import { ACTIVE_POD, podKey, resourceNames, workloadKey } from './names.ts';

/**
 * The sum of rows of kube-state-metrics by workload. Replicas have the same rows, and so have two incarnations under one name: one of them counts.
 * @param more labels that stay, besides those of the workload.
 */
function ofWorkloads(config: WorkloadsConfig, rows: Query, pods: UniqueVector, more: readonly string[] = []): Query {
  const key = [...podKey(config), ...more];
  const described = aggregate('max', key, aggregate('sum', [...key, 'uid', 'job', 'instance'], rows));
  return aggregate('sum', [...workloadKey(config), ...more], join(described, pods, ['workload_type', 'workload']));
}

/** Records restarts of containers, of the workloads that have any. */
export function restartsRule(config: WorkloadsConfig): RecordingRule {
  const restarts = stateMetric('kube_pod_container_status_restarts_total');
  // Whole numbers: increase() would extrapolate one restart to 1.1. A pod that appears with restarts has not restarted just now.
  const recent = promql`changes(${restarts}[${duration(config.rules.window)}]) > 0`;
  return {
    record: resourceNames(config).restarts,
    expr: ofWorkloads(config, recent, recorded(POD_IDENTITY, podKey(config))),
    labels: workloadKey(config),
    unit: 'restarts',
    cardinality: 'one for each workload with restarts within the window',
    comment: 'Restarts of containers within the window; of several between two scrapes, one counts. No row means none.',
  };
}

/** Records requests and limits of pods that have not ended. */
export function allotmentRules(config: WorkloadsConfig): readonly RecordingRule[] {
  const { requests, limits } = resourceNames(config);
  return (
    [
      [requests, 'requests'],
      [limits, 'limits'],
    ] as const
  ).map(([record, which]) => ({
    record,
    expr: ofWorkloads(
      config,
      stateMetric(`kube_pod_container_resource_${which}`, { resource: matches('cpu|memory') }),
      recorded(ACTIVE_POD, podKey(config)),
      ['resource'],
    ),
    labels: [...workloadKey(config), 'resource'],
    unit: 'cores (cpu) or bytes (memory)',
    cardinality: 'two for each workload with any',
    comment:
      'All pods of each workload that run or wait to: the sum over their containers. Init containers, which run before them, do not count.',
  }));
}
