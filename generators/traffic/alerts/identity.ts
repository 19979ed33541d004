import { POD_IDENTITY, remembered } from '../../identity/index.ts';
import { ofAnyCluster, ofCluster } from '../../alerts/spec.ts';
import {
  aggregate,
  either,
  firstOf,
  labels,
  longer,
  not,
  promql,
  type Query,
  selector,
  UniqueVector,
  withLabel,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import { EXPORTED, stateMetric } from '../../shared/state-metrics.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { PODS_DESCRIBED, trafficNames } from '../records/names.ts';
import { knowsLocality, oneNamespace, placesItself } from '../records/usable.ts';
import { SIDES } from '../source.ts';
import { alert, overUnits, warning } from './common.ts';

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

/** A cluster whose figures are withheld, with the cause that the rules find. */
export const identitySourceSilent = alert({
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
