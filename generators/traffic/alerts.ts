import { alertsFor, type AlertSpec, ofAnyCluster, ofCluster } from '../alerts/spec.ts';
import type { AlertingRule } from '../model/rules.ts';
import {
  aggregate,
  copied,
  duration,
  either,
  firstOf,
  labels,
  longer,
  matches,
  not,
  promql,
  type Query,
  seconds,
  selector,
  UniqueVector,
  withLabel,
} from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import type { TrafficConfig } from './config.ts';
import { type FlowInput, hasTwoViews, noTraffic } from './input.ts';
import { NAMED } from './records/flows.ts';
import { remembered } from './records/identity.ts';
import { POD_IDENTITY, PODS_DESCRIBED, REASONS, REFUSED_ZONE, trafficNames } from './records/names.ts';
import { resolvedLabel } from './records/resolution.ts';
import { EXPORTED, stateMetric } from './records/state-metrics.ts';
import { knowsLocality, oneNamespace, placesItself } from './records/usable.ts';
import { noRulerMetrics, onRuler, perGroup, rulerOf } from './rulers.ts';
import { SIDES } from './source.ts';
import { useOf, zoneFilter } from './vocabulary.ts';

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

/**
 * Twice the longest interval of the double-count check: with vmalert, its newest sample is up to two intervals old, and a plain query would
 * lose it after 5 minutes, so that the alert never stays pending long enough.
 */
const RATIO_LOOKBACK = duration('10m');

/** Refused zones that the source of an input reports for ends of traffic, as label `zone`. */
const refusedBySource = (config: TrafficConfig, input: FlowInput): readonly Query[] =>
  SIDES.flatMap((side) => {
    const { zone } = input.source.ends[side];
    if (zone === undefined || useOf(config, 'source') !== 'as is') return [];
    const where = { [resolvedLabel(config, input, side, 'reason')]: 'invalid_zone', [zone]: NAMED };
    return [copied(selector(trafficNames(config, input).identity(side), where), { [zone]: 'zone' })];
  });

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
      overUnits(config, (input) =>
        knowsLocality(input.source)
          ? undefined
          : promql`
          sum by (${labels(...clusterLabels(config))}) (
            ${selector(trafficNames(config, input).unattributed, { reason: matches(FAULTS.join('|')) })}
          ) > ${threshold}`,
      ),
    without: (config) =>
      noTraffic(config) ??
      (config.inputs.some(({ source }) => !knowsLocality(source))
        ? undefined
        : 'the source counts cross-zone traffic only, even if a zone is unknown'),
    comment: 'Peers outside the cluster have no zone and do not count here; addresses in its ranges do.',
  }),
  alert({
    alert: 'ZoneInvalid',
    tier: { ...warning(0, '30m'), severity: 'info' },
    summary: 'A zone is refused, so traffic of its nodes has no known zone.',
    description: ({ cluster, zones }) =>
      `${ofCluster(cluster.label)}{{ $value | humanize }} nodes or ends of traffic have the zone "{{ $labels.zone }}", which ` +
      `${zones.valid === null ? 'is a fault domain of Azure' : 'zones.valid refuses'}. Their traffic counts as unknown, for the reason invalid_zone. ` +
      'First: see which nodes these are; if the value is a zone after all, change zones.valid.',
    expr: (config, threshold) => {
      const key = [...clusterLabels(config), 'zone'];
      const counted = (query: Query) => new UniqueVector(promql`count by (${labels(...key)}) (${query})`, key);
      const ofNodes = counted(copied(selector(REFUSED_ZONE), { refused_zone: 'zone' }));
      const ofSources = config.inputs.flatMap((input) => refusedBySource(config, input)).map(counted);
      return promql`${firstOf(ofNodes, ...ofSources).query} > ${threshold}`;
    },
    without: (config) =>
      noTraffic(config) ??
      (zoneFilter(config) === undefined ? 'zones.valid is null, so no zone is refused' : undefined),
    comment:
      'A value that is there is not always a zone: outside of availability zones, AKS labels nodes with their fault domain.',
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
        const ratio = promql`last_over_time(${selector(trafficNames(config, input).countedTwice)}[${RATIO_LOOKBACK}])`;
        return either(promql`${ratio} > ${factor}`, promql`${ratio} < ${Number((1 / factor).toPrecision(4))}`);
      }),
    without: (config) =>
      noTraffic(config) ?? (config.inputs.some(hasTwoViews) ? undefined : 'the source reports one end only'),
    comment:
      'Each end should count a packet once, so the ratio should be 1. The end that observes a packet more often has the larger count.',
  }),
];

