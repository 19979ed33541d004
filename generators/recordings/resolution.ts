import type { Config } from '../config/schema.ts';
import type { RecordingRule } from '../model/rules.ts';
import {
  copied,
  defaultLabel,
  firstOf,
  join,
  labels,
  matches,
  promql,
  quoted,
  recorded,
  selector,
  UniqueVector,
  withLabel,
  type Matchers,
  type Query,
} from '../promql/index.ts';
import type { Side } from '../sources/flow-source.ts';
import type { FlowInput } from '../sources/input.ts';
import { KUBEZONNET_NODES } from '../sources/kubezonnet.ts';
import { endpointKey, sharedNames } from './endpoints.ts';
import { ADDRESS_IDENTITY, clusterLabels, NODE_ZONE, NODES, POD_IDENTITY, trafficNames } from './names.ts';

/** Who an endpoint is, while its own labels are still beside: the namespace of a workload must not hide that of the flow. */
const WHO = ['workload_namespace', 'workload_type', 'workload', 'zone', 'workload_pod'] as const;

/** Retina writes "unknown" where it has no name. */
const NAMED = { operator: '!~', value: '|unknown' } as const;
const NAMELESS = matches('|unknown');

/** Where the label `from` matches, `to` becomes `value`, in which $1 stands for the first group. */
const replaced = (query: Query, to: string, value: string, from: string, regex: string): Query => promql`
  label_replace(
    ${query},
    ${quoted(to)}, ${quoted(value)}, ${quoted(from)}, ${quoted(regex)}
  )`;

const fixed = (query: Query, values: Readonly<Record<string, string>>): Query =>
  Object.entries(values).reduce((inner, [label, value]) => withLabel(inner, label, value), query);

const AS_NODE = {
  workload_namespace: NODES.namespace,
  workload_type: NODES.workload_type,
  workload: NODES.workload,
};

/** The ways to find out who an endpoint is, best first; each is unique by the key of the endpoint. */
function* ways(config: Config, input: FlowInput, side: Side): Generator<Query> {
  const cluster = clusterLabels(config);
  const { ends } = input.source;
  const has = ends[side];
  const seen = (where: Matchers) => selector(trafficNames(config, input).endpoint(side), where);
  const addresses = copied(selector(ADDRESS_IDENTITY), { namespace: 'workload_namespace', pod: 'workload_pod' });
  if (has.pod !== undefined && has.ip !== undefined) {
    // This very incarnation: of a pod that moved, what it still did at its old place stays there.
    const exact = new UniqueVector(addresses, [...cluster, 'namespace', 'pod', 'ip']);
    yield join(seen({ pod: NAMED, ip: NAMED }), exact, WHO);
  }
  if (has.pod !== undefined) {
    const pods = recorded(POD_IDENTITY, [...cluster, 'namespace', 'pod']);
    const named = join(seen({ pod: NAMED }), pods, ['workload_type', 'workload', 'zone']);
    yield copied(named, { namespace: 'workload_namespace', pod: 'workload_pod' });
  }
  const nodes = recorded(NODE_ZONE, [...cluster, 'node']);
  const asNode = (node: Query) => fixed(join(node, nodes, ['zone']), AS_NODE);
  if (has.kind !== undefined) {
    yield asNode(copied(seen({ kind: 'Node' }), { [has.pod === undefined ? 'native_workload' : 'pod']: 'node' }));
  } else if (has.pod !== undefined && has.ip === undefined) {
    yield asNode(copied(seen({ namespace: KUBEZONNET_NODES }), { pod: 'node' }));
  }
  if (has.ip !== undefined) {
    // Only without a name: a pod that is gone may have left its address to another one.
    const nameless = promql`
      ${seen({ ip: NAMED, pod: NAMELESS })}
      or
      ${seen({ ip: NAMED, namespace: NAMELESS })}`;
    yield join(nameless, new UniqueVector(addresses, [...cluster, 'ip']), WHO);
  }
  if (has.workload !== undefined) {
    const native = copied(seen({ native_workload: NAMED }), {
      namespace: 'workload_namespace',
      native_workload_type: 'workload_type',
      native_workload: 'workload',
    });
    yield fixed(native, { zone: 'unknown' });
  }
}

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
export function identityLabels(config: Config, { source }: FlowInput, side: Side): readonly string[] {
  const own = new Set(sharedNames(source, side).map(([name]) => name));
  return identityFields(config).map((field) => {
    const label = `${side}_${field}`;
    return own.has(label) ? `resolved_${label}` : label;
  });
}

/** What is known of an end, by granularity; each becomes a label of the pairs. */
export const identityFields = ({ flows }: Config): readonly string[] => [
  ...(flows.granularity === 'zone' ? [] : ['namespace', 'workload_type', 'workload']),
  ...(flows.granularity === 'pod' ? ['pod'] : []),
  'zone',
  'reason',
];

const FIELD_OF_WHO: Readonly<Record<string, string>> = { namespace: 'workload_namespace', pod: 'workload_pod' };

/** Records who and where every endpoint of one side is, known or not. */
export function resolutionRule(config: Config, input: FlowInput, side: Side): RecordingRule {
  const { source } = input;
  const key = endpointKey(config, source, side);
  const seen = selector(trafficNames(config, input).endpoint(side));
  const nobody = defaultLabel(
    fixed('pod' in source.ends[side] ? copied(seen, { namespace: 'workload_namespace', pod: 'workload_pod' }) : seen, {
      workload_type: 'unknown',
      workload: 'unknown',
      zone: 'unknown',
    }),
    'workload_namespace',
    'unknown',
  );
  const [first = nobody, ...others] = [...ways(config, input, side), nobody];
  const found = firstOf(new UniqueVector(first, key), ...others.map((way) => new UniqueVector(way, key))).query;
  const placed = source.ends[side].zone === undefined ? found : withNativeZone(found);
  const own = sharedNames(source, side).filter(([name, shared]) => name !== shared);
  const brought = identityLabels(config, input, side);
  const named = copied(withReason(placed), {
    ...Object.fromEntries(own.map(([name, shared]) => [shared, name])),
  });
  const identified = copied(
    named,
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
