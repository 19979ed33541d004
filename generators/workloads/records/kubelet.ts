import { aggregate, duration, labels, type Matchers, not, promql, type Query, selector } from '../../promql/index.ts';
import { HONOURED } from '../../shared/state-metrics.ts';
import type { WorkloadsConfig } from '../settings.ts';
import { podKey } from './names.ts';

/** Metrics of cAdvisor that the rules read, as kubelets expose them under /metrics/cadvisor. */
export const CADVISOR = {
  cpu: 'container_cpu_usage_seconds_total',
  periods: 'container_cpu_cfs_periods_total',
  throttled: 'container_cpu_cfs_throttled_periods_total',
  workingSet: 'container_memory_working_set_bytes',
  rss: 'container_memory_rss',
  receive: 'container_network_receive_bytes_total',
  transmit: 'container_network_transmit_bytes_total',
} as const;

/**
 * Containers alone. A cgroup's own rows have no container (that of a pod holds all of its containers once more), and neither has the pause
 * container of containerd; CRI-O and Docker call it POD.
 * Upstream: Kubernetes, pkg/kubelet/server/server.go, containerPrometheusLabelsFunc.
 */
const CONTAINERS: Matchers = { ...HONOURED, pod: not(''), container: { operator: '!~', value: '|POD' } };

/** The network belongs to the pod: containerd and CRI-O show it at the pause container alone, one row for each interface. */
const SANDBOXES: Matchers = { ...HONOURED, pod: not('') };

/** Series of containers. */
export const ofContainers = (metric: string): Query => selector(metric, CONTAINERS);

/** What tells two scrapes of one kubelet apart: two jobs, two Services of one job, two ports, /metrics/resource beside /metrics/cadvisor. */
const SCRAPES = ['job', 'service', 'endpoint', 'metrics_path'] as const;

/**
 * A counter per second, by pod. Incarnations of a container add up, also where the pod moved to another kubelet within the window; scrapes
 * of one kubelet by two jobs do not.
 */
function perSecond(config: WorkloadsConfig, series: Query): Query {
  const key = podKey(config);
  return aggregate(
    'max',
    key,
    aggregate('sum', [...key, ...SCRAPES], promql`rate(${series}[${duration(config.rules.window)}])`),
  );
}

/** A counter of containers per second, by pod. */
export const containerRate = (config: WorkloadsConfig, metric: string): Query =>
  perSecond(config, ofContainers(metric));

/** A counter of interfaces per second, by pod. */
export const networkRate = (config: WorkloadsConfig, metric: string): Query =>
  perSecond(config, selector(metric, SANDBOXES));

/**
 * A gauge of containers, by pod. The old container of a restart, or of a pod that moved, lingers for minutes beside the new one, as cAdvisor's
 * samples have timestamps of their own: the largest of one name counts, whichever job scraped it.
 */
export const containerGauge = (config: WorkloadsConfig, metric: string): Query => {
  const key = podKey(config);
  return promql`
    sum by (${labels(...key)}) (
      ${aggregate('max', [...key, 'container'], ofContainers(metric))}
    )`;
};
