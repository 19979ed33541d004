import { clusterLabels } from '../../settings/cluster-labels.ts';
import type { Config } from '../../settings/index.ts';
import {
  copied,
  either,
  join,
  labels,
  matches,
  promql,
  recorded,
  selector,
  UniqueVector,
  withLabels,
  type Matchers,
  type Query,
} from '../../promql/index.ts';
import type { Side } from '../source.ts';
import type { FlowInput } from '../input.ts';
import { KUBEZONNET_NODES } from '../../components/kubezonnet/source.ts';
import { ADDRESS_IDENTITY, NODE_ZONE, NODES, POD_IDENTITY, trafficNames } from './names.ts';

/** Names of a workload while those of the flow are still beside: they must not hide each other. Pods only where they are recorded. */
export const whoLabels = ({ flows }: Config): Readonly<Record<string, string>> => ({
  namespace: 'workload_namespace',
  ...(flows.granularity === 'pod' && { pod: 'workload_pod' }),
});

/** Retina writes "unknown" where it has no name. */
export const NAMED = { operator: '!~', value: '|unknown' } as const;
const NAMELESS = matches('|unknown');

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
  } else if (has.pod !== undefined && has.ip === undefined) {
    yield* asNode(seen({ namespace: KUBEZONNET_NODES }), 'pod');
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
