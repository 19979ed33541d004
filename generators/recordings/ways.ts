import type { Config } from '../config/schema.ts';
import {
  copied,
  join,
  matches,
  promql,
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
import { ADDRESS_IDENTITY, clusterLabels, NODE_ZONE, NODES, POD_IDENTITY, trafficNames } from './names.ts';

/** Who an endpoint is, while its own labels are still beside: the namespace of a workload must not hide that of the flow. */
const WHO = ['workload_namespace', 'workload_type', 'workload', 'zone', 'workload_pod'] as const;

/** Retina writes "unknown" where it has no name. */
const NAMED = { operator: '!~', value: '|unknown' } as const;
const NAMELESS = matches('|unknown');

/** Every series gets these labels. */
export const fixed = (query: Query, values: Readonly<Record<string, string>>): Query =>
  Object.entries(values).reduce((inner, [label, value]) => withLabel(inner, label, value), query);

const AS_NODE = {
  workload_namespace: NODES.namespace,
  workload_type: NODES.workload_type,
  workload: NODES.workload,
};

/** The ways to find out who an endpoint is, best first; each is unique by the key of the endpoint. */
export function* ways(config: Config, input: FlowInput, side: Side): Generator<Query> {
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
  /** A node is one of `_nodes_` even where nobody knows its zone. */
  function* asNode(node: Query, name: string): Generator<Query> {
    yield fixed(join(copied(node, { [name]: 'node' }), nodes, ['zone']), AS_NODE);
    yield fixed(node, { ...AS_NODE, zone: 'unknown' });
  }
  if (has.kind !== undefined) {
    yield* asNode(seen({ kind: 'Node' }), has.pod === undefined ? 'native_workload' : 'pod');
  } else if (has.pod !== undefined && has.ip === undefined) {
    yield* asNode(seen({ namespace: KUBEZONNET_NODES }), 'pod');
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
      ...(has.pod !== undefined && { pod: 'workload_pod' }),
      native_workload_type: 'workload_type',
      native_workload: 'workload',
    });
    yield fixed(native, { zone: 'unknown' });
  }
}
