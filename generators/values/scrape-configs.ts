import type { Config } from '../config/schema.ts';
import type { Tree } from '../model/commented.ts';
import { readsFrom } from '../sources/index.ts';
import { ciliumJob } from './scrape/cilium.ts';
import { ebpfJob } from './scrape/ebpf-instrumentation.ts';
import { ethtoolJob } from './scrape/ethtool.ts';
import { kubeStateMetricsJob } from './scrape/kube-state-metrics.ts';
import { kubezonnetJob } from './scrape/kubezonnet.ts';
import { netobservJob } from './scrape/netobserv.ts';
import { nodeExporterJob } from './scrape/node-exporter.ts';
import { nodeLocalDnsJob, nodeLocalDnsSetupJob } from './scrape/node-local-dns.ts';
import { hubbleJob, retinaJob } from './scrape/retina.ts';

/** A scrape job, and when it is wanted. */
interface Entry {
  readonly wanted: (config: Config) => boolean;
  readonly make: (config: Config) => Tree;
}

const JOBS: readonly Entry[] = [
  { wanted: (config) => readsFrom(config, 'retina-hubble'), make: hubbleJob },
  // In standard mode the flows are among the agent's own metrics.
  { wanted: (config) => readsFrom(config, 'retina-hubble', 'retina-standard'), make: retinaJob },
  { wanted: (config) => readsFrom(config, 'cilium-hubble'), make: ciliumJob },
  { wanted: (config) => readsFrom(config, 'obi'), make: (config) => ebpfJob('obi', config) },
  { wanted: (config) => readsFrom(config, 'beyla'), make: (config) => ebpfJob('beyla', config) },
  { wanted: (config) => readsFrom(config, 'netobserv'), make: netobservJob },
  { wanted: (config) => readsFrom(config, 'kubezonnet'), make: kubezonnetJob },
  { wanted: ({ ethtool }) => ethtool.exporter === 'showmax', make: ethtoolJob },
  {
    wanted: ({ ethtool, nodeExporter }) => ethtool.exporter === 'node-exporter' && nodeExporter.scrape === 'job',
    make: nodeExporterJob,
  },
  {
    wanted: ({ kubeStateMetrics: { standalone, scrape } }) => standalone && scrape === 'job',
    make: kubeStateMetricsJob,
  },
  { wanted: ({ nodeLocalDns }) => nodeLocalDns.scrape, make: nodeLocalDnsJob },
  { wanted: ({ nodeLocalDns }) => nodeLocalDns.scrape, make: nodeLocalDnsSetupJob },
];

/** The scrape jobs of the chosen sources and exporters. */
export const scrapeConfigs = (config: Config): readonly Tree[] =>
  JOBS.filter(({ wanted }) => wanted(config)).map(({ make }) => make(config));
