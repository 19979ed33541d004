import { component } from '../contract.ts';
import { checks } from './checks.ts';
import { READS, SETTINGS } from './settings.ts';
import { warnings } from './warnings.ts';

/** Amazon Managed Service for Prometheus: the workspace that the output amp writes rules for. */
export const amp = component({
  id: 'amp',
  settings: SETTINGS,
  reads: READS,
  checks,
  enabled: ({ targets }) => targets.includes('amp') || 'targets has no amp',
  warnings,
});
