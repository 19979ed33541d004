import type { RecordingRule } from '../../model/rules.ts';
import {
  aggregate,
  copied,
  either,
  labels,
  type Matchers,
  matches,
  promql,
  type Query,
  selector,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { type FlowSource, type Side, SIDES } from '../source.ts';
import { flowKey, isKeyedByName, nameless, naming, otherSide, pairKey, reports, seesMasquerade } from './flows.ts';
import { ADDRESS_IDENTITY, trafficNames } from './names.ts';

/**
 * How much more the pods may have than their node where it masquerades them: the two interfaces are read at different moments, and merge
 * packets in different ways, which takes up to 4 % of the bytes off (measured).
 */
const SLACK = 1.05;

/** Pods, also those that an agent does not name: what is neither a node nor a Service. */
const PODS = matches('Pod|');
const NODE = 'Node';

/** The labels of an agent. */
const agentLabels = (config: TrafficConfig, { reporter }: FlowSource): readonly string[] => [
  ...clusterLabels(config),
  ...(reporter === undefined ? [] : [reporter]),
];

/** Matchers of the series between ends of a kind, on this side, and ends without a name. */
const toNameless = ({ source }: FlowInput, side: Side, kind: Matchers[string]): Matchers => ({
  [source.ends[side].kind ?? 'kind']: kind,
  ...nameless(source, otherSide(side)),
});

/**
 * What each agent reports of traffic between named ends of a kind, on this side, and the outside: of each end no more than what remains of
 * it with peers that no agent names. A peer that another agent names is not outside.
 */
function remaining(config: TrafficConfig, input: FlowInput, side: Side, kind: Matchers[string]): Query {
  const { source } = input;
  const names = trafficNames(config, input);
  const reported = selector(names.halfNamed, { ...naming(source, side), [source.ends[side].kind ?? 'kind']: kind });
  return promql`
    ${reported}
    - clamp_min(
      ${reported}
      - on (${labels(...flowKey(config, source, side))}) group_left ()
      ${selector(names.unnamed, naming(source, side))},
      0
    )`;
}

/** What an agent reports of ends with the outside, and what is compared with it. */
interface Outside {
  /** The labels by which nodes are compared with their pods, and by which their traffic is recorded. */
  readonly scope: readonly string[];
  readonly key: readonly string[];
  readonly ofNodes: Query;
  /** Sums by scope, of ends of a kind. */
  readonly total: (kind: Matchers[string]) => Query;
}

/** By agent, where ends are recognised by name. */
function byName(config: TrafficConfig, input: FlowInput, side: Side): Outside {
  const { source } = input;
  const scope = agentLabels(config, source);
  return {
    scope,
    key: flowKey(config, source, side),
    ofNodes: promql`${remaining(config, input, side, NODE)} > 0`,
    total: (kind) => aggregate('sum', scope, remaining(config, input, side, kind)),
  };
}

/** By agent and address outside: nodes may masquerade what goes to some, and not the rest. */
function byAddress(config: TrafficConfig, input: FlowInput, side: Side): Outside {
  const { source } = input;
  const cluster = clusterLabels(config);
  const address = source.ends[otherSide(side)].ip ?? 'ip';
  const ofNodes = promql`${reports(config, input, pairKey(config, source), toNameless(input, side, NODE))} > 0`;
  return {
    scope: [...agentLabels(config, source), address],
    key: pairKey(config, source),
    // An end of the cluster without a name is found by its address.
    ofNodes: promql`
      ${copied(ofNodes, { [address]: 'ip' })}
      unless on (${labels(...cluster, 'ip')})
      ${selector(ADDRESS_IDENTITY)}`,
    total: (kind) => reports(config, input, [...cluster, address], toNameless(input, side, kind)),
  };
}

/** The part of the traffic of nodes on this side with the outside that is the pods' behind them: no more than all of it. */
function behindNodes(config: TrafficConfig, input: FlowInput, side: Side): Query {
  const of = isKeyedByName(input.source) ? byName : byAddress;
  const { scope, key, ofNodes, total } = of(config, input, side);
  const share = promql`
    ${total(PODS)}
    / on (${labels(...scope)})
    ${total(NODE)}`;
  return aggregate(
    'max',
    key,
    promql`
      ${ofNodes}
      * on (${labels(...scope)}) group_left ()
      clamp_max(
        ${config.flows.masquerade === 'auto' ? promql`${share} <= ${SLACK}` : share},
        1
      )`,
  );
}

/**
 * Records the part of the traffic of each node with the outside that is that of pods, whose packets it masquerades: an agent reports them
 * at the pod and, translated, at the network card. None for sources that do not, or where `flows.masquerade` is false.
 */
export function masqueradeRules(config: TrafficConfig, input: FlowInput): readonly RecordingRule[] {
  const { source, unitLabel: unit } = input;
  if (!seesMasquerade(config, source)) return [];
  return [
    {
      record: trafficNames(config, input).masqueraded,
      expr: either(...SIDES.map((side) => behindNodes(config, input, side))),
      labels: pairKey(config, source),
      unit,
      cardinality: isKeyedByName(source)
        ? 'two for each node whose pods have traffic with the outside'
        : 'two for each address outside that pods of a node have traffic with',
      comment:
        'Traffic of nodes with the outside that is that of the pods behind the same agent, seen once more with the address of the node. It ' +
        'is taken off the node, whose own traffic remains.' +
        (config.flows.masquerade === 'auto'
          ? ` Where the pods have more than ${Math.round((SLACK - 1) * 100)} % more than their node, nothing is masqueraded, and both count.`
          : ''),
    },
  ];
}
