import type { CiliumConfig } from './settings.ts';
import type { HelmValues } from '../../model/bundle.ts';
import { because } from '../../model/tree.ts';
import { flowMetric, noServiceMonitor } from './values-hubble.ts';

/**
 * The Hubble block of Cilium's values, for an installation of your own.
 * Upstream: cilium/cilium, install/kubernetes/cilium and Documentation/observability/metrics.
 */
export const ciliumValues = (config: CiliumConfig): HelmValues => ({
  chart: 'cilium',
  header:
    'Values for the chart cilium: only the block of Hubble. Everything else stays as you installed it, hence --reuse-values. The list ' +
    'of metrics replaces yours: if you have one, put the entry below into it, in place of its "flow".\n' +
    `helm upgrade cilium cilium --repo https://helm.cilium.io --version VERSION --namespace ${config.cilium.namespace} --reuse-values ` +
    '--values helm-values/cilium.yaml\n' +
    `kubectl --namespace ${config.cilium.namespace} rollout restart daemonset/cilium\n` +
    `VERSION is the one that runs (helm list --namespace ${config.cilium.namespace}, column CHART): without it Helm takes the newest. ` +
    'Agents read their settings when they start, and this chart does not restart them.\n' +
    'With eBPF host routing, see what azimuth list --sources says of cilium-hubble.',
  values: {
    hubble: {
      enabled: true,
      metrics: {
        port: because('Where the scrape job cilium-hubble reads.', config.cilium.hubblePort),
        enabled: [flowMetric(config)],
        serviceMonitor: noServiceMonitor,
      },
    },
  },
});
