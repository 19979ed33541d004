import type { Config } from '../config/schema.ts';
import { duration, labels, longer, matches, not, promql, seconds, selector, type Query } from '../promql/index.ts';
import { clusterLabels, trafficNames } from '../recordings/names.ts';
import { flowInputs } from '../sources/input.ts';
import { overUnits, withoutFlows } from './attribution.ts';
import type { AlertSpec } from './spec.ts';
import { ofCluster } from './texts.ts';

const warning = (threshold: number, pending: string) =>
  ({ severity: 'warning', threshold, for: pending, keepFiringFor: '0s' }) as const;

const ON_DASHBOARD = { uid: 'zone-traffic', variables: [] };

/** Hubble counts its metrics before it writes to that ring: who reads it too slowly, such as a user interface, loses none of them. */
const COUNTED_ALL = { source: not('hubble_ring_buffer') };

/** Prometheus names a group by its file and its name. */
const OUR_GROUPS = { rule_group: matches('.*;(azimuth-.*|inter_az_traffic_analysis[.]rules)') };

const ruler = (metric: string): Query => selector(metric, OUR_GROUPS);

/** Every cluster's Prometheus may call itself localhost:9090. */
const perGroup = (config: Config) => labels(...clusterLabels(config), 'instance', 'rule_group');

/** "Prometheus 10.0.1.2:9090 of cluster production" as a template. */
const onPrometheus = ({ cluster }: Config): string =>
  `Prometheus {{ $labels.instance }}${cluster.label === null ? '' : `{{ with $labels.${cluster.label} }} of cluster {{ . }}{{ end }}`}`;

/** Alerts on what the traffic is computed from. */
export const pipelineAlerts: readonly AlertSpec[] = [
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
    tier: { ...warning(0, '15m'), keepFiringFor: '15m' },
    summary: 'An agent loses flow events, so traffic of its node is measured too low.',
    description: ({ cluster, rules }) =>
      `${ofCluster(cluster.label)}{{ $labels.instance }} lost {{ $value | humanize }} events in the last ${rules.window} ({{ $labels.source }}). ` +
      'First: set dataAggregationLevel to high or give the agent more CPU; a longer queue only helps with bursts.',
    expr: (config, threshold) => {
      const metrics = [...new Set(flowInputs(config).flatMap(({ source }) => source.lost?.metric ?? []))];
      const by = labels(...clusterLabels(config), 'instance', 'source');
      return metrics
        .map(
          (metric) => promql`
            sum by (${by}) (rate(${selector(metric, COUNTED_ALL)}[${duration(config.rules.window)}])) * ${seconds(config.rules.window)} > ${threshold}`,
        )
        .reduce(
          (chain, next) => promql`
          ${chain}
          or
          ${next}`,
        );
    },
    without: (config) =>
      withoutFlows(config) ??
      (flowInputs(config).some(({ source }) => source.lost !== undefined)
        ? undefined
        : 'the source does not count what it loses'),
    comment:
      'Lost events are missing from every figure, and only from those of busy nodes: shares shift as well. Readers that are too slow for ' +
      'the ring buffer lose nothing that is counted.',
    dashboard: ON_DASHBOARD,
  },
  {
    alert: 'RuleEvaluationFailing',
    ratio: false,
    sustained: false,
    tier: { ...warning(0, '0s'), keepFiringFor: '15m' },
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
      'First: lower flows.granularity, lengthen rules.interval, or switch off rules.articleRecords.',
    expr: (config, threshold) => promql`
      max by (${perGroup(config)}) (
        ${ruler('prometheus_rule_group_last_duration_seconds')} / ${ruler('prometheus_rule_group_interval_seconds')}
      ) > ${threshold}`,
    without: withoutFlows,
    comment: 'Skipped evaluations leave holes in every record of the group.',
    dashboard: ON_DASHBOARD,
  },
];
