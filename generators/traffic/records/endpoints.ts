import { POD_IDENTITY } from '../../identity/index.ts';
import type { RecordingRule } from '../../model/rules.ts';
import { aggregate, copied, either, labels, type Matchers, promql, type Query, selector } from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { END_FIELDS, type EndField, type FlowSource, type Side } from '../source.ts';
import { NAMED, NAMELESS, seenEndpoints } from './flows.ts';
import { trafficNames } from './names.ts';

/** Labels of the records for the fields of an end; `native_*` for what the source resolved itself. */
const FIELD_LABELS: Readonly<Record<EndField, string>> = {
  namespace: 'namespace',
  pod: 'pod',
  ip: 'ip',
  kind: 'kind',
  workload_type: 'native_workload_type',
  workload: 'native_workload',
  zone: 'native_zone',
};

/** Labels of one end in a source, each with the name that all sources share. */
export const sharedNames = ({ ends }: FlowSource, side: Side): readonly (readonly [own: string, shared: string])[] =>
  END_FIELDS.flatMap((field) => {
    const own = ends[side][field];
    return own === undefined ? [] : [[own, FIELD_LABELS[field]] as const];
  });

/** The labels that name an endpoint in the records. */
export const endpointKey = (config: TrafficConfig, source: FlowSource, side: Side): readonly string[] => [
  ...clusterLabels(config),
  ...sharedNames(source, side).map(([, shared]) => shared),
];

/** Records the traffic that each endpoint of one side sends or receives. */
export function endpointRule(config: TrafficConfig, input: FlowInput, side: Side): RecordingRule {
  const { source, unitLabel } = input;
  const seen = seenEndpoints(config, input, side);
  const renames = sharedNames(source, side).filter(([own, shared]) => own !== shared);
  const key = endpointKey(config, source, side);
  const expr = renames.length === 0 ? seen : aggregate('sum', key, copied(seen, Object.fromEntries(renames)));
  return {
    record: trafficNames(config, input).endpoint(side),
    expr,
    labels: key,
    unit: unitLabel,
    cardinality: `one for each ${side} seen within the window`,
    comment:
      side === 'source'
        ? 'Traffic that each endpoint sends. It has every source with traffic in the window, so the identities below cover all of them; ' +
          'its sum is all traffic that comes in, against which the pairs are checked.'
        : 'Traffic that each endpoint receives.',
  };
}

/** Ends of a side that are told by their address, as one of these fields is no name; the API server's, too, whatever the source calls it. */
export function addressedEndpoints(
  config: TrafficConfig,
  input: FlowInput,
  side: Side,
  ...fields: readonly ('namespace' | 'pod')[]
): Query {
  const { controlPlane: name } = input.source;
  const seen = (where: Matchers) => selector(trafficNames(config, input).endpoint(side), { ip: NAMED, ...where });
  return either(
    ...fields.map((field) => seen({ [field]: NAMELESS })),
    ...(name === undefined ? [] : [seen({ namespace: name, pod: name })]),
  );
}

/** Endpoints of a side without a pod that kube-state-metrics knows by name. Those with one are found by it. */
export function unnamedEndpoints(config: TrafficConfig, input: FlowInput, side: Side): Query {
  const seen = selector(trafficNames(config, input).endpoint(side));
  if (input.source.ends[side].pod === undefined) return seen;
  return promql`
    ${seen}
    unless on (${labels(...clusterLabels(config), 'namespace', 'pod')})
    ${selector(POD_IDENTITY, { pod: NAMED })}`;
}
