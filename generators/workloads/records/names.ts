import { WORKLOAD_FIELDS } from '../../identity/index.ts';
import { clusterLabels, type CLUSTER, type RULES } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';
import { POD_WORKING_SET, podCpuName, podNetworkName, podPeriodsName } from '../../shared/record-names.ts';

type Clustered = Slice<{ cluster: typeof CLUSTER }>;

/** The labels of a pod: those that cAdvisor and kube-state-metrics share. */
export const podKey = (config: Clustered): readonly string[] => [...clusterLabels(config), 'namespace', 'pod'];

/** What a pod has of its identity in every record of pods. */
export const PLACE = ['node', 'workload_type', 'workload'] as const;

/** The labels of a record of pods. */
export const podLabels = (config: Clustered): readonly string[] => [...podKey(config), ...PLACE];

/** The labels of a record of workloads. */
export const workloadKey = (config: Clustered): readonly string[] => [...clusterLabels(config), ...WORKLOAD_FIELDS];

/** The workload of every pod that uses anything: one row for each pod, `unknown` where kube-state-metrics does not describe it. */
export const POD_WORKLOAD = 'cluster_namespace_pod:workload:info';

/** Pods with containers that kube-state-metrics does not describe. */
export const UNDESCRIBED_POD = 'cluster_namespace_pod:undescribed:info';

/** The workload of the pods that run, or wait to. */
export const ACTIVE_POD = 'cluster_namespace_pod:active_workload:info';

/** What pods use: each is recorded for pods, and as the sum, the average and the maximum of the pods of a workload. */
export const USES = {
  cpu: 'cpu_usage_cores',
  workingSet: 'memory_working_set_bytes',
  rss: 'memory_rss_bytes',
  receive: 'network_receive_bytes',
  transmit: 'network_transmit_bytes',
} as const;
export type Use = keyof typeof USES;

/** Uses that are counted over the window; the others are gauges. */
const COUNTED: ReadonlySet<Use> = new Set(['cpu', 'receive', 'transmit']);

/** Names of what a pod uses; other domains read some of them. */
const POD_NAMES: Readonly<Record<Use, (window: string) => string>> = {
  cpu: podCpuName,
  workingSet: () => POD_WORKING_SET,
  rss: () => 'pod:memory_rss_bytes:sum',
  receive: (window) => podNetworkName('receive', window),
  transmit: (window) => podNetworkName('transmit', window),
};

/** Names of the records. The window is a part of those of rates. */
export const resourceNames = ({ rules: { window } }: Slice<{ rules: typeof RULES }>) => ({
  /** What a pod uses. */
  pod: (use: Use) => POD_NAMES[use](window),
  /** The sum, the average or the maximum of the pods of a workload. */
  workload: (use: Use, statistic: 'sum' | 'avg' | 'max') =>
    `workload:${USES[use]}:${statistic}${COUNTED.has(use) ? `_rate${window}` : ''}`,
  /** Periods of the CPU quota in which a pod ran, and those in which it was throttled, per second. */
  podPeriods: podPeriodsName('periods', window),
  podThrottled: podPeriodsName('throttled_periods', window),
  throttled: `workload:cpu_throttled:ratio_rate${window}`,
  restarts: `workload:container_restarts:increase${window}`,
  /** What the pods of a workload request and may use; the label `resource` is `cpu` (cores) or `memory` (bytes). */
  requests: 'workload:resource_requests:sum',
  limits: 'workload:resource_limits:sum',
  /** RSS of the container of a pod that is closest to its memory limit, as a share of that limit. */
  podLimitUsed: 'pod:memory_limit_used:max_ratio',
  limitUsed: 'workload:memory_limit_used:max_ratio',
  pods: 'workload:pods:count',
});

/** Labels that the rules and the dashboard use. */
export const RESOURCE_LABELS: readonly string[] = [
  // Containers as cAdvisor has them, and pods as kube-state-metrics describes them.
  ['namespace', 'pod', 'container', 'node', 'uid', 'phase', 'resource', 'host_network', 'exported_*'],
  // What tells two scrapes of one kubelet apart.
  ['service', 'endpoint', 'metrics_path'],
  // Recorded, and the variables of the dashboard.
  ['workload_type', 'workload', 'kind', 'host'],
].flat();
