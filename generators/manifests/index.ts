import type { Config } from '../settings/index.ts';
import type { Bundle, Manifest } from '../model/bundle.ts';
import { readsFrom } from '../sources/index.ts';
import { adotRoles } from '../components/adot/role.ts';
import { adotCollector } from '../components/adot/collector.ts';
import { ethtoolDaemonSet } from '../components/ethtool-exporter/daemon-set.ts';
import { flowCollector } from '../components/netobserv/flow-collector.ts';
import { kubeBurnerProfiles } from '../components/kube-burner/profiles.ts';
import { metricsConfiguration } from '../components/retina/metrics-configuration.ts';
import { podMonitors } from '../components/prometheus-operator/pod-monitors.ts';
import { routedServices } from '../components/topology-routing/services.ts';
import { spreadWorkloads } from '../components/topology-routing/workloads.ts';

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
