import type { Config } from '../config/schema.ts';
import type { Bundle, HelmValues } from '../model/bundle.ts';
import { readsFrom } from '../sources/index.ts';
import { kubePrometheusStackValues } from './kube-prometheus-stack.ts';
import { retinaHubbleValues } from './retina-hubble.ts';

/** The values of one chart, and when they are wanted. */
interface Entry {
  readonly wanted: (config: Config) => boolean;
  readonly make: (config: Config) => HelmValues;
}

const CHARTS: readonly Entry[] = [
  { wanted: (config) => readsFrom(config, 'retina-hubble'), make: retinaHubbleValues },
  { wanted: () => true, make: kubePrometheusStackValues },
];

/** What the chosen sources and Prometheus must be installed with. */
export const valuesFor = (config: Config): Pick<Bundle, 'helmValues'> => ({
  helmValues: CHARTS.filter(({ wanted }) => wanted(config)).map(({ make }) => make(config)),
});
