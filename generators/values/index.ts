import type { Config } from '../settings/index.ts';
import type { Bundle, HelmValues } from '../model/bundle.ts';
import { readsFrom } from '../sources/index.ts';
import { ciliumFullValues } from '../components/cilium/values-full.ts';
import { ciliumValues } from '../components/cilium/values-hubble-only.ts';
import { deschedulerValues } from '../components/descheduler/values.ts';
import { beylaValues, obiValues } from '../components/ebpf-instrumentation/values.ts';
import { kubePrometheusStackValues } from '../components/kube-prometheus-stack/values.ts';
import { kubeStateMetricsValues } from '../components/kube-state-metrics/values.ts';
import { nodeExporterValues } from '../components/node-exporter/values.ts';
import { retinaHubbleValues } from '../components/retina/values-hubble.ts';
import { retinaValues } from '../components/retina/values-standard.ts';

/** The values of one chart, and when they are wanted. */
interface Entry {
  readonly wanted: (config: Config) => boolean;
  readonly make: (config: Config) => HelmValues;
}

const CHARTS: readonly Entry[] = [
  { wanted: (config) => readsFrom(config, 'retina-hubble'), make: retinaHubbleValues },
  { wanted: (config) => readsFrom(config, 'retina-standard'), make: retinaValues },
  { wanted: (config) => config.cilium.values === 'full', make: ciliumFullValues },
  {
    wanted: (config) => config.cilium.values === 'hubble' && readsFrom(config, 'cilium-hubble'),
    make: ciliumValues,
  },
  { wanted: (config) => readsFrom(config, 'obi'), make: obiValues },
  { wanted: (config) => readsFrom(config, 'beyla'), make: beylaValues },
  { wanted: ({ ethtool }) => ethtool.exporter === 'node-exporter', make: nodeExporterValues },
  { wanted: ({ kubeStateMetrics }) => kubeStateMetrics.standalone, make: kubeStateMetricsValues },
  { wanted: ({ descheduler }) => descheduler.enabled, make: deschedulerValues },
  { wanted: () => true, make: kubePrometheusStackValues },
];

/** What the chosen sources and Prometheus must be installed with. */
export const valuesFor = (config: Config): Pick<Bundle, 'helmValues'> => ({
  helmValues: CHARTS.filter(({ wanted }) => wanted(config)).map(({ make }) => make(config)),
});
