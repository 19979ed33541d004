import { clusterLabels } from '../../settings/cluster-labels.ts';
import type { Config } from '../../settings/index.ts';
import type { RecordingRule } from '../../model/rules.ts';
import {
  copied,
  defaultLabel,
  firstOf,
  labels,
  promql,
  quoted,
  selector,
  UniqueVector,
  withLabels,
  type Query,
} from '../../promql/index.ts';
import type { Side } from '../source.ts';
import type { FlowInput } from '../input.ts';
import { endpointKey, sharedNames } from './endpoints.ts';
import { POD_IDENTITY, trafficNames } from './names.ts';
import { NAMED, ways, whoLabels } from './lookups.ts';

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
