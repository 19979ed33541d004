import { lastSeen, nodeZones, podsByAge, zoneIds } from '../../identity/index.ts';
import type { RecordingRule } from '../../model/rules.ts';
import {
  copied,
  duration,
  firstOf,
  labelReplace,
  labels,
  newest,
  not,
  promql,
  recorded,
  renamed,
  UniqueVector,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import { countedSeries, type FlowInput } from '../input.ts';
import { endLabels, type Side, SIDES } from '../source.ts';
import { stateMetric } from '../../shared/state-metrics.ts';

/** Labels of kube_pod_info that public queries expect in addition to the key. */
const POD_LABELS = ['host_ip', 'node', 'created_by_kind', 'created_by_name', 'host_network'];

/** `pod:*_kube_pod_info_mapping`: kube_pod_info under the labels of a flow, one row for each pod name and IP. */
function podMapping(config: TrafficConfig, side: Side): RecordingRule {
  const cluster = clusterLabels(config);
  const pods = podsByAge(config, ['pod_ip', ...POD_LABELS]);
  const key = [...cluster, `${side}_pod`, `${side}_ip`];
  const kept = ['namespace', 'pod', 'pod_ip', 'uid', ...POD_LABELS];
  const named = labelReplace(copied(pods, { pod: `${side}_pod` }), `${side}_ip`, '$1', 'pod_ip', '(.+)');
  return {
    record: `pod:${side}_kube_pod_info_mapping`,
    expr: newest(key, kept, named).query,
    labels: [...key, ...kept],
    unit: '1',
    cardinality: 'one for each pod name and address',
    comment:
      `For queries that join by "on (${side}_pod, ${side}_ip) group_left (node)". One row for each pod name and IP: host-network ` +
      'pods of one name, recreated pods and a second kube-state-metrics do not break that join.',
  };
}

const NODE_MAPPING = 'node:kube_node_info_mapping';

/** `node:kube_node_info_mapping`: the zone of every node, one row for each node. */
function nodeMapping(config: TrafficConfig): RecordingRule {
  const key = [...clusterLabels(config), 'node'];
  const zones = nodeZones(config, zoneIds(config));
  const providers = newest(key, ['provider_id'], lastSeen(config, stateMetric('kube_node_info', { node: not('') })));
  const withProvider = promql`
    ${zones.query}
    * on (${labels(...key)}) group_left (provider_id)
    ${providers.query}`;
  return {
    record: NODE_MAPPING,
    expr: firstOf(new UniqueVector(withProvider, key), zones).query,
    labels: [...key, 'provider_id', 'zone'],
    unit: '1',
    cardinality: 'one for each node',
    comment:
      'Widely copied rules read the zone from AWS provider IDs, so all other nodes share one empty zone. Here it comes from ' +
      'zones.from; nodes without a zone get "unknown".',
  };
}

/** `node:*_kube_node_info_mapping`: the same map, with the zone under the label of one side. */
function sideNodeMapping(config: TrafficConfig, side: Side): RecordingRule {
  const key = [...clusterLabels(config), 'node'];
  const mapping = renamed(recorded(NODE_MAPPING, key), { zone: `${side}_zone` }, ['provider_id']);
  return {
    record: `node:${side}_kube_node_info_mapping`,
    expr: mapping.query,
    labels: [...key, 'provider_id', `${side}_zone`],
    unit: '1',
    cardinality: 'one for each node',
    comment: `For queries that join by "on (node) group_left (${side}_zone)".`,
  };
}

/** The rate of flows between pods, by `irate` or `rate`: public queries use both names. */
function flowRateRule(config: TrafficConfig, input: FlowInput, rate: 'irate' | 'rate'): RecordingRule {
  const ends = SIDES.flatMap((side) => endLabels(input.source, side));
  const kept = [...clusterLabels(config), ...ends, 'protocol', 'verdict', 'traffic_direction'];
  const { window } = config.rules;
  const flows = promql`${countedSeries(input)}[${duration(window)}]`;
  return {
    record: `traffic:${input.metric}:${rate}${window}`,
    expr:
      rate === 'rate'
        ? promql`sum by (${labels(...kept)}) (rate(${flows}))`
        : promql`sum by (${labels(...kept)}) (irate(${flows}))`,
    labels: kept,
    unit: input.unitLabel,
    cardinality: 'one for each pair of pods with traffic, and protocol',
    comment:
      rate === 'rate'
        ? 'The average over the window.'
        : 'The rate between the last two samples, which is noisy. flows.select selects the flows.',
  };
}

/** The compatibility records, safe against duplicate series. They work with any counter of Hubble flows. */
export const compatibilityRules = (config: TrafficConfig, input: FlowInput): readonly RecordingRule[] => [
  ...SIDES.map((side) => podMapping(config, side)),
  nodeMapping(config),
  ...SIDES.map((side) => sideNodeMapping(config, side)),
  flowRateRule(config, input, 'irate'),
  flowRateRule(config, input, 'rate'),
];
