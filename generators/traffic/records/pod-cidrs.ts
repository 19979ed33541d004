import { NODE_CREATED, nodePlaces, placeLabels, remembered } from '../../identity/index.ts';
import type { RecordingRule } from '../../model/rules.ts';
import {
  aggregate,
  copied,
  decidedBy,
  either,
  firstOf,
  join,
  labelReplace,
  labels,
  matches,
  newest,
  not,
  promql,
  type Query,
  recorded,
  selector,
  UniqueVector,
  withLabels,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { reportsAddress } from '../ranges.ts';
import { type Side, SIDES } from '../source.ts';
import { unnamedEndpoints } from './endpoints.ts';
import { POD_CIDR, PODS_BY_CIDR, trafficNames } from './names.ts';
import { stateMetric } from '../../shared/state-metrics.ts';

/** How `label_replace` gets the CIDR of some length in which an address is. */
type Enclosing = readonly (readonly [regex: string, cidr: string])[];

const GROUP = '[0-9a-f]{1,4}';

/**
 * The usual lengths of the pod CIDR of a node. An IPv6 address has its first four groups in full, or a gap that covers the border: a
 * shorter gap, in an address whose fourth group is 0, is not read. Kubernetes: --node-cidr-mask-size-ipv4 and -ipv6 are 24 and 64.
 */
export const USUAL: Enclosing = [
  ['([0-9]+[.][0-9]+[.][0-9]+)[.][0-9]+', '$1.0/24'],
  [`((?:${GROUP}:){3}${GROUP}):.*|((?:${GROUP}:){0,2}${GROUP})::(?:${GROUP}(?::${GROUP}){0,3})?`, '$1$2::/64'],
];

/** PromQL finds prefixes as text, so there are no others than those that end between two octets. */
export const WIDER: readonly Enclosing[] = [
  [['([0-9]+[.][0-9]+)[.].*', '$1.0.0/16']],
  [['([0-9]+)[.].*', '$1.0.0.0/8']],
];

const READ = matches('[0-9.]+[.]0/(?:8|16|24)|[0-9a-f:]+::/64');

/** Sets `to` to the enclosing CIDR of `from`. */
const within = (query: Query, to: string, from: string, enclosing: Enclosing): Query =>
  enclosing.reduce((inner, [regex, cidr]) => labelReplace(inner, to, cidr, from, regex), query);

/** Records `cluster_node_pod_cidr:pods:count`. */
export function podsByCidrRule(config: TrafficConfig): RecordingRule {
  const key = [...clusterLabels(config), 'node', 'pod_cidr'];
  const pods = stateMetric('kube_pod_info', { host_network: not('true'), node: not(''), pod_ip: not('') });
  // Two instances of kube-state-metrics describe one pod.
  const described = aggregate(
    'group',
    [...key, 'namespace', 'pod', 'uid'],
    within(remembered(config, pods), 'pod_cidr', 'pod_ip', USUAL),
  );
  return {
    record: PODS_BY_CIDR,
    expr: promql`
      count by (${labels(...key)}) (
        ${described}
      )`,
    labels: key,
    unit: 'pods',
    cardinality: 'one or a few for each node',
    comment:
      'Pods with an address of their own, by node and by the /24 (IPv6: /64) of their address. It tells whether nodes use the pod CIDR ' +
      'that Kubernetes gave them.',
  };
}

/** Adds the reason for an unknown zone, unless the node brings one; empty where the zone is known. */
const reasoned = (query: Query): Query =>
  decidedBy(
    query,
    'reason',
    ['reason', 'zone'],
    [
      ['(.+)/unknown', '$1'],
      ['/unknown', 'no_zone_label'],
      ['.*/.*', ''],
    ],
  );

/**
 * Records `cluster_pod_cidr:node:info`. Some networks (VPC CNI, Calico's IPAM, Cilium's cluster-pool) ignore `spec.podCIDR`,
 * which Kubernetes may set all the same: such a CIDR places nobody.
 */
export function podCidrRule(config: TrafficConfig): RecordingRule {
  const cluster = clusterLabels(config);
  const node = [...cluster, 'node'];
  const key = labels(...node, 'pod_cidr');
  const claims = aggregate(
    'group',
    [...node, 'pod_cidr'],
    remembered(config, stateMetric('kube_node_info', { pod_cidr: READ })),
  );
  const pods = selector(PODS_BY_CIDR);
  const widened = WIDER.map((enclosing) =>
    copied(aggregate('sum', [...node, 'name'], within(pods, 'name', 'pod_cidr', enclosing)), { name: 'pod_cidr' }),
  );
  const podsAt = either(pods, ...widened);
  const all = aggregate('sum', node, pods);
  const inside = promql`
    sum by (${labels(...node)}) (
      ${podsAt}
      and on (${key})
      ${claims}
    )`;
  const unused = promql`
    ${claims}
    and on (${labels(...node)})
    (
      ${all}
      unless on (${labels(...node)})
      (
        ${all}
        == on (${labels(...node)})
        ${inside}
      )
    )`;
  const foreign = promql`
    ${claims}
    and on (${labels(...cluster, 'pod_cidr')})
    (
      ${podsAt}
      unless on (${key})
      ${claims}
    )`;
  const explained = firstOf(
    new UniqueVector(withLabels(either(unused, foreign), { zone: 'unknown', reason: 'unplaced' }), [
      ...node,
      'pod_cidr',
    ]),
    new UniqueVector(reasoned(join(claims, nodePlaces(config), placeLabels(config))), [...node, 'pod_cidr']),
  ).query;
  return {
    record: POD_CIDR,
    expr: newest(
      [...cluster, 'pod_cidr'],
      ['node', 'zone', 'reason'],
      promql`
        ${explained}
        + on (${labels(...node)}) group_left ()
        ${selector(NODE_CREATED)}`,
    ).query,
    labels: [...cluster, 'pod_cidr', 'node', 'zone', 'reason'],
    unit: '1',
    cardinality: 'one for each node with a pod CIDR',
    comment:
      'The node of each pod CIDR (the newest), its zone, and the reason if that is unknown. Where a pod of the node has its address ' +
      'elsewhere, or a pod of another node has one in it, the network does not use the CIDR, so its zone is not used either.',
  };
}

/**
 * The addresses that a node has in its own pod CIDR: the first two, by which the bridge or the tunnel of flannel, k3s and kubenet
 * go. Labels: the cluster, `node` and `ip`.
 */
export function overlayAddresses(): readonly Query[] {
  const cidrs = selector(POD_CIDR, { reason: not('unplaced') });
  const first = labelReplace(cidrs, 'ip', '$1.1', 'pod_cidr', '(.+)[.]0/[0-9]+');
  return [
    labelReplace(cidrs, 'ip', '$1', 'pod_cidr', '(.+)/[0-9]+'),
    labelReplace(first, 'ip', '$1::1', 'pod_cidr', '(.+)::/64'),
  ];
}

/** Records `cluster_ip:<unit>_pod_cidr:info`; none for a source that reports no addresses. */
export function podCidrPlacesRule(config: TrafficConfig, input: FlowInput): readonly RecordingRule[] {
  const sides = SIDES.filter((side) => reportsAddress(input, side));
  if (sides.length === 0) return [];
  const cluster = clusterLabels(config);
  const key = [...cluster, 'ip'];
  const cidrs = recorded(POD_CIDR, [...cluster, 'pod_cidr']);
  const addresses = aggregate('group', key, either(...sides.map((side) => unnamedEndpoints(config, input, side))));
  const placed = (enclosing: Enclosing): UniqueVector =>
    new UniqueVector(join(within(addresses, 'pod_cidr', 'ip', enclosing), cidrs, PLACE), key);
  return [
    {
      record: trafficNames(config, input).podCidr,
      expr: aggregate('group', [...key, ...PLACE], firstOf(placed(USUAL), ...WIDER.map(placed)).query),
      labels: [...key, ...PLACE],
      unit: '1',
      cardinality: 'one for each address in a pod CIDR whose pod is not known by name',
      comment: 'The zone of the pod CIDR of an address, or the reason why it is unknown. The smallest CIDR wins.',
    },
  ];
}

const PLACE = ['zone', 'reason'];

/** Endpoints of a side whose address is in a pod CIDR, whoever has it, with its zone and reason. */
export const podCidrLookup = (config: TrafficConfig, input: FlowInput, side: Side): readonly Query[] =>
  reportsAddress(input, side)
    ? [
        join(
          unnamedEndpoints(config, input, side),
          recorded(trafficNames(config, input).podCidr, [...clusterLabels(config), 'ip']),
          PLACE,
        ),
      ]
    : [];
