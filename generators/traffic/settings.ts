import { LINE } from '../schema/formats.ts';
import { choice, inUnit, list, orNull, section, value, when } from '../schema/settings.ts';
import { type Names, typed } from '../settings/section.ts';

/** How the zone of a node is found. */
export const ZONES = section('How the zone of a node is found.', {
  from: list(
    { enum: ['node-label', 'provider-id'] },
    ['node-label', 'provider-id'],
    'Sources in order of preference; a node that none of them knows gets the zone "unknown".',
    { minItems: 1 },
  ),
  nodeLabel: when(
    { 'zones.from': ['node-label'] },
    value({ ...LINE, minLength: 1 }, 'topology.kubernetes.io/zone', 'Node label that holds the zone.'),
  ),
});

const PRICE = {
  unit: 'cloud.price.currency per gigabyte',
  type: ['number', 'null'],
  minimum: 0,
  expected: 'a number of at least 0, or null',
} as const;

const OWN_PRICE = section('Your own price instead of that of the price book; null means the value of the book.', {
  egressPerGB: value(PRICE, null, 'Billed to the zone that sends, per gigabyte.'),
  ingressPerGB: value(PRICE, null, 'Billed to the zone that receives, per gigabyte.'),
  currency: value(
    orNull({ type: 'string', pattern: '^[A-Z]{3}$', expected: 'a currency code such as USD' }),
    null,
    'Currency of the price.',
  ),
  asOf: value(
    orNull({
      type: 'string',
      pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
      expected: 'a date in quotes such as "2026-11-01"',
    }),
    null,
    'When the price was checked.',
  ),
});

/** Settings of the cloud and of what it bills for traffic between zones. */
export const CLOUD = when(
  'records of cost',
  section('The cloud, and its price of traffic between zones.', {
    provider: choice(
      ['aws', 'gcp', 'azure', 'none'],
      'aws',
      'Whose prices apply; none if traffic between zones is free.',
    ),
    region: {
      ...value(LINE, '', 'The region, for information only; the price book applies to all regions.'),
      note: true,
    },
    bytesPerGB: inUnit(
      'bytes',
      choice([1_000_000_000, 1_073_741_824], 1_000_000_000, 'Bytes in a billed gigabyte: 10^9, or 2^30 (7 % more).'),
    ),
    price: OWN_PRICE,
  }),
);

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
export const FLOWS = typed<Flows>()(({ flowSources }: Names) =>
  section('Where traffic between workloads is read from.', {
    source: value(
      {
        if: { type: 'array' },
        then: { type: 'array', items: { enum: flowSources }, minItems: 1, uniqueItems: true },
        else: { enum: [...flowSources, 'none'] },
      },
      'retina-hubble',
      'Flow source, or a list of sources that count in different units; none generates nothing on traffic.',
    ),
    select: value(
      {
        if: { type: 'object' },
        then: {
          type: 'object',
          properties: Object.fromEntries(flowSources.map((source) => [source, SELECTION])),
          additionalProperties: false,
        },
        else: SELECTION,
      },
      'default',
      'Which of the several observations of a packet counts: the name of a selection of the source (see azimuth list --sources), ' +
        'default, or PromQL matchers; with several sources, a mapping by source.',
    ),
    units: list(
      { enum: ['flows', 'packets', 'bytes'] },
      ['flows', 'packets', 'bytes'],
      'Units to record, of those that the sources count.',
      { minItems: 1 },
    ),
    granularity: choice(
      ['zone', 'workload', 'pod'],
      'workload',
      'The finest pairs to record; pod costs a series for each pair of pods with traffic.',
    ),
  }),
);
