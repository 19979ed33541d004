import type { RecordingRule } from '../model/rules.ts';
import {
  aggregate,
  copied,
  firstOf,
  having,
  join,
  labelReplace,
  labels,
  lacking,
  matches,
  newest,
  not,
  promql,
  type Query,
  recorded,
  renamed,
  selector,
  UniqueVector,
  withLabel,
  withLabels,
} from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import type { IdentityConfig } from './config.ts';
import { ID_LABEL, NAME_LABEL, useOf, zoneFilter, zoneVocabulary } from './vocabulary.ts';
import { lastSeen, remembered } from './pods.ts';
import { NODE_ZONE, REFUSED_ZONE, ZONE_ID } from './names.ts';
import { stateMetric } from '../shared/state-metrics.ts';

/**
 * The name under which kube-state-metrics exposes a Kubernetes label.
 * Upstream: kube-state-metrics, internal/store/utils.go.
 */
export const kubeLabel = (name: string): string =>
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

const nodeKey = (config: IdentityConfig): readonly string[] => [...clusterLabels(config), 'node'];

/** Nodes with a label of their series as label `to`; the value is the time at which it was seen last. */
const said = (config: IdentityConfig, to: string, label: string, series: Query, regex = '(.+)'): Query =>
  labelReplace(lastSeen(config, series), to, '$1', label, regex);

/** Nodes with the value of a Kubernetes label. */
const labelled = (config: IdentityConfig, to: string, nodeLabel: string): Query => {
  const label = kubeLabel(nodeLabel);
  return said(config, to, label, stateMetric('kube_node_labels', { [label]: not('') }));
};

/** Nodes with the zone in their provider ID. */
const provided = (config: IdentityConfig, to: string): Query =>
  said(
    config,
    to,
    'provider_id',
    stateMetric('kube_node_info', { provider_id: matches(PROVIDER_ID_ZONE) }),
    PROVIDER_ID_ZONE,
  );

/** The ID of each zone by its name, as nodes with both labels tell. A name with two IDs is none: it may be that of two accounts. */
export function zoneIds(config: IdentityConfig): UniqueVector {
  const key = [...clusterLabels(config), 'zone_name'];
  const [name, id] = [kubeLabel(NAME_LABEL), kubeLabel(ID_LABEL)];
  const both = remembered(config, stateMetric('kube_node_labels', { [name]: not(''), [id]: not('') }));
  const pairs = aggregate('group', [...key, 'zone'], copied(both, { [name]: 'zone_name', [id]: 'zone' }));
  const query = promql`
    ${pairs}
    unless on (${labels(...key)})
    (count by (${labels(...key)}) (${pairs}) > 1)`;
  return new UniqueVector(query, key);
}

const recordedIds = (config: IdentityConfig): UniqueVector =>
  recorded(ZONE_ID, [...clusterLabels(config), 'zone_name']);

/** The zone of nodes by each origin in `zones.from`, best first, all in one vocabulary. */
function zonesByOrigin(config: IdentityConfig, ids = recordedIds(config)): readonly UniqueVector[] {
  const newestZone = (candidates: Query): UniqueVector => newest(nodeKey(config), ['zone'], candidates);
  const translated = (named: Query): UniqueVector => newestZone(join(named, ids, ['zone']));
  return config.zones.from.flatMap((origin): readonly UniqueVector[] => {
    const use = useOf(config, origin);
    if (use === 'not') return [];
    if (origin === 'provider-id') {
      return [use === 'as is' ? newestZone(provided(config, 'zone')) : translated(provided(config, 'zone_name'))];
    }
    const own = newestZone(labelled(config, 'zone', config.zones.nodeLabel));
    return zoneVocabulary(config) === 'ids' ? [own, translated(labelled(config, 'zone_name', NAME_LABEL))] : [own];
  });
}

/** The series whose zone `zones.valid` takes, or refuses. For zones of any origin, once they are in the vocabulary of the configuration. */
function filtered(config: IdentityConfig, filter: typeof having, { query, key }: UniqueVector): UniqueVector {
  const regex = zoneFilter(config);
  if (regex === undefined) return new UniqueVector(query, key);
  return new UniqueVector(aggregate('group', [...key, 'zone'], filter(query, 'zone', regex)), key);
}

