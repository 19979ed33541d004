import type { SourceName } from '../traffic/settings-flows.ts';
import type { Config } from '../settings/index.ts';
import { readsFrom } from '../sources/index.ts';
import {
  neitherValuesNorJobs,
  noJobs,
  noRules,
  noTarget,
  noValues,
  sourceIs,
  when,
  within,
  type Reader,
} from './readers.ts';

/** A reason where flows are not read from any of these. */
const notFrom = (config: Config, ...sources: readonly SourceName[]): string | undefined =>
  when(!readsFrom(config, ...sources), sourceIs(config));

const RETINA: readonly Reader[] = [
  { settings: ['retina'], missing: (config) => notFrom(config, 'retina-hubble', 'retina-standard') },
  {
    settings: within('retina', 'dataAggregationLevel eventQueueSize eventBufferCapacity hubblePort'),
    missing: (config) => notFrom(config, 'retina-hubble'),
  },
  { settings: ['retina.namespaces'], missing: (config) => notFrom(config, 'retina-standard') },
  {
    settings: within('retina', 'dataAggregationLevel eventQueueSize eventBufferCapacity resources'),
    missing: noValues,
  },
  // In standard mode the release decides which labels there are, and the MetricsConfiguration is beside the chart.
  {
    settings: ['retina.version'],
    missing: (config) => (readsFrom(config, 'retina-standard') ? undefined : noValues(config)),
  },
  { settings: ['retina.namespaces'], missing: (config) => noTarget(config, 'helm-values', 'manifests') },
  {
    settings: within('retina', 'namespace hubblePort'),
    missing: (config) =>
      readsFrom(config, 'retina-standard') && config.targets.includes('manifests')
        ? undefined
        : neitherValuesNorJobs(config),
  },
];

/** The two builds of one program. */
const ebpf = (section: 'obi' | 'beyla'): readonly Reader[] => [
  { settings: [section], missing: (config) => notFrom(config, section) },
  { settings: [`${section}.version`], missing: noValues },
  { settings: [`${section}.app`], missing: noJobs },
  { settings: within(section, 'namespace port'), missing: neitherValuesNorJobs },
];

const OTHERS: readonly Reader[] = [
  { settings: ['netobserv'], missing: (config) => notFrom(config, 'netobserv') },
  { settings: ['netobserv.app'], missing: noJobs },
  { settings: ['netobserv.sampling'], missing: (config) => noTarget(config, 'manifests') },
  {
    settings: within('netobserv', 'namespace port'),
    missing: (config) => (config.targets.includes('manifests') ? undefined : noJobs(config)),
  },
  { settings: ['kubezonnet'], missing: (config) => notFrom(config, 'kubezonnet') ?? noJobs(config) },
];

const exporterIs = ({ ethtool }: Config): string => `ethtool.exporter is ${ethtool.exporter}`;

/** What only the DaemonSet reads. Its switch is not among them: the checks refuse it where it has no effect. */
const DAEMON_SET = within('ethtool.daemonSet', 'namespace image arguments runAsUser cpu memory');

const ETHTOOL: readonly Reader[] = [
  {
    settings: ['ethtool.device'],
    missing: (config) => when(config.ethtool.exporter === 'none', exporterIs(config)),
  },
  {
    settings: [...within('ethtool', 'app port'), ...DAEMON_SET],
    missing: (config) => when(config.ethtool.exporter !== 'showmax', exporterIs(config)),
  },
  {
    settings: DAEMON_SET,
    missing: ({ ethtool }) => when(!ethtool.daemonSet.enabled, 'ethtool.daemonSet.enabled is false'),
  },
  {
    settings: within('ethtool', 'app port'),
    missing: (config) => (config.ethtool.daemonSet.enabled ? undefined : noJobs(config)),
  },
  {
    settings: ['ethtool.device'],
    missing: (config) => {
      const byExporter = config.ethtool.exporter === 'node-exporter' && noValues(config) === undefined;
      return byExporter || config.ethtool.daemonSet.enabled ? undefined : noRules(config);
    },
  },
  {
    settings: ['nodeExporter'],
    missing: (config) => when(config.ethtool.exporter !== 'node-exporter', exporterIs(config)),
  },
  { settings: within('nodeExporter', 'version collectors resources'), missing: noValues },
  { settings: within('nodeExporter', 'namespace app port scrape'), missing: neitherValuesNorJobs },
];

/** Flow sources and exporters: their charts, manifests and scrape jobs. */
export const sourceReaders: readonly Reader[] = [...RETINA, ...ebpf('obi'), ...ebpf('beyla'), ...OTHERS, ...ETHTOOL];
