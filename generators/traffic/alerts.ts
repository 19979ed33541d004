import { type AlertSpec, ofCluster } from '../alerts/spec.ts';
import {
  duration,
  either,
  labels,
  longer,
  matches,
  promql,
  type Query,
  seconds,
  selector,
  withLabel,
} from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import type { TrafficConfig } from './config.ts';
import { type FlowInput, hasTwoViews, noTraffic } from './input.ts';
import { REASONS, trafficNames } from './records/names.ts';

type Alert = AlertSpec<TrafficConfig>;

const warning = (threshold: number, pending: string, keepFiringFor = '0s') =>
  ({ severity: 'warning', threshold, for: pending, keepFiringFor }) as const;

/** A condition on every input, with its unit in the label `unit`. Inputs for which `condition` gives no query are skipped. */
const overUnits = ({ inputs }: TrafficConfig, condition: (input: FlowInput) => Query | undefined): Query =>
  either(
    ...inputs.flatMap((input) => {
      const query = condition(input);
      return query === undefined ? [] : [withLabel(query, 'unit', input.unit)];
    }),
  );

/** Defines an alert on traffic: the common properties, unless `spec` has others. */
const alert = (spec: Omit<Alert, keyof typeof COMMON> & Partial<Alert>): Alert => ({ ...COMMON, ...spec });

const COMMON = {
  ratio: false,
  sustained: false,
  without: noTraffic,
  dashboard: { uid: 'zone-traffic', variables: [] },
};

/** Reasons that are normal for such traffic and no fault of the data. */
const EXPECTED = new Set<string>(['external', 'no_peer']);
const FAULTS = REASONS.filter((reason) => !EXPECTED.has(reason));

/** Alerts on traffic that the rules lose, cannot place, or count twice. */
const attributionAlerts: readonly Alert[] = [
  alert({
    alert: 'TrafficLost',
    ratio: true,
    tier: warning(0.01, '10m', '15m'),
    summary: 'Traffic is missing from the zone matrix.',
    description: ({ cluster }) =>
      `${ofCluster(cluster.label)}{{ $value | humanizePercentage }} of the measured {{ $labels.unit }} is missing from the zone matrix, so ` +
      'every figure is too low. First: check the groups azimuth-identity and azimuth-network-* for failing or missing rules.',
    expr: (config, threshold) =>
      overUnits(config, (input) => {
        const { lost, endpoint } = trafficNames(config, input);
        const by = labels(...clusterLabels(config));
        return promql`
          abs(${selector(lost)})
          / on (${by})
          (sum by (${by}) (${selector(endpoint('source'))}) > 0)
          > ${threshold}`;
      }),
    comment:
      'Traffic that was read minus traffic in the matrix. Apart from rounding it is always 0; any other value is a fault of the rules.',
  }),
  alert({
    alert: 'TrafficUnattributed',
    ratio: true,
    tier: warning(0.1, '30m', '15m'),
    summary: 'Traffic inside the cluster has no known zone.',
    description: ({ cluster }) =>
      `${ofCluster(cluster.label)}{{ $value | humanizePercentage }} of {{ $labels.unit }} has an end inside the cluster whose zone is unknown. ` +
      'Cross-zone figures and costs are too low by up to that share. First: check the share by reason, whether kube-state-metrics runs, and whether nodes have their zone label.',
    expr: (config, threshold) =>
      overUnits(
        config,
        (input) => promql`
          sum by (${labels(...clusterLabels(config))}) (
            ${selector(trafficNames(config, input).unattributed, { reason: matches(FAULTS.join('|')) })}
          ) > ${threshold}`,
      ),
    comment: 'Peers outside the cluster have no zone and do not count here.',
  }),
  alert({
    alert: 'TrafficCountedTwice',
    tier: warning(1.5, '30m', '15m'),
    summary: 'The two ends of the same traffic report different amounts.',
    description: ({ cluster }) =>
      `${ofCluster(cluster.label)}for pairs that both ends report, the peer view counts {{ $value | humanize }} times as much as the view that is read ` +
      '({{ $labels.unit }}). Near 2 or 0.5, one of the two counts each packet twice. First: check whether flows.select fits the aggregation ' +
      'level of the source, and whether two jobs scrape the same agents.',
    expr: (config, threshold) =>
      overUnits(config, (input) => {
        if (!hasTwoViews(input)) return undefined;
        // Below a factor of 1, every ratio would be both too high and too low.
        const factor = Math.max(1, threshold);
        const ratio = selector(trafficNames(config, input).countedTwice);
        return either(promql`${ratio} > ${factor}`, promql`${ratio} < ${Number((1 / factor).toPrecision(4))}`);
      }),
    without: (config) =>
      noTraffic(config) ?? (config.inputs.some(hasTwoViews) ? undefined : 'the source reports one end only'),
    comment:
      'Each end should count a packet once, so the ratio should be 1. The end that observes a packet more often has the larger count.',
  }),
];

