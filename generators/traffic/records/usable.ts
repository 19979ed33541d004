import { POD_IDENTITY, remembered } from '../../identity/index.ts';
import type { RecordingRule } from '../../model/rules.ts';
import { aggregate, either, labels, type Matchers, not, promql, type Query, selector } from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { type EndField, type FlowSource, SIDES } from '../source.ts';
import { ADDRESS_IDENTITY, PODS_DESCRIBED, trafficNames } from './names.ts';
import { NAMED } from './flows.ts';
import { stateMetric } from '../../shared/state-metrics.ts';

/** Records `cluster:identity:info`. */
export function podsDescribedRule(config: TrafficConfig): RecordingRule {
  const cluster = clusterLabels(config);
  const others = promql`
    ${selector(POD_IDENTITY)}
    unless on (${labels(...cluster, 'namespace', 'pod')})
    ${remembered(config, stateMetric('kube_node_info', { pod: not('') }))}`;
  return {
    record: PODS_DESCRIBED,
    expr: aggregate('group', cluster, others),
    labels: cluster,
    unit: '1',
    cardinality: 'one for each cluster whose pods are described',
    comment:
      'Clusters of which kube-state-metrics describes pods other than its own. A scrape without honor_labels gives every pod the name of ' +
      "kube-state-metrics; that name is known from the series of nodes, whose namespace and pod are the target's.",
  };
}

/** Whether the source counts one locality only: its traffic across zones is a fact, whoever sends. */
export const knowsLocality = ({ locality }: FlowSource): boolean => locality !== undefined;

/** Whether the source says itself where an end is and what it belongs to, so that its figures need no description of pods. */
export const placesItself = ({ ends }: FlowSource): boolean =>
  SIDES.some((side) => ends[side].zone !== undefined && ends[side].workload !== undefined);

/** The endpoints of each side for which the source has this field. */
const endpointsWith = (config: TrafficConfig, input: FlowInput, field: EndField, where: Matchers): readonly Query[] =>
  SIDES.filter((side) => input.source.ends[side][field] !== undefined).map((side) =>
    selector(trafficNames(config, input).endpoint(side), where),
  );

/**
 * Clusters of which kube-state-metrics describes one namespace, while most pods in the flows are in others: it was started with
 * `--namespaces`, or may not list the rest. Undefined where the source names no pods.
 */
export function oneNamespace(config: TrafficConfig, input: FlowInput): Query | undefined {
  const named = endpointsWith(config, input, 'pod', { namespace: NAMED, pod: NAMED });
  if (named.length === 0) return undefined;
  const cluster = clusterLabels(config);
  const by = labels(...cluster);
  const all = either(...named);
  const elsewhere = promql`
    ${all}
    unless on (${labels(...cluster, 'namespace')})
    ${selector(POD_IDENTITY)}`;
  return promql`
    count by (${by}) (
      ${aggregate('group', [...cluster, 'namespace'], selector(POD_IDENTITY))}
    ) == 1
    and on (${by})
    (
      2 * count by (${by}) (
        ${elsewhere}
      )
      >
      count by (${by}) (
        ${all}
      )
    )`;
}

/** Clusters in which at least one end of the traffic is a pod that is described. Nodes do not count: each shard may know them. */
function podsMatch(config: TrafficConfig, input: FlowInput): readonly Query[] {
  const cluster = clusterLabels(config);
  const named = endpointsWith(config, input, 'pod', { pod: NAMED }).map(
    (seen) => promql`
    ${seen}
    and on (${labels(...cluster, 'namespace', 'pod')})
    ${selector(POD_IDENTITY)}`,
  );
  const addressed = endpointsWith(config, input, 'ip', {}).map(
    (seen) => promql`
    ${seen}
    and on (${labels(...cluster, 'ip')})
    ${selector(ADDRESS_IDENTITY, { pod: not('') })}`,
  );
  if (named.length + addressed.length === 0) return [];
  const described = promql`
    ${aggregate('group', cluster, either(...named, ...addressed))}
    and on (${labels(...cluster)})
    ${selector(PODS_DESCRIBED)}`;
  const partly = oneNamespace(config, input);
  if (partly === undefined) return [described];
  return [
    promql`
    ${described}
    unless on (${labels(...cluster)})
    (
      ${partly}
    )`,
  ];
}

/** Clusters in which the source itself names a zone. */
const ownZones = (config: TrafficConfig, input: FlowInput): readonly Query[] =>
  placesItself(input.source)
    ? [
        aggregate(
          'group',
          clusterLabels(config),
          either(...endpointsWith(config, input, 'zone', { native_zone: NAMED })),
        ),
      ]
    : [];

/**
 * Records for each cluster with traffic whether that traffic can be placed. It stands between the endpoints and the pairs, so what is
 * withheld is decided once and at the moment of the figures.
 */
export function placedRule(config: TrafficConfig, input: FlowInput): RecordingRule {
  const cluster = clusterLabels(config);
  const { endpoint, placed } = trafficNames(config, input);
  const seen = aggregate('group', cluster, selector(endpoint('source')));
  return {
    record: placed,
    expr: either(...ownZones(config, input), ...podsMatch(config, input), promql`0 * ${seen}`),
    labels: cluster,
    unit: '1',
    cardinality: 'one',
    comment:
      '1 where the traffic of a cluster can be placed; 0 where nobody knows its ends. All of it would be unknown, which reads as no ' +
      'cross-zone traffic and no cost: so pairs, sums and cost are withheld, and IdentitySourceSilent says why.',
  };
}

/** Leaves out clusters whose traffic cannot be placed. */
export const onlyPlaced = (config: TrafficConfig, input: FlowInput, query: Query): Query =>
  knowsLocality(input.source)
    ? query
    : promql`
      ${query}
      and on (${labels(...clusterLabels(config))})
      (${selector(trafficNames(config, input).placed)} == 1)`;

/** Clusters with traffic that cannot be placed, as the value 0. */
export const notPlaced = (config: TrafficConfig, input: FlowInput, where: Matchers = {}): Query =>
  promql`${selector(trafficNames(config, input).placed, where)} == 0`;
