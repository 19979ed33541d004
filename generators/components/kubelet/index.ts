import { component } from '../contract.ts';
import { kubeletJob, kubeletMonitor, stackKubelet } from './scrape.ts';
import { READS } from './settings.ts';

/**
 * The kubelet on every node, whose cAdvisor tells what containers use. kube-prometheus-stack scrapes it by a ServiceMonitor of its own; a
 * collector needs the job, and an operator without the chart the ServiceMonitor.
 */
export const kubelet = component({
  id: 'kubelet',
  settings: {},
  reads: READS,
  enabled: ({ workloads: { resources } }) => resources || 'workloads.resources is false',
  stackValues: (config) => (config.workloads.resources ? stackKubelet(config) : {}),
  scrapeJobs: (config) => [kubeletJob(config)],
  manifests: (config) =>
    config.monitors.enabled && !config.targets.includes('kube-prometheus-stack') ? [kubeletMonitor(config)] : [],
});