/** Alerts on the inputs of the rules: flows and identities. */
const pipelineAlerts: readonly Alert[] = [
  alert({
    alert: 'FlowSourceSilent',
    tier: warning(0, '15m'),
    summary: 'A cluster has nodes but no measured traffic.',
    description: ({ cluster }) =>
      `${ofCluster(cluster.label)}no {{ $labels.unit }} at all, although kube-state-metrics reports {{ $value | humanize }} nodes. The agents are ` +
      'down, or Prometheus does not scrape them, or their metrics have other labels. First: check up{job=...} of the scrape job, then the agents.',
    expr: (config, threshold) => {
      const by = labels(...clusterLabels(config));
      // Nodes are remembered for one window, like the rate of a flow, so a restart of kube-state-metrics does not reset `for`.
      const nodes = promql`
        count by (${by}) (
          count by (${labels(...clusterLabels(config), 'node')}) (
            last_over_time(${selector('kube_node_info')}[${duration(config.rules.window)}])
          )
        )`;
      return overUnits(
        config,
        (input) => promql`
          ${nodes} > ${threshold}
          unless on (${by})
          ${selector(trafficNames(config, input).endpoint('source'))}`,
      );
    },
    comment:
      'No data is not zero traffic. kube-state-metrics still reports the nodes, so the alert still knows the cluster. It looks at the ' +
      'traffic that comes in; TrafficLost covers traffic that the rules lose.',
  }),
  alert({
    alert: 'IdentitySourceSilent',
    tier: warning(0, '10m'),
    summary: 'A cluster has measured traffic but no pod metadata.',
    description: ({ cluster, rules }) =>
      `${ofCluster(cluster.label)}{{ $value | humanize }} series of traffic, but no kube_pod_info. Identities are remembered for ${longer(rules.infoLookback, rules.window)}; after that, only zones that the source itself reports are known. ` +
      'First: check that kube-state-metrics is up and scraped, and that it has the same cluster label as the flows.',
    expr: (config, threshold) => {
      const by = labels(...clusterLabels(config));
      return overUnits(
        config,
        (input) => promql`
          count by (${by}) (${selector(trafficNames(config, input).endpoint('source'))}) > ${threshold}
          unless on (${by})
          group by (${by}) (${selector('kube_pod_info')})`,
      );
    },
    comment: 'kube-state-metrics is down, or its series have another cluster label than the flows.',
  }),
  alert({
    alert: 'FlowEventsLost',
    tier: warning(0, '15m', '15m'),
    summary: 'An agent loses flow events, so the traffic of its node is undercounted.',
    description: ({ cluster, rules }) =>
      `${ofCluster(cluster.label)}{{ $labels.instance }} lost {{ $value | humanize }} events in the last ${rules.window} ({{ $labels.source }}). ` +
      'First: set dataAggregationLevel to high or give the agent more CPU; a longer queue helps only with bursts.',
    expr: (config, threshold) => {
      const counters = new Map(config.sources.flatMap(({ lost }) => (lost === undefined ? [] : [[lost.metric, lost]])));
      const by = labels(...clusterLabels(config), 'instance', 'source');
      const conditions = [...counters.values()].map(
        ({ metric, matchers }) => promql`
        sum by (${by}) (rate(${selector(metric, matchers)}[${duration(config.rules.window)}])) * ${seconds(config.rules.window)} > ${threshold}`,
      );
      return either(...conditions);
    },
    without: (config) =>
      noTraffic(config) ??
      (config.sources.some(({ lost }) => lost !== undefined) ? undefined : 'the source does not count lost events'),
    comment:
      'Lost events are missing from every figure. Busy nodes lose most, so shares shift too. A slow reader of the ring buffer loses ' +
      'nothing that is counted.',
  }),
];

/** Prometheus identifies a group as `<file>;<name>`. */
const AZIMUTH_GROUPS = { rule_group: matches('.*;(azimuth-.*|inter_az_traffic_analysis[.]rules)') };

const groupMetric = (metric: string): Query => selector(metric, AZIMUTH_GROUPS);

/** The instance alone is not unique: the Prometheus of every cluster may call itself localhost:9090. */
const perGroup = (config: TrafficConfig) => labels(...clusterLabels(config), 'instance', 'rule_group');

/** "Prometheus 10.0.1.2:9090 of cluster production" as a template. */
const onPrometheus = ({ cluster }: TrafficConfig): string =>
  `Prometheus {{ $labels.instance }}${cluster.label === null ? '' : `{{ with $labels.${cluster.label} }} of cluster {{ . }}{{ end }}`}`;

/** Alerts on the evaluation of the rules themselves. */
const rulerAlerts: readonly Alert[] = [
  alert({
    alert: 'RuleEvaluationFailing',
    tier: warning(0, '0s', '15m'),
    summary: 'A rule of Azimuth fails, so its figures are out of date.',
    description: (config) =>
      `${onPrometheus(config)}: {{ $value | humanize }} evaluations of group {{ $labels.rule_group }} failed in the last 15 minutes. ` +
      'A failing rule keeps its last value for minutes: do not ' +
      'trust the figures of this group. First: find the error on the Rules page of Prometheus.',
    expr: (config, threshold) => promql`
      sum by (${perGroup(config)}) (increase(${groupMetric('prometheus_rule_evaluation_failures_total')}[15m])) > ${threshold}`,
    comment: 'Dashboards do not show a failing rule: the recorded series keeps its last value until it goes stale.',
  }),
  alert({
    alert: 'RuleGroupSlow',
    tier: warning(0.8, '15m'),
    summary: 'A rule group of Azimuth takes almost as long as its interval.',
    description: (config) =>
      `${onPrometheus(config)}: group {{ $labels.rule_group }} takes {{ $value | humanizePercentage }} of its interval. ` +
      'Above 100 %, Prometheus skips evaluations. ' +
      'First: lower flows.granularity, lengthen rules.interval, or turn off rules.compatibilityRecords.',
    expr: (config, threshold) => promql`
      max by (${perGroup(config)}) (
        ${groupMetric('prometheus_rule_group_last_duration_seconds')} / ${groupMetric('prometheus_rule_group_interval_seconds')}
      ) > ${threshold}`,
    comment: 'Skipped evaluations leave gaps in every record of the group.',
  }),
];

/** Alerts on whether the figures of traffic can be trusted. */
export const trafficAlerts: readonly Alert[] = [...attributionAlerts, ...pipelineAlerts, ...rulerAlerts];
