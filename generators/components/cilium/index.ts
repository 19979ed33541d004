import { because } from '../../model/tree.ts';
import { sourceIs } from '../../shared/flows.ts';
import { fixedPort, instance, keepContainer, node, scrapeJob } from '../../shared/scrape.ts';
import { readsFrom } from '../../traffic/index.ts';
import { component } from '../contract.ts';
import { checks } from './checks.ts';
import { ciliumHubble, ciliumValues, HUBBLE_JOB } from './hubble.ts';
import { healthJobs, healthPorts, recordsHealth } from './health.ts';
import { ciliumChoices } from './profiles.ts';
import { type CiliumConfig, READS, SETTINGS } from './settings.ts';
import { ciliumFullValues } from './values.ts';

/** Whether Azimuth configures Hubble: for its flows, or in a full installation. */
const writesHubble = (config: CiliumConfig): boolean =>
  config.cilium.values === 'full' || readsFrom(config, 'cilium-hubble');

/** Whether the cluster has Cilium and no kube-proxy. */
const withoutKubeProxy = (config: CiliumConfig): boolean =>
  (writesHubble(config) || recordsHealth(config)) &&
  (config.cilium.values === 'full'
    ? ciliumChoices(config).kubeProxyReplacement
    : config.cilium.kubeProxyReplacement === true);

/** Cilium: the hubble block for an existing installation, or a full installation from a profile. */
export const cilium = component({
  id: 'cilium',
  settings: SETTINGS,
  reads: READS,
  checks,
  enabled: (config) =>
    config.cilium.values === 'full' ||
    readsFrom(config, 'cilium-hubble') ||
    recordsHealth(config) ||
    `${sourceIs(config)} and cilium.values is hubble`,
  flowSources: { 'cilium-hubble': { reads: ['cilium.namespace'], adapter: ciliumHubble } },
  exports: {
    'hubble_*': 'Hubble in the Cilium agents',
    'cilium_*': 'the Cilium agents and the operator',
    'envoy_*': 'Cilium Envoy',
  },
  hostPorts: (config) => [
    ...(writesHubble(config)
      ? [{ port: config.cilium.hubblePort, owner: 'cilium.hubblePort', setting: 'cilium.hubblePort' }]
      : []),
    ...healthPorts(config),
  ],
  demands: [{ output: 'helm-values', setting: 'cilium.values', when: ({ cilium: { values } }) => values === 'full' }],
  helmValues: (config) => [config.cilium.values === 'full' ? ciliumFullValues(config) : ciliumValues(config)],
  stackValues: (config) =>
    withoutKubeProxy(config)
      ? {
          kubeProxy: {
            enabled: because(
              "Cilium replaces kube-proxy: a monitor would find none, and the chart's alert KubeProxyDown would fire.",
              false,
            ),
          },
        }
      : {},
  scrapeJobs: (config) => [
    ...(readsFrom(config, 'cilium-hubble')
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
      : []),
    ...healthJobs(config),
  ],
});
