import { SECTION } from '../schema/settings.ts';

const SOURCES = [
  'retina-hubble',
  'retina-standard',
  'cilium-hubble',
  'obi',
  'beyla',
  'netobserv',
  'kubezonnet',
] as const;

/** The name of a flow source. */
export type SourceName = (typeof SOURCES)[number];

/** What the schema says by `if`, which its type cannot follow. */
export interface FlowChoices {
  source: SourceName | 'none' | readonly SourceName[];
  select: string | Readonly<Partial<Record<SourceName, string>>>;
}

const SELECTION = {
  type: 'string',
  minLength: 1,
  description: 'The name of a selection, or matchers such as traffic_direction="ingress",type="Trace".',
} as const;

/** Settings of the flow sources. */
export const FLOWS = {
  ...SECTION,
  description: 'Where traffic between workloads is read from.',
  properties: {
    source: {
      if: { type: 'array' },
      then: { type: 'array', items: { enum: SOURCES }, minItems: 1, uniqueItems: true },
      else: { enum: [...SOURCES, 'none'] },
      default: 'retina-hubble',
      description: 'Flow source, or a list of sources that count in different units; none leaves traffic out.',
    },
    select: {
      if: { type: 'object' },
      then: {
        type: 'object',
        properties: Object.fromEntries(SOURCES.map((source) => [source, SELECTION])),
        additionalProperties: false,
      },
      else: SELECTION,
      default: 'default',
      description:
        'Which of the several observations of one packet is counted: the name of a selection of the source (see azimuth list --sources), ' +
        'default, or PromQL matchers; a mapping by source where there are several.',
    },
    units: {
      type: 'array',
      items: { enum: ['flows', 'packets', 'bytes'] },
      default: ['flows', 'packets', 'bytes'],
      minItems: 1,
      uniqueItems: true,
      description: 'Which of the units that the sources count are recorded.',
    },
    granularity: {
      enum: ['zone', 'workload', 'pod'],
      default: 'workload',
      description: 'The finest pairs that are recorded; pod costs a series for each pair of pods that talk.',
    },
  },
} as const;
