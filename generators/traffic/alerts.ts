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
import type { FlowInput } from './input.ts';
import { REASONS, trafficNames } from './records/names.ts';

type Alert = AlertSpec<TrafficConfig>;

const warning = (threshold: number, pending: string, keepFiringFor = '0s') =>
  ({ severity: 'warning', threshold, for: pending, keepFiringFor }) as const;

/** The dashboard that alerts on traffic lead to. */
const ON_DASHBOARD = { uid: 'zone-traffic', variables: [] };

/** A condition over every unit that the inputs count, with the label `unit`; inputs without an answer are passed over. */
const overUnits = ({ inputs }: TrafficConfig, condition: (input: FlowInput) => Query | undefined): Query =>
  either(
    ...inputs.flatMap((input) => {
      const query = condition(input);
      return query === undefined ? [] : [withLabel(query, 'unit', input.unit)];
    }),
  );

/** Why nothing is recorded of traffic; undefined where something is. */
export const withoutFlows = ({ inputs }: TrafficConfig): string | undefined =>
  inputs.length === 0 ? 'flows.source is none' : undefined;

/** Reasons that are in the nature of the traffic and not a fault of the data. */
const EXPECTED = new Set<string>(['external', 'no_peer']);
const FAULTS = REASONS.filter((reason) => !EXPECTED.has(reason));

/** Alerts on how well traffic is placed and counted. */
const attributionAlerts: readonly Alert[] = [
  {
    alert: 'TrafficLost',
    ratio: true,
    sustained: false,
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
    without: withoutFlows,
    comment:
      'Traffic in minus traffic accounted for. By construction it is zero to rounding: anything else is a fault of the rules.',
    dashboard: ON_DASHBOARD,
  },
  {
    alert: 'TrafficUnattributed',
    ratio: true,
    sustained: false,
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
    without: withoutFlows,
    comment: 'Peers outside the cluster have no zone by nature and do not count here.',
    dashboard: ON_DASHBOARD,
  },
  {
    alert: 'TrafficCountedTwice',
    ratio: false,
    sustained: false,
    tier: warning(1.5, '30m', '15m'),
    summary: 'The two ends of the same traffic count it differently.',
    description: ({ cluster }) =>
      `${ofCluster(cluster.label)}for pairs that both ends see, the other end counts {{ $value | humanize }} times as much as the one that is read ` +
      '({{ $labels.unit }}). Near 2 or 0.5, one of them counts each packet twice. First: check flows.select against the aggregation level of ' +
      'the source, and whether some of the agents are scraped by two jobs.',
    expr: (config, threshold) =>
      overUnits(config, (input) => {
        if (input.opposite === undefined) return undefined;
        // No two counts differ by less than a factor of 1: below, every ratio would be both too high and too low.
        const factor = Math.max(1, threshold);
        const ratio = selector(trafficNames(config, input).countedTwice);
        return either(promql`${ratio} > ${factor}`, promql`${ratio} < ${Number((1 / factor).toPrecision(4))}`);
      }),
    without: (config) =>
      withoutFlows(config) ??
      (config.inputs.some(({ opposite }) => opposite !== undefined)
        ? undefined
        : 'the source has the view of one end only'),
    comment:
      'Each end should count a packet once, so the ratio is 1; whoever sees more observations of it has the larger count.',
    dashboard: ON_DASHBOARD,
  },
];

