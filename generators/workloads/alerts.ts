import { type AlertSpec, ofAnyCluster, ofCluster, type Tier } from '../alerts/spec.ts';
import { labels, promql, selector } from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import { ACTIVE_POD, resourceNames } from './records/names.ts';
import { noResources, type WorkloadsConfig } from './settings.ts';

type Alert = AlertSpec<WorkloadsConfig>;

/** For working hours: the day after is early enough for both. */
const warning = (threshold: number, keepFiringFor: string): Tier => ({
  severity: 'warning',
  threshold,
  for: '15m',
  keepFiringFor,
});

/** Fires before the kernel kills: kube-prometheus-stack tells of restarts only. */
export const memoryNearLimit: Alert = {
  alert: 'WorkloadMemoryNearLimit',
  ratio: true,
  sustained: false,
  tier: warning(0.95, '15m'),
  summary: 'A container is about to be killed for lack of memory.',
  description: ({ cluster }) =>
    `${ofCluster(cluster.label)}{{ $labels.workload_type }} {{ $labels.namespace }}/{{ $labels.workload }}: a container of a pod has allocated ` +
    '{{ $value | humanizePercentage }} of its memory limit. At 100 % the kernel kills it. First: see on the dashboard whether one pod grows or all do; ' +
    'if it still grows, raise the limit or restart that pod before it is killed.',
  expr: (config, threshold) => promql`${selector(resourceNames(config).limitUsed)} > ${threshold}`,
  without: noResources,
  comment:
    'RSS, not the working set: the page cache may fill a limit for weeks without harm. Above 95 % for a quarter of an hour little is left, and a ' +
    'collector of garbage had time to run. It goes on for a quarter of an hour, as usage swings around the threshold.',
  dashboard: { uid: 'workload-resources', variables: ['namespace', 'workload'] },
};

/** Nothing else says that there are no figures: the panels are empty then. */
export const resourceSourceSilent: Alert = {
  alert: 'ResourceSourceSilent',
  ratio: false,
  sustained: false,
  tier: warning(0, '0s'),
  summary: 'A cluster has pods, but nothing says what they use.',
  description: ({ cluster }) =>
    `${ofCluster(cluster.label)}no CPU usage of any pod, although kube-state-metrics reports {{ $value | humanize }} pods that run or wait to. ` +
    'Prometheus does not scrape /metrics/cadvisor of the kubelets, or their series have another cluster label. ' +
    `First: count by (job${cluster.label === null ? '' : `, ${cluster.label}`}) (container_cpu_usage_seconds_total).`,
  expr: (config, threshold) => {
    const by = labels(...clusterLabels(config));
    return promql`
      count by (${by}) (${selector(ACTIVE_POD, ofAnyCluster(config))}) > ${threshold}
      unless on (${by})
      ${selector(resourceNames(config).pod('cpu'))}`;
  },
  without: noResources,
  comment:
    'No figures are not zero usage. TargetDown and KubeletDown of kube-prometheus-stack tell of a scrape that fails, not of one that is missing or has ' +
    'other labels.',
  dashboard: { uid: 'workload-resources', variables: [] },
};

/** Alerts on resources of workloads. Throttling and restarts have alerts in kube-prometheus-stack: CPUThrottlingHigh, KubePodCrashLooping. */
export const resourceAlerts: readonly Alert[] = [memoryNearLimit, resourceSourceSilent];
