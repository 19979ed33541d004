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
import { keyLabels, type Side, SIDES } from '../source.ts';
import { flowKey, isKeyedByName, namelessAt, naming, otherSide, pairKey, reports, seesMasquerade } from './flows.ts';
import { ADDRESS_IDENTITY, trafficNames } from './names.ts';

/**
 * How much more the pods may have than their node where it masquerades them: the two interfaces are read at different moments, and merge
 * packets in different ways, which takes up to 4 % of the bytes off (measured).
 */
const SLACK = 1.05;

/** Pods, also those that an agent does not name; nothing else but nodes has traffic with the outside. */
const PODS = matches('Pod|');

/**
 * What each agent reports of traffic between ends of a kind, on this side, and the outside. Where ends are recognised by name, no more than
 * what remains of each end with peers that no agent names: one that another agent names is not outside.
 */
function withOutside(config: TrafficConfig, input: FlowInput, side: Side, kind: Matchers[string]): Query {
  const { source } = input;
  const ofKind: Matchers = { [source.ends[side].kind ?? 'kind']: kind };
  if (!isKeyedByName(source)) {
    return reports(config, input, pairKey(config, source), { ...ofKind, ...namelessAt(source, otherSide(side)) });
  }
  const names = trafficNames(config, input);
  const reported = selector(names.halfNamed, { ...naming(source, side), ...ofKind });
  const remaining = selector(names.unnamed, naming(source, side));
  return promql`
    ${reported}
    - clamp_min(
      ${reported}
      - on (${labels(...flowKey(config, source, side))}) group_left ()
      ${remaining},
      0
    )`;
}

/** The part of the traffic of nodes on this side with the outside that is the pods' behind them: no more than all of it. */
function behindNodes(config: TrafficConfig, input: FlowInput, side: Side): Query {
  const { source } = input;
  const cluster = clusterLabels(config);
  const byName = isKeyedByName(source);
  const address = byName ? [] : keyLabels(source, otherSide(side));
  // With addresses, each of those outside is compared by itself: nodes may masquerade what goes to some, and not the rest.
  const scope = [...cluster, ...(source.reporter === undefined ? [] : [source.reporter]), ...address];
  const [nodes, pods] = [withOutside(config, input, side, 'Node'), withOutside(config, input, side, PODS)];
  const share = promql`
    ${aggregate('sum', scope, pods)}
    / on (${labels(...scope)})
    ${aggregate('sum', scope, nodes)}`;
  const sending = promql`${nodes} > 0`;
  // An end of the cluster without a name is found by its address.
  const outside = address.reduce(
    (query, label) => promql`
      ${copied(query, { [label]: 'ip' })}
      unless on (${labels(...cluster, 'ip')})
      ${selector(ADDRESS_IDENTITY)}`,
    sending,
  );
  return aggregate(
    'max',
    byName ? flowKey(config, source, side) : pairKey(config, source),
    promql`
      ${outside}
      * on (${labels(...scope)}) group_left ()
      clamp_max(${config.flows.masquerade === 'auto' ? promql`${share} <= ${SLACK}` : share}, 1)`,
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
