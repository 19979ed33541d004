import { DNS_LABEL, LABELS } from '../../schema/formats.ts';
import { MAX_INT32 } from '../../schema/limits.ts';
import { SECTION } from '../../schema/settings.ts';
import { KUBERNETES } from '../../settings/general.ts';
import { type Slice } from '../../settings/section.ts';

const ROUTED_SERVICE = {
  type: 'object',
  additionalProperties: false,
  required: ['namespace', 'name'],
  expected: 'a mapping with namespace and name',
  properties: {
    namespace: { ...DNS_LABEL, description: 'Namespace of the Service.' },
    name: { ...DNS_LABEL, description: 'Name of the Service.' },
    internalTrafficPolicy: {
      enum: ['Cluster', 'Local'],
      description: 'What the Service has (not changed): with Local, traffic stays on the node whatever the zone.',
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
      description: 'Labels that all of its pods have and no others: usually its spec.selector.matchLabels.',
    },
    maxSkew: {
      type: 'integer',
      minimum: 1,
      maximum: MAX_INT32,
      description: 'Most pods that a zone may be ahead of the emptiest; 1 unless given.',
    },
    minDomains: {
      type: 'integer',
      minimum: 1,
      maximum: MAX_INT32,
      description: 'Zones that must be there: fewer, and pods wait.',
    },
  },
} as const;

/** Zone-aware routing of named Services and workloads. */
export const ROUTING = {
  ...SECTION,
  description: 'Zone-aware routing, as patches of Services and workloads that you name.',
  properties: {
    services: {
      type: 'array',
      items: ROUTED_SERVICE,
      default: [],
      description: 'Services that prefer their own zone.',
    },
    workloads: { type: 'array', items: SPREAD_WORKLOAD, default: [], description: 'Workloads to spread over zones.' },
  },
} as const;

/** Its own sections, the sections of others that it reads, and both with their values. */
export const SETTINGS = { routing: ROUTING };
export const READS = { kubernetes: KUBERNETES };
export type RoutingConfig = Slice<typeof SETTINGS & typeof READS>;
