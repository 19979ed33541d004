import type { Cluster, ContainerUsage, Labels, MetricFamily, Node, Pod } from '../model.ts';
import { constant, family, growing, type Sample } from './family.ts';

/** Periods of a CPU quota per second. */
const PERIODS = 10;

const PAUSE = 'registry.k8s.io/pause:3.10';

/** What the cgroup of the pod has beyond its containers. */
const PAUSE_CPU = 0.002;
const PAUSE_MEMORY = 400_000;

/** How the runtime and the version of cgroups name what they show. */
export interface CadvisorShape {
  readonly runtime: 'containerd' | 'cri-o';
  readonly cgroup: 'v1' | 'v2';
}

/** A row of cAdvisor: the container, the pause container, or the cgroup of the pod. */
interface Row {
  readonly labels: Labels;
  readonly cpu: number;
  readonly workingSet: number;
  readonly rss: number;
  readonly throttled?: number;
  readonly hasQuota: boolean;
}

/**
 * What the cAdvisor in the kubelet of a node exposes: its own root cgroup, and for each pod its cgroup, its pause container and its
 * containers. The network of a pod is at the pause container; that of a pod on the host network is all of the node's.
 * Upstream: google/cadvisor, metrics/prometheus.go; Kubernetes, pkg/kubelet/server/server.go, containerPrometheusLabelsFunc.
 */
export function cadvisorFamilies(
  { pods, usage = new Map() }: Pick<Cluster, 'pods' | 'usage'>,
  node: Node,
  shape: CadvisorShape = { runtime: 'containerd', cgroup: 'v2' },
): MetricFamily[] {
  const here = pods.filter((pod) => pod.node === node.name && usage.has(pod.uid));
  const ofPods = here.flatMap((pod) => rowsOf(pod, usage.get(pod.uid)?.containers ?? [], shape));
  const sum = (value: (row: Row) => number): number => ofPods.reduce((total, row) => total + value(row), 0);
  const root: Row = {
    labels: { id: '/' },
    cpu: sum(({ cpu }) => cpu),
    workingSet: sum(({ workingSet }) => workingSet),
    rss: sum(({ rss }) => rss),
    hasQuota: false,
  };
  const rows = [root, ...ofPods];
  const gauge = (name: string, help: string, value: (row: Row) => number) =>
    family(
      name,
      'gauge',
      help,
      rows.map((row) => constant(row.labels, value(row))),
    );
  const limited = rows.filter(({ hasQuota }) => hasQuota);
  return [
    counter(
      'container_cpu_usage_seconds_total',
      'Cumulative cpu time consumed in seconds.',
      rows.map(({ labels, cpu }) => ({ ...growing({ ...labels, cpu: 'total' }, cpu), isFractional: true })),
    ),
    counter(
      'container_cpu_cfs_periods_total',
      'Number of elapsed enforcement period intervals.',
      limited.map(({ labels }) => growing(labels, PERIODS)),
    ),
    counter(
      'container_cpu_cfs_throttled_periods_total',
      'Number of throttled period intervals.',
      // Whole ones would let the rate of a short window jump.
      limited.map(({ labels, throttled = 0 }) => ({ ...growing(labels, PERIODS * throttled), isFractional: true })),
    ),
    gauge('container_memory_working_set_bytes', 'Current working set in bytes.', ({ workingSet }) => workingSet),
    gauge('container_memory_rss', 'Size of RSS in bytes.', ({ rss }) => rss),
    ...(['receive', 'transmit'] as const).map((direction) => {
      const all = here.reduce(
        (total, pod) => total + (pod.hostNetwork ? 0 : (usage.get(pod.uid)?.[direction] ?? 0)),
        0,
      );
      return counter(`container_network_${direction}_bytes_total`, 'Cumulative count of bytes.', [
        growing({ id: '/', interface: 'ens5' }, all),
        ...here.map((pod) => {
          const own = usage.get(pod.uid)?.[direction] ?? 0;
          const labels = sandbox(pod, shape);
          return growing({ ...labels, interface: pod.hostNetwork ? 'ens5' : 'eth0' }, pod.hostNetwork ? all : own);
        }),
      ]);
    }),
  ];
}

const counter = (name: string, help: string, samples: readonly Sample[]): MetricFamily =>
  family(name, 'counter', help, samples);

/** The cgroup of a pod. */
function cgroupOf({ uid }: Pod, { cgroup }: CadvisorShape): string {
  return cgroup === 'v1'
    ? `/kubepods/burstable/pod${uid}`
    : `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${uid.replaceAll('-', '_')}.slice`;
}

/** The cgroup of a container of a pod. */
function scopeOf(pod: Pod, id: string, shape: CadvisorShape): string {
  const prefix = shape.runtime === 'cri-o' ? 'crio' : 'cri-containerd';
  return `${cgroupOf(pod, shape)}/${shape.cgroup === 'v1' ? id : `${prefix}-${id}.scope`}`;
}

/** Labels of the pause container: CRI-O calls it POD, containerd gives it no name. */
function sandbox(pod: Pod, shape: CadvisorShape): Labels {
  const id = `pause-${pod.uid}`;
  return {
    id: scopeOf(pod, id, shape),
    name: shape.runtime === 'cri-o' ? `k8s_POD_${pod.name}_${pod.namespace}_${pod.uid}_0` : id,
    image: PAUSE,
    namespace: pod.namespace,
    pod: pod.name,
    container: shape.runtime === 'cri-o' ? 'POD' : '',
  };
}

function rowsOf(pod: Pod, containers: readonly ContainerUsage[], shape: CadvisorShape): Row[] {
  const { namespace, name } = pod;
  const total = (value: (one: ContainerUsage) => number) => containers.reduce((sum, one) => sum + value(one), 0);
  const pause: Row = {
    labels: sandbox(pod, shape),
    cpu: PAUSE_CPU,
    workingSet: PAUSE_MEMORY,
    rss: PAUSE_MEMORY,
    hasQuota: false,
  };
  return [
    {
      labels: { id: cgroupOf(pod, shape), name: '', image: '', namespace, pod: name, container: '' },
      cpu: PAUSE_CPU + total(({ cpu }) => cpu),
      workingSet: PAUSE_MEMORY + total(({ workingSet }) => workingSet),
      rss: PAUSE_MEMORY + total(({ rss }) => rss),
      throttled: Math.max(0, ...containers.map(({ throttled = 0 }) => throttled)),
      hasQuota: containers.some(({ throttled }) => throttled !== undefined),
    },
    pause,
    ...containers.map(({ name: container, cpu, workingSet, rss, throttled, restarts = 0 }): Row => {
      const id = `${container}-${restarts}-${pod.uid}`;
      return {
        labels: {
          id: scopeOf(pod, id, shape),
          name: shape.runtime === 'cri-o' ? `k8s_${container}_${name}_${namespace}_${pod.uid}_${restarts}` : id,
          image: `registry.example.com/${container}:1`,
          namespace,
          pod: name,
          container,
        },
        cpu,
        workingSet,
        rss,
        ...(throttled !== undefined && { throttled }),
        hasQuota: throttled !== undefined,
      };
    }),
  ];
}
