import { noHealth } from '../../cilium/index.ts';
import { AGENT_JOB, ENVOY_JOB, OPERATOR_JOB } from '../../cilium/settings.ts';
import { fixedPort, instance, keepContainer, node, scrapeJob } from '../../shared/scrape.ts';
import { readsFrom } from '../../traffic/index.ts';
import type { ScrapeJob } from '../contract.ts';
import type { CiliumConfig } from './settings.ts';

/** Ports of the metrics of agent, operator and Envoy. Upstream: install/kubernetes/cilium/values.yaml. */
export const AGENT_PORT = 9962;
export const OPERATOR_PORT = 9963;
const ENVOY_PORT = 9964;

/** Whether the health of Cilium is recorded, and so scraped. */
export const recordsHealth = (config: CiliumConfig): boolean =>
  noHealth(config.cilium, readsFrom(config, 'cilium-hubble')) === undefined;

/** Whether ServiceMonitors of the chart scrape agents, operator and Envoy. */
const byMonitor = ({ cilium: { values, serviceMonitors } }: CiliumConfig): boolean =>
  values === 'full' && serviceMonitors;

/** Scrape jobs with the names that the chart's ServiceMonitors would give. With those, only a collector uses the jobs. */
export function healthJobs(config: CiliumConfig): readonly ScrapeJob[] {
  if (!recordsHealth(config)) return [];
  const job = (name: string, label: string, port: number): ScrapeJob => ({
    get job() {
      return scrapeJob(config, name, {
        label,
        namespace: config.cilium.namespace,
        steps: [
          keepContainer(name),
          ...fixedPort(port, 'These pods have several ports; metrics have their own.'),
          instance,
          node,
        ],
      }).job;
    },
    isMonitored: byMonitor(config),
  });
  return [
    job(AGENT_JOB, 'k8s-app=cilium', AGENT_PORT),
    job(OPERATOR_JOB, 'io.cilium/app=operator', OPERATOR_PORT),
    job(ENVOY_JOB, 'k8s-app=cilium-envoy', ENVOY_PORT),
  ];
}

/** Ports on the host network that the values for an existing installation open. */
export const healthPorts = (config: CiliumConfig) =>
  config.cilium.values === 'hubble' && recordsHealth(config)
    ? [
        { port: AGENT_PORT, owner: "Cilium's agent metrics" },
        { port: OPERATOR_PORT, owner: "Cilium's operator metrics" },
        { port: ENVOY_PORT, owner: "Cilium's Envoy metrics" },
      ]
    : [];
