import type { Config } from '../config/schema.ts';
import type { Bundle, Manifest } from '../model/bundle.ts';
import type { SourceName } from '../config/schema-flows.ts';
import { flowInputs } from '../sources/input.ts';
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

/** Whether rules read this source: one whose units are all left out has nothing to say. */
const isRead = (config: Config, id: SourceName): boolean => flowInputs(config).some(({ source }) => source.id === id);

/** The resources without which the chosen sources do not export what the rules read. */
export const manifestsFor = (config: Config): Pick<Bundle, 'manifests'> => ({
  manifests: MANIFESTS.filter(({ source }) => isRead(config, source)).map(({ make }) => make(config)),
});
