import { inCluster } from '../../panels/shared.ts';
import { aggregate, either, type Matchers, matches, promql, type Query, selector } from '../../promql/index.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { costNames, trafficNames, ZONE_LABELS } from '../records/names.ts';
import { SIDES } from '../source.ts';

/**
 * A label that no record has. The pattern for All matches that it is absent, and the names of namespaces do not: so a matcher on it selects
 * a record only while All are chosen, or only while they are not.
 */
const ABSENT = 'any_namespace';
const WHILE_ALL: Matchers = { [ABSENT]: matches('$namespace') };
const UNLESS_ALL: Matchers = { [ABSENT]: { operator: '!~', value: '$namespace' } };

/** Labels that these queries use inside. */
export const CHOSEN_LABELS: readonly string[] = [ABSENT];

/** Whether workloads are recorded, so that namespaces can be chosen. */
export const hasWorkloads = ({ flows }: TrafficConfig): boolean => flows.granularity !== 'zone';

/** Series of a record of workload pairs with an end in the chosen namespaces. A pair with both ends there is one series, and counts once. */
export const withEndIn = (config: TrafficConfig, record: string, where: Matchers = {}): Query =>
  either(
    ...SIDES.map((side) =>
      selector(record, { ...inCluster(config), ...where, [`${side}_namespace`]: matches('$namespace') }),
    ),
  );

/** Records of one figure: for all traffic, and by pair of workloads. */
interface Levels {
  readonly all: string;
  readonly byPair: string;
}

/**
 * What the namespace picker selects, summed by labels that both records have. With All, it is the record of all traffic, which also counts
 * what has no workload; else the pairs of workloads.
 */
function chosen(config: TrafficConfig, { all, byPair }: Levels, by: readonly string[], where: Matchers): Query {
  const whole = (more: Matchers) => aggregate('sum', by, selector(all, { ...inCluster(config), ...where, ...more }));
  return hasWorkloads(config)
    ? either(whole(WHILE_ALL), aggregate('sum', by, withEndIn(config, byPair, { ...where, ...UNLESS_ALL })))
    : whole({});
}

/** Traffic of the chosen namespaces by pair of zones. */
export const chosenZonePairs = (config: TrafficConfig, input: FlowInput, where: Matchers = {}): Query => {
  const { zonePair, workloadPair } = trafficNames(config, input);
  return chosen(config, { all: zonePair, byPair: workloadPair }, ZONE_LABELS, where);
};

/** All traffic of the chosen namespaces, or that of one locality: 0 where they have traffic and none of it. */
export function chosenTotal(config: TrafficConfig, input: FlowInput, where: Matchers = {}): Query {
  const { cluster, workloadPair } = trafficNames(config, input);
  const total = chosen(config, { all: cluster, byPair: workloadPair }, [], where);
  return hasWorkloads(config) && Object.keys(where).length > 0
    ? either(total, promql`0 * ${aggregate('sum', [], withEndIn(config, workloadPair, UNLESS_ALL))}`)
    : total;
}

/** Cost of the chosen namespaces by pair of zones, in currency per second. */
export const chosenZoneCost = (config: TrafficConfig): Query => {
  const { zonePair, workloadPair } = costNames(config);
  return chosen(config, { all: zonePair, byPair: workloadPair }, ZONE_LABELS, {});
};

/** Cost of the chosen namespaces in currency per second: 0 where they have traffic that costs nothing. */
export function chosenCost(config: TrafficConfig, input: FlowInput): Query {
  const cost = costNames(config);
  const total = chosen(config, { all: cost.cluster, byPair: cost.workloadPair }, [], {});
  const { workloadPair } = trafficNames(config, input);
  return hasWorkloads(config)
    ? either(total, promql`0 * ${aggregate('sum', [], withEndIn(config, workloadPair, UNLESS_ALL))}`)
    : total;
}
