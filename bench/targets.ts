import { EXPORTERS, type ExportersOf, inTurn } from './exporters.ts';
import { dnsServersOf } from './model/dns.ts';
import type { Cluster, Labels, MetricFamily, Node } from './model.ts';
import { cadvisorFamilies } from './series/cadvisor.ts';
import { operatorNodes } from './model/cilium.ts';
import { agentFamilies, agentOf, envoyFamilies, hubbleLostFamilies } from './series/cilium.ts';
import { operatorFamilies } from './series/cilium-operator.ts';
import { apiServerFamilies } from './series/api-server.ts';
import { controllerFamilies, kubeletFamilies, memberFamilies, schedulerFamilies } from './series/control-plane.ts';
import { corednsFamilies } from './series/coredns.ts';
import { deschedulerFamilies } from './series/descheduler.ts';
import { kubeStateMetricsFamilies } from './series/kube-state-metrics.ts';
import { ruleGroupFamilies } from './series/rule-groups.ts';
import { SIMULATORS, type SourceId, type SourceOptions } from './sources/index.ts';

/** Default number of kube-state-metrics replicas of a cluster. */
export const KUBE_STATE_METRICS_REPLICAS = 2;

/** A part of the control plane: its API servers, scheduler and controllers, members of etcd, and what kubelets say of pods. */
export type ControlPlanePart = 'api-servers' | 'queues' | 'members' | 'kubelets';

/** Which exporters a cluster has. */
export interface TargetOptions extends SourceOptions {
  /** Flow sources, Retina with Hubble by default. */
  readonly sources?: readonly SourceId[];
  /** Replicas of kube-state-metrics, 2 by default. */
  readonly kubeStateMetricsReplicas?: number;
  /** Exporters of ENA counters, Showmax's on every node by default. */
  readonly exporters?: ExportersOf;
  /** What of the control plane is scraped, where it is known what it does; nothing by default. */
  readonly controlPlane?: readonly ControlPlanePart[];
  /** Whether the Prometheus that evaluates the rules is scraped; false by default. */
  readonly rules?: boolean;
  /** Whether the descheduler is scraped; it is not by default. */
  readonly descheduler?: boolean;
  /** Seconds between two scrapes, 30 by default: what an agent that reports deltas says depends on it. */
  readonly scrapeSeconds?: number;
}

/** Something Prometheus scrapes. */
export interface Target {
  /** `kubelet`, `coredns`, `descheduler`, `kube-state-metrics`, that of an exporter (`ethtool` for Showmax's), or of a flow source (`hubble` for retina-hubble). */
  readonly job: string;
  /** Path on the synthetic server, starting with a slash. */
  readonly path: string;
  /**
   * Labels that service discovery would add: `cluster`, `instance`, the exporter's own `namespace` and `pod`, and the
   * `node` of exporters that run on every node.
   */
  readonly labels: Labels;
  /** Whether labels of its series win over the target's. */
  readonly honorLabels: boolean;
  /** Computes what the target exposes. */
  readonly families: () => MetricFamily[];
}

/**
 * All targets of a cluster: on each node the flow sources, exporters of ENA counters, the kubelet where usage is known, and the programs of Cilium where it has it; the pods of CoreDNS if asked for; and the
 * kube-state-metrics replicas.
 */
