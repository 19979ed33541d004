import { component } from '../contract.ts';
import { kinds } from './kinds.ts';
import { podMonitors } from './pod-monitors.ts';
import { READS, SETTINGS } from './settings.ts';

/** The Prometheus Operator, as far as it scrapes: our jobs as PodMonitors. */
export const prometheusOperator = component({
  id: 'prometheus-operator',
  settings: SETTINGS,
  reads: READS,
  enabled: ({ monitors: { enabled } }) => enabled || 'monitors.enabled is false',
  demands: ({ monitors: { enabled } }) => (enabled ? [{ output: 'manifests', setting: 'monitors.enabled' }] : []),
  manifests: (config, { scrapeJobs }) => podMonitors(config, scrapeJobs()),
  kinds,
});