/** Why the pods of a cluster are not known, best evidence first: what the alert says, and the first step. The last one is the default. */
const CAUSES = {
  honor_labels: {
    found: 'its kube_pod_info names kube-state-metrics instead of the pods',
    first:
      'set honor_labels: true in the scrape job of kube-state-metrics, or honorLabels: true in its ServiceMonitor.',
  },
  one_namespace: {
    found: 'kube-state-metrics reports the pods of one namespace only',
    first: 'start kube-state-metrics without --namespaces, with a ClusterRole.',
  },
  other_pods: {
    found: 'kube_pod_info has none of the pods that the traffic names',
    first: 'let the Prometheus that evaluates the rules scrape all agents and all of kube-state-metrics: no shards.',
  },
  no_pods: {
    found: 'kube-state-metrics reports nodes but no pods',
    first: 'check that pods is among its resources, and that it may list them.',
  },
  no_zones: {
    found: 'the source names neither zones nor pods',
    first: 'let the source add zones, as the generated values and manifests do.',
  },
  cluster_label: {
    found: 'kube_pod_info has no cluster label',
    first: 'add the cluster label in the scrape job of kube-state-metrics.',
  },
  no_kube_state_metrics: {
    found: 'no kube_pod_info',
    first: 'check that kube-state-metrics is up and scraped, and that it has the same cluster label as the flows.',
  },
} as const;

type Cause = keyof typeof CAUSES;

/** A text for each cause, as a template. */
const byCause = (text: 'found' | 'first'): string =>
  `${Object.entries(CAUSES)
    .map(([cause, texts], index) => `{{ ${index === 0 ? '' : 'else '}if eq $labels.cause "${cause}" }}${texts[text]}`)
    .join('')}{{ end }}`;

/** The cause in each cluster with traffic, in the label `cause`. */
function causes(config: TrafficConfig, input: FlowInput): Query {
  const cluster = clusterLabels(config);
  const by = labels(...cluster);
  const anyCluster = ofAnyCluster(config);
  const seen = selector(trafficNames(config, input).endpoint('source'), anyCluster);
  const partly = oneNamespace(config, input);
  const conditions: Readonly<Partial<Record<Cause, Query>>> = SIDES.some(
    (side) => input.source.ends[side].pod !== undefined || input.source.ends[side].ip !== undefined,
  )
    ? {
        honor_labels: either(
          ...EXPORTED.map((label) =>
            remembered(config, selector('kube_pod_info', { ...anyCluster, [label]: not('') })),
          ),
          // Without honor_labels, and with the exported labels dropped.
          promql`
          ${selector(POD_IDENTITY, anyCluster)}
          unless on (${by})
          ${selector(PODS_DESCRIBED)}`,
        ),
        ...(partly !== undefined && { one_namespace: partly }),
        other_pods: stateMetric('kube_pod_info', { ...anyCluster, node: not('') }),
        no_pods: stateMetric('kube_node_info', anyCluster),
        ...(config.cluster.label !== null && {
          cluster_label: promql`
            ${seen}
            and on ()
            ${selector('kube_pod_info', { [config.cluster.label]: '' })}`,
        }),
        no_kube_state_metrics: seen,
      }
    : { no_zones: seen };
  const found = Object.keys(CAUSES).flatMap((cause) => {
    const condition = conditions[cause as Cause];
    if (condition === undefined) return [];
    return [new UniqueVector(withLabel(aggregate('group', cluster, condition), 'cause', cause), cluster)];
  });
  const [first, ...others] = found;
  if (first === undefined) throw new TypeError(`no cause applies to ${input.source.id}`);
  return firstOf(first, ...others).query;
}