export function targetsOf(cluster: Cluster, options: TargetOptions = {}): Target[] {
  const { sources: ids = ['retina-hubble'], kubeStateMetricsReplicas = KUBE_STATE_METRICS_REPLICAS } = options;
  const base = `/clusters/${encodeURIComponent(cluster.name)}`;
  const { exporters = inTurn(['showmax']), scrapeSeconds = 30 } = options;
  const sources = ids.map((id) => SIMULATORS[id]);

  /** The kubelet is no pod, and its series have labels of their own for pods. */
  const kubelet = (node: Node): Target => ({
    job: 'kubelet',
    path: `${base}/nodes/${encodeURIComponent(node.name)}/kubelet`,
    labels: { cluster: cluster.name, node: node.name, instance: `${node.internalIp}:10250` },
    honorLabels: true,
    families: () => cadvisorFamilies(cluster, node),
  });

  /** The programs of Cilium on a node, on its network. */
  const cilium = (node: Node): readonly Target[] => {
    if (cluster.cilium === undefined) return [];
    const program = (job: string, port: number, families: Target['families']): Target => ({
      job,
      path: `${base}/nodes/${encodeURIComponent(node.name)}/${job}`,
      labels: { cluster: cluster.name, node: node.name, instance: `${node.internalIp}:${port}` },
      honorLabels: false,
      families,
    });
    return [
      program('cilium-agent', 9962, () => agentFamilies(cluster, node)),
      program('cilium-envoy', 9964, () => envoyFamilies(cluster, node)),
      ...(operatorNodes(cluster).includes(node)
        ? [program('cilium-operator', 9963, () => operatorFamilies(cluster, node))]
        : []),
    ];
  };

  const onNodes = cluster.nodes.flatMap((node, index): Target[] => {
    const target = (job: string, port: number, namespace: string, pod: string, families: Target['families']) => ({
      job,
      path: `${base}/nodes/${encodeURIComponent(node.name)}/${job}`,
      labels: {
        cluster: cluster.name,
        node: node.name,
        instance: `${node.internalIp}:${port}`,
        namespace,
        pod: `${pod}-${index}`,
      },
      honorLabels: false,
      families,
    });
    return [
      ...sources.flatMap((source) =>
        source.placement === 'node'
          ? [
              target(source.job, source.port, 'kube-system', source.exporter, () => [
                ...source.families(cluster, node, options),
                ...(source.job === 'cilium-hubble' && cluster.cilium !== undefined
                  ? hubbleLostFamilies(agentOf(cluster, node))
                  : []),
              ]),
            ]
          : [],
      ),
      ...exporters(node, index).map((id) => {
        const { job, port, namespace, pod, families } = EXPORTERS[id];
        return target(job, port, namespace, pod, () => families(node, scrapeSeconds));
      }),
      ...(cluster.usage === undefined ? [] : [kubelet(node)]),
      ...cilium(node),
    ];
  });

  const central = (job: string, place: string, pod: string, families: Target['families']): Target => ({
    job,
    path: `${base}/${place}`,
    labels: { cluster: cluster.name, instance: pod, namespace: 'monitoring', pod },
    honorLabels: true,
    families,
  });
  return [
    ...onNodes,
    ...sources.flatMap((source) =>
      source.placement === 'central'
        ? [central(source.job, source.job, `${source.exporter}-0`, () => source.families(cluster, options))]
        : [],
    ),
    ...(options.dns === true ? dnsServersOf(cluster) : []).map((pod) => ({
      job: 'coredns',
      path: `${base}/coredns/${encodeURIComponent(pod.name)}`,
      labels: {
        cluster: cluster.name,
        node: pod.node,
        instance: `${pod.ip}:9153`,
        namespace: pod.namespace,
        pod: pod.name,
      },
      honorLabels: false,
      families: () => corednsFamilies(cluster, pod),
    })),
    ...controlPlaneTargets(cluster, options.controlPlane ?? []),
    ...(options.rules === true
      ? [
          {
            job: 'prometheus',
            path: `${base}/prometheus`,
            labels: { cluster: cluster.name, instance: 'prometheus-0:9090' },
            honorLabels: true,
            families: () => ruleGroupFamilies(),
          },
        ]
      : []),
    ...(options.descheduler === true
      ? [central('descheduler', 'descheduler', 'descheduler-0', () => deschedulerFamilies(cluster))]
      : []),
    ...Array.from({ length: kubeStateMetricsReplicas }, (_, replica) =>
      central('kube-state-metrics', `kube-state-metrics/${replica}`, `kube-state-metrics-${replica}`, () =>
        kubeStateMetricsFamilies(cluster),
      ),
    ),
  ];
}

/** The processes of the control plane, and the page of each kubelet on pods, whose job is `kubelet` with another path. */
function controlPlaneTargets(cluster: Cluster, parts: readonly ControlPlanePart[]): Target[] {
  const { name, nodes, controlPlane: plane } = cluster;
  if (plane === undefined) return [];
  const target = (job: string, instance: string, families: Target['families'], more: Labels = {}): Target => ({
    job,
    // A colon would be escaped once more on the way.
    path: `/clusters/${encodeURIComponent(name)}/${job}/${instance.replace(/:.*/, '')}`,
    labels: { cluster: name, instance, ...more },
    honorLabels: false,
    families,
  });
  const [first = ''] = plane.apiServers;
  const all: Readonly<Record<ControlPlanePart, () => Target[]>> = {
    'api-servers': () =>
      plane.apiServers.map((instance) => target('apiserver', instance, () => apiServerFamilies(plane))),
    queues: () => [
      target('kube-scheduler', first, () => schedulerFamilies(plane)),
      target('kube-controller-manager', first, () => controllerFamilies(plane)),
    ],
    members: () =>
      plane.members.map((member) => target('kube-etcd', member.instance, () => memberFamilies(plane, member))),
    kubelets: () =>
      nodes.map((node) =>
        target('kubelet-pods', `${node.internalIp}:10250`, () => kubeletFamilies(plane, node.name), {
          node: node.name,
        }),
      ),
  };
  return parts.flatMap((part) => all[part]());
}
