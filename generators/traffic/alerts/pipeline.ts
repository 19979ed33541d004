import { clusterLabels } from '../../settings/cluster-labels.ts';
import { duration, either, labels, longer, not, promql, seconds, selector } from '../../promql/index.ts';
import { trafficNames } from '../records/names.ts';
import { flowInputs } from '../input.ts';
import type { AlertSpec } from '../../alerts/spec.ts';
import { ofCluster } from '../../alerts/texts.ts';
import { ON_DASHBOARD, overUnits, withoutFlows } from './units.ts';

const warning = (threshold: number, pending: string) =>
  ({ severity: 'warning', threshold, for: pending, keepFiringFor: '0s' }) as const;

/** Hubble counts its metrics before it writes to that ring: who reads it too slowly, such as a user interface, loses none of them. */
const COUNTED_ALL = { source: not('hubble_ring_buffer') };

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
      const metrics = [...new Set(flowInputs(config).flatMap(({ source }) => source.lost ?? []))];
      const by = labels(...clusterLabels(config), 'instance', 'source');
      const lost = (metric: string) => promql`
        sum by (${by}) (rate(${selector(metric, COUNTED_ALL)}[${duration(config.rules.window)}])) * ${seconds(config.rules.window)} > ${threshold}`;
      return either(...metrics.map(lost));
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
];