/** Every known node, through its own series or through one of its pods, with the zone "unknown". */
function unknownZones(config: IdentityConfig): UniqueVector {
  const key = nodeKey(config);
  const nodes = promql`
    group by (${labels(...key)}) (
      ${remembered(config, stateMetric('kube_node_info', { node: not('') }))}
      or
      ${remembered(config, stateMetric('kube_pod_info', { node: not('') }))}
    )`;
  return new UniqueVector(withLabel(nodes, 'zone', 'unknown'), key);
}

/** The zone of every node on which a pod runs, unique by cluster and node. */
export const nodeZones = (config: IdentityConfig, ids?: UniqueVector): UniqueVector => {
  const [first, ...others] = zonesByOrigin(config, ids).map((zones) => filtered(config, having, zones));
  const unknown = unknownZones(config);
  return first === undefined ? unknown : firstOf(first, ...others, unknown);
};

/** Records `cluster_node:zone:info`. */
const nodeZoneRule = (config: IdentityConfig): RecordingRule => ({
  record: NODE_ZONE,
  expr: nodeZones(config).query,
  labels: [...nodeKey(config), 'zone'],
  unit: '1',
  cardinality: 'one for each node',
  comment:
    'Exactly one zone for each node, in the order of zones.from. The series seen last wins, as a node may register again with another ' +
    'provider ID. Nodes without a zone are "unknown": they are never dropped, and never count as same zone.',
});

/** Records the nodes whose zone is unknown because `zones.valid` refuses it, with the reason that their pods get. */
function refusedZoneRule(config: IdentityConfig): RecordingRule {
  const key = nodeKey(config);
  const [first, ...others] = zonesByOrigin(config).map((zones) => filtered(config, lacking, zones));
  if (first === undefined) throw new TypeError('zones.from has an origin that is used: its first');
  const refused = copied(firstOf(first, ...others).query, { zone: 'refused_zone' });
  return {
    record: REFUSED_ZONE,
    expr: promql`
      ${withLabels(refused, { zone: 'unknown', reason: 'invalid_zone' })}
      and on (${labels(...key)})
      ${selector(NODE_ZONE, { zone: 'unknown' })}`,
    labels: [...key, 'zone', 'reason', 'refused_zone'],
    unit: '1',
    cardinality: 'one for each node whose zone is refused',
    comment: 'Nodes whose zone is unknown because zones.valid refuses what they have.',
  };
}

/** Records the map from names of zones to their IDs. */
const zoneIdRule = (config: IdentityConfig): RecordingRule => {
  const { query, key } = zoneIds(config);
  return {
    record: ZONE_ID,
    expr: query,
    labels: [...key, 'zone'],
    unit: '1',
    cardinality: 'one for each zone',
    comment: 'The ID of each zone by its name, for provider IDs and flow sources, which have names.',
  };
};

/** Records of zones, in order: IDs of names where names are translated, zones of nodes, and nodes whose zone is refused. */
export const zoneRules = (config: IdentityConfig): readonly RecordingRule[] => [
  ...(zoneVocabulary(config) === 'ids' ? [zoneIdRule(config)] : []),
  nodeZoneRule(config),
  ...(zoneFilter(config) === undefined ? [] : [refusedZoneRule(config)]),
];

/** The zone that a source reports wins: it saw the packet where the pod was at that time. Not if it is refused, or has no ID. */
export function withNativeZone(config: IdentityConfig, endpoints: Query, found: Query): Query {
  const use = useOf(config, 'source');
  if (use === 'not') return found;
  const regex = zoneFilter(config);
  const named =
    use === 'translated' ? withZoneId(config, endpoints, found) : copied(found, { native_zone: 'named_zone' });
  const known = labelReplace(named, 'named_zone', '', 'named_zone', 'unknown');
  if (regex === undefined) return labelReplace(known, 'zone', '$1', 'named_zone', '(.+)');
  // The reason stays where the zone does not become known.
  const doubted = labelReplace(known, 'reason', 'invalid_zone', 'named_zone', '.+');
  return labelReplace(doubted, 'zone', '$1', 'named_zone', `((?:${regex}))`);
}

/** The ID of the zone that a source reports by name, as `named_zone`; empty where it has none. */
function withZoneId(config: IdentityConfig, endpoints: Query, found: Query): Query {
  const key = [...clusterLabels(config), 'native_zone'];
  const ids = renamed(recordedIds(config), {
    zone_name: 'native_zone',
    zone: 'named_zone',
  });
  const all = new UniqueVector(aggregate('group', key, endpoints), key);
  return join(found, firstOf(ids, all), ['named_zone']);
}