/** Alerts on what the traffic is computed from. */
const pipelineAlerts: readonly Alert[] = [
  {
    alert: 'FlowSourceSilent',
    ratio: false,
    sustained: false,
    tier: warning(0, '15m'),
    summary: 'A cluster has nodes, and no traffic is measured in it.',
    description: ({ cluster }) =>
      `${ofCluster(cluster.label)}no {{ $labels.unit }} at all, although kube-state-metrics knows {{ $value | humanize }} nodes. Either the agents are ` +
      'down, or nobody scrapes them, or their metrics have other labels. First: up{job=...} of the scrape job, then the agent.',
    expr: (config, threshold) => {
      const by = labels(...clusterLabels(config));
      // Nodes are remembered as long as the rate of a flow: a restart of kube-state-metrics does not start the wait anew.
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
    without: withoutFlows,
    comment:
      'No data is not zero traffic. The anchor is kube-state-metrics, so that the alert still knows the cluster. It looks at what comes ' +
      'in: traffic that is lost on its way through the rules is the matter of TrafficLost.',
    dashboard: ON_DASHBOARD,
  },
  {
    alert: 'IdentitySourceSilent',
    ratio: false,
    sustained: false,
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
    without: withoutFlows,
    comment: 'kube-state-metrics is away, or its series carry another cluster label than the flows.',
    dashboard: ON_DASHBOARD,
  },
  {
    alert: 'FlowEventsLost',
    ratio: false,
    sustained: false,
    tier: warning(0, '15m', '15m'),
    summary: 'An agent loses flow events, so traffic of its node is measured too low.',
    description: ({ cluster, rules }) =>
      `${ofCluster(cluster.label)}{{ $labels.instance }} lost {{ $value | humanize }} events in the last ${rules.window} ({{ $labels.source }}). ` +
      'First: set dataAggregationLevel to high or give the agent more CPU; a longer queue only helps with bursts.',
    expr: (config, threshold) => {
      const counters = config.sources
        .flatMap(({ lost }) => lost ?? [])
        .filter(({ metric }, index, all) => all.findIndex((other) => other.metric === metric) === index);
      const by = labels(...clusterLabels(config), 'instance', 'source');
      const conditions = counters.map(
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
    dashboard: ON_DASHBOARD,
  },
];

/** Prometheus names a group by its file and its name. */
const OUR_GROUPS = { rule_group: matches('.*;(azimuth-.*|inter_az_traffic_analysis[.]rules)') };

const ruler = (metric: string): Query => selector(metric, OUR_GROUPS);

/** Every cluster's Prometheus may call itself localhost:9090. */
const perGroup = (config: TrafficConfig) => labels(...clusterLabels(config), 'instance', 'rule_group');

/** "Prometheus 10.0.1.2:9090 of cluster production" as a template. */
const onPrometheus = ({ cluster }: TrafficConfig): string =>
  `Prometheus {{ $labels.instance }}${cluster.label === null ? '' : `{{ with $labels.${cluster.label} }} of cluster {{ . }}{{ end }}`}`;

/** Alerts on the evaluation of the rules themselves. */
const rulerAlerts: readonly Alert[] = [
  {
    alert: 'RuleEvaluationFailing',
    ratio: false,
    sustained: false,
    tier: warning(0, '0s', '15m'),
    summary: 'A rule of Azimuth fails, and what it records stands still.',
    description: (config) =>
      `${onPrometheus(config)}: {{ $value | humanize }} evaluations of group {{ $labels.rule_group }} failed in the last 15 minutes. ` +
      'A failing rule keeps its last value for minutes: do not ' +
      'trust figures of this group. First: the page Rules of Prometheus shows the error.',
    expr: (config, threshold) => promql`
      sum by (${perGroup(config)}) (increase(${ruler('prometheus_rule_evaluation_failures_total')}[15m])) > ${threshold}`,
    without: withoutFlows,
    comment: 'Dashboards do not show that a rule fails: the recorded series keeps its last value until it goes stale.',
    dashboard: ON_DASHBOARD,
  },
  {
    alert: 'RuleGroupSlow',
    ratio: false,
    sustained: false,
    tier: warning(0.8, '15m'),
    summary: 'A rule group of Azimuth takes almost as long as its interval.',
    description: (config) =>
      `${onPrometheus(config)}: group {{ $labels.rule_group }} takes {{ $value | humanizePercentage }} of its interval. ` +
      'Above 100 % evaluations are skipped. ' +
      'First: lower flows.granularity, lengthen rules.interval, or switch off rules.compatibilityRecords.',
    expr: (config, threshold) => promql`
      max by (${perGroup(config)}) (
        ${ruler('prometheus_rule_group_last_duration_seconds')} / ${ruler('prometheus_rule_group_interval_seconds')}
      ) > ${threshold}`,
    without: withoutFlows,
    comment: 'Skipped evaluations leave holes in every record of the group.',
    dashboard: ON_DASHBOARD,
  },
];

/** Alerts on what the traffic is computed from: whether it is complete, placed and counted once. */
export const trafficAlerts: readonly Alert[] = [...attributionAlerts, ...pipelineAlerts, ...rulerAlerts];
