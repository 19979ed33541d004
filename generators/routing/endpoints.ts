import { POD_IDENTITY } from '../identity/index.ts';
import type { RecordingRule } from '../model/rules.ts';
import {
  aggregate,
  copied,
  defaultLabel,
  firstOf,
  join,
  labelReplace,
  labels,
  matches,
  newest,
  not,
  promql,
  type Query,
  recorded,
  selector,
  UniqueVector,
  withLabel,
} from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import { stateMetric } from '../shared/state-metrics.ts';
import { STATE_METRICS } from './metrics.ts';
import { routingNames, type ROUTINGS, serviceKey, workloadKey } from './names.ts';
import type { RoutingConfig } from './settings.ts';

const { slices, endpoints, hints, annotations, services } = STATE_METRICS;

const sliceKey = (config: RoutingConfig): readonly string[] => [...clusterLabels(config), 'namespace', 'endpointslice'];

/** Unique by Service and address. */
const endpointKey = (config: RoutingConfig): readonly string[] => [...serviceKey(config), 'address'];

/** What an endpoint has of its place. */
const PLACE = ['family', 'zone', 'workload_type', 'workload'] as const;

const UNKNOWN = 'unknown';

/** When each series was seen last: of two that contradict each other, the newer one counts. */
const seen = (series: Query): Query => promql`timestamp(${series})`;

/** The Service of series by EndpointSlice. Slices without a Service are dropped: nobody routes by them. */
const ofService = (config: RoutingConfig, series: Query): Query =>
  join(series, recorded(routingNames.slice, sliceKey(config)), ['service']);

/** Records `cluster_namespace_endpointslice:service:info`. */
const sliceRule = (config: RoutingConfig): RecordingRule => ({
  record: routingNames.slice,
  expr: newest(
    sliceKey(config),
    ['service'],
    copied(seen(stateMetric(slices.name, { [slices.service]: not('') })), { [slices.service]: 'service' }),
  ).query,
  labels: [...sliceKey(config), 'service'],
  unit: '1',
  cardinality: 'one for each EndpointSlice of a Service',
  comment: 'The Service of each EndpointSlice, from the label kubernetes.io/service-name.',
});

/** The workload of each pod, under the labels of endpoints. */
function podsOfEndpoints(config: RoutingConfig): UniqueVector {
  const key = [...clusterLabels(config), 'targetref_namespace', 'targetref_name'];
  const named = copied(selector(POD_IDENTITY), { namespace: 'targetref_namespace', pod: 'targetref_name' });
  return new UniqueVector(aggregate('group', [...key, 'workload_type', 'workload'], named), key);
}

/** Records `service_endpoint:place:info`. */
function endpointRule(config: RoutingConfig): RecordingRule {
  const pod = ['targetref_namespace', 'targetref_name'];
  const ready = aggregate(
    'max',
    [...sliceKey(config), 'address', 'endpoint_zone', 'targetref_kind', ...pod],
    seen(stateMetric(endpoints.name, { ready: 'true' })),
  );
  const kept = [...endpointKey(config), ...PLACE];
  const described = aggregate(
    'max',
    [...endpointKey(config), 'endpoint_zone', 'targetref_kind', ...pod],
    ofService(config, ready),
  );
  const zoned = defaultLabel(copied(described, { endpoint_zone: 'zone' }), 'zone', UNKNOWN);
  const placed = labelReplace(withLabel(zoned, 'family', 'IPv4'), 'family', 'IPv6', 'address', '.*:.*');
  const owned = join(placed, podsOfEndpoints(config), ['workload_type', 'workload']);
  const key = endpointKey(config);
  return {
    record: routingNames.endpoint,
    expr: firstOf(newest(key, PLACE, owned), newest(key, PLACE, placed)).query,
    labels: kept,
    unit: '1',
    cardinality: 'one for each ready endpoint of a Service',
    comment:
      'Each ready endpoint of a Service: its zone, the family of its address, and the workload of its pod, if it has one that is known. ' +
      'A pod with IPv4 and IPv6 is two. An address that two slices have for a moment is one.',
  };
}

/** Counts of addresses, of the family with the most: a Service with both would count its pods twice. */
const ofOneFamily = (by: readonly string[], addresses: Query): Query => promql`
  max by (${labels(...by)}) (
    count by (${labels(...by, 'family')}) (
      ${addresses}
    )
  )`;

/** Records ready endpoints by Service, in all zones and in each. */
function endpointCounts(config: RoutingConfig): readonly RecordingRule[] {
  const service = serviceKey(config);
  return [
    {
      record: routingNames.endpoints,
      expr: ofOneFamily([...service, 'zone'], selector(routingNames.endpoint)),
      labels: [...service, 'zone'],
      unit: 'endpoints',
      cardinality: 'one for each Service and zone with ready endpoints',
      comment: 'Ready endpoints of each Service by zone; unknown are those without a zone.',
    },
    {
      record: routingNames.total,
      expr: ofOneFamily(service, selector(routingNames.endpoint)),
      labels: service,
      unit: 'endpoints',
      cardinality: 'one for each Service with ready endpoints',
      comment: 'Ready endpoints of each Service. Of IPv4 and IPv6, the family with more counts.',
    },
  ];
}

