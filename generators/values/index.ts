import type { Config } from '../config/schema.ts';
import type { Bundle, HelmValues } from '../model/bundle.ts';
import { readsFrom } from '../sources/index.ts';
import { ciliumFullValues } from './cilium-full.ts';
import { ciliumValues } from './cilium.ts';
import { deschedulerValues } from './descheduler.ts';
import { beylaValues, obiValues } from './ebpf-instrumentation.ts';
import { kubePrometheusStackValues } from './kube-prometheus-stack.ts';
import { kubeStateMetricsValues } from './kube-state-metrics.ts';
import { nodeExporterValues } from './node-exporter.ts';
import { retinaHubbleValues } from './retina-hubble.ts';
import { retinaValues } from './retina.ts';

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
