import type { Equivalent } from './equivalents.ts';

const CONTROLLERS = /^cluster_namespace_controller:workload:info$/;
const POD_CIDR = /^cluster_pod_cidr:node:info$/;
const ADDRESSES = /^cluster_ip:identity:info$/;

/** Mutants of the records of nodes, pods, controllers and addresses. */
export const OF_IDENTITY: readonly Equivalent[] = [
  {
    rule: /^cluster_(?:node:(?:zone|refused_zone)|namespace_controller:workload|namespace_pod:identity|pod_cidr:node|ip:identity|namespace_pod_ip:node):info$/,
    kind: 'label added',
    place: /^max by \(cluster, [\w, ]+\{\{ -> , \w+\}\}\) \($/,
    reason:
      'The largest of a group is the largest of its parts: topk chooses it, and what is around leaves the label out.',
  },
  {
    rule: /^cluster_(?:ip:identity|namespace_pod_ip:node):info$/,
    kind: 'label added',
    place:
      /^max by \(cluster, namespace, pod, uid, [\w, ]+\{\{ -> , \w+\}\}\) \(cluster_namespace_pod_uid:identity:created/,
    reason: 'Topk chooses one row for each pod, and only some of its labels are brought to the addresses.',
  },
  {
    rule: ADDRESSES,
    kind: 'label added',
    place:
      /^group by \(cluster, (?:namespace, pod, uid, ip\{\{ -> , \w+|node, ip\{\{ -> , (?!zone|reason)\w+)\}\}\) \($/,
    reason: 'What an object says of one address several times is reduced to the largest.',
  },
  {
    rule: /^cluster_namespace_pod_ip:node:info$/,
    kind: 'label added',
    place: /^group by \(cluster, namespace, pod, uid, ip\{\{ -> , \w+\}\}\) \($/,
    reason: 'What a pod says of one address several times is reduced to the largest.',
  },
  {
    rule: ADDRESSES,
    kind: 'label added',
    place: /^group by \(cluster, namespace, pod, uid, node\{\{ -> , (?:zone|reason)\}\}\) \($/,
    reason: 'All pods of a node have its zone.',
  },
  {
    rule: /^cluster_(?:ip:identity:info|node:identity:created)$/,
    kind: 'function',
    place: /^0 \* \{\{max -> min\}\} by /,
    reason: 'Nothing times a value is nothing.',
  },
  {
    rule: /^cluster_namespace_pod_uid:identity:created$/,
    kind: 'function',
    place: /^\{\{max -> min\}\} by \(cluster, namespace, pod, uid, node, (?:host_network, .*kube_pod_info\{|zone, )/,
    reason: 'Descriptions hold 1, and all rows of a pod its creation time.',
  },
  {
    rule: /^cluster_namespace_pod_uid:identity:created$/,
    kind: 'label added',
    place:
      /^max by \(cluster, namespace, pod, uid, node, host_network, .*\{\{ -> , instance\}\}\) \(last_over_time\(kube_pod_info/,
    reason: 'What several instances say of a pod is reduced to the largest value at the end.',
  },
  {
    rule: /^cluster_(?:ip:identity|namespace_pod_ip:node):info$/,
    kind: 'function',
    place: /^\{\{max -> min\}\} by \(cluster, namespace, pod, uid, .*\) \(cluster_namespace_pod_uid:identity:created/,
    reason: 'All rows of a pod hold its creation time.',
  },
  {
    rule: /^cluster_node:refused_zone:info$/,
    kind: 'label added',
    place: /^group by \(cluster, node, zone\{\{ -> , matched\}\}\) \($/,
    reason: 'What does not match is not marked.',
  },
  {
    rule: CONTROLLERS,
    kind: 'label added',
    place:
      /^group by \(cluster, namespace, (?:(?:replicaset|job_name|pod|created_by_name), [\w, ]+|created_by_kind, created_by_name)\{\{ -> , \w+\}\}\) \($/,
    reason: 'It is left out around, where what is there twice becomes one.',
  },
  {
    rule: CONTROLLERS,
    kind: 'label dropped',
    place: /^or on \((?:\{\{cluster, -> \}\}|cluster, \{\{namespace, -> \}\}|cluster, namespace, created_by_kind\{\{)/,
    nth: [1, 3],
    reason: 'Controllers of these sides are of different kinds.',
  },
  {
    rule: CONTROLLERS,
    kind: 'label added',
    place: /^or on \(cluster, namespace, created_by_kind, created_by_name\{\{/,
    nth: [1, 3],
    reason: 'Controllers of these sides are of different kinds.',
  },
  {
    rule: CONTROLLERS,
    kind: 'operand',
    place:
      /^\{\{group by \(cluster, namespace, created_by_name, .* -> group by \(cluster, namespace, created_by_name, /,
    reason: 'ReplicaSets and Jobs are of different kinds, so the order does not matter.',
  },
  {
    rule: POD_CIDR,
    kind: 'label added',
    place: /^group by \(cluster, node, pod_cidr\{\{ -> , instance\}\}\) \($/,
    reason: 'Claims are compared by node and pod CIDR only, and become one for each of them at the end.',
  },
  {
    rule: POD_CIDR,
    kind: 'function',
    place: /^\{\{sum -> max\}\} by \(cluster, node\) \($/,
    nth: [1],
    reason: 'Its value is not read: what is left out is decided by the two that follow.',
  },
  {
    rule: POD_CIDR,
    kind: 'label added',
    place: /^sum by \(cluster, node\{\{ -> , \w+\}\}\) \($/,
    nth: [1],
    reason: 'Only its nodes are read.',
  },
  {
    rule: POD_CIDR,
    kind: 'function',
    place: /^\{\{sum -> max\}\} by \(cluster, node, name\) \($/,
    nth: [3, 4],
    reason: 'Its value is not read: a pod of another node is enough.',
  },
  {
    rule: /^cluster_(?:ip:identity:info|node:identity:created)$/,
    kind: 'matcher dropped',
    place: /^0 \* max by [^{]*\{(?!\{).*\{\{|^0 \* max by [^{]*\{\{\{/,
    reason: 'Objects that only this side has are joined with nothing.',
  },
  {
    rule: POD_CIDR,
    kind: 'matcher dropped',
    place: /kube_node_info\{\{\{pod_cidr=/,
    nth: [2, 4],
    reason: 'No pod is counted in a CIDR that is not read.',
  },
  {
    rule: POD_CIDR,
    kind: 'operand',
    place:
      /^\{\{(?:cluster_node_pod_cidr:pods:count or .* -> label_replace\(|group by \(cluster, node, pod_cidr\) .* -> \( group by )/,
    reason: 'The order of a union does not matter where its parts have other labels, or the same value.',
  },
  {
    rule: POD_CIDR,
    kind: 'label added',
    place: /^or on \(cluster, node, pod_cidr\{\{ -> , (?:zone|reason)\}\}\)$/,
    reason: 'Of two rows with one value, topk keeps the one that comes first.',
  },
  {
    rule: /^cluster_(?:namespace_pod_uid:identity:created|pod_cidr:node:info|ip:identity:info)$/,
    kind: 'label added',
    place: /^or on \(cluster, node\{\{ -> , zone\}\}\)$/,
    reason: 'The zone of a node that is in both is unknown in both.',
  },
  {
    rule: /^cluster_(?:ip:identity|namespace_pod_ip:node):info$/,
    kind: 'operand',
    place:
      /^\{\{(?:label_replace\( last_over_time\(kube_(?:node|pod)_|last_over_time\(kube_pod_ips).* -> (?:label_replace\(|\( last_over_time)/,
    reason: 'The order of a union does not matter where only its addresses are read.',
  },
  {
    rule: ADDRESSES,
    kind: 'operand',
    place: /^\{\{group by \(cluster, namespace, pod, uid, ip\) .* -> \( /,
    reason: 'No pod, node and Service have the same labels, so the order does not matter.',
  },
  {
    rule: /^cluster_(?:ip:identity|namespace_pod_ip:node):info$/,
    kind: 'label added',
    place: /^topk by \(cluster, namespace, pod, uid\{\{ -> , (?:node|zone|reason)\}\}\) \(1,$/,
    reason: 'A pod has one node.',
  },
  {
    rule: /^cluster_namespace_pod:workload:info$/,
    kind: 'operand',
    place: /^\{\{group by .* -> label_replace\(/,
    reason: 'No pod is both described and not described.',
  },
  {
    rule: /^cluster_namespace_pod:workload:info$/,
    kind: 'label added',
    place: /^or on \(cluster, namespace, pod\{\{/,
    reason: 'No pod is both described and not described.',
  },
];
