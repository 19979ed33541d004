import { WORKLOAD_FIELDS } from '../identity/index.ts';
import { clusterLabels, type CLUSTER, type RULES } from '../settings/general.ts';
import type { Slice } from '../settings/section.ts';
import type { Input } from './settings.ts';

type Clustered = Slice<{ cluster: typeof CLUSTER }>;

/** The labels of a Service. */
export const serviceKey = (config: Clustered): readonly string[] => [...clusterLabels(config), 'namespace', 'service'];

/** The labels of a workload. */
export const workloadKey = (config: Clustered): readonly string[] => [...clusterLabels(config), ...WORKLOAD_FIELDS];

/** How a Service chooses endpoints, as far as hints and the annotation tell. */
export const ROUTINGS = ['Auto', 'trafficDistribution', 'none'] as const;

/**
 * Conditions under which the EndpointSlice controller gives a Service with `Auto` no hints: the first that holds counts. `overload` cannot be
 * seen by itself, so it is last.
 */
export const CONDITIONS = [
  'node_without_zone_or_cpu',
  'one_zone',
  'too_few_endpoints',
  'endpoint_without_zone',
  'overload',
] as const;
export type Condition = (typeof CONDITIONS)[number];

/** What can change about the routing of a Service. */
export const CHANGES = [
  'hints_appeared',
  'hints_vanished',
  'zone_gained',
  'zone_lost',
  'auto_set',
  'auto_removed',
] as const;
export type Change = (typeof CHANGES)[number];

/**
 * Names of the records. `service_endpoint` is an address behind a Service, `service_zone` the endpoints of a Service in one zone, or those
 * whose hints are for it.
 */
export const routingNames = {
  /** The Service of each EndpointSlice. */
  slice: 'cluster_namespace_endpointslice:service:info',
  /** Each ready endpoint, with its zone and the workload of its pod. */
  endpoint: 'service_endpoint:place:info',
  /** Ready endpoints of a Service, by their own zone. */
  endpoints: 'service_zone:endpoints:count',
  total: 'service:endpoints:count',
  /** Each hint of a ready endpoint, with the zone that it is for. */
  hint: 'service_endpoint:zone_hint:info',
  /** Ready endpoints of a Service, by the zone that their hints are for. */
  hints: 'service_zone:hints:count',
  hintedZones: 'service:hinted_zones:count',
  /** The share of ready endpoints with a hint. */
  hinted: 'service:endpoints_hinted:ratio',
  /** 1 where the annotation of a Service says Auto, else 0. */
  auto: 'service:topology_mode_auto:bool',
  routing: 'service:routing:info',
  /** The share of a zone in the allocatable CPU, as the EndpointSlice controller counts it. */
  cores: 'cluster_zone:allocatable_cpu:cores',
  cpu: 'cluster_zone:allocatable_cpu:ratio',
  zones: 'cluster:routing_zones:count',
  blocked: 'cluster:topology_hints_blocked:info',
  /** Why a Service with Auto has no hints. */
  condition: 'service:hints_missing:info',
  backing: 'cluster_namespace_service_workload:backing:info',
  pods: 'workload_zone:running_pods:count',
  skew: 'workload:zone_skew:pods',
  /** Zones for which the endpoints of a workload have hints. */
  workloadHints: 'workload_zone:hints:count',
  changed: 'service:routing_changed:timestamp_seconds',
} as const;

/** Names of the records of traffic into Services, in one unit per second. */
export const crossingNames = (
  { rules: { window } }: Slice<{ rules: typeof RULES }>,
  { unit }: Pick<Input, 'unit'>,
) => ({
  /** Traffic into the workloads of a Service: all whose zones are known, and the part that crosses zones. */
  inbound: `service:${unit}_inbound:rate${window}`,
  crossing: `service:${unit}_inbound_cross_zone:rate${window}`,
  /** Traffic into a workload from a zone for which it has no endpoint with a hint. */
  unhinted: `workload_zone:${unit}_unhinted_cross_zone:rate${window}`,
  /** The share that crossed zones in the hour before a change. */
  before: `service:${unit}_cross_zone_before_change:ratio_rate1h`,
});

/** Labels that the rules and the dashboard use and the cluster label must not have. */
export const ROUTING_LABELS: readonly string[] = [
  ['namespace', 'service', 'endpointslice', 'address', 'family', 'zone', 'for_zone', 'node', 'pod', 'phase', 'role'],
  ['ready', 'endpoint_zone', 'endpoint_nodename', 'targetref_*', 'label_*', 'annotation_*', 'condition', 'status'],
  ['workload_type', 'workload', 'routing', 'change', 'missing', 'resource', 'unit', 'cluster_ip', 'exported_*'],
  ['source_*', 'destination_*', 'locality', 'strategy', 'result', 'patch', 'namespace_service'],
].flat();
