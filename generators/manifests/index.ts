import type { Config } from '../config/schema.ts';
import type { Bundle, Manifest } from '../model/bundle.ts';
import { readsFrom } from '../sources/index.ts';
import { adotRoles } from './adot-role.ts';
import { adotCollector } from './adot.ts';
import { ethtoolDaemonSet } from './ethtool-daemon-set.ts';
import { flowCollector } from './flow-collector.ts';
import { kubeBurnerProfiles } from './kube-burner.ts';
import { metricsConfiguration } from './metrics-configuration.ts';
import { podMonitors } from './pod-monitors.ts';
import { routedServices } from './routing-services.ts';
import { spreadWorkloads } from './routing-workloads.ts';

/** Each makes what a configuration asks for, which may be nothing. */
const MANIFESTS: readonly ((config: Config) => readonly Manifest[])[] = [
  (config) => (readsFrom(config, 'retina-standard') ? [metricsConfiguration(config)] : []),
  (config) => (readsFrom(config, 'netobserv') ? [flowCollector(config)] : []),
  podMonitors,
  ethtoolDaemonSet,
  (config) => (config.adot.enabled ? [adotCollector(config), ...adotRoles(config)] : []),
  routedServices,
  spreadWorkloads,
  kubeBurnerProfiles,
];

/** The resources without which the chosen sources do not export what the rules read, and those that are asked for. */
export const manifestsFor = (config: Config): Pick<Bundle, 'manifests'> => ({
  manifests: MANIFESTS.flatMap((make) => make(config)),
});
