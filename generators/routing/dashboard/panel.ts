import { firing } from '../../panels/firing.ts';
import type { PanelOf } from '../../panels/needs.ts';
import { inCluster, TRAFFIC_UNITS } from '../../panels/shared.ts';
import {
  either,
  join,
  labels,
  type Matchers,
  matches,
  promql,
  type Query,
  selector,
  UniqueVector,
} from '../../promql/index.ts';
import { clusterTrafficName } from '../../shared/record-names.ts';
import { routable, routingAlerts, skewed } from '../alerts.ts';
import { crossingNames, routingNames, serviceKey } from '../names.ts';
import { noCrossing, noEvictions, type RoutingConfig, shownInput } from '../settings.ts';
import { withPatch } from './patch.ts';

/** What a panel requires, and why a configuration does not have it. */
const MISSING = { crossing: noCrossing, evictions: noEvictions } as const;

/** A panel that is built only if its needs are met. */
export type RoutingPanel = PanelOf<keyof typeof MISSING>;

/** Why a need of a panel is not met. */
export const missing = (config: RoutingConfig, need: keyof typeof MISSING): string | undefined => MISSING[need](config);

/** The series that the panels read, with the matchers of the variables. */
export function routingSeries(config: RoutingConfig) {
  const cluster = inCluster(config);
  const input = shownInput(config);
  const filter: Matchers = { ...cluster, namespace: matches('$namespace'), service: matches('$service') };
  const on = labels(...serviceKey(config));
  const names = input === undefined ? undefined : crossingNames(config, input);
  /** A record of Services, or of workloads, that the variables choose. */
  const of = (record: string, where: Matchers = {}): Query => selector(record, { ...filter, ...where });
  const ofWorkloads = (record: string, where: Matchers = {}): Query =>
    selector(record, {
      ...cluster,
      ...(record.startsWith('cluster') ? {} : { namespace: matches('$namespace') }),
      ...where,
    });
  const crossing = (record: 'inbound' | 'crossing'): Query => of(names?.[record] ?? 'no_traffic');
  const without = promql`${of(routingNames.hintedZones)} == 0`;
  // Services whose callers could stay in their zone, and have no hints to do so.
  const unhinted = promql`
    ${routable(config, of)}
    and on (${on})
    (${without})`;
  const called = promql`${crossing('crossing')} > 0`;
  return {
    cluster,
    of,
    ofWorkloads,
    crossing,
    on,
    input,
    /** What zones that no hint is for send to workloads. */
    unhintedZones: () => ofWorkloads(names?.unhinted ?? 'no_traffic'),
    /** The share that crossed zones before a change. */
    before: () => of(names?.before ?? 'no_traffic'),
    /** All cross-zone traffic of the cluster. */
    total: () =>
      selector(clusterTrafficName(input?.unit ?? 'network_flows', config.rules.window), {
        ...cluster,
        locality: 'cross_zone',
      }),
    /** Services with cross-zone traffic and no hints. */
    unhinted: promql`
      ${unhinted}
      and on (${on})
      (${called})`,
    skewed: skewed(config, 1, ofWorkloads),
    zones: selector(routingNames.zones, cluster),
    cpu: selector(routingNames.cpu, cluster),
    known: selector(routingNames.zones, cluster),
    unit: input === undefined ? 'none' : TRAFFIC_UNITS[input.unit],
    firing: firing(cluster, routingAlerts),
    /** Values of Services on the rows of the table: all rows have the same labels. */
    row: (value: Query, where: Matchers = {}): Query =>
      join(
        withPatch(config, of(routingNames.routing, where)),
        new UniqueVector(promql`max by (${on}) (${value})`, serviceKey(config)),
        [],
      ),
  };
}

export type Series = ReturnType<typeof routingSeries>;

/** A number of series, 0 where there are none but the cluster is known. */
export const countOf = ({ known }: Series, query: Query): Query =>
  either(promql`count(${query})`, promql`0 * group(${known})`);
