import { INCARNATION } from '../../identity/index.ts';
import type { RecordingRule } from '../../model/rules.ts';
import {
  aggregate,
  firstOf,
  join,
  labels,
  type Matchers,
  matches,
  promql,
  type Query,
  selector,
  UniqueVector,
  withLabels,
} from '../../promql/index.ts';
import { stateMetric } from '../../shared/state-metrics.ts';
import type { WorkloadsConfig } from '../settings.ts';
import { CADVISOR, containerGauge, containerRate, networkRate, ofContainers } from './kubelet.ts';
import {
  ACTIVE_POD,
  PLACE,
  POD_WORKLOAD,
  podKey,
  podLabels,
  resourceNames,
  UNDESCRIBED_POD,
  type Use,
} from './names.ts';

const PODS = 'one for each pod';

const NOBODY = 'unknown';

/** Records `cluster_namespace_pod:undescribed:info`. */
export function undescribedPodRule(config: WorkloadsConfig): RecordingRule {
  const key = podKey(config);
  return {
    record: UNDESCRIBED_POD,
    expr: promql`
      ${aggregate('group', key, ofContainers(CADVISOR.workingSet))}
      unless on (${labels(...key)})
      ${selector(INCARNATION)}`,
    labels: key,
    unit: '1',
    cardinality: 'none, while kube-state-metrics describes all pods',
    comment: 'Pods with containers that kube-state-metrics does not describe.',
  };
}

/** Records `cluster_namespace_pod:workload:info`. */
export function podWorkloadRule(config: WorkloadsConfig): RecordingRule {
  const key = podKey(config);
  const carried = [...PLACE, 'host_network'];
  // Each incarnation is one series already, so that nothing has to be reduced before the newest is chosen.
  const described = aggregate(
    'group',
    [...key, ...carried],
    promql`
      topk by (${labels(...key)}) (1,
        ${selector(INCARNATION)}
      )`,
  );
  const unknown = withLabels(selector(UNDESCRIBED_POD), {
    workload_type: NOBODY,
    workload: NOBODY,
    host_network: NOBODY,
  });
  return {
    record: POD_WORKLOAD,
    expr: firstOf(new UniqueVector(described, key), new UniqueVector(unknown, key)).query,
    labels: [...key, ...carried],
    unit: '1',
    cardinality: PODS,
    comment:
      'The node and the workload of each pod: the newest incarnation, as in cluster_namespace_pod:identity:info. Pods with containers that ' +
      'kube-state-metrics does not describe belong to the workload "unknown", so joins with it lose nothing.',
  };
}

/** Records `cluster_namespace_pod:active_workload:info`. */
export function activePodRule(config: WorkloadsConfig): RecordingRule {
  const key = podKey(config);
  const phases = stateMetric('kube_pod_status_phase', { phase: matches('Pending|Running') });
  return {
    record: ACTIVE_POD,
    expr: promql`
      ${selector(POD_WORKLOAD)}
      and on (${labels(...key)})
      (${phases} == 1)`,
    labels: [...podLabels(config), 'host_network'],
    unit: '1',
    cardinality: 'one for each pod that runs or waits to',
    comment: 'Pods that have not ended: the API server keeps those of finished Jobs, which request nothing any more.',
  };
}

/** Values by pod with its node and workload. */
const placed = (config: WorkloadsConfig, values: Query, record = POD_WORKLOAD, where: Matchers = {}): Query =>
  join(values, new UniqueVector(selector(record, where), podKey(config)), PLACE);

/** What pods use, as records with the node and the workload. */
export function usageRules(config: WorkloadsConfig, ...uses: readonly Use[]): readonly RecordingRule[] {
  const names = resourceNames(config);
  return uses.map((use) => ({
    record: names.pod(use),
    labels: podLabels(config),
    cardinality: PODS,
    ...USAGE[use](config),
  }));
}

type Usage = (config: WorkloadsConfig) => Pick<RecordingRule, 'expr' | 'unit' | 'comment'>;

/** Shared network namespaces show the interfaces of the node at every pod, so only pods known to have their own count. */
const network =
  (direction: 'receive' | 'transmit', verb: string): Usage =>
  (config) => ({
    expr: placed(config, networkRate(config, CADVISOR[direction]), POD_WORKLOAD, { host_network: 'false' }),
    unit: 'bytes/s',
    comment: `What each pod ${verb}, over all of its interfaces. Not for pods on the host network: cAdvisor shows all traffic of the node at each of them.`,
  });

const USAGE: Readonly<Record<Use, Usage>> = {
  cpu: (config) => ({
    expr: placed(config, containerRate(config, CADVISOR.cpu)),
    unit: 'cores',
    comment: 'CPU that each pod uses: its containers, without the pause container and without the rows of cgroups.',
  }),
  workingSet: (config) => ({
    expr: placed(config, containerGauge(config, CADVISOR.workingSet)),
    unit: 'bytes',
    comment: 'Memory of each pod that the kernel cannot drop at once. The kubelet evicts pods by it.',
  }),
  rss: (config) => ({
    expr: placed(config, containerGauge(config, CADVISOR.rss)),
    unit: 'bytes',
    comment: 'Anonymous memory of each pod: what its processes have allocated, without the page cache.',
  }),
  receive: network('receive', 'receives'),
  transmit: network('transmit', 'sends'),
};

/** Records the periods of the CPU quota, and those in which pods were throttled. */
export function throttlingRules(config: WorkloadsConfig): readonly RecordingRule[] {
  const { podPeriods, podThrottled } = resourceNames(config);
  const rule = (record: string, metric: string, comment: string): RecordingRule => ({
    record,
    expr: placed(config, containerRate(config, metric)),
    labels: podLabels(config),
    unit: 'periods/s',
    cardinality: 'one for each pod with a CPU limit',
    comment,
  });
  return [
    rule(podPeriods, CADVISOR.periods, 'Periods (100 ms) in which containers with a CPU limit ran.'),
    rule(podThrottled, CADVISOR.throttled, 'Those in which they had used up their quota and waited.'),
  ];
}

/** Records how close each pod is to a memory limit. */
export function limitUsedRule(config: WorkloadsConfig): RecordingRule {
  const container = [...podKey(config), 'container'];
  const limits = stateMetric('kube_pod_container_resource_limits', { resource: 'memory' });
  const used = promql`
    ${aggregate('max', container, ofContainers(CADVISOR.rss))}
    / on (${labels(...container)})
    (${aggregate('max', container, limits)} > 0)`;
  return {
    record: resourceNames(config).podLimitUsed,
    expr: placed(config, aggregate('max', podKey(config), used)),
    labels: podLabels(config),
    unit: '0 to 1',
    cardinality: 'one for each pod with a memory limit',
    comment:
      'RSS of the container closest to its memory limit, as a share of that limit: the kernel kills by container, not by pod. RSS, as the page ' +
      'cache in the working set is dropped before anything is killed.',
  };
}
