import { nodesByCluster, ofCluster } from '../../alerts/spec.ts';
import { duration, either, labels, promql, selector } from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import { noTraffic } from '../input.ts';
import { agentKey, noLosses, remedies } from '../records/losses.ts';
import { eventNames, trafficNames } from '../records/names.ts';
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
    ratio: true,
    tier: warning(0.01, '15m', '15m'),
    summary: 'An agent loses flow events, so the traffic of its node is undercounted.',
    description: ({ cluster, sources }) =>
      `${ofCluster(cluster.label)}the agent {{ $labels.instance }} loses {{ $value | humanizePercentage }} of what {{ $labels.source }} ` +
      `sees there before it is counted (type {{ $labels.type }}). First: ${remedies({ sources })}.`,
    expr: (config, threshold) => {
      const share = selector(eventNames(config).lostShare);
      const agent = labels(...agentKey(config));
      return promql`
        ${promql`${share} > 0`}
        and on (${agent})
        sum by (${agent}) (${share}) > ${threshold}`;
    },
    without: (config) => noTraffic(config) ?? noLosses(config),
    comment:
      'Lost events are missing from every figure. Busy nodes lose most, so shares shift too. The threshold is on the whole loss of an ' +
      'agent; each type that contributes is named with its part.',
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
