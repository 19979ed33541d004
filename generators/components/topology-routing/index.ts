import { component } from '../contract.ts';
import { checks } from './checks.ts';
import { kinds } from './kinds.ts';
import { routedServices } from './services.ts';
import { READS, SETTINGS } from './settings.ts';
import { spreadWorkloads } from './workloads.ts';

/** Zone-aware routing: patches of named Services and workloads. */
export const topologyRouting = component({
  id: 'topology-routing',
  settings: SETTINGS,
  reads: READS,
  checks,
  enabled: ({ routing: { services, workloads } }) =>
    services.length + workloads.length > 0 || 'routing has no services and no workloads',
  demands: ({ routing: { services, workloads } }) => [
    ...(services.length > 0 ? [{ output: 'manifests', setting: 'routing.services' }] : []),
    ...(workloads.length > 0 ? [{ output: 'manifests', setting: 'routing.workloads' }] : []),
  ],
  manifests: (config) => [...routedServices(config), ...spreadWorkloads(config)],
  kinds,
});
