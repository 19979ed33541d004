import { sourceIs } from '../../shared/reasons.ts';
import { readsFrom } from '../../traffic/index.ts';
import { component } from '../contract.ts';
import { checks } from './checks.ts';
import { kinds } from './kinds.ts';
import { metricsConfiguration } from './metrics-configuration.ts';
import { hubbleJob, retinaJob } from './scrape.ts';
import { READS, SETTINGS } from './settings.ts';
import { retinaHubble, retinaStandard } from './sources.ts';
import { retinaHubbleValues } from './values-hubble.ts';
import { retinaValues } from './values-standard.ts';

/** Port of the agent's own metrics in both modes. Upstream: Retina, deploy, retinaPort. */
const AGENT_PORT = 10_093;

/** Retina, with the Hubble control plane or in standard mode. */
export const retina = component({
  id: 'retina',
  settings: SETTINGS,
  reads: READS,
  checks,
  enabled: (config) => readsFrom(config, 'retina-hubble', 'retina-standard') || sourceIs(config),
  flowSources: {
    'retina-hubble': { reads: [], adapter: () => retinaHubble },
    'retina-standard': { reads: ['retina.version'], adapter: retinaStandard },
  },
  hostPorts: (config) => [
    { port: AGENT_PORT, owner: 'the Retina agent' },
    ...(readsFrom(config, 'retina-hubble')
      ? [{ port: config.retina.hubblePort, owner: 'retina.hubblePort', setting: 'retina.hubblePort' }]
      : []),
  ],
  helmValues: (config) => [
    ...(readsFrom(config, 'retina-hubble') ? [retinaHubbleValues(config)] : []),
    ...(readsFrom(config, 'retina-standard') ? [retinaValues(config)] : []),
  ],
  scrapeJobs: (config) => [
    ...(readsFrom(config, 'retina-hubble') ? [{ job: hubbleJob(config) }] : []),
    // In standard mode the flows are among the agent's own metrics.
    { job: retinaJob(config) },
  ],
  manifests: (config) => (readsFrom(config, 'retina-standard') ? [metricsConfiguration(config)] : []),
  kinds,
});
