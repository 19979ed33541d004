import { sourceIs } from '../../shared/reasons.ts';
import { readsFrom } from '../../traffic/index.ts';
import { component } from '../contract.ts';
import { checks } from './checks.ts';
import { ciliumJob } from './scrape.ts';
import { READS, SETTINGS } from './settings.ts';
import { ciliumHubble } from './source.ts';
import { ciliumFullValues } from './values-full.ts';
import { ciliumValues } from './values-hubble-only.ts';

/** Cilium: the block of Hubble for an installation that exists, or a whole installation by a profile. */
export const cilium = component({
  id: 'cilium',
  settings: SETTINGS,
  reads: READS,
  checks,
  enabled: (config) =>
    config.cilium.values === 'full' ||
    readsFrom(config, 'cilium-hubble') ||
    `${sourceIs(config)} and cilium.values is hubble`,
  flowSources: { 'cilium-hubble': { reads: [], adapter: () => ciliumHubble } },
  hostPorts: ({ cilium: { hubblePort } }) => [
    { port: hubblePort, owner: 'cilium.hubblePort', setting: 'cilium.hubblePort' },
  ],
  demands: ({ cilium: { values } }) => (values === 'full' ? [{ output: 'helm-values', setting: 'cilium.values' }] : []),
  helmValues: (config) => [config.cilium.values === 'full' ? ciliumFullValues(config) : ciliumValues(config)],
  scrapeJobs: (config) => (readsFrom(config, 'cilium-hubble') ? [{ job: ciliumJob(config) }] : []),
});
