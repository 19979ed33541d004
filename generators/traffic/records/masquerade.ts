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
 * How much more the pods may have than their node where it masquerades them: the two interfaces are read at different moments, and may merge
 * packets in different ways. The headers that merged packets lack were measured as 4 % of the bytes.
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
  const reported = (where: Matchers = {}) => selector(names.halfNamed, where);
  return promql`
    ${reported({ [source.ends[side].kind ?? 'kind']: kind })}
    - clamp_min(
      ${reported()}
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
  /** What nodes are counted with. */
  readonly counted: Query;
  /** What agents report of that. */
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
    counted: selector(trafficNames(config, input).unnamed),
    ofNodes: promql`${remaining(config, input, side, NODE)} > 0`,
    total: (kind) => aggregate('sum', scope, remaining(config, input, side, kind)),
  };
}

/** By agent and address outside: nodes may masquerade what goes to some, and not the rest. */
function byAddress(config: TrafficConfig, input: FlowInput, side: Side): Outside {
  const { source } = input;
  const cluster = clusterLabels(config);
  const address = source.ends[otherSide(side)].ip ?? 'ip';
  const key = pairKey(config, source);
  const reported = reports(config, input, key, toNameless(input, side, NODE));
  const ofNodes = promql`${reported} > 0`;
  return {
    scope: [...agentLabels(config, source), address],
    key,
    counted: aggregate('max', key, reported),
    // An end of the cluster without a name is found by its address.
    ofNodes: promql`
      ${copied(ofNodes, { [address]: 'ip' })}
      unless on (${labels(...cluster, 'ip')})
      ${selector(ADDRESS_IDENTITY)}`,
    total: (kind) => reports(config, input, [...cluster, address], toNameless(input, side, kind)),
  };
}

/** What nodes on this side that masquerade have with the outside, less that of the pods behind them: never below 0. */
function nodesOwn(config: TrafficConfig, input: FlowInput, side: Side): Query {
  const of = isKeyedByName(input.source) ? byName : byAddress;
  const { scope, key, counted, ofNodes, total } = of(config, input, side);
  const share = promql`
    ${total(PODS)}
    / on (${labels(...scope)})
    ${total(NODE)}`;
  const ofPods = aggregate(
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
  return promql`
    clamp_min(
      ${counted}
      - on (${labels(...key)})
      ${ofPods},
      0
    )`;
}

/**
 * Records what each node that masquerades has with the outside itself: an agent reports what its pods send at the pod and, translated, at
 * the network card, as the node's. None for sources that do not, or where `flows.masquerade` is false.
 */
export function masqueradeRules(config: TrafficConfig, input: FlowInput): readonly RecordingRule[] {
  const { source, unitLabel: unit } = input;
  if (!seesMasquerade(config, source)) return [];
  return [
    {
      record: trafficNames(config, input).ofNodes,
      expr: either(...SIDES.map((side) => nodesOwn(config, input, side))),
      labels: pairKey(config, source),
      unit,
      cardinality: isKeyedByName(source)
        ? 'two for each node whose pods have traffic with the outside'
        : 'two for each address outside that a node and its pods have traffic with',
      comment:
        'What nodes have with the outside, less what the pods behind the same agent have with it: that is seen twice, once with the address ' +
        'of the node. This counts instead of what is reported of the node.' +
        (config.flows.masquerade === 'auto'
          ? ` Where the pods have over ${Math.round((SLACK - 1) * 100)} % more than their node, nothing is masqueraded, and both count.`
          : ''),
    },
  ];
}
