import { component } from '../contract.ts';
import { kubeletJobs, kubeletMonitor, stackKubelet } from './scrape.ts';
import { READS } from './settings.ts';

/**
 * The kubelet on every node, whose cAdvisor tells what containers use, and which tells how pods start. kube-prometheus-stack scrapes it by a ServiceMonitor of its own; a
 * collector needs the job, and an operator without the chart the ServiceMonitor.
 */
export const kubelet = component({
  id: 'kubelet',
  settings: {},
  reads: READS,
  enabled: ({ workloads, controlPlane }) =>
    workloads.resources || controlPlane.enabled || 'workloads.resources and controlPlane.enabled are false',
  exports: { 'container_*': 'cAdvisor in the kubelets', 'kubelet_*': 'the kubelets' },
  stackValues: (config) => (config.workloads.resources || config.controlPlane.enabled ? stackKubelet(config) : {}),
  scrapeJobs: kubeletJobs,
  manifests: (config) =>
    config.monitors.enabled && !config.targets.includes('kube-prometheus-stack') ? [kubeletMonitor(config)] : [],
});
