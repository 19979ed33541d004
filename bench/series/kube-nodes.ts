import { addressesOfNode, type Cluster, type Labels, type MetricFamily, type Node } from '../model.ts';
import { coresOf } from '../model/routing.ts';
import { constant, family, type Sample } from './family.ts';

/**
 * The `kube_node_*` families. A node without zone label still has its row of `kube_node_labels`, only without
 * `label_topology_kubernetes_io_zone`: kube-state-metrics exposes whatever labels of the allowlist the node has.
 */
export function nodeFamilies({ nodes }: Cluster): MetricFamily[] {
  return [
    family(
      'kube_node_info',
      'gauge',
      '[STABLE] Information about a cluster node.',
      nodes.map((node) => constant(infoLabels(node), 1)),
    ),
    family(
      'kube_node_labels',
      'gauge',
      '[STABLE] Kubernetes labels converted to Prometheus labels.',
      nodes.map((node) => constant({ node: node.name, ...zoneLabels(node), ...typeLabel(node) }, 1)),
    ),
    family(
      'kube_node_created',
      'gauge',
      '[STABLE] Unix creation timestamp',
      nodes.map((node) => constant({ node: node.name }, node.createdAt)),
    ),
    family(
      'kube_node_status_condition',
      'gauge',
      '[STABLE] The condition of a cluster node.',
      nodes.flatMap(({ name: node }) =>
        ['true', 'false', 'unknown'].map((status) =>
          constant({ node, condition: 'Ready', status }, status === 'true' ? 1 : 0),
        ),
      ),
    ),
    family(
      'kube_node_status_allocatable',
      'gauge',
      '[STABLE] The allocatable for different resources of a node that are available for scheduling.',
      nodes.map((node) => constant({ node: node.name, resource: 'cpu', unit: 'core' }, coresOf(node))),
    ),
    family(
      'kube_node_status_addresses',
      'gauge',
      'Node address information.',
      nodes.flatMap((node) => [
        ...addressesOfNode(node).map((address) => addressRow(node, 'InternalIP', address)),
        addressRow(node, 'Hostname', node.name),
      ]),
    ),
  ];
}

function addressRow(node: Node, type: string, address: string): Sample {
  return constant({ node: node.name, type, address }, 1);
}

function infoLabels(node: Node): Labels {
  return {
    node: node.name,
    kernel_version: '6.1.134-152.225.amzn2023.x86_64',
    os_image: 'Amazon Linux 2023',
    container_runtime_version: 'containerd://1.7.27',
    kubelet_version: 'v1.33.1-eks-1fbb135',
    kubeproxy_version: 'deprecated',
    provider_id: node.providerId,
    pod_cidr: node.podCidr ?? '',
    system_uuid: `ec2-${node.internalIp.replaceAll('.', '-')}`,
    internal_ip: node.internalIp,
  };
}

function zoneLabels({ zone, zoneId = '' }: Node): Labels {
  return {
    ...(zone !== '' && { label_topology_kubernetes_io_zone: zone }),
    ...(zoneId !== '' && { label_topology_k8s_aws_zone_id: zoneId }),
  };
}

function typeLabel({ instanceType = '' }: Node): Labels {
  return instanceType === '' ? {} : { label_node_kubernetes_io_instance_type: instanceType };
}
