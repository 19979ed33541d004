import { component } from '../contract.ts';
import { checks } from './checks.ts';
import { adotCollector } from './collector.ts';
import { kinds } from './kinds.ts';
import { adotRoles } from './role.ts';
import { READS, SETTINGS } from './settings.ts';
import { warnings } from './warnings.ts';

/** A collector of the AWS Distro for OpenTelemetry that scrapes our jobs into a workspace of AMP. */
export const adot = component({
  id: 'adot',
  settings: SETTINGS,
  reads: READS,
  checks,
  enabled: ({ adot: { enabled } }) => enabled || 'adot.enabled is false',
  warnings,
  demands: ({ adot: { enabled } }) => (enabled ? [{ output: 'manifests', setting: 'adot.enabled' }] : []),
  manifests: (config, { scrapeJobs }) => [adotCollector(config, scrapeJobs()), ...adotRoles(config)],
  kinds,
});
