import { ABSENT, type Level } from './pipeline-input.ts';

/** Minutes, other than the defaults. */
export const [WINDOW, MEMORY] = [8, 12];

/** What each alert says in front of "First:", of a level that makes it fire. */
export const TEXTS: Readonly<
  Record<
    string,
    { level: Level; summary: string; said: (cluster: string, prometheus: string) => string; first: string }
  >
> = {
  TrafficLost: {
    level: 25,
    summary: 'Traffic is missing from the zone matrix.',
    said: (cluster) =>
      `${cluster}${(25 / 100) * 100}% of the measured network_flows is missing from the zone matrix, so every figure is too low.`,
    first: 'check the groups azimuth-identity and azimuth-network-* for failing or missing rules.',
  },
  TrafficUnattributed: {
    level: 0.25,
    summary: 'Traffic inside the cluster has no known zone.',
    said: (cluster) =>
      `${cluster}${0.25 * 100}% of network_flows has an end inside the cluster whose zone is unknown. ` +
      'Cross-zone figures and costs are too low by up to that share.',
    first: 'check the share by reason, whether kube-state-metrics runs, and whether nodes have their zone label.',
  },
  ZoneInvalid: {
    level: 2,
    summary: 'A zone is refused, so traffic of its nodes has no known zone.',
    said: (cluster) =>
      `${cluster}2 nodes or ends of traffic have the zone "0", which zones.valid refuses. ` +
      'Their traffic counts as unknown, for the reason invalid_zone.',
    first: 'see which nodes these are; if the value is a zone after all, change zones.valid.',
  },
  TrafficCountedTwice: {
    level: 2.25,
    summary: 'The two ends of the same traffic report different amounts.',
    said: (cluster) =>
      `${cluster}for pairs that both ends report, the peer view counts 2.25 times as much as the view that is read ` +
      '(network_flows). Near 2 or 0.5, one of the two counts each packet twice.',
    first:
      'check whether flows.select fits the aggregation level of the source, and whether two jobs scrape the same agents.',
  },
  FlowSourceSilent: {
    level: ABSENT,
    summary: 'A cluster has nodes but no measured traffic.',
    said: (cluster) =>
      `${cluster}no network_flows at all, although kube-state-metrics reports 2 nodes. The agents are down, or ` +
      'Prometheus does not scrape them, or their metrics have other labels.',
    first: 'check up{job=...} of the scrape job, then the agents.',
  },
  IdentitySourceSilent: {
    level: ABSENT,
    summary: 'A cluster has measured traffic but no usable pod metadata.',
    said: (cluster) =>
      `${cluster}2 series of traffic, but no kube_pod_info. Identities are remembered for ${MEMORY}m; after that, pairs, totals ` +
      'and cost are withheld unless the source itself reports zones.',
    first: 'check that kube-state-metrics is up and scraped, and that it has the same cluster label as the flows.',
  },
  FlowEventsLost: {
    level: 600,
    summary: 'An agent loses flow events, so the traffic of its node is undercounted.',
    said: (cluster) =>
      `${cluster}ip-10-0-1-2 lost ${(600 * WINDOW) / 1000}k events in the last ${WINDOW}m (observer_events_queue).`,
    first: 'set dataAggregationLevel to high or give the agent more CPU; a longer queue helps only with bursts.',
  },
  RuleEvaluationFailing: {
    level: 10,
    summary: 'A rule of Azimuth fails, so its figures are out of date.',
    said: (_, prometheus) =>
      `${prometheus}: ${10 * 15} evaluations of group /etc/prometheus/rules/zone-traffic.yaml;azimuth-network-flows ` +
      'failed in the last 15 minutes. A failing rule keeps its last value for minutes: do not trust the figures of this group.',
    first: 'find the error on the Rules page of Prometheus.',
  },
  RuleGroupSlow: {
    level: 75,
    summary: 'A rule group of Azimuth takes almost as long as its interval.',
    said: (_, prometheus) =>
      `${prometheus}: group /etc/prometheus/rules/zone-traffic.yaml;azimuth-network-flows takes ${(75 / 60) * 100}% of its ` +
      'interval. Above 100 %, evaluations are skipped.',
    first: 'lower flows.granularity, lengthen rules.interval, or turn off rules.compatibilityRecords.',
  },
};
