import { sourceIs } from '../../shared/reasons.ts';
import { readsFrom } from '../../traffic/index.ts';
import { component } from '../contract.ts';
import { kubezonnetJob } from './scrape.ts';
import { READS, SETTINGS } from './settings.ts';
import { kubezonnetSource } from './source.ts';

/** kubezonnet: bytes that pods send to other zones. */
export const kubezonnet = component({
  id: 'kubezonnet',
  settings: SETTINGS,
  reads: READS,
  enabled: (config) => readsFrom(config, 'kubezonnet') || sourceIs(config),
  flowSources: { kubezonnet: { reads: [], adapter: () => kubezonnetSource } },
  scrapeJobs: (config) => [{ job: kubezonnetJob(config) }],
});
