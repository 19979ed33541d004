import { ciliumChoices } from './profiles.ts';
import type { CiliumConfig } from './settings.ts';
import { atLeast } from '../../shared/version.ts';
import type { HelmValues } from '../../model/bundle.ts';
import { because } from '../../model/tree.ts';
import { apiServer, components } from './values-control.ts';
import { acceleration, bpf, routing } from './values-datapath.ts';
import { hubble } from './values-hubble.ts';
import { services } from './values-services.ts';

/** What must be known before the file is applied. */
function warning(config: CiliumConfig): string {
  const { profile, kernel } = config.cilium;
  const checked = `Checked against kernel ${kernel}.`;
  return profile === 'low-latency'
    ? `${checked} Devices and routing of running pods cannot be changed: apply it to a new cluster, or to new nodes by a CiliumNodeConfig.\n`
    : `${checked}\n`;
}

/**
 * All values of a Cilium installation: the profile of the configuration, changed by its settings.
 * Upstream: cilium/cilium, install/kubernetes/cilium, Documentation/operations/performance/tuning.rst,
 * Documentation/network/kubernetes/kubeproxy-free.rst. Keys as of 1.19.
 */
export function ciliumFullValues(config: CiliumConfig): HelmValues {
  const { namespace, version, profile } = config.cilium;
  const choices = ciliumChoices(config);
  return {
    chart: 'cilium',
    header:
      `Values for the chart cilium, version ${version}, profile ${profile}: a whole installation. Not for an installation with values of ` +
      'its own, which this file does not know: compare first (helm get values cilium).\n' +
      warning(config) +
      (config.cilium.serviceMonitors
        ? 'Before, in a new cluster: the definitions of Prometheus Operator, without which the chart fails, or cilium.serviceMonitors: false.\n' +
          'helm show crds kube-prometheus-stack --repo https://prometheus-community.github.io/helm-charts | kubectl apply --server-side --filename -\n'
        : '') +
      `helm upgrade --install cilium cilium --repo https://helm.cilium.io --version ${version} --namespace ${namespace} ` +
      '--values helm-values/cilium.yaml\n' +
      'With eBPF host routing, see what azimuth list --sources says of cilium-hubble.',
    values: {
      ...routing(config, choices),
      ...services(config, choices),
      bpf: bpf(config, choices),
      bpfClockProbe:
        profile === 'low-latency' && atLeast(`v${version}`, 'v1.16.0')
          ? because('A cheaper clock for connection tracking.', true)
          : undefined,
      ...acceleration(config, choices),
      ...apiServer(config, choices),
      ...components(config),
      hubble: hubble(config),
    },
  };
}
