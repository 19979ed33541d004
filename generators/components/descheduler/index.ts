import { component } from '../contract.ts';
import { checks } from './checks.ts';
import { READS, SETTINGS } from './settings.ts';
import { deschedulerValues } from './values.ts';

/** The descheduler, which restores what topology spread constraints ask for. */
export const descheduler = component({
  id: 'descheduler',
  settings: SETTINGS,
  reads: READS,
  checks,
  enabled: ({ descheduler: { enabled } }) => enabled || 'descheduler.enabled is false',
  demands: ({ descheduler: { enabled } }) =>
    enabled ? [{ output: 'helm-values', setting: 'descheduler.enabled' }] : [],
  helmValues: (config) => [deschedulerValues(config)],
});
