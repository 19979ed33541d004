import { PORT } from '../../schema/formats.ts';
import { cpu, memory, SECTION } from '../../schema/settings.ts';
import { CLUSTER, PACKAGING, SCRAPE } from '../../settings/general.ts';
import { type Slice } from '../../settings/section.ts';
import { NAMESPACE_LISTS, podNamespace } from '../../shared/settings.ts';
import { FLOWS } from '../../traffic/settings.ts';

/** Which namespaces Retina measures in standard mode. */
const RETINA_NAMESPACES = {
  ...SECTION,
  requires: { 'flows.source': ['retina-standard'] },
  description:
    'Namespaces whose pods Retina measures in standard mode; by default all of them. Give one of the two lists.',
  properties: NAMESPACE_LISTS,
} as const;

/** The Retina installation, in either mode. */
export const RETINA = {
  ...SECTION,
  description: 'The Retina installation.',
  properties: {
    version: {
      type: 'string',
      pattern: '^v[0-9]+\\.[0-9]+\\.[0-9]+$',
      expected: 'a release tag such as v1.2.6',
      default: 'v1.2.6',
      description: 'Tag of chart and images.',
    },
    namespace: podNamespace('kube-system', 'the agents'),
    dataAggregationLevel: {
      requires: { 'flows.source': ['retina-hubble'] },
      enum: ['low', 'high'],
      default: 'low',
      description:
        'Of retina-hubble: low reports every packet; high reports connections, for far less CPU. retina-standard always runs high.',
    },
    namespaces: RETINA_NAMESPACES,
    hubblePort: {
      requires: { 'flows.source': ['retina-hubble'] },
      ...PORT,
      default: 9965,
      description: 'Port of the Hubble metrics.',
    },
    eventQueueSize: {
      unit: 'events',
      requires: { 'flows.source': ['retina-hubble'] },
      type: 'integer',
      minimum: 1,
      maximum: 131_072,
      default: 32_767,
      description: 'Hubble event queue.',
    },
    eventBufferCapacity: {
      unit: 'flows',
      requires: { 'flows.source': ['retina-hubble'] },
      enum: [1023, 2047, 4095, 8191, 16_383, 32_767, 65_535],
      default: 8191,
      description: 'Flows that Hubble keeps for its API.',
    },
    resources: {
      ...SECTION,
      description: 'Requests and limits of the agent.',
      properties: { cpu: cpu('500m'), memory: memory('500Mi') },
    },
  },
} as const;

/** Its own sections, the sections of others that it reads, and both with their values. */
export const SETTINGS = { retina: RETINA };
export const READS = { cluster: CLUSTER, scrape: SCRAPE, flows: FLOWS, packaging: PACKAGING };
export type RetinaConfig = Slice<typeof SETTINGS & typeof READS>;
