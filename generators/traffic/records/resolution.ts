import type { RecordingRule } from '../../model/rules.ts';
import {
  copied,
  defaultLabel,
  either,
  firstOf,
  join,
  labels,
  type Matchers,
  matches,
  promql,
  type Query,
  quoted,
  recorded,
  selector,
  UniqueVector,
  withLabels,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import type { Side } from '../source.ts';
import { endpointKey, sharedNames } from './endpoints.ts';
import { ADDRESS_IDENTITY, NODE_ZONE, NODES, POD_IDENTITY, trafficNames } from './names.ts';

/** Names of a workload while those of the flow are still beside: they must not hide each other. Pods only where they are recorded. */
const whoLabels = ({ flows }: TrafficConfig): Readonly<Record<string, string>> => ({
  namespace: 'workload_namespace',
  ...(flows.granularity === 'pod' && { pod: 'workload_pod' }),
});

/** Some sources write "unknown" where they have no name. */
const NAMED = { operator: '!~', value: '|unknown' } as const;
const NAMELESS = matches('|unknown');

const AS_NODE = {
  workload_namespace: NODES.namespace,
  workload_type: NODES.workload_type,
  workload: NODES.workload,
};

/** The ways to find out who an endpoint is, best first; each is unique by the key of the endpoint. */
function* ways(config: TrafficConfig, input: FlowInput, side: Side): Generator<Query> {
  const cluster = clusterLabels(config);
  const { ends } = input.source;
  const has = ends[side];
  const seen = (where: Matchers) => selector(trafficNames(config, input).endpoint(side), where);
  const who = whoLabels(config);
  const place = ['workload_type', 'workload', 'zone'];
  const exact = recorded(ADDRESS_IDENTITY, [...cluster, 'namespace', 'pod', 'ip']);
  if (has.pod !== undefined && has.ip !== undefined) {
    // This very incarnation: of a pod that moved, what it still did at its old place stays there.
    yield copied(join(seen({ pod: NAMED, ip: NAMED }), exact, place), who);
  }
  if (has.pod !== undefined) {
    const pods = recorded(POD_IDENTITY, [...cluster, 'namespace', 'pod']);
    // Almost all are found by the first way: leaving them out here saves relabelling them again.
    const others =
      has.ip === undefined
        ? seen({ pod: NAMED })
        : promql`
          ${seen({ pod: NAMED })}
          unless on (${labels(...exact.key)})
          ${exact.query}`;
    yield copied(join(others, pods, place), who);
  }
  const nodes = recorded(NODE_ZONE, [...cluster, 'node']);
  /** A node is one of `_nodes_` even where nobody knows its zone. */
  function* asNode(node: Query, name: string): Generator<Query> {
    yield withLabels(join(copied(node, { [name]: 'node' }), nodes, ['zone']), AS_NODE);
    yield withLabels(node, { ...AS_NODE, zone: 'unknown' });
  }
  if (has.kind !== undefined) {
    yield* asNode(seen({ kind: 'Node' }), has.pod === undefined ? 'native_workload' : 'pod');
  } else if (has.pod !== undefined && input.source.nodeNamespace !== undefined) {
    yield* asNode(seen({ namespace: input.source.nodeNamespace }), 'pod');
  }
  if (has.ip !== undefined) {
    // Only without a name: a pod that is gone may have left its address to another one.
    const nameless = either(seen({ ip: NAMED, pod: NAMELESS }), seen({ ip: NAMED, namespace: NAMELESS }));
    const wanted = promql`
      ${selector(ADDRESS_IDENTITY)}
      and on (${labels(...cluster, 'ip')})
      (
        ${nameless}
      )`;
    const addresses = new UniqueVector(copied(wanted, who), [...cluster, 'ip']);
    yield join(nameless, addresses, [...place, ...Object.values(who)]);
  }
  if (has.workload !== undefined) {
    const native = copied(seen({ native_workload: NAMED }), {
      ...(has.pod === undefined ? { namespace: 'workload_namespace' } : who),
      native_workload_type: 'workload_type',
      native_workload: 'workload',
    });
    yield withLabels(native, { zone: 'unknown' });
  }
}

/** Where the label `from` matches, `to` becomes `value`, in which $1 stands for the first group. */
const replaced = (query: Query, to: string, value: string, from: string, regex: string): Query => promql`
  label_replace(
    ${query},
    ${quoted(to)}, ${quoted(value)}, ${quoted(from)}, ${quoted(regex)}
  )`;

/** A zone that the source itself names wins: it saw the packet where the pod was. */
function withNativeZone(query: Query): Query {
  const named = copied(query, { native_zone: 'named_zone' });
  return replaced(replaced(named, 'named_zone', '', 'named_zone', 'unknown'), 'zone', '$1', 'named_zone', '(.+)');
}

/** Why the zone of an endpoint is unknown, read off who it is; nothing where the zone is known. */
function withReason(query: Query): Query {
  const joined = promql`
    label_join(
      ${query},
      "reason", "/", "zone", "workload_type", "workload_namespace"
    )`;
  const reasons: readonly (readonly [regex: string, reason: string])[] = [
    ['unknown/unknown/unknown', 'external'],
    ['unknown/unknown/.*', 'gone'],
    ['unknown/Service/.*', 'service_ip'],
    ['unknown/.*', 'no_zone_label'],
    ['.*/.*', ''],
  ];
  return reasons.reduce((inner, [regex, reason]) => replaced(inner, 'reason', reason, 'reason', regex), joined);
}

/** Names under which the identity of an end is joined to flows; a flow may have a label of that name itself. */
export function identityLabels(config: TrafficConfig, { source }: FlowInput, side: Side): readonly string[] {
  const own = new Set(sharedNames(source, side).map(([name]) => name));
  return identityFields(config).map((field) => {
    const label = `${side}_${field}`;
    return own.has(label) ? `resolved_${label}` : label;
  });
}

/** What is known of an end, by granularity; each becomes a label of the pairs. */
export const identityFields = ({ flows }: TrafficConfig): readonly string[] => [
  ...(flows.granularity === 'zone' ? [] : ['namespace', 'workload_type', 'workload']),
  ...(flows.granularity === 'pod' ? ['pod'] : []),
  'zone',
  'reason',
];

const FIELD_OF_WHO: Readonly<Record<string, string>> = { namespace: 'workload_namespace', pod: 'workload_pod' };

/** Records who and where every endpoint of one side is, known or not. */
export function resolutionRule(config: TrafficConfig, input: FlowInput, side: Side): RecordingRule {
  const { source } = input;
  const key = endpointKey(config, source, side);
  const seen = selector(trafficNames(config, input).endpoint(side));
  const hasPods = source.ends[side].pod !== undefined;
  // Whoever is known by name is found by name: leaving them out saves relabelling all to no purpose.
  const unnamed = hasPods
    ? promql`
      ${seen}
      unless on (${labels(...clusterLabels(config), 'namespace', 'pod')})
      ${selector(POD_IDENTITY, { pod: NAMED })}`
    : seen;
  const named = hasPods
    ? replaced(copied(unnamed, whoLabels(config)), 'workload_pod', '', 'workload_pod', 'unknown')
    : unnamed;
  const nobody = defaultLabel(
    withLabels(named, { workload_type: 'unknown', workload: 'unknown', zone: 'unknown' }),
    'workload_namespace',
    'unknown',
  );
  const [first, ...others] = [...ways(config, input, side), nobody];
  const found = firstOf(new UniqueVector(first, key), ...others.map((way) => new UniqueVector(way, key))).query;
  const placed = source.ends[side].zone === undefined ? found : withNativeZone(found);
  const own = sharedNames(source, side).filter(([name, shared]) => name !== shared);
  const brought = identityLabels(config, input, side);
  const reasoned = copied(withReason(placed), Object.fromEntries(own.map(([name, shared]) => [shared, name])));
  const identified = copied(
    reasoned,
    Object.fromEntries(
      identityFields(config).map((field, index) => [FIELD_OF_WHO[field] ?? field, brought[index] ?? field]),
    ),
  );
  const kept = [...clusterLabels(config), ...sharedNames(source, side).map(([name]) => name), ...brought];
  return {
    record: trafficNames(config, input).identity(side),
    expr: promql`
      group by (${labels(...kept)}) (
        ${identified}
      )`,
    labels: kept,
    unit: '1',
    cardinality: `one for each ${side} that is seen within the window`,
    comment:
      `Who each ${side} is, under the labels of the flows: by its name and address, by its name, by its address, by what the source ` +
      'itself says, else "unknown" with the reason. Resolving the few endpoints once keeps the many flows to one join a side.',
  };
}
