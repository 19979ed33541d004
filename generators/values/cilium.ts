import type { Config } from '../config/schema.ts';
import type { HelmValues } from '../model/bundle.ts';
import { because } from '../model/commented.ts';
import { hubbleLabelsContext } from '../sources/hubble.ts';
import { flowSource } from '../sources/index.ts';
import { labelsRead } from '../sources/labels-read.ts';
import { hubbleMetric, labelsContext } from './hubble-metrics.ts';

/**
 * The Hubble block of Cilium's values. The rest is the cluster's network, which is not for us to set.
 * Upstream: cilium/cilium, install/kubernetes/cilium and Documentation/observability/metrics.
 */
export const ciliumValues = (config: Config): HelmValues => ({
  chart: 'cilium',
  about:
    'Values for the chart cilium: only the block of Hubble. Everything else stays as you installed it, hence --reuse-values. The list ' +
    'of metrics replaces yours: if you have one, put the entry below into it, in place of its "flow".\n' +
    `helm upgrade cilium cilium/cilium --namespace ${config.cilium.namespace} --reuse-values --values helm-values/cilium.yaml\n` +
    'With eBPF host routing, see what azimuth list --sources says of cilium-hubble.',
  values: {
    hubble: {
      enabled: true,
      metrics: {
        port: because('Where the scrape job cilium-hubble reads.', config.cilium.hubblePort),
        enabled: [
          because(
            'labelsContext puts both ends of a flow on one series; the rules read exactly these labels. With namespace and pod among ' +
              'them, a series goes away a minute after its pod. Only "flow" is read.',
            hubbleMetric(
              'flow',
              labelsContext(hubbleLabelsContext(labelsRead(config, flowSource(config, 'cilium-hubble')))),
            ),
          ),
        ],
      },
    },
  },
});
