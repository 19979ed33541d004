import { sourceIs } from '../../shared/reasons.ts';
import { readsFrom } from '../../traffic/index.ts';
import { component } from '../contract.ts';
import { flowCollector } from './flow-collector.ts';
import { kinds } from './kinds.ts';
import { netobservJob } from './scrape.ts';
import { READS, SETTINGS } from './settings.ts';
import { netobservSource } from './source.ts';

/** The Network Observability operator. */
export const netobserv = component({
  id: 'netobserv',
  settings: SETTINGS,
  reads: READS,
  enabled: (config) => readsFrom(config, 'netobserv') || sourceIs(config),
  flowSources: { netobserv: { reads: [], adapter: () => netobservSource } },
  scrapeJobs: (config) => [{ job: netobservJob(config) }],
  manifests: (config) => [flowCollector(config)],
  kinds,
});
