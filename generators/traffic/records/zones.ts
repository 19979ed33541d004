import type { RecordingRule } from '../../model/rules.ts';
import { firstOf, labels, matches, newest, not, promql, quoted, UniqueVector, withLabel } from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import { lastSeen, remembered } from './identity.ts';
import { NODE_ZONE } from './names.ts';
import { stateMetric } from './state-metrics.ts';

/**
 * The name under which kube-state-metrics exposes a Kubernetes label.
 * Upstream: kube-state-metrics, internal/store/utils.go.
 */
const kubeLabel = (name: string): string =>
  `label_${name
    .replaceAll(/[^a-zA-Z0-9_]/g, '_')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()}`;

/**
 * The zone in a provider ID: the first part of the path on AWS (also for Local Zones and Fargate), the part after the project on GCE.
 * `aws:////i-...`, `azure://...` and hybrid nodes have none.
 * Upstream: cloud-provider-aws and cloud-provider-gcp, provider IDs.
 */
const PROVIDER_ID_ZONE = '(?:aws:///|gce://[^/]+/)([^/]+)/.+';

/** Sources of a zone, as `zones.from` names them. Each gives the nodes whose zone it knows. */
const SOURCES: Readonly<Record<TrafficConfig['zones']['from'][number], (config: TrafficConfig) => UniqueVector>> = {
  'node-label': (config) => {
    const label = kubeLabel(config.zones.nodeLabel);
    const series = stateMetric('kube_node_labels', { [label]: not('') });
    return zoneFrom(config, lastSeen(config, series), label, '(.+)');
  },
  'provider-id': (config) => {
    const series = stateMetric('kube_node_info', { provider_id: matches(PROVIDER_ID_ZONE) });
    return zoneFrom(config, lastSeen(config, series), 'provider_id', PROVIDER_ID_ZONE);
  },
};

const zoneFrom = (
  config: TrafficConfig,
  seen: ReturnType<typeof lastSeen>,
  label: string,
  regex: string,
): UniqueVector =>
  newest(
    [...clusterLabels(config), 'node'],
    ['zone'],
    promql`label_replace(${seen}, "zone", "$1", ${quoted(label)}, ${quoted(regex)})`,
  );

/** Every known node, through its own series or through one of its pods, with the zone "unknown". */
function unknownZones(config: TrafficConfig): UniqueVector {
  const key = [...clusterLabels(config), 'node'];
  const nodes = promql`
    group by (${labels(...key)}) (
      ${remembered(config, stateMetric('kube_node_info', { node: not('') }))}
      or
      ${remembered(config, stateMetric('kube_pod_info', { node: not('') }))}
    )`;
  return new UniqueVector(withLabel(nodes, 'zone', 'unknown'), key);
}

/** The zone of every node on which a pod runs, unique by cluster and node. */
export const nodeZones = (config: TrafficConfig): UniqueVector => {
  const [first, ...others] = config.zones.from.map((source) => SOURCES[source](config));
  const unknown = unknownZones(config);
  return first === undefined ? unknown : firstOf(first, ...others, unknown);
};

/** Records `cluster_node:zone:info`. */
export const nodeZoneRule = (config: TrafficConfig): RecordingRule => ({
  record: NODE_ZONE,
  expr: nodeZones(config).query,
  labels: [...clusterLabels(config), 'node', 'zone'],
  unit: '1',
  cardinality: 'one for each node',
  comment:
    'Exactly one zone for each node, in the order of zones.from. The series seen last wins, as a node may register again with another ' +
    'provider ID. Nodes without a zone are "unknown": they are never dropped, and never count as same zone.',
});
