import type { RecordingRule } from '../../model/rules.ts';
import {
  aggregate,
  duration,
  either,
  firstOf,
  join,
  labels,
  type Matchers,
  matches,
  not,
  promql,
  type Query,
  seconds,
  selector,
  UniqueVector,
  withLabel,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import { countedSeries, type FlowInput } from '../input.ts';
import { endLabels, type FlowSource, keyLabels, type Side, SIDES } from '../source.ts';
import { trafficNames } from './names.ts';

/** Some sources write "unknown" where they have no name. */
export const NAMED = { operator: '!~', value: '|unknown' } as const;
export const NAMELESS = matches('|unknown');

/** The labels that tell endpoints apart in the flows. */
export const flowKey = (config: TrafficConfig, source: FlowSource, side: Side): readonly string[] => [
  ...clusterLabels(config),
  ...keyLabels(source, side),
];

/** The labels that tell pairs of endpoints apart in the flows. */
export const pairKey = (config: TrafficConfig, source: FlowSource): readonly string[] => [
  ...new Set(SIDES.flatMap((side) => flowKey(config, source, side))),
];

/** The labels of a side that do not tell endpoints apart: an agent that lacks them reports the same endpoint. */
const attributes = (source: FlowSource, side: Side): readonly string[] =>
  endLabels(source, side).filter((label) => !keyLabels(source, side).includes(label));

/** The side that is not this one. */
export const otherSide = (side: Side): Side => (side === 'source' ? 'destination' : 'source');

/** A condition on the names of these sides: of pods, or of workloads where the source names no pods. */
const onNames = ({ ends }: FlowSource, condition: Matchers[string], ...sides: readonly Side[]): Matchers =>
  Object.fromEntries(
    sides.flatMap((side) => {
      const name = ends[side].pod ?? ends[side].workload;
      return name === undefined ? [] : [[name, condition] as const];
    }),
  );

/** Names that are no name of a pod or workload, as a regular expression. */
const noNames = ({ controlPlane }: FlowSource): string =>
  `|unknown${controlPlane === undefined ? '' : `|${controlPlane}`}`;

/** Matchers of the series that name these sides. */
export const naming = (source: FlowSource, ...sides: readonly Side[]): Matchers =>
  onNames(source, { operator: '!~', value: noNames(source) }, ...sides);

/** Matchers of the series that name none of these sides. */
export const nameless = (source: FlowSource, ...sides: readonly Side[]): Matchers =>
  onNames(source, matches(noNames(source)), ...sides);

/** Matchers of the series that name this side only. */
export const namingOnly = (source: FlowSource, side: Side): Matchers => ({
  ...naming(source, side),
  ...nameless(source, otherSide(side)),
});

/** Matchers of the series that tell everything about a side: its name, its owner and its zone. */
const whole = (source: FlowSource, side: Side): Matchers => {
  const { workload, zone } = source.ends[side];
  const others = [workload, zone].filter((label) => label !== undefined);
  return { ...naming(source, side), ...Object.fromEntries(others.map((label) => [label, not('')])) };
};

/** Whether two agents report one packet, and recognise its ends by names, which either may lack. */
export const isKeyedByName = (source: FlowSource): boolean =>
  source.reporter !== undefined && SIDES.every((side) => source.ends[side].ip === undefined);

/** Matchers of the reports that are compared pair by pair: where ends are recognised by name, those that name both. */
const comparable = (source: FlowSource): Matchers => (isKeyedByName(source) ? naming(source, ...SIDES) : {});

/** The rate of a counter of an input. */
export const rateOf = (
  { rules }: TrafficConfig,
  counter: Pick<FlowInput, 'metric' | 'matchers'>,
  where: Matchers = {},
): Query => promql`rate(${countedSeries(counter, where)}[${duration(rules.window)}])`;

/** The record of what the selection misses; `where` adds matchers. Undefined where nothing is known of it. */
export const completedFlows = (config: TrafficConfig, input: FlowInput, where: Matchers = {}): Query | undefined =>
  input.completions.length === 0 ? undefined : selector(trafficNames(config, input).completed, where);

/** What the selection misses and is known to stay on one node; `where` adds matchers. */
export const sameNodeFlows = (config: TrafficConfig, input: FlowInput, where: Matchers = {}): Query | undefined =>
  input.completions.some(({ gap }) => gap === 'same_node')
    ? completedFlows(config, input, { ...where, gap: 'same_node' })
    : undefined;

/** What each agent reports, by these labels. It may have several series for them: one for each direction of the call, say. */
export const reports = (config: TrafficConfig, input: FlowInput, by: readonly string[], where: Matchers = {}): Query =>
  aggregate(
    'sum',
    [...by, ...(input.source.reporter === undefined ? [] : [input.source.reporter])],
    rateOf(config, input, where),
  );

/** What each agent reports of each pair; where ends are recognised by name, of the pairs of which it names both ends. */
export const pairReports = (config: TrafficConfig, input: FlowInput, where: Matchers = {}): Query =>
  reports(config, input, pairKey(config, input.source), { ...comparable(input.source), ...where });

/**
 * Whether agents may report packets of pods once more, as those of their nodes: where nodes masquerade them, which agents see at the
 * interface of the pod and behind the translation.
 */
export const seesMasquerade = ({ flows }: TrafficConfig, source: FlowSource): boolean =>
  source.reporter !== undefined && flows.masquerade !== false;

/** Less than half a byte or packet in the window is rounding: the same numbers, summed up in another order. */
const leastRate = ({ rules }: TrafficConfig): number => 0.5 / seconds(rules.window);

/** Traffic by pair, of which nodes have what is their own with the outside only, not what they masquerade. */
function lessMasqueraded(config: TrafficConfig, input: FlowInput, pairs: Query, where: Matchers): Query {
  const { source } = input;
  if (!seesMasquerade(config, source)) return pairs;
  const ofNodes = selector(trafficNames(config, input).ofNodes, where);
  return promql`
    ${pairs}
    unless on (${labels(...pairKey(config, source))})
    ${ofNodes}
    or
    ${ofNodes} > ${leastRate(config)}`;
}

/** Traffic in pairs that are compared: of each pair, the larger report. Where ends are recognised by address, these are all pairs. */
function pairRate(config: TrafficConfig, input: FlowInput, where: Matchers = {}): Query {
  const larger = aggregate('max', pairKey(config, input.source), pairReports(config, input, where));
  return isKeyedByName(input.source) ? larger : lessMasqueraded(config, input, larger, where);
}

/** Traffic with ends that no agent names, where ends are recognised by name. */
const unnamedRate = (config: TrafficConfig, input: FlowInput, where: Matchers = {}): Query =>
  lessMasqueraded(config, input, selector(trafficNames(config, input).unnamed, where), where);

/**
 * The rate of an input, with each packet counted once: by pair of endpoints where two agents report it, else by series. What is known to
 * stay on one node is left out: `sameNodeFlows` has it.
 */
export function flowRate(config: TrafficConfig, input: FlowInput, where: Matchers = {}): Query {
  const { source } = input;
  if (source.reporter === undefined) {
    const counted = rateOf(config, input, where);
    const completed = completedFlows(config, input, { ...where, gap: not('same_node') });
    return completed === undefined ? counted : either(counted, completed);
  }
  const pairs = pairRate(config, input, where);
  return isKeyedByName(source) ? either(pairs, unnamedRate(config, input, where)) : pairs;
}

/**
 * Traffic of the named endpoints of a side with ends that no agent names. One agent may name both ends of a packet that the other
 * reports with one name, so what unnamed ends are reported with is not added: an end's own agent reports all of its traffic, so the
 * largest total of any agent, less the pairs that are counted, is what remains.
 */
function unnamedPeers(config: TrafficConfig, input: FlowInput, side: Side): Query {
  const { source } = input;
  const names = trafficNames(config, input);
  const key = flowKey(config, source, side);
  const on = labels(...key);
  const reported = (where: Matchers) => selector(names.reported(side), where);
  // A pod that moves has two zones within one window, each with a part of its traffic. What lacks zone or owner is no further part,
  // but may be all that the end's own agent reports.
  const parts = aggregate('sum', key, reported(whole(source, side)));
  const total = aggregate('max', key, either(withLabel(parts, 'name', 'parts'), reported(naming(source, side))));
  const counted = withLabel(promql`-1 * ${selector(names.paired(side))}`, 'name', 'counted');
  const halfNamed = seesMasquerade(config, source)
    ? selector(names.halfNamed)
    : rateOf(config, input, namingOnly(source, side));
  // A sum, as the total stands where nothing is counted, too.
  return promql`
    ${aggregate('sum', key, either(counted, total))}
    > ${leastRate(config)}
    and on (${on})
    ${halfNamed}`;
}

/**
 * Records for sources whose agents both report a packet: the traffic of each endpoint as its largest reports say and as it is counted,
 * and where names tell endpoints apart, the traffic with ends that no agent names. None for other sources.
 */
export function reportRules(config: TrafficConfig, input: FlowInput): readonly RecordingRule[] {
  const { source, unitLabel: unit } = input;
  if (source.reporter === undefined) return [];
  const names = trafficNames(config, input);
  const cluster = clusterLabels(config);
  const byName = isKeyedByName(source);
  const ofSide = (side: Side): readonly RecordingRule[] => {
    const [key, all] = [flowKey(config, source, side), [...cluster, ...endLabels(source, side)]];
    return [
      {
        record: names.paired(side),
        expr: aggregate('sum', key, pairRate(config, input)),
        labels: key,
        unit,
        cardinality: `one for each ${side}${byName ? ' with a name' : ''} seen within the window`,
        comment: `Traffic of each ${side} in pairs${byName ? ' of which an agent names both ends' : ''}: of each pair, the larger report.`,
      },
      {
        record: names.reported(side),
        expr: aggregate('max', all, reports(config, input, all)),
        labels: all,
        unit,
        cardinality: `one for each ${side}, zone and owner that an agent reports`,
        comment: `The largest report of any agent on each ${side}, whatever the other end. It also says what the agents know of it.`,
      },
    ];
  };
  const halfNamed: RecordingRule = {
    record: names.halfNamed,
    expr: either(
      ...SIDES.map((side) => reports(config, input, flowKey(config, source, side), namingOnly(source, side))),
    ),
    labels: [...pairKey(config, source), source.reporter],
    unit,
    cardinality: 'one for each endpoint and agent that does not name one of its peers',
    comment:
      'What each agent reports of ends that it names with ends that it does not: most of it is traffic with the outside.',
  };
  const unnamed: RecordingRule = {
    record: names.unnamed,
    expr: either(
      ...SIDES.map((side) => unnamedPeers(config, input, side)),
      aggregate('sum', cluster, rateOf(config, input, nameless(source, ...SIDES))),
    ),
    labels: pairKey(config, source),
    unit,
    cardinality: 'one for each endpoint with a peer that no agent names',
    comment:
      "Traffic with ends that no agent names: of each named end the largest report, less the pairs that are counted. An end's own agent " +
      'reports all of its traffic, so nothing is left out, and what the other agent names is not counted again.',
  };
  return [
    ...SIDES.flatMap(ofSide),
    ...(byName && seesMasquerade(config, source) ? [halfNamed] : []),
    ...(byName ? [unnamed] : []),
  ];
}

/** What each endpoint of a side sends or receives, with all of its labels. */
export function seenEndpoints(config: TrafficConfig, input: FlowInput, side: Side): Query {
  const { source } = input;
  const key = flowKey(config, source, side);
  if (source.reporter === undefined) {
    const completed = completedFlows(config, input);
    return aggregate('sum', key, either(rateOf(config, input), ...(completed === undefined ? [] : [completed])));
  }
  const names = trafficNames(config, input);
  const counted = selector(names.paired(side));
  const total = isKeyedByName(source)
    ? // Without a label more, a named end would hide its unnamed remainder.
      aggregate('sum', key, either(withLabel(counted, 'name', 'named'), unnamedRate(config, input)))
    : counted;
  const carried = attributes(source, side);
  const described = (where: Matchers) => {
    const largest = promql`topk by (${labels(...key)}) (1, ${selector(names.reported(side), where)})`;
    return new UniqueVector(aggregate('group', [...key, ...carried], largest), key);
  };
  // Where ends are recognised by name, none has reports with a name and without.
  const others = isKeyedByName(source) ? [{}] : [naming(source, side), {}];
  return join(total, firstOf(described(whole(source, side)), ...others.map(described)), carried);
}
