import type { Config } from '../config/schema.ts';
import type { RecordingRule } from '../model/rules.ts';
import {
  duration,
  firstOf,
  labels,
  promql,
  recorded,
  renamed,
  selector,
  UniqueVector,
  withLabel,
  type Matchers,
  type Query,
} from '../promql/index.ts';
import type { FlowSource, Side } from '../sources/flow-source.ts';
import { clusterLabels, endpointIdentity, POD_IDENTITY } from './names.ts';

/** What is known of an endpoint beside its name. */
const IDENTITY = ['workload_type', 'workload', 'zone'] as const;

/** The identity labels of one side, such as `source_workload`. */
export const identityOf = (side: Side): readonly string[] => IDENTITY.map((label) => `${side}_${label}`);

/** The flows that count, as a selector; `where` narrows them further. */
export const countedFlows = ({ flows }: Config, source: FlowSource, where: Matchers = {}): Query => {
  const matchers = source.selectors[flows.select];
  if (matchers === undefined) throw new TypeError(`${source.id} has no selector ${flows.select}`);
  return selector(source.metric, { ...matchers, ...where });
};

/** The labels that name an endpoint in the flows of a source. */
export const endpointKey = (config: Config, source: FlowSource, side: Side): readonly string[] => [
  ...clusterLabels(config),
  source.endpoints[side].namespace,
  source.endpoints[side].pod,
];

/** Records the identity of every endpoint of one side that the flows of the window name, known or not. */
export function endpointRule(config: Config, source: FlowSource, side: Side): RecordingRule {
  const { namespace, pod } = source.endpoints[side];
  const key = endpointKey(config, source, side);
  const identity = renamed(recorded(POD_IDENTITY, [...clusterLabels(config), 'namespace', 'pod']), {
    namespace,
    pod,
    ...Object.fromEntries(IDENTITY.map((label) => [label, `${side}_${label}`])),
  });
  // last_over_time finds at least every series that rate() finds: those that ended inside the window too.
  const seen = promql`
    group by (${labels(...key)}) (
      last_over_time(${countedFlows(config, source)}[${duration(config.rules.window)}])
    )`;
  const unknown = identityOf(side).reduce((query, label) => withLabel(query, label, 'unknown'), seen);
  return {
    record: endpointIdentity(side),
    expr: firstOf(identity, new UniqueVector(unknown, key)).query,
    labels: [...key, ...identityOf(side)],
    unit: '1',
    comment:
      `The ${side} of every flow in the window: its identity where the pod is known, else "unknown". Resolving the few endpoints ` +
      'once keeps the many flows to one join a side, and the map is total, so no flow is lost in that join.',
  };
}
