import { seriesText, type InputSeries } from '../support/rule-test.ts';
import { type Lifetime, values } from './scenario.ts';

type Labels = Readonly<Record<string, string>>;

/** A container as cAdvisor shows it, in whole mebibytes and thousandths of a core, which sums keep exact. */
export interface ContainerSpec extends Lifetime {
  readonly cluster?: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Tells incarnations of a container apart. */
  readonly id?: string;
  readonly image?: string;
  readonly millicores: number;
  /** MiB; the working set is twice the RSS. */
  readonly rss: number;
  /** Share of its periods in which it waits; none without a CPU limit. */
  readonly throttled?: number;
  /** How a series ends: the marker of a scrape without it, or nothing, as where samples have timestamps of their own. */
  readonly end?: 'stale' | '_';
}

/** The interface of a pod. */
export interface NetworkSpec extends Lifetime {
  readonly cluster?: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
  readonly interface?: string;
  /** Bytes per second; twice as much is received. */
  readonly sent: number;
}

/** How kube-prometheus-stack scrapes a kubelet. */
export const KUBELET: Labels = {
  job: 'kubelet',
  metrics_path: '/metrics/cadvisor',
  service: 'kubelet',
  endpoint: 'https-metrics',
  instance: '10.0.0.1:10250',
};

const MI = 2 ** 20;

/** The series of containers. */
export const containers = (specs: readonly ContainerSpec[], target: Labels = KUBELET): InputSeries[] =>
  specs.flatMap((spec) => {
    const { cluster = 'one', namespace, pod, container, id = `${namespace}-${pod}-${container}`, image = 'app' } = spec;
    const { millicores, rss, throttled, end = 'stale', from = 0 } = spec;
    const labels = { ...target, cluster, namespace, pod, container, id, image };
    const row = (metric: string, at: (minute: number) => number, more: Labels = {}): InputSeries => ({
      series: seriesText(metric, { ...labels, ...more }),
      values: values(at, spec, end),
    });
    const counter = (metric: string, perSecond: number, more: Labels = {}): InputSeries =>
      row(metric, (minute) => 1000 + perSecond * 60 * (minute - from), more);
    return [
      counter('container_cpu_usage_seconds_total', millicores / 1000, { cpu: 'total' }),
      row('container_memory_rss', () => rss * MI),
      row('container_memory_working_set_bytes', () => 2 * rss * MI),
      ...(throttled === undefined
        ? []
        : [
            counter('container_cpu_cfs_periods_total', 10),
            counter('container_cpu_cfs_throttled_periods_total', 10 * throttled),
          ]),
    ];
  });

/** The series of interfaces. */
export const interfaces = (specs: readonly NetworkSpec[], target: Labels = KUBELET): InputSeries[] =>
  specs.flatMap((spec) => {
    const { cluster = 'one', namespace, pod, container = '', sent, from = 0 } = spec;
    const labels = {
      ...target,
      cluster,
      namespace,
      pod,
      container,
      interface: spec.interface ?? 'eth0',
      id: `/pause-${pod}`,
      image: 'pause',
    };
    return (['receive', 'transmit'] as const).map((direction) => ({
      series: seriesText(`container_network_${direction}_bytes_total`, labels),
      values: values((minute) => 1e6 + sent * (direction === 'receive' ? 2 : 1) * 60 * (minute - from), spec, 'stale'),
    }));
  });

/** What kube-state-metrics says of a container. */
export interface DescribedSpec extends Lifetime {
  readonly cluster?: string;
  readonly namespace: string;
  readonly pod: string;
  readonly uid?: string;
  readonly container?: string;
  readonly phase?: 'Running' | 'Pending' | 'Succeeded';
  readonly millicores?: number;
  /** MiB requested; the limit is twice as much. */
  readonly memory?: number;
  /** Minutes at which it restarts. */
  readonly restartsAt?: readonly number[];
}

/** Phases, requests, limits and restarts, once for each replica. */
export const described = (specs: readonly DescribedSpec[], replicas = 1): InputSeries[] =>
  Array.from({ length: replicas }, (_, replica) => `10.0.0.${replica}:8080`).flatMap((instance) =>
    specs.flatMap((spec) => {
      const { cluster = 'one', namespace, pod, container = 'app', phase = 'Running', restartsAt = [] } = spec;
      const { millicores, memory, uid = `uid-${namespace}-${pod}` } = spec;
      const labels = { job: 'kube-state-metrics', instance, cluster, namespace, pod, uid };
      const row = (metric: string, more: Labels, at: (minute: number) => number): InputSeries => ({
        series: seriesText(metric, { ...labels, ...more }),
        values: values(at, spec, 'stale'),
      });
      const allotted = (resource: string, amount: number | undefined) =>
        amount === undefined
          ? []
          : (['requests', 'limits'] as const).map((which, index) =>
              row(`kube_pod_container_resource_${which}`, { container, resource }, () => amount * (index + 1)),
            );
      return [
        ...['Pending', 'Running', 'Succeeded'].map((each) =>
          row('kube_pod_status_phase', { phase: each }, () => (each === phase ? 1 : 0)),
        ),
        ...allotted('cpu', millicores === undefined ? undefined : millicores / 1000),
        ...allotted('memory', memory === undefined ? undefined : memory * MI),
        // It has restarted three times before.
        row(
          'kube_pod_container_status_restarts_total',
          { container },
          (minute) => 3 + restartsAt.filter((at) => at <= minute).length,
        ),
      ];
    }),
  );
