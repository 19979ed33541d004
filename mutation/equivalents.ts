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
    rule: /^zone_pair:network_\w+:rate/,
    kind: 'label dropped',
    place: /^(?:and|unless) on \(\{\{cluster, -> \}\}source_zone, destination_zone\)$/,
    reason:
      'The other side holds pairs of a zone with itself, one for each zone that sends. A pair of two zones equals none of them, and a zone that sends is among those of its own cluster: other clusters change nothing.',
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
  ...OF_IDENTITY,
  ...OF_ENDS,
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
