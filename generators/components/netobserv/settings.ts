import { app, namespace, port, SECTION } from '../../schema/settings.ts';
import { CLUSTER, PACKAGING, SCRAPE } from '../../settings/general.ts';
import { type Slice } from '../../settings/section.ts';
import { FLOWS } from '../../traffic/settings.ts';

/** The Network Observability operator. */
export const NETOBSERV = {
  ...SECTION,
  description: 'The Network Observability operator.',
  properties: {
    namespace: namespace('netobserv', 'the pipeline, spec.namespace of the FlowCollector'),
    app: app('flowlogs-pipeline', 'app'),
    port: port(9401, "the pipeline's metrics"),
    sampling: {
      unit: 'packets',
      type: 'integer',
      minimum: 1,
      default: 1,
      description: 'One packet of so many is looked at; 1 looks at all, which no one needs to rescale.',
    },
  },
} as const;

/** Its own sections, the sections of others that it reads, and both with their values. */
export const SETTINGS = { netobserv: NETOBSERV };
export const READS = { cluster: CLUSTER, scrape: SCRAPE, flows: FLOWS, packaging: PACKAGING };
export type NetobservConfig = Slice<typeof SETTINGS & typeof READS>;