/** Records `service_endpoint:zone_hint:info`. */
function hintRule(config: RoutingConfig): RecordingRule {
  const key = endpointKey(config);
  const byZone = aggregate('group', [...sliceKey(config), 'address', 'for_zone'], stateMetric(hints.name));
  const hinting = aggregate('group', [...key, 'zone'], copied(ofService(config, byZone), { for_zone: 'zone' }));
  // Of the endpoint, only the family and the workload: its own zone need not be the one that it hints at.
  const of = ['family', 'workload_type', 'workload'];
  return {
    record: routingNames.hint,
    expr: join(hinting, recorded(routingNames.endpoint, key), of),
    labels: [...key, 'zone', ...of],
    unit: '1',
    cardinality: 'one for each ready endpoint and zone that its hints are for, which is one but for transitions',
    comment: 'Each hint of a ready endpoint, with the zone that it is for.',
  };
}

/** Records the hints of Services and of workloads. */
function hintCounts(config: RoutingConfig): readonly RecordingRule[] {
  const service = serviceKey(config);
  const workload = [...workloadKey(config), 'zone'];
  const on = labels(...service);
  const hint = selector(routingNames.hint);
  const none = promql`0 * ${selector(routingNames.total)}`;
  const addresses = (of: Query): Query => promql`
    count by (${on}) (
      group by (${labels(...endpointKey(config))}) (${of})
    )`;
  return [
    {
      record: routingNames.hints,
      expr: ofOneFamily([...service, 'zone'], hint),
      labels: [...service, 'zone'],
      unit: 'endpoints',
      cardinality: 'one for each Service with hints and zone that they are for',
      comment:
        'Ready endpoints by the zone that their hints are for. Callers in a zone without one ignore all hints and call any endpoint.',
    },
    {
      record: routingNames.hintedZones,
      expr: promql`
        count by (${on}) (
          ${selector(routingNames.hints)}
        )
        or
        ${none}`,
      labels: service,
      unit: 'zones',
      cardinality: 'one for each Service with ready endpoints',
      comment: 'Zones that the hints of a Service are for; 0 without hints.',
    },
    {
      record: routingNames.hinted,
      expr: promql`
        (
          ${addresses(hint)}
          or
          ${none}
        )
        / on (${on})
        ${addresses(selector(routingNames.endpoint))}`,
      labels: service,
      unit: 'ratio',
      cardinality: 'one for each Service with ready endpoints',
      comment: 'The share of ready endpoints with a hint. Below 1, kube-proxy ignores the hints of all of them.',
    },
    {
      record: routingNames.workloadHints,
      expr: promql`
        count by (${labels(...workload)}) (
          ${selector(routingNames.hint, { workload: not('') })}
        )`,
      labels: workload,
      unit: 'endpoints',
      cardinality: 'one for each workload behind a Service with hints and zone that they are for',
      comment: 'Endpoints of each workload by the zone that their hints are for, over all of its Services.',
    },
  ];
}

/** Services that have a virtual address, which only those route by: clients of a headless one get all addresses from DNS. */
const headless = stateMetric(services.name, { cluster_ip: 'None' });

const named = (query: Query, routing: (typeof ROUTINGS)[number]): Query => withLabel(query, 'routing', routing);

/** Records how each Service routes. */
function modeRules(config: RoutingConfig): readonly RecordingRule[] {
  const service = serviceKey(config);
  const on = labels(...service);
  const auto = matches('[Aa]uto');
  const annotated = (where: Parameters<typeof stateMetric>[1]): Query => stateMetric(annotations.name, where);
  // The older name takes precedence, as in the EndpointSlice controller.
  const says = promql`
    (
      ${annotated({ [annotations.older]: auto })}
      or
      ${annotated({ [annotations.older]: '', [annotations.mode]: auto })}
    )`;
  const total = selector(routingNames.total);
  const isAuto = promql`${selector(routingNames.auto)} == 1`;
  const isHinted = promql`${selector(routingNames.hintedZones)} > 0`;
  const all = promql`
    (
      ${total}
      unless on (${on})
      ${headless}
    )`;
  const key = [...service, 'routing'];
  return [
    {
      record: routingNames.auto,
      expr: promql`
        group by (${on}) (
          ${total}
          and on (${on})
          ${says}
        )
        or
        0 * ${total}`,
      labels: service,
      unit: '0 or 1',
      cardinality: 'one for each Service with ready endpoints',
      comment:
        'Whether the annotation service.kubernetes.io/topology-mode of a Service is Auto. Its older name, topology-aware-hints, takes precedence.',
    },
    {
      record: routingNames.routing,
      expr: aggregate(
        'group',
        key,
        promql`
          ${named(promql`${all} and on (${on}) (${isAuto})`, 'Auto')}
          or
          ${named(promql`${all} and on (${on}) (${isHinted}) unless on (${on}) (${isAuto})`, 'trafficDistribution')}
          or
          ${named(promql`${all} unless on (${on}) (${isHinted}) unless on (${on}) (${isAuto})`, 'none')}`,
      ),
      labels: key,
      unit: '1',
      cardinality: 'one for each Service with ready endpoints, headless ones left out',
      comment:
        'How each Service with a virtual address chooses endpoints. kube-state-metrics does not export trafficDistribution, but hints without ' +
        'the annotation come from it: the controller writes them for nothing else.',
    },
  ];
}

/** Records of Services: their endpoints, hints and routing, in the order in which they read each other. */
export const serviceRules = (config: RoutingConfig): readonly RecordingRule[] => [
  sliceRule(config),
  endpointRule(config),
  ...endpointCounts(config),
  hintRule(config),
  ...hintCounts(config),
  ...modeRules(config),
];
