import type { TrafficConfig } from './settings.ts';
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
import type { FlowInput } from './input.ts';
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

/** Why there are no records of traffic; undefined if there are. */
export const withoutFlows = ({ inputs }: TrafficConfig): string | undefined =>
  inputs.length === 0 ? 'flows.source is none' : undefined;

/** What most alerts on traffic have in common. */
const alert = (spec: Omit<Alert, keyof typeof COMMON> & Partial<Alert>): Alert => ({ ...COMMON, ...spec });

const COMMON = {
  ratio: false,
  sustained: false,
  without: withoutFlows,
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
    summary: 'Some of the traffic that was read is in no zone pair.',
    description: ({ cluster }) =>
      `${ofCluster(cluster.label)}{{ $value | humanizePercentage }} of {{ $labels.unit }} that came in is missing from the zone matrix, so ` +
      'every figure is too small. First: look for failing or missing rules of the groups azimuth-identity and azimuth-network-*.',
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
      'Traffic in minus traffic accounted for. By construction it is zero to rounding: anything else is a fault of the rules.',
  }),
  alert({
    alert: 'TrafficUnattributed',
    ratio: true,
    tier: warning(0.1, '30m', '15m'),
    summary: 'Traffic inside the cluster cannot be placed in zones.',
    description: ({ cluster }) =>
      `${ofCluster(cluster.label)}{{ $value | humanizePercentage }} of {{ $labels.unit }} has an end whose zone should be known and is not. ` +
      'Cross-zone figures and costs are too small by up to that share. First: see by reason, whether kube-state-metrics runs and nodes have their zone label.',
    expr: (config, threshold) =>
      overUnits(
        config,
        (input) => promql`
          sum by (${labels(...clusterLabels(config))}) (
            ${selector(trafficNames(config, input).unattributed, { reason: matches(FAULTS.join('|')) })}
          ) > ${threshold}`,
      ),
    comment: 'Peers outside the cluster have no zone by nature and do not count here.',
  }),
  alert({
    alert: 'TrafficCountedTwice',
    tier: warning(1.5, '30m', '15m'),
    summary: 'The two ends of the same traffic count it differently.',
    description: ({ cluster }) =>
      `${ofCluster(cluster.label)}for pairs that both ends see, the other end counts {{ $value | humanize }} times as much as the one that is read ` +
      '({{ $labels.unit }}). Near 2 or 0.5, one of them counts each packet twice. First: check flows.select against the aggregation level of ' +
      'the source, and whether some of the agents are scraped by two jobs.',
    expr: (config, threshold) =>
      overUnits(config, (input) => {
        if (input.peerView === undefined) return undefined;
        // Below a factor of 1, every ratio would be both too high and too low.
        const factor = Math.max(1, threshold);
        const ratio = selector(trafficNames(config, input).countedTwice);
        return either(promql`${ratio} > ${factor}`, promql`${ratio} < ${Number((1 / factor).toPrecision(4))}`);
      }),
    without: (config) =>
      withoutFlows(config) ??
      (config.inputs.some(({ peerView }) => peerView !== undefined)
        ? undefined
        : 'the source has the view of one end only'),
    comment:
      'Each end should count a packet once, so the ratio is 1; whoever sees more observations of it has the larger count.',
  }),
];

/** Alerts on the inputs of the rules: flows and identities. */
const pipelineAlerts: readonly Alert[] = [
  alert({
    alert: 'FlowSourceSilent',
    tier: warning(0, '15m'),
    summary: 'A cluster has nodes, and no traffic is measured in it.',
    description: ({ cluster }) =>
      `${ofCluster(cluster.label)}no {{ $labels.unit }} at all, although kube-state-metrics knows {{ $value | humanize }} nodes. Either the agents are ` +
      'down, or nobody scrapes them, or their metrics have other labels. First: up{job=...} of the scrape job, then the agent.',
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
      'No data is not zero traffic. The anchor is kube-state-metrics, so that the alert still knows the cluster. It looks at what comes ' +
      'in: traffic that is lost on its way through the rules is the matter of TrafficLost.',
  }),
  alert({
    alert: 'IdentitySourceSilent',
    tier: warning(0, '10m'),
    summary: 'Traffic is measured in a cluster whose pods nobody describes.',
    description: ({ cluster, rules }) =>
      `${ofCluster(cluster.label)}traffic of {{ $value | humanize }} series, and no kube_pod_info. Identities are remembered for ${longer(rules.infoLookback, rules.window)}; then all zones are unknown that the source does not tell itself. ` +
      'First: is kube-state-metrics up, scraped, and does it carry the same cluster label as the flows?',
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
    comment: 'kube-state-metrics is away, or its series carry another cluster label than the flows.',
  }),
  alert({
    alert: 'FlowEventsLost',
    tier: warning(0, '15m', '15m'),
    summary: 'An agent loses flow events, so traffic of its node is measured too low.',
    description: ({ cluster, rules }) =>
      `${ofCluster(cluster.label)}{{ $labels.instance }} lost {{ $value | humanize }} events in the last ${rules.window} ({{ $labels.source }}). ` +
      'First: set dataAggregationLevel to high or give the agent more CPU; a longer queue only helps with bursts.',
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
      withoutFlows(config) ??
      (config.sources.some(({ lost }) => lost !== undefined) ? undefined : 'the source does not count what it loses'),
    comment:
      'Lost events are missing from every figure, and only from those of busy nodes: shares shift as well. Readers that are too slow for ' +
      'the ring buffer lose nothing that is counted.',
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
    summary: 'A rule of Azimuth fails, and what it records stands still.',
    description: (config) =>
      `${onPrometheus(config)}: {{ $value | humanize }} evaluations of group {{ $labels.rule_group }} failed in the last 15 minutes. ` +
      'A failing rule keeps its last value for minutes: do not ' +
      'trust figures of this group. First: the page Rules of Prometheus shows the error.',
    expr: (config, threshold) => promql`
      sum by (${perGroup(config)}) (increase(${groupMetric('prometheus_rule_evaluation_failures_total')}[15m])) > ${threshold}`,
    comment: 'Dashboards do not show that a rule fails: the recorded series keeps its last value until it goes stale.',
  }),
  alert({
    alert: 'RuleGroupSlow',
    tier: warning(0.8, '15m'),
    summary: 'A rule group of Azimuth takes almost as long as its interval.',
    description: (config) =>
      `${onPrometheus(config)}: group {{ $labels.rule_group }} takes {{ $value | humanizePercentage }} of its interval. ` +
      'Above 100 % evaluations are skipped. ' +
      'First: lower flows.granularity, lengthen rules.interval, or switch off rules.compatibilityRecords.',
    expr: (config, threshold) => promql`
      max by (${perGroup(config)}) (
        ${groupMetric('prometheus_rule_group_last_duration_seconds')} / ${groupMetric('prometheus_rule_group_interval_seconds')}
      ) > ${threshold}`,
    comment: 'Skipped evaluations leave holes in every record of the group.',
  }),
];

/** Alerts on whether the figures of traffic can be trusted. */
export const trafficAlerts: readonly Alert[] = [...attributionAlerts, ...pipelineAlerts, ...rulerAlerts];
