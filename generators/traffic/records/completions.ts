import { nodePlaces, remembered } from '../../identity/index.ts';
import type { RecordingRule } from '../../model/rules.ts';
import {
  aggregate,
  copied,
  either,
  join,
  labelReplace,
  labels,
  type Matchers,
  promql,
  type Query,
  selector,
  UniqueVector,
  withLabel,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import { stateMetric } from '../../shared/state-metrics.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { type Completion, type FlowSource, type Gap, reportsZones, type Side, SIDES } from '../source.ts';
import { NAMED, naming, nameless, pairKey, rateOf } from './flows.ts';
import { ADDRESS_IDENTITY, POD_NODE, trafficNames } from './names.ts';

/** Whether these completions ask where pods are. */
export const needsPodNodes = (inputs: readonly FlowInput[]): boolean =>
  inputs.some(({ completions }) => completions.some(({ gap }) => gap !== 'outside'));

/** Link-local addresses, such as those of node-local DNS and instance metadata: what is sent there stays on the node. */
const LINK_LOCAL = '169[.]254[.].+|[fF][eE][89abAB].:.+';

/** The labels that name a pod and its address on a side. @throws TypeError for a source that lacks one: nothing would prove where it is. */
function podLabels({ id, ends }: FlowSource, side: Side) {
  const { namespace, pod, ip } = ends[side];
  if (namespace === undefined || pod === undefined || ip === undefined) {
    throw new TypeError(`${id} has completions, so its ${side} needs a namespace, a pod and an address`);
  }
  return { namespace, pod, ip };
}

/** Pods with their node, also under the labels of one side of the flows. */
function podNodes(config: TrafficConfig, source: FlowSource, side: Side): UniqueVector {
  const own = podLabels(source, side);
  return new UniqueVector(copied(selector(POD_NODE), own), [...clusterLabels(config), ...Object.values(own)]);
}

/**
 * Traffic between pods of one node, with the zone of that node where the source does not report zones itself. The address is part of the proof: a
 * pod that moved has another one, so what it still did at its old place is told apart. The node that reported is no proof, as scrape jobs other
 * than ours do not set it.
 */
function onOneNode(config: TrafficConfig, source: FlowSource, pairs: Query): Query {
  const [from, to] = SIDES.map((side) => podNodes(config, source, side)) as [UniqueVector, UniqueVector];
  const local = promql`
    ${join(pairs, from, ['node'])}
    and on (${labels(...to.key, 'node')})
    ${to.query}`;
  const placed = reportsZones(source)
    ? local
    : labelReplace(join(local, nodePlaces(config), ['zone']), 'zone', '', 'zone', 'unknown');
  return withLabel(placed, 'node', '');
}

/** Traffic between known pods, but for pairs of addresses whose replies the selection counts. */
function uncountedReplies(config: TrafficConfig, input: FlowInput, flows: Query, replies: Matchers): Query {
  const { source, metric } = input;
  const [from, to] = SIDES.map((side) => podNodes(config, source, side)) as [UniqueVector, UniqueVector];
  const addresses = [...clusterLabels(config), ...SIDES.map((side) => podLabels(source, side).ip)];
  return promql`
    ${flows}
    and on (${labels(...from.key)})
    ${from.query}
    and on (${labels(...to.key)})
    ${to.query}
    unless on (${labels(...addresses)})
    (${rateOf(config, { metric, matchers: replies })} > 0)`;
}

/** Addresses of pods, nodes and Services; those of load balancers, too, as a node translates them for its own pods. */
const knownAddresses = (config: TrafficConfig): Query =>
  either(
    selector(ADDRESS_IDENTITY),
    remembered(config, stateMetric('kube_service_status_load_balancer_ingress')),
    copied(remembered(config, stateMetric('kube_service_spec_external_ip')), {
      external_ip: 'ip',
    }),
  );

/** Clusters whose Services are described in all namespaces: that of the API server is. Elsewhere any address might be a Service's. */
const SERVICES_KNOWN = selector(ADDRESS_IDENTITY, {
  workload_type: 'Service',
  namespace: 'default',
  workload: 'kubernetes',
});

/** Traffic of pods with addresses that are no pod, node or Service. */
function withOutside(config: TrafficConfig, { source, metric }: FlowInput, { matchers }: Completion): Query {
  const between = ([pod, outside]: readonly [Side, Side]): Query => {
    const { ip } = podLabels(source, outside);
    const where = {
      ...naming(source, pod),
      ...nameless(source, outside),
      [ip]: [NAMED, { operator: '!~', value: LINK_LOCAL }],
    } as const;
    return copied(rateOf(config, { metric, matchers }, where), { [ip]: 'ip' });
  };
  return promql`
    ${either(between(['source', 'destination']), between(['destination', 'source']))}
    unless on (${labels(...clusterLabels(config), 'ip')})
    (
      ${knownAddresses(config)}
    )
    and on (${labels(...clusterLabels(config))})
    ${SERVICES_KNOWN}`;
}

/** Labels that tell where traffic of a gap is. */
const placeOf = (source: FlowSource, gap: Gap): readonly string[] =>
  gap === 'same_node' && !reportsZones(source) ? ['zone'] : [];

/** What one completion adds, by pair of endpoints. */
function completed(config: TrafficConfig, input: FlowInput, completion: Completion): Query {
  const { source, metric } = input;
  const { gap, matchers, times = 1, replies = {} } = completion;
  const key = pairKey(config, source);
  const byPair = (flows: Query): Query => aggregate('sum', key, flows);
  const named = rateOf(config, { metric, matchers }, naming(source, ...SIDES));
  const proven: Readonly<Record<Gap, () => Query>> = {
    // Summed before the join: series that differ in the node of their agent only would become equal.
    same_node: () => onOneNode(config, source, byPair(named)),
    replies: () => byPair(uncountedReplies(config, input, named, replies)),
    outside: () => byPair(withOutside(config, input, completion)),
  };
  const once = proven[gap]();
  return times === 1 ? once : promql`${once} / ${times}`;
}

const SAYS: Readonly<Record<Gap, string>> = {
  same_node: 'same_node is between pods of one node',
  replies: 'replies are between pods of which the selection counts requests only',
  outside: 'outside is between pods and addresses of no pod, node or Service',
};

/** Records what the selection of an input misses; nothing where it misses nothing that is seen elsewhere. */
export function completionRules(config: TrafficConfig, input: FlowInput): readonly RecordingRule[] {
  const { completions, source } = input;
  if (completions.length === 0) return [];
  return [
    {
      record: trafficNames(config, input).completed,
      expr: either(...completions.map((one) => withLabel(completed(config, input, one), 'gap', one.gap))),
      labels: [...pairKey(config, source), 'gap', ...completions.flatMap(({ gap }) => placeOf(source, gap))],
      unit: input.unitLabel,
      cardinality: 'one for each pair of pods, or of a pod and an outside address, that the selection does not count',
      comment:
        `Traffic that the selection misses, from other series of the same counter: ${completions.map(({ gap }) => SAYS[gap]).join('; ')}. ` +
        'Endpoints and pairs read it beside the selection, so totals agree.',
    },
  ];
}
