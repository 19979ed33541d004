import { type AlertCase, agent, flows, ofUnit, ruler, scraped, sent, unattributed, UNIT } from './pipeline-case.ts';
import { ABSENT, constant, counting, holding, type Level } from './pipeline-input.ts';

/** All alerts on the data itself, but for ClusterLabelMissing. */
export const CASES: readonly AlertCase[] = [
  {
    alert: 'TrafficLost',
    pending: 10,
    keep: 15,
    memory: 1,
    // Of 100 flows per second; more is accounted for than came in where it is negative.
    well: [0, 1, -1, 1e-9],
    ill: [1.001, -1.001, 100],
    series: (place, levels) => [holding(`cluster:${UNIT}_lost:rate5m`, place, levels), ...flows(place, levels.length)],
    labels: ofUnit,
    changed: { threshold: 0.5, ill: 51 },
  },
  {
    alert: 'TrafficUnattributed',
    pending: 30,
    keep: 15,
    memory: 1,
    well: [0, 0.1],
    ill: [0.1001, 0.3],
    series: unattributed,
    labels: ofUnit,
    changed: { threshold: 0.2, ill: 0.21 },
  },
  {
    alert: 'ZoneInvalid',
    pending: 30,
    keep: 0,
    memory: 1,
    // Nodes with the value.
    well: [0],
    ill: [1, 3],
    series: (place, levels) =>
      [0, 1, 2, 3].map((index) =>
        holding(
          'cluster_node:refused_zone:info',
          { ...place, node: `node-${index}`, zone: 'unknown', reason: 'invalid_zone', refused_zone: '0' },
          levels.map((level) => (level === ABSENT || level <= index ? ABSENT : 1)),
        ),
      ),
    labels: (place) => ({ ...place, zone: '0' }),
    changed: { threshold: 2, ill: 3 },
  },
  {
    alert: 'TrafficCountedTwice',
    pending: 30,
    keep: 15,
    memory: 1,
    well: [1, 1.5, 0.6667],
    ill: [2, 1.501, 0.6666, 0.5, 0],
    series: (place, levels) => [holding(`cluster:${UNIT}_initiator_over_receiver:ratio_rate5m`, place, levels)],
    labels: ofUnit,
    changed: { threshold: 4, ill: 0.24 },
  },
  {
    alert: 'FlowSourceSilent',
    pending: 15,
    keep: 0,
    memory: 1,
    // No traffic is not the same as no data.
    well: [100, 0],
    ill: [ABSENT],
    series: (place, levels) => [
      holding(sent, { ...place, namespace: 'shop', pod: 'cart-1' }, levels),
      // Two nodes, known to two instances of kube-state-metrics.
      ...['a', 'b'].flatMap((node) =>
        ['x', 'y'].map((instance) => constant('kube_node_info', { ...place, node, instance }, 1, levels.length)),
      ),
    ],
    labels: ofUnit,
    anchored: true,
  },
  {
    alert: 'IdentitySourceSilent',
    pending: 10,
    keep: 10,
    memory: 1,
    well: [1],
    ill: [ABSENT],
    series: (place, levels) => [
      holding('kube_pod_info', { ...place, namespace: 'shop', pod: 'cart-1', node: 'a' }, levels),
      holding('kube_pod_info', { ...place, namespace: 'shop', pod: 'cart-2', node: 'b' }, levels),
      // What is remembered still places all of it.
      constant(`cluster:${UNIT}_identity:usable`, place, 1, levels.length),
      ...flows(place, levels.length),
    ],
    labels: (place) => ({ ...ofUnit(place), cause: 'no_kube_state_metrics' }),
    anchored: true,
  },
  {
    alert: 'FlowEventsLost',
    pending: 15,
    keep: 15,
    memory: 1,
    well: [0, 0.01],
    ill: [0.01001, 0.5, 1],
    series: (place, levels) => [holding('cluster_instance:flow_events_lost:ratio_rate5m', agent(place), levels)],
    labels: agent,
    changed: { threshold: 0.2, ill: 0.21 },
  },
  {
    alert: 'RuleEvaluationFailing',
    pending: 0,
    keep: 15,
    memory: 14,
    well: [0],
    ill: [1, 60],
    series: (place, levels) => [counting('prometheus_rule_evaluation_failures_total', scraped(ruler, place), levels)],
    labels: ruler,
    changed: { threshold: 200, ill: 60 },
  },
  {
    alert: 'RuleGroupSlow',
    pending: 15,
    keep: 0,
    memory: 1,
    // Seconds of an interval of 60.
    well: [3, 48],
    ill: [48.01, 90],
    series: (place, levels) => [
      holding('prometheus_rule_group_last_duration_seconds', scraped(ruler, place), levels),
      constant('prometheus_rule_group_interval_seconds', scraped(ruler, place), 60, levels.length),
    ],
    labels: ruler,
    changed: { threshold: 1.2, ill: 73 },
  },
];

/** The severity of an alert. */
export const severityOf = (alert: string): 'warning' | 'info' => (alert === 'ZoneInvalid' ? 'info' : 'warning');
/** Names of all alerts on the data itself, in their order. */
export const NAMES: readonly string[] = CASES.flatMap(({ alert }) =>
  // It is about series without a cluster, so it fits none of the places of these cases.
  alert === 'FlowEventsLost' ? [alert, 'ClusterLabelMissing'] : [alert],
);

/** Minutes, other than the default. */
export const MEMORY = 12;

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
    level: 0.25,
    summary: 'An agent loses flow events, so the traffic of its node is undercounted.',
    said: (cluster) =>
      `${cluster}the agent ip-10-0-1-2 loses 25% of what retina-hubble sees there before it is counted (type kernel).`,
    first:
      'set retina.dataAggregationLevel to high or give the agent more CPU (retina.resources); retina.eventQueueSize helps only with ' +
      'bursts of observer_events_queue.',
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
