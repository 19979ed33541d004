import { nodesByCluster, ofCluster } from '../../alerts/spec.ts';
import { duration, either, labels, promql, seconds, selector } from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import { noTraffic } from '../input.ts';
import { trafficNames } from '../records/names.ts';
import { alert, type Alert, overUnits, warning } from './common.ts';
import { identitySourceSilent } from './identity.ts';

/** Alerts on the inputs of the rules: flows and identities. */
export const inputAlerts: readonly Alert[] = [
  alert({
    alert: 'FlowSourceSilent',
    tier: warning(0, '15m'),
    summary: 'A cluster has nodes but no measured traffic.',
    description: ({ cluster }) =>
      `${ofCluster(cluster.label)}no {{ $labels.unit }} at all, although kube-state-metrics reports {{ $value | humanize }} nodes. The agents are ` +
      'down, or Prometheus does not scrape them, or their metrics have other labels. First: check up{job=...} of the scrape job, then the agents.',
    expr: (config, threshold) => {
      const by = labels(...clusterLabels(config));
      const nodes = nodesByCluster(config);
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
