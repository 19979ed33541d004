import { type AlertSpec, ofCluster, type Tier } from '../alerts/spec.ts';
import { duration, labels, not, promql, type Query, selector, withLabel } from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import { clusterTrafficName } from '../shared/record-names.ts';
import { crossingNames, routingNames, serviceKey, workloadKey } from './names.ts';
import { noCrossing, noRouting, type RoutingConfig, shownInput } from './settings.ts';

type Alert = AlertSpec<RoutingConfig>;

const tier = <S extends Tier['severity']>(severity: S, threshold: number, pending: string): Tier & { severity: S } => ({
  severity,
  threshold,
  for: pending,
  keepFiringFor: '15m',
});

/** A record as last seen within one window, so that a restart of kube-state-metrics does not reset the `for` of an alert. */
const recent = ({ rules }: RoutingConfig, record: string, where: Parameters<typeof selector>[1] = {}): Query =>
  promql`last_over_time(${selector(record, where)}[${duration(rules.window)}])`;

const DASHBOARD = { uid: 'zone-routing', variables: ['namespace', 'service'] };

/** Services that route by hints or could: those with a virtual address and ready endpoints in two zones or more. */
export function routable(
  config: RoutingConfig,
  of: (record: string, where?: Parameters<typeof selector>[1]) => Query,
): Query {
  const on = labels(...serviceKey(config));
  return promql`
    ${of(routingNames.routing)}
    and on (${on})
    (count by (${on}) (${of(routingNames.endpoints, { zone: not('unknown') })}) >= 2)`;
}

/** Workloads with hints whose pods are spread unevenly: by more than `threshold` pods, and by more than half of the mean of a zone. */
export function skewed(
  config: RoutingConfig,
  threshold: number,
  of: (record: string, where?: Parameters<typeof selector>[1]) => Query,
): Query {
  const workload = workloadKey(config);
  const on = labels(...workload);
  const cluster = labels(...clusterLabels(config));
  const skew = of(routingNames.skew, { workload_type: { operator: '!~', value: 'DaemonSet|Node|StaticPod' } });
  return promql`
    ${skew} > ${threshold}
    and on (${on})
    (
      ${skew}
      > on (${on})
      0.5 * sum by (${on}) (${of(routingNames.pods)})
      / on (${cluster}) group_left ()
      ${of(routingNames.zones)}
    )
    and on (${on})
    ${of(routingNames.workloadHints)}`;
}

const withoutHints: Alert = {
  alert: 'ServiceWithoutZoneHints',
  ratio: true,
  sustained: false,
  tier: tier('info', 0.2, '20m'),
  summary: 'A Service that much cross-zone traffic goes to has no zone hints.',
  description: ({ cluster }) =>
    `${ofCluster(cluster.label)}{{ $value | humanizePercentage }} of the cross-zone traffic goes to Service {{ $labels.namespace }}/{{ $labels.service }}, ` +
    'whose callers choose endpoints in any zone. First: see on the dashboard whether each zone has endpoints, then set trafficDistribution by a patch ' +
    '(routing.services).',
  expr: (config, threshold) => {
    const input = shownInput(config);
    if (input === undefined) throw new TypeError('without() lets nobody come here');
    const of = recent.bind(undefined, config);
    const on = labels(...serviceKey(config));
    const cluster = clusterLabels(config);
    const all = of(clusterTrafficName(input.unit, config.rules.window), { locality: 'cross_zone' });
    return promql`
      ${of(crossingNames(config, input).crossing)}
      / on (${labels(...cluster)}) group_left ()
      sum by (${labels(...cluster)}) (${all}) > ${threshold}
      and on (${on})
      (${of(routingNames.hintedZones)} == 0)
      and on (${on})
      (${routable(config, of)})`;
  },
  without: (config) => noRouting(config) ?? noCrossing(config),
  comment:
    'A fifth of the cross-zone traffic of the cluster: where one Service has so much, one patch saves most. A share, as it means the same for ' +
    'flows and bytes and in small and large clusters. Only Services with endpoints in two zones or more, as hints change nothing for others. Nothing is ' +
    'broken, so it is context; twenty minutes outlast rollouts.',
  dashboard: DASHBOARD,
};

/** What is left to the whole, under the name of what is missing. */
const missing = (share: Query, what: string): Query => withLabel(promql`(1 - ${share})`, 'missing', what);

const partial: Alert = {
  alert: 'ZoneHintsPartial',
  ratio: true,
  sustained: false,
  tier: tier('warning', 0, '15m'),
  summary: 'Zone hints of a Service are incomplete, so callers ignore them.',
  description: ({ cluster }) =>
    `${ofCluster(cluster.label)}{{ $value | humanizePercentage }} of the {{ $labels.missing }} of Service {{ $labels.namespace }}/{{ $labels.service }} have no ` +
    'zone hint. Without one on every ready endpoint, kube-proxy ignores them all; a zone without one calls every zone. First: compare endpoints and hints ' +
    'by zone on the dashboard, then spread the pods over all zones (routing.workloads).',
  expr: (config, threshold) => {
    const of = recent.bind(undefined, config);
    const on = labels(...serviceKey(config));
    const cluster = labels(...clusterLabels(config));
    const zones = of(routingNames.zones);
    const hinted = promql`${of(routingNames.hintedZones)} > 0`;
    return promql`
      (
        ${missing(promql`${of(routingNames.hinted)} != 1`, 'endpoints')}
        or on (${on})
        ${missing(
          promql`(
            ${of(routingNames.hintedZones)}
            / on (${cluster}) group_left ()
            ${zones}
            and on (${on})
            (
              ${of(routingNames.total)}
              >= on (${cluster}) group_left ()
              ${zones}
            )
          )`,
          'zones',
        )}
      ) > ${threshold}
      and on (${on})
      (${hinted})
      and on (${on})
      ${of(routingNames.routing)}`;
  },
  without: noRouting,
  comment:
    'The hints are there and do nothing, for all callers (an endpoint without a hint) or for those of a zone. Zones count only where there are endpoints ' +
    'enough for each: fewer than zones is a choice. A quarter of an hour outlasts rollouts, in which new endpoints get their hints within seconds.',
  dashboard: DASHBOARD,
};

const skew: Alert = {
  alert: 'WorkloadZoneSkew',
  ratio: false,
  sustained: false,
  tier: tier('warning', 1, '20m'),
  summary: 'Pods of a workload that is called by zone are spread unevenly.',
  description: ({ cluster }) =>
    `${ofCluster(cluster.label)}{{ $labels.workload_type }} {{ $labels.namespace }}/{{ $labels.workload }} has {{ $value | humanize }} pods more in one zone than in ` +
    'another, and its callers stay in their zones: the pods of the emptier zone get more load. First: look at the load of its pods, then spread them ' +
    '(routing.workloads, and the descheduler).',
  expr: (config, threshold) => skewed(config, threshold, recent.bind(undefined, config)),
  without: noRouting,
  comment:
    'Only workloads with zone hints: for others, uneven zones change no load. More than one pod, as five pods cannot be even in three zones, and more ' +
    'than half of the mean, as of ninety pods a few do not matter. Twenty minutes outlast rollouts and a round of the descheduler.',
  dashboard: { uid: 'zone-routing', variables: ['namespace'] },
};

/** Alerts on hints, on workloads, and all of them. */
export const hintAlerts: readonly Alert[] = [partial];
export const workloadAlerts: readonly Alert[] = [withoutHints, skew];
export const routingAlerts: readonly Alert[] = [...hintAlerts, ...workloadAlerts];
