import { NODE_ZONE } from '../../identity/index.ts';
import type { RecordingRule } from '../../model/rules.ts';
import {
  aggregate,
  copied,
  decidedBy,
  defaultLabel,
  either,
  firstOf,
  join,
  labelReplace,
  labels,
  type Matchers,
  matches,
  not,
  promql,
  type Query,
  replacedInTurn,
  selector,
  UniqueVector,
  withLabel,
  withLabels,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { FIELDS, looksUpRanges, OF_NODES, OURS, rangeSteps, reportsAddress, type Step } from '../ranges.ts';
import { PUBLIC_ADDRESS } from '../public.ts';
import { type Side, SIDES } from '../source.ts';
import { addressedEndpoints } from './endpoints.ts';
import { NAMELESS } from './flows.ts';
import { ADDRESS_IDENTITY, EXTERNAL, INTERNET, RANGE_NODE_ZONE, trafficNames, UNNAMED_EXTERNAL } from './names.ts';

/** Labels of the record beside the address; `range_` keeps those apart that a source has, too. */
const LABELS = [
  'namespace',
  'workload_type',
  'workload',
  'zone',
  'range_kind',
  'range_region',
  'range_beyond',
] as const;

/** Characters of regular expressions in one rule: VictoriaMetrics refuses queries above 16,384 bytes by default. */
const MAX_STEPS = 11_000;

/** Ends of a side that the source reports by their address only. */
const addressesOnly = (config: TrafficConfig, input: FlowInput, side: Side): Query =>
  addressedEndpoints(config, input, side, 'namespace');

/** So many comparisons are worth leaving out, first, the addresses that are in no range: most of them, where clients are on the internet. */
const MANY_STEPS = 16;

/** Leaves out what is in no range: a vector without labels is its partner. */
const inRange = (compared: Query): Query => promql`
  ${compared}
  unless on (range_place)
  vector(1)`;

/** Steps in as many portions as rules are needed for them. */
function portions(steps: readonly Step[]): readonly (readonly Step[])[] {
  const found: Step[][] = [[]];
  let size = 0;
  for (const step of steps) {
    const length = step.regex.length + step.value.length + 50;
    size += length;
    if (size > MAX_STEPS) {
      found.push([]);
      size = length;
    }
    found.at(-1)?.push(step);
  }
  return found;
}

/** Zones of the nodes that entries of `nodes.addresses` name, by the index of the entry; several where its nodes are in several. */
export function rangeNodeZoneRule(config: TrafficConfig): RecordingRule | undefined {
  const kept = [...clusterLabels(config), 'range_node', 'zone'];
  const zones = config.nodes.addresses.flatMap(({ node }, index) => {
    if (node === undefined) return [];
    const nodes = selector(NODE_ZONE, { node: matches(node), zone: not('unknown') });
    return [withLabel(aggregate('group', [...clusterLabels(config), 'zone'], nodes), 'range_node', String(index))];
  });
  if (zones.length === 0) return undefined;
  return {
    record: RANGE_NODE_ZONE,
    expr: either(...zones),
    labels: kept,
    unit: '1',
    cardinality: 'one for each entry of nodes.addresses that names nodes',
    comment:
      'The zones of the nodes that each entry of nodes.addresses names, by the index of the entry. It should be one zone each.',
  };
}

/** Whether an entry of `nodes.addresses` names nodes instead of a zone. */
const namesNodes = ({ nodes }: TrafficConfig): boolean => nodes.addresses.some(({ node }) => node !== undefined);

/** Sets the zone of the nodes that an entry names, where all of them are in one. */
function withNodeZone(config: TrafficConfig, places: Query): Query {
  if (!namesNodes(config)) return places;
  const cluster = clusterLabels(config);
  const key = [...cluster, 'range_node'];
  const single = promql`
    ${selector(RANGE_NODE_ZONE)}
    unless on (${labels(...key)})
    (count by (${labels(...key)}) (${selector(RANGE_NODE_ZONE)}) > 1)`;
  const placed = join(places, new UniqueVector(single, key), ['zone']);
  const address = [...cluster, 'ip'];
  return firstOf(new UniqueVector(placed, address), new UniqueVector(places, address)).query;
}

/** Turns the text of a place into labels. */
function described(config: TrafficConfig, places: Query): Query {
  const labelOf = {
    kind: 'range_kind',
    name: 'workload',
    zone: 'zone',
    region: 'range_region',
    beyond: 'range_beyond',
    node: 'range_node',
  };
  const fields = FIELDS.reduce(
    (query, field, index) =>
      labelReplace(query, labelOf[field], '$1', 'range_place', `${'[^/]*/'.repeat(index)}([^/]*).*`),
    places,
  );
  const placed = withNodeZone(config, fields);
  const external = (['namespace', 'workload_type'] as const).reduce(
    (query, label) => labelReplace(query, label, EXTERNAL[label], 'workload', '.+'),
    placed,
  );
  return ['namespace', 'workload_type', 'workload', 'zone'].reduce(
    (query, label) => defaultLabel(query, label, 'unknown'),
    external,
  );
}

/**
 * Records where the configuration places addresses that are no pod, node or Service. Many ranges are compared in several rules, one after the
 * other, each of a bounded size.
 */
export function rangeRules(config: TrafficConfig, input: FlowInput): readonly RecordingRule[] {
  if (!looksUpRanges(config, input)) return [];
  const cluster = clusterLabels(config);
  const key = [...cluster, 'ip'];
  const names = trafficNames(config, input);
  const seen = either(
    ...SIDES.filter((side) => reportsAddress(input, side)).map((side) => addressesOnly(config, input, side)),
  );
  const nobodys = promql`
    ${aggregate('group', key, seen)}
    unless on (${labels(...key)})
    ${selector(ADDRESS_IDENTITY)}`;
  const { any, each } = rangeSteps(config);
  const first = each.length > MANY_STEPS ? portions(any) : [];
  const all = [...first, ...portions(each)];
  // The zones of nodes are joined to what is recorded already, as the join names the places twice.
  const parts = (namesNodes(config) ? all : all.slice(0, -1)).map((_steps, index) => names.rangePart(index + 1));
  const compared = (index: number): Query => {
    const before = parts[index - 1];
    const places = replacedInTurn(
      before === undefined ? nobodys : selector(before),
      'range_place',
      'ip',
      all[index] ?? [],
    );
    return index === first.length - 1 ? inRange(places) : places;
  };
  return [
    ...parts.map((record, index) => ({
      record,
      expr: aggregate('group', [...key, 'range_place'], compared(index)),
      labels: [...key, 'range_place'],
      unit: '1',
      cardinality: 'one for each address that is no pod, node or Service',
      comment:
        'Addresses without a known pod, node or Service, compared with some of the configured ranges. The next rule goes on.',
    })),
    {
      record: names.range,
      expr: aggregate('group', [...key, ...LABELS], described(config, inRange(compared(parts.length)))),
      labels: [...key, ...LABELS],
      unit: '1',
      cardinality: 'one for each address in a configured range that is no pod, node or Service',
      comment:
        'Where the configuration places addresses without a known pod, node or Service: in cluster.cidrs and nodes.addresses (range_kind cluster and nodes), as a workload of ' +
        'flows.external (range_kind is its kind), or in a subnet of zones.subnets. The longest prefix wins, as it is compared last.',
    },
  ];
}

/** Labels that an end gets from its range. */
const BROUGHT = ['workload_namespace', 'workload_type', 'workload', 'zone', 'reason'];

/** Adds the reason for an unknown zone: what is in a range of ours has no place, all else is outside. Beyond the cluster, it is the class of traffic. */
const reasoned = (places: Query): Query =>
  decidedBy(
    places,
    'reason',
    ['range_kind', 'zone', 'range_beyond'],
    [
      [`(?:${OURS}|${OF_NODES})/unknown/`, 'unplaced'],
      ['.*/unknown/', 'outside'],
      ['.*/.*/(.*)', '$1'],
    ],
  );

/** The identity of ends on the internet that nobody names. */
const ON_THE_INTERNET = {
  workload_namespace: EXTERNAL.namespace,
  workload_type: EXTERNAL.workload_type,
  workload: UNNAMED_EXTERNAL,
  zone: INTERNET,
  reason: 'internet',
} as const;

/** Matchers of public addresses. */
export const ON_PUBLIC_ADDRESS: Matchers = {
  ip: [matches(PUBLIC_ADDRESS.matches), { operator: '!~', value: PUBLIC_ADDRESS.butNot }],
};

/** Ends of a side that the source reports by a public address only. The index finds them: no label is compared twice. */
export const publicLookup = (config: TrafficConfig, input: FlowInput, side: Side): readonly Query[] =>
  reportsAddress(input, side)
    ? [
        withLabels(
          selector(trafficNames(config, input).endpoint(side), { namespace: NAMELESS, ...ON_PUBLIC_ADDRESS }),
          ON_THE_INTERNET,
        ),
      ]
    : [];

/** Finds ends of a side that the source reports by their address only in the configured ranges of these kinds; empty if nothing is configured. */
export function rangeLookup(
  config: TrafficConfig,
  input: FlowInput,
  side: Side,
  range_kind: Matchers[string],
): readonly Query[] {
  if (!reportsAddress(input, side) || !looksUpRanges(config, input)) return [];
  const found = selector(trafficNames(config, input).range, { range_kind });
  const places = reasoned(copied(found, { namespace: 'workload_namespace' }));
  return [
    join(addressesOnly(config, input, side), new UniqueVector(places, [...clusterLabels(config), 'ip']), BROUGHT),
  ];
}
