import { DNS_LABEL, LABELS } from '../../schema/formats.ts';
import { MAX_INT32 } from '../../schema/limits.ts';
import { section } from '../../schema/settings.ts';
import { KUBERNETES } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';

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

/** Zone-aware routing of named Services and workloads. */
export const ROUTING = section('Zone-aware routing, as patches for the Services and workloads that you list.', {
  services: items(ROUTED_SERVICE, 'Services whose traffic should stay in the zone.'),
  workloads: items(SPREAD_WORKLOAD, 'Workloads to spread across zones.'),
});

/** Its own sections, those of others that it reads, and the type of both. */
export const SETTINGS = { routing: ROUTING };
export const READS = { kubernetes: KUBERNETES };
export type RoutingConfig = Slice<typeof SETTINGS & typeof READS>;