const identitySourceSilent = alert({
  alert: 'IdentitySourceSilent',
  tier: warning(0, '10m', '10m'),
  summary: 'A cluster has measured traffic but no usable pod metadata.',
  description: ({ cluster, rules }) =>
    `${ofCluster(cluster.label)}{{ $value | humanize }} series of traffic, but ${byCause('found')}. Identities are remembered for ${longer(rules.infoLookback, rules.window)}; after that, ` +
    `pairs, totals and cost are withheld unless the source itself reports zones. First: ${byCause('first')}`,
  expr: (config, threshold) => {
    const cluster = clusterLabels(config);
    const by = labels(...cluster);
    return overUnits(config, (input) => {
      const { endpoint, placed } = trafficNames(config, input);
      // What is remembered still places traffic when kube-state-metrics is away, but not for long.
      const now = aggregate('group', cluster, stateMetric('kube_pod_info', { ...ofAnyCluster(config), node: not('') }));
      const usable = promql`${selector(placed)} == 1`;
      const well = knowsLocality(input.source)
        ? now
        : placesItself(input.source)
          ? usable
          : promql`
            ${usable}
            and on (${by})
            ${now}`;
      const silent = promql`
        count by (${by}) (${selector(endpoint('source'), ofAnyCluster(config))}) > ${threshold}
        unless on (${by})
        (
          ${well}
        )`;
      return promql`
        ${silent}
        * on (${by}) group_left (cause)
        (
          ${causes(config, input)}
        )`;
    });
  },
  comment:
    'kube-state-metrics is down or describes other pods, or its series have another cluster label than the flows. The figures of the cluster are withheld then; ' +
    'the alert names the cause that it finds. It goes on for as long as it waits, so that it does not stop when the cause changes.',
});

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
            last_over_time(${selector('kube_node_info', ofAnyCluster(config))}[${duration(config.rules.window)}])
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
  identitySourceSilent,
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
  alert({
    alert: 'ClusterLabelMissing',
    tier: warning(0, '10m'),
    summary: 'Series have no cluster label.',
    description: ({ cluster: { label } }) =>
      `{{ $value | humanize }} series of kube-state-metrics or of traffic have no label ${label}: their figures stand under an empty name, and ` +
      `FlowSourceSilent and IdentitySourceSilent leave them out. First: count by (job) (kube_node_info{${label}=""}) names the job; add the label there.`,
    expr: (config, threshold) => {
      const unlabelled = config.cluster.label === null ? {} : { [config.cluster.label]: '' };
      const described = ['kube_node_info', 'kube_pod_info'].map(
        (metric) => promql`last_over_time(${selector(metric, unlabelled)}[${duration(config.rules.window)}])`,
      );
      const traffic = config.inputs.map((input) =>
        selector(trafficNames(config, input).endpoint('source'), unlabelled),
      );
      return promql`
        count(
          ${either(...described, ...traffic)}
        ) > ${threshold}`;
    },
    without: (config) => noTraffic(config) ?? (config.cluster.label === null ? 'cluster.label is null' : undefined),
    comment:
      'Other alerts on what kube-state-metrics reports read series with the label only, so that series of others in the store raise one alert, not several.',
  }),
];

/** Alerts on the evaluation of the rules themselves; they exist with or without traffic. */
const rulerAlerts: readonly Alert[] = [
  alert({
    alert: 'RuleEvaluationFailing',
    tier: warning(0, '0s', '15m'),
    summary: 'A rule of Azimuth fails, so its figures are out of date.',
    description: (config) =>
      `${onRuler(config)}: {{ $value | humanize }} evaluations of group ${rulerOf(config).group} failed in the last 15 minutes. ` +
      'A failing rule keeps its last value for minutes: do not ' +
      `trust the figures of this group. First: find the error ${rulerOf(config).errors}.`,
    expr: (config, threshold) => promql`
      sum by (${perGroup(config)}) (
        ${rulerOf(config).failures('15m')}
      ) > ${threshold}`,
    without: noRulerMetrics,
    comment: 'Dashboards do not show a failing rule: the recorded series keeps its last value until it goes stale.',
  }),
  alert({
    alert: 'RuleGroupSlow',
    tier: warning(0.8, '15m'),
    summary: 'A rule group of Azimuth takes almost as long as its interval.',
    description: (config) =>
      `${onRuler(config)}: group ${rulerOf(config).group} takes {{ $value | humanizePercentage }} of its interval. ` +
      'Above 100 %, evaluations are skipped. ' +
      'First: lower flows.granularity, lengthen rules.interval, or turn off rules.compatibilityRecords.',
    expr: (config, threshold) => promql`
      max by (${perGroup(config)}) (
        ${rulerOf(config).load}
      ) > ${threshold}`,
    without: noRulerMetrics,
    comment: 'Skipped evaluations leave gaps in every record of the group.',
  }),
];

/** Alerts on whether the figures of traffic can be trusted. */
export const trafficAlerts: readonly Alert[] = [...attributionAlerts, ...pipelineAlerts, ...rulerAlerts];

/** The alerts of a configuration. Without traffic there is no zone-traffic dashboard to open. */
export const alertsOf = (config: TrafficConfig): readonly AlertingRule[] =>
  alertsFor(
    config,
    noTraffic(config) === undefined
      ? trafficAlerts
      : rulerAlerts.map((spec) => ({ ...spec, dashboard: { uid: 'node-allowances', variables: [] } })),
  );
