import { build, completeConfig, EXPORTERS, FLOW_SOURCES, makeCatalogue } from '../generators/index.ts';
import { groupsOf, type Rule } from './rules.ts';

/** What a configuration needs to have every alert. */
const ALL = { zones: { valid: '.*[^0-9].*' }, controlPlane: { alerts: true, managed: false }, targets: ['prometheus'] };

/** What has money of what leaves the region. */
const LEAVING = {
  flows: {
    source: 'obi',
    external: [
      { name: 's3', kind: 'storage', cidrs: ['52.1.0.0/16'], through: 'nat' },
      { name: 'dynamo', kind: 'database', cidrs: ['52.4.0.0/16'], through: 'endpoint' },
    ],
  },
  cloud: { region: 'us-east-1' },
  obi: { addresses: true },
};

/**
 * The configurations whose rules are mutated: every flow source and every exporter with its defaults, and all exporters at once. What others write differently, such
 * as another name of the cluster label or a threshold, comes from the same code.
 */
const BASES: readonly object[] = [
  ...FLOW_SOURCES.map((source) => ({ ...ALL, flows: { source } })),
  { ...ALL, ...LEAVING },
  ...[...EXPORTERS, EXPORTERS].map((exporter) => ({ ...ALL, flows: { source: 'none' }, ethtool: { exporter } })),
];

/** The rules of each of these configurations. */
export function baseRules(): readonly (readonly Rule[])[] {
  const catalogue = makeCatalogue();
  return BASES.map((given) => {
    const { artifacts } = build(completeConfig('mutation', given, catalogue), catalogue, []);
    return artifacts
      .filter(({ kind }) => kind === 'rules')
      .flatMap(({ text }) => groupsOf(text).flatMap(({ rules }) => rules));
  });
}
