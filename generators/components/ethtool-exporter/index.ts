import { component } from '../contract.ts';
import { checks } from './checks.ts';
import { ethtoolDaemonSet } from './daemon-set.ts';
import { showmax } from './exporter.ts';
import { kinds } from './kinds.ts';
import { ethtoolJob } from './scrape.ts';
import { READS, SETTINGS } from './settings.ts';

/** The ethtool exporter by Showmax. */
export const ethtoolExporter = component({
  id: 'ethtool-exporter',
  settings: SETTINGS,
  reads: READS,
  checks,
  enabled: ({ ethtool: { exporter } }) => exporter === 'showmax' || `ethtool.exporter is ${exporter}`,
  exporters: { showmax },
  hostPorts: ({ ethtool: { port } }) => [{ port, owner: 'ethtool.port', setting: 'ethtool.port' }],
  demands: ({ ethtool: { daemonSet } }) =>
    daemonSet.enabled ? [{ output: 'manifests', setting: 'ethtool.daemonSet.enabled' }] : [],
  scrapeJobs: (config) => [{ job: ethtoolJob(config) }],
  manifests: (config) => (config.ethtool.daemonSet.enabled ? ethtoolDaemonSet(config) : []),
  kinds,
});
