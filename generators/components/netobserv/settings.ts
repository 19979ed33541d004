import { app, count, inUnit, namespace, port, section } from '../../schema/settings.ts';
import { CLUSTER, PACKAGING, SCRAPE } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';
import { FLOWS } from '../../traffic/settings.ts';

export const NETOBSERV = section('The Network Observability operator.', {
  namespace: namespace('netobserv', 'the pipeline, spec.namespace of the FlowCollector'),
  app: app('flowlogs-pipeline', 'app'),
  port: port(9401, "the pipeline's metrics"),
  sampling: inUnit(
    'packets',
    count(1, 'Samples one packet out of this many; 1 samples every packet, so nothing needs rescaling.'),
  ),
});

/** Its own sections, those of others that it reads, and the type of both. */
export const SETTINGS = { netobserv: NETOBSERV };
export const READS = { cluster: CLUSTER, scrape: SCRAPE, flows: FLOWS, packaging: PACKAGING };
export type NetobservConfig = Slice<typeof SETTINGS & typeof READS>;
