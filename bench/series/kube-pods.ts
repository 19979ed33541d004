import { addressesOfPod, type Cluster, type Labels, type MetricFamily, PHASES, type Pod } from '../model.ts';
import { constant, family } from './family.ts';
import { ownerLabels } from './kube-owners.ts';

/**
 * The `kube_pod_*` families, one row for each incarnation, and more for each address (`kube_pod_ips`), ownerReference
 * (`kube_pod_owner`) and phase (`kube_pod_status_phase`, 1 for the one that holds). A pod that waits for a node has
 * empty labels `node`, `host_ip` and `pod_ip`, which Prometheus takes for missing.
 */
export function podFamilies({ pods, nodes }: Pick<Cluster, 'pods' | 'nodes'>): MetricFamily[] {
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
      rows.flatMap(({ pod, labels }) => ownersOf(pod).map((owner) => constant({ ...labels, ...owner }, 1))),
    ),
    family(
      'kube_pod_ips',
      'gauge',
      'Pod IP addresses',
      rows.flatMap(({ pod, labels }) =>
        addressesOfPod(pod).map((ip) => constant({ ...labels, ip, ip_family: ip.includes(':') ? '6' : '4' }, 1)),
      ),
    ),
    family(
      'kube_pod_status_phase',
      'gauge',
      '[STABLE] The pods current phase.',
      rows.flatMap(({ pod, labels }) =>
        PHASES.map((phase) => constant({ ...labels, phase }, phase === (pod.phase ?? 'Running') ? 1 : 0)),
      ),
    ),
  ];
}

function identity({ namespace, name, uid }: Pod): Labels {
  return { namespace, pod: name, uid };
}

/** One row for each ownerReference; a pod without any has one with empty labels. */
function ownersOf({ controller, otherOwners = [] }: Pod): Labels[] {
  const others = otherOwners.map((owner) => ownerLabels(owner, false));
  return controller === undefined && others.length > 0 ? others : [ownerLabels(controller), ...others];
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
