import { sourceIs } from '../../shared/flows.ts';
import { fixedPort, instance, keepContainer, node, scrapeJob } from '../../shared/scrape.ts';
import { readsFrom } from '../../traffic/index.ts';
import { component } from '../contract.ts';
import { checks } from './checks.ts';
import { ciliumHubble, ciliumValues, HUBBLE_JOB } from './hubble.ts';
import { READS, SETTINGS } from './settings.ts';
import { ciliumFullValues } from './values.ts';

/** Cilium: the hubble block for an existing installation, or a full installation from a profile. */
export const cilium = component({
  id: 'cilium',
  settings: SETTINGS,
  reads: READS,
  checks,
  enabled: (config) =>
    config.cilium.values === 'full' ||
    readsFrom(config, 'cilium-hubble') ||
    `${sourceIs(config)} and cilium.values is hubble`,
  flowSources: { 'cilium-hubble': { reads: ['cilium.namespace'], adapter: ciliumHubble } },
  hostPorts: ({ cilium: { hubblePort } }) => [
    { port: hubblePort, owner: 'cilium.hubblePort', setting: 'cilium.hubblePort' },
  ],
  demands: [{ output: 'helm-values', setting: 'cilium.values', when: ({ cilium: { values } }) => values === 'full' }],
  helmValues: (config) => [config.cilium.values === 'full' ? ciliumFullValues(config) : ciliumValues(config)],
  scrapeJobs: (config) =>
    readsFrom(config, 'cilium-hubble')
      ? [
          scrapeJob(config, HUBBLE_JOB, {
            label: 'k8s-app=cilium',
            namespace: config.cilium.namespace,
            steps: [
              keepContainer('cilium-agent'),
              ...fixedPort(
                config.cilium.hubblePort,
                "Agents use the host network and have several ports; Hubble's metrics have their own.",
              ),
              instance,
              node,
            ],
          }),
        ]
      : [],
});
