import type { Cluster, Labels, MetricFamily, Pod } from '../model.ts';
import { constant, family } from './family.ts';
import { ownerLabels } from './kube-owners.ts';

const PHASES = ['Pending', 'Succeeded', 'Failed', 'Unknown', 'Running'];

/** The `kube_pod_*` families. All pods are running; each has one IPv4 address. */
export function podFamilies({ pods, nodes }: Cluster): MetricFamily[] {
  const hostIps = new Map(nodes.map((node) => [node.name, node.internalIp]));
  const rows = pods.map((pod) => ({ pod, labels: identity(pod) }));

  return [
    family(
      'kube_pod_info',
      'gauge',
      '[STABLE] Information about pod.',
      rows.map(({ pod, labels }) => constant({ ...labels, ...infoLabels(pod, hostIps.get(pod.node) ?? '') }, 1)),
    ),
    family(
      'kube_pod_created',
      'gauge',
      '[STABLE] Unix creation timestamp',
      rows.map(({ pod, labels }) => constant(labels, pod.createdAt)),
    ),
    family(
      'kube_pod_owner',
      'gauge',
      "[STABLE] Information about the Pod's owner.",
      rows.map(({ pod, labels }) => constant({ ...labels, ...ownerLabels(pod.controller) }, 1)),
    ),
    family(
      'kube_pod_ips',
      'gauge',
      'Pod IP addresses',
      rows.map(({ pod, labels }) => constant({ ...labels, ip: pod.ip, ip_family: '4' }, 1)),
    ),
    family(
      'kube_pod_status_phase',
      'gauge',
      '[STABLE] The pods current phase.',
      rows.flatMap(({ labels }) => PHASES.map((phase) => constant({ ...labels, phase }, phase === 'Running' ? 1 : 0))),
    ),
  ];
}

function identity({ namespace, name, uid }: Pod): Labels {
  return { namespace, pod: name, uid };
}

function infoLabels(pod: Pod, hostIp: string): Labels {
  return {
    host_ip: hostIp,
    pod_ip: pod.ip,
    node: pod.node,
    created_by_kind: pod.controller?.kind ?? '',
    created_by_name: pod.controller?.name ?? '',
    priority_class: pod.workload.kind === 'DaemonSet' ? 'system-node-critical' : '',
    host_network: String(pod.hostNetwork),
  };
}
