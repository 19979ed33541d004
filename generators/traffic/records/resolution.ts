import { POD_IDENTITY, nodePlaces, placeLabels, rolledUp, withNativeZone } from '../../identity/index.ts';
import type { RecordingRule } from '../../model/rules.ts';
import {
  aggregate,
  copied,
  decidedBy,
  defaultLabel,
  escapeRegex,
  firstOf,
  join,
  labelReplace,
  labels,
  type Matchers,
  matches,
  not,
  promql,
  type Query,
  recorded,
  selector,
  UniqueVector,
  withLabel,
  withLabels,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { beyondZones, OURS, reportsAddress } from '../ranges.ts';
import type { Side } from '../source.ts';
import { ON_PUBLIC_ADDRESS, publicLookup, rangeLookup } from './configured-ranges.ts';
import { addressedEndpoints, endpointKey, sharedNames, unnamedEndpoints } from './endpoints.ts';
import { NAMED } from './flows.ts';
import { ADDRESS_IDENTITY, BEYOND, EXTERNAL, INTERNET, NODES, trafficNames } from './names.ts';
import { podCidrLookup } from './pod-cidrs.ts';

/** Fields whose names an endpoint uses already: until the last step they have these names, so that neither hides the other. */
const WORKING_NAMES = { namespace: 'workload_namespace', pod: 'workload_pod' };

/** Working names of the fields that are recorded; pods only at that granularity. */
const workingNames = ({ flows }: TrafficConfig): Readonly<Record<string, string>> =>
  flows.granularity === 'pod' ? WORKING_NAMES : { namespace: WORKING_NAMES.namespace };

const AS_NODE = { workload_namespace: NODES.namespace, workload_type: NODES.workload_type, workload: NODES.workload };

/** Queries that find the identity of an endpoint, best first. Each is unique by the key of the endpoint. */
function* identityLookups(config: TrafficConfig, input: FlowInput, side: Side): Generator<Query> {
  const cluster = clusterLabels(config);
  const { ends } = input.source;
  const own = ends[side];
  const seen = (where: Matchers) => selector(trafficNames(config, input).endpoint(side), where);
  const renamedFields = workingNames(config);
  const placement = ['workload_type', 'workload', ...placeLabels(config)];
  const exact = recorded(ADDRESS_IDENTITY, [...cluster, 'namespace', 'pod', 'ip']);
  if (own.pod !== undefined && own.ip !== undefined) {
    // This incarnation of the pod: when a pod moves, its earlier traffic keeps the old node and zone.
    yield copied(join(seen({}), exact, placement), renamedFields);
  }
  if (own.pod !== undefined) {
    const pods = recorded(POD_IDENTITY, [...cluster, 'namespace', 'pod']);
    // The first lookup finds almost all endpoints; leaving these out saves a second relabelling.
    const others =
      own.ip === undefined
        ? seen({ pod: NAMED })
        : promql`
          ${seen({ pod: NAMED })}
          unless on (${labels(...exact.key)})
          ${exact.query}`;
    yield copied(join(others, pods, placement), renamedFields);
  }
  /** A node counts as one of `_nodes_` even if its zone is unknown. */
  function* asNode(node: Query, name: string): Generator<Query> {
    yield withLabels(join(copied(node, { [name]: 'node' }), nodePlaces(config), placeLabels(config)), AS_NODE);
    yield withLabels(node, { ...AS_NODE, zone: 'unknown' });
  }
  if (own.kind !== undefined) {
    yield* asNode(seen({ kind: 'Node' }), own.pod === undefined ? 'native_workload' : 'pod');
  } else if (own.pod !== undefined && input.source.nodeNamespace !== undefined) {
    yield* asNode(seen({ namespace: input.source.nodeNamespace }), 'pod');
  }
  if (own.ip !== undefined) {
    // Only for endpoints without a name: the address of a pod that is gone may belong to another pod now.
    const nameless = addressedEndpoints(config, input, side, 'pod', 'namespace');
    const wanted = promql`
      ${selector(ADDRESS_IDENTITY)}
      and on (${labels(...cluster, 'ip')})
      (
        ${nameless}
      )`;
    const addresses = new UniqueVector(copied(wanted, renamedFields), [...cluster, 'ip']);
    yield join(nameless, addresses, [...placement, ...Object.values(renamedFields)]);
  }
  if (own.workload !== undefined) {
    const native = (native_workload_type: Matchers[string]): Query =>
      copied(seen({ native_workload: NAMED, native_workload_type }), {
        ...(own.pod === undefined ? { namespace: 'workload_namespace' } : renamedFields),
        native_workload_type: 'workload_type',
        native_workload: 'workload',
      });
    // The source names the controller of the pod, as kube-state-metrics does; Services and nodes have none.
    yield withLabels(rolledUp(config, native({ operator: '!~', value: NO_CONTROLLER })), { zone: 'unknown' });
    yield withLabels(native(matches(NO_CONTROLLER)), { zone: 'unknown' });
  }
}

/** Types that a source gives to ends that are no workload. */
const NO_CONTROLLER = 'Node|Service';

/**
 * Adds the reason for an unknown zone; empty where the zone is known. The place brings the reason where zones can be refused, and so does the range of
 * an address; else it follows from the identity.
 */
const withReason = (config: TrafficConfig, query: Query): Query =>
  decidedBy(
    query,
    'reason',
    ['reason', 'zone', 'workload_type', 'workload_namespace'],
    [
      // Beyond the cluster, it is the class of traffic, unless the source knows a zone that counts.
      ...BEYOND.flatMap((beyond) => {
        const zones = beyondZones(config)[beyond].map(escapeRegex).join('|');
        const regex = `${beyond}/(?:${zones})/.*|invalid_zone/(?:${zones})/${EXTERNAL.workload_type}/.*`;
        return zones === '' ? [] : [[regex, beyond] as const];
      }),
      // Nobody has the address, but a range.
      ['([^/]+)/unknown/unknown/unknown', '$1'],
      ['/unknown/unknown/unknown', 'outside'],
      // The range of a pod that is known by its name does not say more.
      ['(?:unplaced|no_zone_label|)/unknown/unknown/.*', 'gone'],
      ['([^/]+)/unknown/.*', '$1'],
      ['/unknown/Service/.*', 'service_ip'],
      [`/unknown/${EXTERNAL.workload_type}/.*`, 'outside'],
      ['/unknown/.*', 'no_zone_label'],
      ['.*/.*', ''],
    ],
  );

/** Labels by which flows get the identity of an end; `resolved_*` where a flow has a label of that name itself. */
export function identityLabels(config: TrafficConfig, { source }: FlowInput, side: Side): readonly string[] {
  const own = new Set(sharedNames(source, side).map(([name]) => name));
  return identityFields(config).map((field) => {
    const label = `${side}_${field}`;
    return own.has(label) ? `resolved_${label}` : label;
  });
}

/** The label by which flows get one field of the identity of an end. */
export const resolvedLabel = (config: TrafficConfig, input: FlowInput, side: Side, field: 'zone' | 'reason'): string =>
  identityLabels(config, input, side)[identityFields(config).indexOf(field)] ?? `${side}_${field}`;

/** Fields of an identity that are recorded, by granularity; each becomes a label of the pairs. */
export const identityFields = ({ flows }: TrafficConfig): readonly string[] => [
  ...(flows.granularity === 'zone' ? [] : ['namespace', 'workload_type', 'workload']),
  ...(flows.granularity === 'pod' ? ['pod'] : []),
  'zone',
  'reason',
];

/** The API server under the name that the source has for it: outside, as its address is no node's, or on the internet. */
function controlPlane(config: TrafficConfig, input: FlowInput, side: Side): readonly Query[] {
  const { controlPlane: name } = input.source;
  if (name === undefined) return [];
  const seen = (where: Matchers = {}): Query =>
    selector(trafficNames(config, input).endpoint(side), { namespace: name, pod: name, ...where });
  const pod = config.flows.granularity === 'pod' ? { workload_pod: '' } : {};
  const { namespace: workload_namespace, workload_type } = EXTERNAL;
  const known = { workload_namespace, workload_type, workload: name, ...pod };
  return [
    ...(reportsAddress(input, side)
      ? [withLabels(seen(ON_PUBLIC_ADDRESS), { ...known, zone: INTERNET, reason: 'internet' })]
      : []),
    withLabels(seen(), { ...known, zone: 'unknown' }),
  ];
}

/** Records identity and zone of every endpoint of one side, known or not. */
export function resolutionRule(config: TrafficConfig, input: FlowInput, side: Side): RecordingRule {
  const { source } = input;
  const key = endpointKey(config, source, side);
  const hasPods = source.ends[side].pod !== undefined;
  const recordsPods = config.flows.granularity === 'pod';
  const seen = selector(trafficNames(config, input).endpoint(side));
  // Leaving out here what is found by name saves relabelling it.
  const unnamed = unnamedEndpoints(config, input, side);
  /** As the flow names them, which is all that is known of their workload. */
  const unresolved = (endpoints: Query): Query => {
    const renamed = hasPods ? copied(endpoints, workingNames(config)) : endpoints;
    const named =
      hasPods && recordsPods ? labelReplace(renamed, 'workload_pod', '', 'workload_pod', 'unknown') : renamed;
    return defaultLabel(
      withLabels(named, { workload_type: 'unknown', workload: 'unknown' }),
      'workload_namespace',
      'unknown',
    );
  };
  const [first, ...others] = [
    ...identityLookups(config, input, side),
    // Ranges of the whole cluster say less than the pod CIDR of a node, and all other configured ranges more.
    ...rangeLookup(config, input, side, not(OURS)),
    ...controlPlane(config, input, side),
    ...podCidrLookup(config, input, side).map(unresolved),
    ...rangeLookup(config, input, side, OURS),
    ...publicLookup(config, input, side),
    withLabel(unresolved(unnamed), 'zone', 'unknown'),
  ];
  const found = firstOf(new UniqueVector(first, key), ...others.map((lookup) => new UniqueVector(lookup, key))).query;
  const placed = source.ends[side].zone === undefined ? found : withNativeZone(config, seen, found);
  const own = sharedNames(source, side).filter(([name, shared]) => name !== shared);
  const brought = identityLabels(config, input, side);
  const working: Readonly<Record<string, string>> = WORKING_NAMES;
  const reasoned = copied(withReason(config, placed), Object.fromEntries(own.map(([name, shared]) => [shared, name])));
  const identified = copied(
    reasoned,
    Object.fromEntries(
      identityFields(config).map((field, index) => [working[field] ?? field, brought[index] ?? field]),
    ),
  );
  const kept = [...clusterLabels(config), ...sharedNames(source, side).map(([name]) => name), ...brought];
  return {
    record: trafficNames(config, input).identity(side),
    expr: aggregate('group', kept, identified),
    labels: kept,
    unit: '1',
    cardinality: `one for each ${side} seen within the window`,
    comment:
      `The identity of each ${side}, under the labels of the flows: found by name and address, by name, by address, or as the source ` +
      'itself reports it; else the zone of the pod CIDR of its address; else, by a public address, the internet; else "unknown" with the reason. Endpoints are few and flows are many: resolving the endpoints first leaves one join for each side of the flows.',
  };
}
