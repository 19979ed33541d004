import type { DomainConfig, Readings } from '../domain.ts';
import { WORKLOADS, ZONES } from '../identity/index.ts';
import { DNS_LABEL, ENDPOINT, LABELS } from '../schema/formats.ts';
import { MAX_INT32 } from '../schema/limits.ts';
import { choice, flag, section, value, when } from '../schema/settings.ts';
import { CLOUD } from '../settings/cloud.ts';
import { CLUSTER, RULES, SCRAPE } from '../settings/general.ts';
import { GRAFANA } from '../settings/grafana.ts';
import { ALERTS, DASHBOARDS } from '../settings/overrides.ts';
import { GRANULARITY } from '../shared/settings.ts';

/** A positive int32. Messages name the violated bound. */
const POSITIVE = { type: 'integer', minimum: 1, maximum: MAX_INT32 } as const;

const ROUTED_SERVICE = {
  type: 'object',
  additionalProperties: false,
  required: ['namespace', 'name'],
  expected: 'a mapping with namespace and name',
  properties: {
    namespace: { ...DNS_LABEL, description: 'Namespace of the Service.' },
    name: { ...DNS_LABEL, description: 'Name of the Service.' },
    prefer: {
      enum: ['zone', 'node'],
      description:
        'What its callers prefer: endpoints in their zone (the default), or on their node, and in their zone where the node has none. node needs ' +
        'Kubernetes 1.34.',
    },
    internalTrafficPolicy: {
      enum: ['Cluster', 'Local'],
      description:
        'The current value of the Service (not changed). With Local, traffic stays on the node regardless of zones.',
    },
  },
} as const;

const SPREAD_WORKLOAD = {
  type: 'object',
  additionalProperties: false,
  required: ['namespace', 'kind', 'name', 'labels'],
  expected: 'a mapping with namespace, kind, name and labels',
  properties: {
    namespace: { ...DNS_LABEL, description: 'Namespace of the workload.' },
    kind: { enum: ['Deployment', 'StatefulSet'], description: 'Kind of the workload.' },
    name: { ...DNS_LABEL, description: 'Name of the workload.' },
    labels: {
      ...LABELS,
      minProperties: 1,
      expected: 'at least one label of its pods',
      description: 'Labels that all of its pods and no others have: usually its spec.selector.matchLabels.',
    },
    maxSkew: {
      ...POSITIVE,
      description: 'Maximum difference in pods between a zone and the emptiest one; 1 by default.',
    },
    minDomains: { ...POSITIVE, description: 'Minimum number of zones; with fewer, pods stay pending.' },
  },
} as const;

const items = <const I extends object>(of: I, description: string) =>
  ({ type: 'array', items: of, default: [], description }) as const;

/** Zone-aware routing of named Services and workloads, and what is recorded of it. */
export const ROUTING = section(
  'Zone-aware routing: records and a dashboard of zone hints, and patches for the Services and workloads that you list.',
  {
    records: flag(
      true,
      'Whether to record zone hints and endpoints of Services and pods by zone, from kube-state-metrics: for the dashboard zone-routing and its ' +
        'alerts. They need the zones of pods, so a flow source or workloads.resources.',
    ),
    services: items(ROUTED_SERVICE, 'Services whose traffic should stay in the zone.'),
    workloads: items(SPREAD_WORKLOAD, 'Workloads to spread across zones.'),
    patchesUrl: when(
      { 'routing.records': true },
      value(
        ENDPOINT,
        '',
        'URL under which the folder manifests can be read, such as https://github.com/you/repo/blob/main/manifests. The dashboard then links each ' +
          'Service to its patch; otherwise to the runbook, if rules.runbookBaseUrl is a URL.',
      ),
    ),
  },
);

/** Settings of the descheduler that decide whether its evictions can be seen; its others belong to its component. */
export const DESCHEDULER_ENABLED = flag(false, 'Whether to write its values.');
export const DESCHEDULER_KIND = choice(
  ['Deployment', 'CronJob'],
  'Deployment',
  'Workload kind; a CronJob exposes no metrics.',
);
export const DESCHEDULER_METRICS = when(
  { 'descheduler.kind': ['Deployment'] },
  value(
    { type: ['boolean', 'null'] },
    null,
    'Whether a ServiceMonitor scrapes its metrics; null: if it is a Deployment.',
  ),
);

export const SETTINGS = { routing: ROUTING };

/** Sections of others that the domain reads. */
export const READS = {
  flows: section('Traffic.', { granularity: GRANULARITY }),
  descheduler: section('The descheduler.', {
    enabled: DESCHEDULER_ENABLED,
    kind: DESCHEDULER_KIND,
    metrics: DESCHEDULER_METRICS,
  }),
  zones: ZONES,
  cloud: CLOUD,
  workloads: WORKLOADS,
  cluster: CLUSTER,
  scrape: SCRAPE,
  rules: RULES,
  grafana: GRAFANA,
  alerts: ALERTS,
  dashboards: DASHBOARDS,
} as const;

/** The configuration as the rules and the dashboard of routing see it. */
export type RoutingConfig = DomainConfig<typeof SETTINGS & typeof READS>;

/** A counter of traffic that the rules read. */
export type Input = Readings['inputs'][number];

/** Why nothing is recorded; undefined if it is. */
export function noRouting({
  routing,
  workloads,
  sources,
}: Pick<RoutingConfig, 'routing' | 'workloads' | 'sources'>): string | undefined {
  if (!routing.records) return 'routing.records is false';
  return sources.length > 0 || workloads.resources
    ? undefined
    : 'flows.source is none and workloads.resources is false, so nobody knows the zones of pods';
}

/** The inputs whose traffic can be told by Service, or why there are none. */
export function crossing({
  flows,
  inputs,
}: Pick<RoutingConfig, 'flows' | 'inputs'>): readonly Input[] | { readonly reason: string } {
  if (inputs.length === 0) return { reason: 'flows.source is none' };
  if (flows.granularity === 'zone') return { reason: 'flows.granularity is zone, so no workloads are recorded' };
  const paired = inputs.filter(({ source }) => source.locality === undefined);
  return paired.length > 0
    ? paired
    : { reason: `${inputs[0]?.source.id ?? ''} does not name the other end of traffic` };
}

/** The same inputs; empty where there are none. */
export function crossingInputs(config: Pick<RoutingConfig, 'flows' | 'inputs'>): readonly Input[] {
  const found = crossing(config);
  return 'reason' in found ? [] : found;
}

/** The input that alerts and the dashboard read: bytes if they are recorded. */
export function shownInput(config: Pick<RoutingConfig, 'flows' | 'inputs'>): Input | undefined {
  const found = crossingInputs(config);
  return found.find(({ unit }) => unit === 'network_bytes') ?? found[0];
}

/** Why cross-zone traffic into Services is not recorded; undefined if it is. */
export function noCrossing(config: RoutingConfig): string | undefined {
  const found = crossing(config);
  return 'reason' in found ? found.reason : undefined;
}

/** Why evictions by the descheduler cannot be shown; undefined if they can. */
export function noEvictions({ descheduler: { enabled, kind, metrics } }: RoutingConfig): string | undefined {
  if (!enabled) return 'descheduler.enabled is false';
  if (kind === 'CronJob') return 'descheduler.kind is CronJob, which exposes no metrics';
  return metrics === false ? 'descheduler.metrics is false' : undefined;
}
