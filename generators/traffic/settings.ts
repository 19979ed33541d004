import type { DomainConfig } from '../domain.ts';
import { LINE } from '../schema/formats.ts';
import { SECTION } from '../schema/settings.ts';
import { CLUSTER, RULES, SCRAPE } from '../settings/general.ts';
import { GRAFANA } from '../settings/grafana.ts';
import { ALERTS, DASHBOARDS } from '../settings/overrides.ts';
import { typed, type Names } from '../settings/section.ts';

/** How the zone of a node is found. */
export const ZONES = {
  ...SECTION,
  description: 'How the zone of a node is found.',
  properties: {
    from: {
      type: 'array',
      items: { enum: ['node-label', 'provider-id'] },
      default: ['node-label', 'provider-id'],
      minItems: 1,
      uniqueItems: true,
      description: 'Sources in order of preference; a node that none of them knows gets the zone "unknown".',
    },
    nodeLabel: {
      requires: { 'zones.from': ['node-label'] },
      ...LINE,
      minLength: 1,
      default: 'topology.kubernetes.io/zone',
      description: 'Node label that holds the zone.',
    },
  },
} as const;

const PRICE = {
  type: ['number', 'null'],
  minimum: 0,
  default: null,
  expected: 'a number of at least 0, or null',
} as const;

/** The cloud and its price of traffic between zones. */
export const CLOUD = {
  ...SECTION,
  requires: 'records of cost',
  description: 'The cloud, and its price of traffic between zones.',
  properties: {
    provider: {
      enum: ['aws', 'gcp', 'azure', 'none'],
      default: 'aws',
      description: 'Whose prices apply; none if traffic between zones is free.',
    },
    region: {
      ...LINE,
      note: true,
      default: '',
      description: 'The region, for information only; the price book applies to all regions.',
    },
    bytesPerGB: {
      enum: [1_000_000_000, 1_073_741_824],
      default: 1_000_000_000,
      description: 'Bytes in a billed gigabyte: 10^9, or 2^30 (7 % more).',
    },
    price: {
      ...SECTION,
      description: 'Your own price instead of that of the price book; null means the value of the book.',
      properties: {
        egressPerGB: { ...PRICE, description: 'Billed to the zone that sends, per gigabyte.' },
        ingressPerGB: { ...PRICE, description: 'Billed to the zone that receives, per gigabyte.' },
        currency: {
          type: ['string', 'null'],
          default: null,
          pattern: '^[A-Z]{3}$',
          expected: 'a currency code such as USD, or null',
          description: 'Currency of the price.',
        },
        asOf: {
          type: ['string', 'null'],
          default: null,
          pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
          expected: 'a date in quotes such as "2026-11-01", or null',
          description: 'When the price was checked.',
        },
      },
    },
  },
} as const;

/** Where traffic is read from. Written by hand, as the types cannot follow the `if` of the schema. */
export interface Flows {
  readonly source: string | readonly string[];
  readonly select: string | Readonly<Record<string, string>>;
  readonly units: readonly ('flows' | 'packets' | 'bytes')[];
  readonly granularity: 'zone' | 'workload' | 'pod';
}

const SELECTION = {
  type: 'string',
  minLength: 1,
  description: 'The name of a selection, or matchers such as traffic_direction="ingress",type="Trace".',
} as const;

/** Settings of the flow sources. */
export const FLOWS = typed<Flows>()(({ flowSources }: Names) => ({
  ...SECTION,
  description: 'Where traffic between workloads is read from.',
  properties: {
    source: {
      if: { type: 'array' },
      then: { type: 'array', items: { enum: flowSources }, minItems: 1, uniqueItems: true },
      else: { enum: [...flowSources, 'none'] },
      default: 'retina-hubble',
      description:
        'Flow source, or a list of sources that count in different units; none generates nothing on traffic.',
    },
    select: {
      if: { type: 'object' },
      then: {
        type: 'object',
        properties: Object.fromEntries(flowSources.map((source) => [source, SELECTION])),
        additionalProperties: false,
      },
      else: SELECTION,
      default: 'default',
      description:
        'Which of the several observations of a packet counts: the name of a selection of the source (see azimuth list --sources), ' +
        'default, or PromQL matchers; with several sources, a mapping by source.',
    },
    units: {
      type: 'array',
      items: { enum: ['flows', 'packets', 'bytes'] },
      default: ['flows', 'packets', 'bytes'],
      minItems: 1,
      uniqueItems: true,
      description: 'Units to record, of those that the sources count.',
    },
    granularity: {
      enum: ['zone', 'workload', 'pod'],
      default: 'workload',
      description: 'The finest pairs to record; pod costs a series for each pair of pods with traffic.',
    },
  },
}));

/** Sections of the domain. */
export const SETTINGS = { zones: ZONES, cloud: CLOUD, flows: FLOWS } as const;

/** Sections of other parts that the domain reads. */
export const READS = {
  cluster: CLUSTER,
  scrape: SCRAPE,
  rules: RULES,
  grafana: GRAFANA,
  alerts: ALERTS,
  dashboards: DASHBOARDS,
} as const;

/** The configuration as the rules and the dashboard of traffic see it. */
export type TrafficConfig = DomainConfig<typeof SETTINGS & typeof READS>;
