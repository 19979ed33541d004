import { OF_CONTROL_PLANE } from './equivalents-control-plane.ts';
import { OF_ENDS } from './equivalents-ends.ts';
import { OF_IDENTITY } from './equivalents-identity.ts';
import type { Mutant } from './mutants.ts';

/** Mutants that no test can notice, as they change no answer that anyone can get. */
export interface Equivalent {
  /** The record, or the alert and its severity. */
  readonly rule: RegExp;
  readonly kind: Mutant['kind'];
  /** The line with the change, as reports show it. */
  readonly place: RegExp;
  /** Which of equal lines of the rule, from 1 on; all where it is left out. */
  readonly nth?: readonly number[];
  readonly reason: string;
}

/** Alerts that fire where a count is above 0. */
const COUNTING =
  /^(?:FlowSourceSilent|AllowanceSourceSilent|IdentitySourceSilent|ClusterLabelMissing|ZoneInvalid|ResourceSourceSilent) /;

/** Reviewed by hand. An entry that matches no mutant is an error. */
export const EQUIVALENTS: readonly Equivalent[] = [
  {
    rule: /^flow_agent:/,
    kind: 'operand',
    place: /^\{\{label_replace\( label_replace\(.* -> label_replace\( label_replace\(/,
    reason: 'Each side is one kind of agent, which the label agent names, so the order does not matter.',
  },
  {
    rule: /^cluster:flow_agent_coverage:ratio$/,
    kind: 'function',
    place: /\{\{count -> sum\}\} by/,
    reason: 'Every series that is counted is 1: info series, and agents whose state is compared with 1.',
  },
  {
    rule: /^workload:(?:packets_dropped|tcp_resets|tcp_retransmits):rate/,
    kind: 'label added',
    place: /^sum by \(cluster, (?:node, )?(?:source|destination)_namespace, .*\{\{ -> , (?:node|instance)\}\}\) \($/,
    reason: 'Each pod belongs to one workload, by which everything is summed afterwards.',
  },
  {
    rule: /^workload:(?:packets_dropped|tcp_resets|tcp_retransmits):rate/,
    kind: 'matcher dropped',
    place: /\{\{(?:, )?(?:source|destination)_pod(?:name)?!~"\|unknown"(?:, )? -> \}\}/,
    reason: 'Nothing describes a pod without a name, so the join leaves out what is no pod.',
  },
  {
    rule: /^zone_pair:network_\w+:rate/,
    kind: 'label dropped',
    place: /^(?:and|unless) on \(\{\{cluster, -> \}\}source_zone, destination_zone\)$/,
    reason:
      'The other side holds pairs of a zone with itself, one for each zone that sends. A pair of two zones equals none of them, and a zone that sends is among those of its own cluster: other clusters change nothing.',
  },
  {
    rule: /^zone_pair:network_\w+:rate/,
    kind: 'label added',
    place: /^group by \(cluster, source_zone\{\{ -> , (?!destination_zone\}\})/,
    reason: 'Only its zones are matched, so it does not matter how many series say the same.',
  },
  {
    rule: /^(?:zone_pair:network_\w+:rate|cluster:network_\w+_unattributed:ratio|cluster:network_cost:rate|cluster_instance:flow_events_lost:rate)/,
    kind: 'operand',
    place: /^\{\{label_replace\(.* -> label_replace\(/,
    reason: 'Both sides have their own locality, reason, direction or type, so the order does not matter.',
  },
  {
    rule: /^zone_pair:network_\w+:rate/,
    kind: 'label added',
    place:
      /\{\{ -> , (?:source_reason\}\}\) .*source_zone!="unknown"|destination_reason\}\}\) .*(?:\{source|destination)_zone!="unknown"\}\)$)/,
    reason: 'Where a zone is known, there is no reason for an unknown one.',
  },
  {
    rule: /^workload:zone_pods:ratio$/,
    kind: 'label added',
    place: /^sum by \(.*\{\{ -> , reason\}\}\) \($/,
    reason: 'Where a zone is known, there is no reason for an unknown one.',
  },
  {
    rule: /^cluster_instance:flow_events_lost:ratio_rate/,
    kind: 'operand',
    place:
      /^\{\{cluster_instance:flow_events_lost:rate\w+ or .* -> (?:\( label_replace|cluster_instance:flow_events_seen)/,
    reason: 'Losses have a type, and what was handled has none, or another one: the order does not matter.',
  },
  {
    rule: /^cluster:network_\w+_initiator_over_receiver:ratio/,
    kind: 'matcher dropped',
    place:
      /\{\{(?:, )?(?:(?:source|destination)_pod(?:name)?|k8s_(?:src|dst)_(?:name|type)|(?:Src|Dst)K8S_(?:OwnerName|Type))[!=]/,
    reason: 'The label tells pairs apart, and what a pair is compared with has the same matcher.',
  },
  {
    rule: /^cluster:network_\w+_initiator_over_receiver:ratio/,
    kind: 'function',
    place: /^count by \(.*\) \(\{\{sum -> max\}\} by /,
    reason:
      'It counts the agents that saw a pair at all: no rate is negative, so their sum is above 0 if the largest is.',
  },
  {
    rule: /^zone_pair:network_\w+:rate/,
    kind: 'label added',
    place:
      /^sum by \(cluster, source_zone, destination_zone\{\{ -> , (source|destination)_reason\}\}\) \(.*\1_zone!="unknown"/,
    reason: 'There is no reason where the zone is known.',
  },
  {
    rule: /^(?:endpoint_pair:network_\w+_(?:completed|unnamed|of_nodes)|agent_endpoint_pair:network_\w+|(?:source|destination)_endpoint:network_[a-z]+|workload_pair:network_\w+_unclassified|zone_pair:network_\w+):rate/,
    kind: 'operand',
    // Where one side is preferred, by `or on`, the order matters.
    place: /^\{\{(?!cluster_node:refused_zone:|group by ).+ -> [^}]/,
    reason: 'No series of one side has the labels of one of the other, so the order of the union does not matter.',
  },
  {
    rule: /^(?:source|destination)_endpoint:network_[a-z]+:rate/,
    kind: 'label added',
    place: /^sum by \(cluster, (?!namespace, )/,
    reason: 'It is summed once more, by less: parts have the same sum.',
  },
  {
    rule: /^workload_pair:network_\w+_unclassified:rate/,
    kind: 'label added',
    // Not by agent, of which the largest counts.
    place: /^sum by \(cluster, (?!source_namespace, source_workload_type)(?!.*(?:obi|beyla)_ip)/,
    reason: 'It is summed once more, by less: parts have the same sum.',
  },
  {
    rule: /^(?:source|destination)_endpoint:network_[a-z]+:rate/,
    kind: 'function',
    // Without a name to change, it is the only sum.
    place: /^\{\{sum -> max\}\} by \(cluster, namespace, (?!pod\) )/,
    reason: 'What it sums was summed by the same labels under other names, so each sum is of one series.',
  },
  {
    rule: /^endpoint_pair:network_\w+_of_nodes:rate/,
    kind: 'label added',
    place: /^(?:- on|max by) \(cluster, k8s_(src|dst)_.*\{\{ -> , k8s_(?!\1)/,
    reason: 'Ends of one side have no labels of the other.',
  },
  {
    rule: /^endpoint_pair:network_\w+_of_nodes:rate/,
    kind: 'label added',
    place: /^sum by \(cluster, \w+_ip\{\{ -> , k8s_dst_/,
    // Ends that send; of them, the second sum is of nodes.
    nth: [1, 2],
    reason: 'Ends of one side have no labels of the other.',
  },
  {
    rule: /^endpoint_pair:network_\w+_of_nodes:rate/,
    kind: 'label added',
    place: /^sum by \(cluster, \w+_ip\{\{ -> , k8s_src_/,
    nth: [3, 4],
    reason: 'Ends of one side have no labels of the other.',
  },
  {
    rule: /^endpoint_pair:network_\w+_of_nodes:rate/,
    kind: 'label added',
    place: /^sum by \(cluster, \w+_ip\{\{ -> , k8s_(?:src|dst)_type\}/,
    nth: [2, 4],
    reason: 'It is the sum of nodes, which are of one type.',
  },
  {
    rule: COUNTING,
    kind: 'comparison',
    place: /^(?:count by .*|\)+) \{\{> -> >=\}\} 0$/,
    reason: 'A count is never 0: where there is nothing to count, there is no count.',
  },
  {
    rule: COUNTING,
    kind: 'threshold',
    place: /^(?:count by .*|\)+) > \{\{0 -> \(-1\)\}\}$/,
    reason: 'A count is never 0: where there is nothing to count, there is no count.',
  },
  {
    rule: /^(?:FlowSourceSilent|AllowanceSourceSilent) /,
    kind: 'function',
    place: /^\{\{count -> sum\}\} by \(cluster, node\) \($/,
    reason: 'Its values are not read: only the nodes are counted.',
  },
  {
    rule: /^FlowAgentDown /,
    kind: 'comparison',
    place: /^cluster_node:flow_agent_missing:info \{\{> -> >=\}\} 0$/,
    reason: 'The record is always 1; the comparison is there for the threshold of the alert.',
  },
  {
    rule: /^FlowAgentDown /,
    kind: 'threshold',
    place: /^cluster_node:flow_agent_missing:info > \{\{0 -> \(-1\)\}\}$/,
    reason: 'The record is always 1; the comparison is there for the threshold of the alert.',
  },
  {
    rule: /^FlowAgentDown /,
    kind: 'operand',
    place:
      /^\{\{cluster_node:flow_agent_missing:info or .* -> \(flow_agent:up:min\{agent=~"[^"]*"\} == bool 0\) or\.\.\.\}\}$/,
    reason:
      'The first side is about agents of each node, the other about those that are not, so the order does not matter.',
  },
  {
    rule: /^AllowanceSourceSilent /,
    kind: 'comparison',
    place: /^last_over_time\(metric:allowance_nodes:count\[1d\]\) \{\{> -> >=\}\} 0$/,
    reason: 'The record is a count, which is never 0.',
  },
  {
    rule: /^AllowanceSourceSilent /,
    kind: 'threshold',
    place: /^last_over_time\(metric:allowance_nodes:count\[1d\]\) > \{\{0 -> \(-1\)\}\}$/,
    reason: 'The record is a count, which is never 0.',
  },
  {
    rule: /^ConntrackAllowanceLow /,
    kind: 'comparison',
    place: /max7d \{\{> -> >=\}\} 0\)\) </,
    reason: 'Whatever is divided by 0 is infinite or not a number, and neither is below a threshold.',
  },
  {
    rule: /^ConntrackAllowanceLow /,
    kind: 'threshold',
    place: /max7d > \{\{0 -> \(-1\)\}\}\)\) </,
    reason: 'There are no fewer than 0 free entries, and what is divided by 0 is below no threshold.',
  },
  {
    rule: /^ZoneInvalid /,
    kind: 'function',
    place: /^\{\{count -> sum\}\} by \(cluster, zone\)/,
    reason: 'Series that describe something hold 1, so their sum is their number.',
  },
  {
    rule: /^IdentitySourceSilent /,
    kind: 'function',
    place: /^\{\{count -> sum\}\} by \(cluster\) \($/,
    // The others count ends of traffic, whose sums are rates.
    nth: [1, 3],
    reason: 'It counts groups, and a group holds 1.',
  },
  {
    rule: /^IdentitySourceSilent /,
    kind: 'matcher dropped',
    place: /^(?!count by ).*\{\{cluster!="",? -> \}\}/,
    reason: 'Causes are joined by cluster with traffic that has the label, so what they say of no cluster is not read.',
  },
  {
    rule: /^IdentitySourceSilent /,
    kind: 'matcher dropped',
    place: /^kube_pod_info\{cluster!="", node!="",.*\{\{(?:, )?exported_\w+=""/,
    // The others decide whether pods are known, in configurations that have both.
    nth: [2, 4],
    reason: 'A pod with such a label now also had it in the last ten minutes, which is a cause that comes before.',
  },
  {
    rule: /^RuleGroupSlow /,
    kind: 'matcher dropped',
    place: /\{\{\{rule_group=~/,
    reason: 'The division joins both sides by all labels, and the other side has the same matcher.',
  },
  {
    rule: /^IdentitySourceSilent /,
    kind: 'operand',
    place: /^\{\{last_over_time\(kube_pod_info.* -> (?:last_over_time\(kube_pod_info|\( ?cluster_namespace_pod:)/,
    reason: 'The order of a union does not matter where only its clusters are read.',
  },
  {
    rule: /^IdentitySourceSilent /,
    kind: 'operand',
    place: /^\{\{source_endpoint:.* -> destination_endpoint:/,
    reason: 'The order of a union does not matter where only its label sets are counted.',
  },
  {
    rule: /^ClusterLabelMissing /,
    kind: 'operand',
    place: /^\{\{last_over_time\(.* -> (?:last_over_time\(|source_endpoint:)/,
    reason: 'The order of a union does not matter where only its label sets are counted.',
  },
  {
    rule: /^(?:TrafficLost|TrafficUnattributed|TrafficCountedTwice|FlowSourceSilent) /,
    kind: 'operand',
    place: /^\{\{label_replace\(.* -> label_replace\(/,
    reason: 'Both sides have their own value of the label unit, so the order does not matter.',
  },
  {
    rule: /^IdentitySourceSilent /,
    kind: 'operand',
    place: /^\{\{label_replace\( \( count by .* -> label_replace\( \( count by /,
    reason: 'Both sides have their own value of the label unit, so the order does not matter.',
  },
  {
    rule: /^TrafficCountedTwice /,
    kind: 'operand',
    place: /^\{\{last_over_time\(.* -> \(last_over_time\(/,
    reason: 'No ratio is both above the one threshold and below the other, so the order does not matter.',
  },
  {
    rule: /^CoreDNSErrorsHigh /,
    kind: 'label added',
    place: /^sum by \(cluster, job\{\{ -> , rcode\}\}\) \(dns_server:responses:rate5m\{rcode="SERVFAIL"\}\)$/,
    reason: 'All of these series have this code, and the division keeps the labels that it joins on only.',
  },
  {
    rule: /^CoreDNSDown /,
    kind: 'label added',
    place: /^unless on \(cluster\{\{ -> , job\}\}\)$/,
    reason: 'Both sides are of the job coredns.',
  },
  {
    rule: /^CoreDNSDown /,
    kind: 'matcher dropped',
    place: /^dns:servers:count\{\{\{cluster!="", -> \}\}job="coredns"\}$/,
    reason: 'Series without a cluster would hide only what the other side does not hold: it has the same matcher.',
  },
  {
    rule: /^CoreDNSReplicasColocated /,
    kind: 'function',
    place: /^\{\{count -> sum\}\} by \(cluster, node\) \($/,
    reason: 'Its values are not read: only the nodes are counted.',
  },
  {
    rule: /^metric:(?:allowance|conntrack)_target_node:info$/,
    kind: 'operand',
    place: /^\{\{metric:\w+_target:info\{job.* -> \(metric:\w+_target:info unless on/,
    reason: 'The one side has clusters with our jobs, the other all that are without, so the order does not matter.',
  },
  {
    rule: /^metric:(?:allowance|conntrack)_target_node:info$/,
    kind: 'operand',
    place: /^\{\{label_replace\( label_replace\( max_over_time\(.* -> label_replace\( label_replace\( max_over_time\(/,
    reason:
      'Both sides are kube_node_info with a host. Only a node whose name is its address is on both, and then with one value.',
  },
  {
    rule: /^metric:(?:allowance|conntrack)_target_node:info$/,
    kind: 'label added',
    place: /^max by \(cluster, host, name\{\{ -> , instance\}\}\) \($/,
    reason: 'The largest of all is chosen next, and it is the same whichever instance of kube-state-metrics tells it.',
  },
  {
    rule: /^metric:(?:allowance|conntrack)_target_node:info$/,
    kind: 'label dropped',
    place: /^or on \(cluster, \{\{job, -> \}\}instance, node\)$/,
    reason: 'Whether the node of a target is known depends on its instance and its label, whatever its job is.',
  },
  {
    rule: /^metric:(?:allowance|conntrack)_target:info$/,
    kind: 'operand',
    place: /^\{\{last_over_time\(.* -> last_over_time\(/,
    reason: 'The order of a union does not matter where only its label sets are read.',
  },
  {
    rule: /^metric:conntrack_allowance_available:(?:interface|moved)$/,
    kind: 'operand',
    place: /^\{\{(?:changes\()?node_net_ethtool\{.* -> (?:label_replace\( )?(?:changes\()?(?:node_)?ethtool_conntrack/,
    reason: 'Each exporter has labels or a job of its own, so no series is on both sides.',
  },
  {
    rule: /^(?:metric:allowance_nodes:count|workload:pods:count|dns:servers:count|cilium:operators:count)$/,
    kind: 'function',
    place: /^\{\{count -> sum\}\} by \(/,
    reason: 'What is counted holds 1, so the sum is the number.',
  },
  {
    rule: /^metric:allowance_exceeded:event_start$/,
    kind: 'function',
    place: /^\{\{count_over_time -> sum_over_time\}\}\(/,
    reason: 'Its values are not read, only whether there are any.',
  },
  {
    rule: /^metric:conntrack_allowance_available:max7d$/,
    kind: 'comparison',
    place: /\{\{>= -> >\}\}/,
    reason: 'Where both are equal, the other side of the union has the same value.',
  },
  {
    rule: /^pod:(?:cpu|memory|network)_\w+:/,
    kind: 'matcher dropped',
    place: /\{\{(?:, )?pod!="",? -> \}\}/,
    reason:
      'Rows without a pod are joined with nothing, as the map of pods has none; the matcher only spares reading them.',
  },
  {
    rule: /^pod:memory_limit_used:max_ratio$/,
    kind: 'matcher dropped',
    place: /^container_memory_rss\{.*\{\{, container!~"\|POD" -> \}\}/,
    reason: 'Limits are those of containers, so rows of cgroups and pause containers are divided by nothing.',
  },
  {
    rule: /^dns_client:(?:queries|answers):rate/,
    kind: 'matcher dropped',
    place: /\{\{\{(?:source|destination)_pod!="" -> \}\}\}/,
    reason:
      'Messages without a pod are joined with nothing, as no pod has an empty name; the matcher only spares reading them.',
  },
  {
    rule: /^dns_client:(?:queries|answers):rate/,
    kind: 'label added',
    place: /^sum by \(cluster, node, \w+_namespace, \w+_pod(?:, rcode)?\{\{ -> , instance\}\}\) \($/,
    reason: 'What it splits comes together again in the sum around the join, which is on none of this.',
  },
  {
    rule: /^dns_server:place:info$/,
    kind: 'label dropped',
    place: /^or on \(cluster, (?:\{\{job, -> \}\}instance|job, \{\{instance, -> \}\}node)/,
    reason: 'Whether the zone of a server is known depends on its node alone.',
  },
  {
    rule: /^dns(?:_upstream)?:request_duration_seconds:quantile/,
    kind: 'operand',
    place: /^\{\{label_replace\( histogram_quantile\(0\.5,.* -> label_replace\( histogram_quantile\(0\.99?, /,
    // The first are those that read classic histograms, which come after native ones of the same quantile.
    nth: [2],
    reason: 'Both sides have their own value of the label quantile, so the order does not matter.',
  },
  {
    rule: /^dns:request_duration_seconds:quantile/,
    kind: 'operand',
    place:
      /^\{\{label_replace\( histogram_quantile\(0\.5,.* -> label_replace\( histogram_quantile\(0\.9, sum by \(cluster, job\)/,
    reason: 'Both sides have their own value of the label quantile, so the order does not matter.',
  },
  {
    rule: /^CiliumAgentDown /,
    kind: 'function',
    place: /^\{\{count -> sum\}\} by \(cluster\) \(cilium_node:agent:missing\)?$/,
    nth: [1],
    reason: 'Nodes without an agent hold 1, so their sum is their number.',
  },
  {
    rule: /^CiliumAgentDown /,
    kind: 'operand',
    place: /^count by \(cluster\) \(\{\{cilium_node:agent:missing or .* -> cilium_node:agent:up or /,
    reason: 'The order of a union does not matter where only its label sets are counted.',
  },
  {
    rule: /^CiliumAgentDown .*warning/,
    kind: 'comparison',
    place: /^\) \{\{> -> >=\}\} 0$/,
    reason: 'The share is of nodes without an agent, of which there is at least the node itself.',
  },
  {
    rule: /^CiliumAgentDown .*warning/,
    kind: 'threshold',
    place: /^\) > \{\{0 -> \(-1\)\}\}$/,
    reason: 'The share is of nodes without an agent, of which there is at least the node itself.',
  },
  {
    rule: /^CiliumAPIRateLimited /,
    kind: 'operand',
    place: /^\{\{cilium_node:api_limiter_wait_seconds:mean or .* -> label_replace\(/,
    reason: 'No call of the API of an agent is named kubernetes, so the order does not matter.',
  },
  {
    rule: /^cilium:agents_restarting:count$/,
    kind: 'function',
    place: /^\{\{count -> sum\}\} by \(cluster\) \(cilium_node:agent:missing/,
    reason: 'What is counted holds 1, so the sum is the number.',
  },
  {
    rule: /^cilium:agents_restarting:count$/,
    kind: 'operand',
    place: /^count by \(cluster\) \(\{\{cilium_node:agent:missing or .* -> group by /,
    reason: 'The order of a union does not matter where only its label sets are counted.',
  },
  {
    rule: /^cilium:\w+_seconds:quantile_rate5m$/,
    kind: 'operand',
    place: /^\{\{label_replace\( histogram_quantile\( 0\.5, .* -> label_replace\(/,
    reason: 'Both sides have their own value of the label quantile, so the order does not matter.',
  },
  {
    rule: /^cilium_node:unreachable:count$/,
    kind: 'operand',
    place: /^\{\{label_replace\( max by .* -> label_replace\(/,
    reason: 'Both sides have their own value of the label kind, so the order does not matter.',
  },
  ...OF_IDENTITY,
  ...OF_ENDS,
  ...OF_CONTROL_PLANE,
];

const nthOf = ({ id }: Mutant): number => Number(/ #(\d+)$/.exec(id)?.[1] ?? 1);

/** The first entry that lists a mutant. */
export const equivalentOf = (mutant: Mutant, entries = EQUIVALENTS): Equivalent | undefined =>
  entries.find(
    ({ rule, kind, place, nth }) =>
      kind === mutant.kind &&
      rule.test(mutant.name) &&
      place.test(mutant.place) &&
      (nth === undefined || nth.includes(nthOf(mutant))),
  );
