import type { Equivalent } from './equivalents.ts';

const ENDS = /^(?:source|destination)_endpoint:network_\w+_identity:info$/;
const USABLE = /^cluster:network_\w+_identity:usable$/;
const PLACES = /^cluster_ip:network_\w+_pod_cidr:info$/;

/** A line that joins lookups, from which one of some labels is dropped: of a source that names pods and their owners, or owners only. */
const ofPods = (...labels: readonly string[]): RegExp =>
  new RegExp(String.raw`^or on \(cluster, namespace, pod, .*\{\{(?:${labels.join('|')}), -> \}\}.*native_zone\)$`);
const ofOwners = (...labels: readonly string[]): RegExp =>
  new RegExp(String.raw`^or on \((?!.*\bpod\b).*\{\{(?:${labels.join('|')}), -> \}\}.*native_zone\)$`);
const SAME_LOOKUP =
  'No lookup before depends on that label where this one applies: of ends that differ in it only, each is found where the others are.';

/** Mutants of the records of ends: who they are, where their addresses are, and whether anybody is known. */
export const OF_ENDS: readonly Equivalent[] = [
  {
    rule: PLACES,
    kind: 'label added',
    place: /^group by \(cluster, ip\{\{ -> , \w+\}\}\) \($/,
    reason: 'An address that is there twice has the same place, and becomes one at the end.',
  },
  {
    rule: PLACES,
    kind: 'operand',
    place: /^\{\{source_endpoint:.* -> \( destination_endpoint:/,
    reason: 'The order of a union does not matter where only its addresses are read.',
  },
  {
    rule: USABLE,
    kind: 'operand',
    place: /^\{\{(?:source|destination)_endpoint:.* -> (?:\( )?(?:source|destination)_endpoint:/,
    reason: 'The order of a union does not matter where its label sets are counted, or only its clusters are read.',
  },
  {
    rule: USABLE,
    kind: 'operand',
    place: /^\{\{group by \(cluster\) \( source_endpoint:.* -> \( \( group by /,
    reason: 'Both say 1, so the order does not matter.',
  },
  {
    rule: ENDS,
    kind: 'operand',
    place: /^\{\{(?:source|destination)_endpoint:network_\w+:rate5m\{ip.* -> (?:source|destination)_endpoint:/,
    reason: 'Both sides are parts of one record, so what is in both is the same.',
  },
  {
    rule: ENDS,
    kind: 'operand',
    place: /endpoint:network_\w+:rate5m(?:\{pod!~"\|unknown"\})?\{\{ unless on \(cluster, namespace, pod/,
    reason: 'It saves work: what it leaves out is found by a lookup that comes before.',
  },
  {
    rule: ENDS,
    kind: 'operand',
    place: /^cluster_ip:identity:info\{\{ and on \(cluster, ip\) /,
    reason: 'It saves work: the join reads no other addresses.',
  },
  {
    rule: ENDS,
    kind: 'label dropped',
    place: /^and on \((?:\{\{cluster, -> \}\}ip|cluster\{\{, ip -> \}\})\)$/,
    reason: 'It lets more addresses through, and the join reads no others than before.',
  },
  {
    rule: ENDS,
    kind: 'matcher dropped',
    place:
      /endpoint:network_\w+:rate5m\{(?:ip!~"\|unknown"\{\{, |ip!~"\|unknown", (?:\{\{namespace=|namespace="kubernetes-apiserver"\{\{, ))/,
    nth: [2],
    reason: 'It lets more addresses through, and the join reads no others than before.',
  },
  {
    rule: ENDS,
    kind: 'matcher dropped',
    place: /endpoint:network_\w+:rate5m\{\{\{ip!~"\|unknown", -> \}\}/,
    reason: 'Nobody has an address that is empty or unknown.',
  },
  {
    rule: ENDS,
    kind: 'label added',
    place: /^or on \(cluster, namespace, pod, ip(?:, native_zone)?\{\{ -> , \w+\}\}\)$/,
    nth: [1],
    reason: 'The second lookup leaves out what the first finds.',
  },
  {
    rule: ENDS,
    kind: 'label added',
    place: /^or on \(cluster, namespace, pod\{\{ -> , \w+\}\}\)$/,
    nth: [1],
    reason: 'No namespace can have the name under which the source counts nodes.',
  },
  {
    rule: ENDS,
    kind: 'operand',
    place: /^\{\{label_replace\( (?:source|destination)_endpoint:network_\w+:rate5m \* .* -> label_replace\( \( /,
    reason: 'The second lookup leaves out what the first finds.',
  },
  {
    rule: ENDS,
    kind: 'label dropped',
    place: /^or on \(.*\{\{, native_zone -> \}\}\)$/,
    reason: 'No lookup depends on the zone that the source tells.',
  },
  {
    rule: ENDS,
    kind: 'label dropped',
    place: ofPods('kind', 'native_workload_type', 'native_workload'),
    nth: [1, 2],
    reason: SAME_LOOKUP,
  },
  {
    rule: ENDS,
    kind: 'label dropped',
    place: ofPods('native_workload_type', 'native_workload'),
    nth: [3],
    reason: SAME_LOOKUP,
  },
  { rule: ENDS, kind: 'label dropped', place: ofPods('native_workload'), nth: [4], reason: SAME_LOOKUP },
  { rule: ENDS, kind: 'label dropped', place: ofPods('native_workload_type'), nth: [5], reason: SAME_LOOKUP },
  {
    rule: ENDS,
    kind: 'label dropped',
    place: ofOwners('namespace', 'kind', 'native_workload_type'),
    nth: [1],
    reason: SAME_LOOKUP,
  },
  {
    rule: ENDS,
    kind: 'label dropped',
    place: ofOwners('namespace', 'native_workload_type', 'native_workload'),
    nth: [2],
    reason: SAME_LOOKUP,
  },
  {
    rule: ENDS,
    kind: 'label dropped',
    place: ofOwners('namespace', 'native_workload'),
    nth: [3],
    reason: SAME_LOOKUP,
  },
  {
    rule: ENDS,
    kind: 'label dropped',
    place: ofOwners('namespace', 'native_workload_type'),
    nth: [4],
    reason: SAME_LOOKUP,
  },
  {
    rule: ENDS,
    kind: 'label added',
    place: /^or on \(cluster, namespace, pod\{\{ -> , workload(?:_type|_namespace)?\}\}\)$/,
    nth: [2],
    reason: 'Both lookups say that it is a node.',
  },
  {
    rule: ENDS,
    kind: 'label added',
    place:
      /^or on \(cluster, namespace, kind, native_workload_type, native_workload, native_zone\{\{ -> , workload(?:_type|_namespace)?\}\}\)$/,
    nth: [1],
    reason: 'Both lookups say that it is a node.',
  },
  {
    rule: ENDS,
    kind: 'label dropped',
    place: ofOwners('cluster'),
    nth: [2, 3, 4],
    reason: SAME_LOOKUP,
  },
  {
    rule: ENDS,
    kind: 'label added',
    place: /^or on \(cluster, node\{\{ -> , zone\}\}\)$/,
    reason: 'The zone of a node that is in both is unknown in both.',
  },
  {
    rule: ENDS,
    kind: 'label dropped',
    place: /^or on \((?:cluster, namespace\{\{, pod -> \}\}|\{\{cluster, -> \}\}namespace, pod)\)$/,
    nth: [1],
    reason: 'No namespace can have the name under which the source counts nodes.',
  },
  {
    rule: ENDS,
    kind: 'matcher dropped',
    place: /native_workload!~"\|unknown"\{\{, native_workload_type=~"Node\|Service" -> \}\}/,
    reason: 'Workloads of other types are found by the lookup before.',
  },
  {
    rule: USABLE,
    kind: 'function',
    place: /^\{\{count -> sum\}\} by \(cluster\) \($/,
    nth: [1],
    reason: 'It counts groups, and a group holds 1.',
  },
];
