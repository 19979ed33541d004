import type { Config } from '../config/schema.ts';
import type { Bundle, Manifest } from '../model/bundle.ts';
import type { SourceName } from '../config/schema-flows.ts';
import { readsFrom } from '../sources/index.ts';
import { flowCollector } from './flow-collector.ts';
import { metricsConfiguration } from './metrics-configuration.ts';

/** A manifest, and the source that it makes speak. */
interface Entry {
  readonly source: SourceName;
  readonly make: (config: Config) => Manifest;
}

const MANIFESTS: readonly Entry[] = [
  { source: 'retina-standard', make: metricsConfiguration },
  { source: 'netobserv', make: flowCollector },
];

/** The resources without which the chosen sources do not export what the rules read. */
export const manifestsFor = (config: Config): Pick<Bundle, 'manifests'> => ({
  manifests: MANIFESTS.filter(({ source }) => readsFrom(config, source)).map(({ make }) => make(config)),
});
