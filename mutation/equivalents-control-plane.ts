import type { Equivalent } from './equivalents.ts';

/** Mutants of the records of the control plane, its nodes and runs of kube-burner. */
export const OF_CONTROL_PLANE: readonly Equivalent[] = [
  {
    rule: /^(?:cluster_node:pods:count|cluster_node_limit:pod_places_used:ratio|cluster:(?:unschedulable|creating)_pods:count|kube_burner_run:pods:count)$/,
    kind: 'function',
    place: /^\{\{count -> sum\}\} by/,
    reason: 'Every series that is counted is 1: pods in groups.',
  },
  {
    rule: /^(?:cluster_node:pods:count|cluster_node_limit:pod_places_used:ratio)$/,
    kind: 'label dropped',
    place: /^unless on \(.*\{\{(?:cluster|namespace|pod), -> \}\}/,
    reason: 'A uid is that of one pod in one namespace of one cluster.',
  },
  {
    rule: /^cluster_node_limit:pod_places_used:ratio$/,
    kind: 'matcher dropped',
    place: /\{\{\{limit="\w+" -> \}\}\}/,
    reason: 'The join has the limit as well.',
  },
  {
    rule: /^cluster_node_limit:pod_places_used:ratio$/,
    kind: 'matcher dropped',
    place: /\{\{node!="", -> \}\}/,
    reason: 'No limit is that of a node without a name.',
  },
  {
    rule: /^cluster_node_limit:pod_places_used:ratio$/,
    kind: 'comparison',
    place: /^\(cluster_node_limit:pod_places:max\{limit="pod_cidr"\} \{\{> -> >=\}\} 0\)$/,
    reason: 'The smallest pod CIDR that is recorded has 13 places.',
  },
  {
    rule: /^cluster_node_limit:pod_places_used:ratio$/,
    kind: 'threshold',
    place: /^\(cluster_node_limit:pod_places:max\{limit="pod_cidr"\} > \{\{0 -> (?:\(-1\)|1)\}\}\)$/,
    reason: 'The smallest pod CIDR that is recorded has 13 places.',
  },
  {
    rule: /^cluster_node_limit:pod_places:max$/,
    kind: 'operand',
    place:
      /^\{\{group by \(cluster, node\) \( kube_node_info.* -> (?:\( )?group by \(cluster, node\) \( kube_node_info/,
    reason: 'A node has one pod CIDR, and its length is one of these, so the order does not matter.',
  },
  {
    rule: /^(?:apiserver_kind:slo_(?:slow_)?requests:rate|apiserver_resource:list_objects:rate|cluster:scheduling_duration_seconds:quantile_rate|cluster_stage:pod_start_duration_seconds:quantile_rate|cluster_node_limit:pod_places(?:_used)?:)/,
    kind: 'operand',
    place: /^\(?\{\{label_replace\(.* -> (?:\( )?label_replace\(/,
    reason: 'Each side has its own kind, source, quantile, stage or limit, so the order does not matter.',
  },
  {
    rule: /^apiserver_resource:list_objects:rate/,
    kind: 'label added',
    // Not by resource, which is written over: of one object under two names, two series would be alike.
    place: /^sum by \(cluster, object\{\{ -> , (?!resource\})\w+\}\}\) \($/,
    reason: 'It is summed once more, by cluster and resource: parts have the same sum.',
  },
  {
    rule: /^apiserver_resource:list_objects:rate/,
    kind: 'function',
    place: /^\{\{sum -> max\}\} by \(cluster, resource\) \($/,
    // The first is the sum of what etcd served.
    nth: [2],
    reason: 'What it sums was summed by the same label under another name, so each sum is of one series.',
  },
  {
    rule: /^apiserver_resource:(?:list_response_bytes:rate|watchers:sum)/,
    kind: 'label dropped',
    place: /\{\{verb, -> \}\}/,
    reason: 'The matcher leaves one verb.',
  },
  {
    rule: /^kube_burner_run:pods:count$/,
    kind: 'label added',
    place: /^count by \(cluster, namespace, phase\{\{ -> , pod\}\}\)/,
    reason: 'It is summed by run and phase afterwards: parts have the same sum.',
  },
  {
    rule: /^kube_burner_run:/,
    kind: 'label added',
    place: /^max by \(cluster, namespace, uuid\{\{ -> , instance\}\}\) \($/,
    reason:
      'The largest of a group is the largest of its parts: topk chooses it, and what is around leaves the label out.',
  },
  {
    rule: /^kube_burner_run:/,
    kind: 'operand',
    place: /^\{\{label_replace\( timestamp\(.* -> label_replace\( timestamp\(/,
    reason: 'A series with both labels of runs says the same of one run on both sides, so the order does not matter.',
  },
  {
    rule: /^kube_burner_run:seen:info$/,
    kind: 'operand',
    place: /^\{\{group by \(cluster, uuid\) .* -> group by \(cluster\) /,
    reason: 'Runs have a uuid, and the other side has none, so the order does not matter.',
  },
  {
    rule: /^kube_burner_run:seen:info$/,
    kind: 'label dropped',
    place: /^group by \(cluster, \{\{namespace, -> \}\}uuid\) \($/,
    reason: 'It is grouped by cluster and run afterwards.',
  },
];
