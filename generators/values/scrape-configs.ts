import type { Config } from '../settings/index.ts';
import type { Tree } from '../model/tree.ts';
import { readsFrom } from '../sources/index.ts';
import { ciliumJob } from '../components/cilium/scrape.ts';
import { ebpfJob } from '../components/ebpf-instrumentation/scrape.ts';
import { ethtoolJob } from '../components/ethtool-exporter/scrape.ts';
import { kubeStateMetricsJob } from '../components/kube-state-metrics/scrape.ts';
import { kubezonnetJob } from '../components/kubezonnet/scrape.ts';
import { netobservJob } from '../components/netobserv/scrape.ts';
import { nodeExporterJob } from '../components/node-exporter/scrape.ts';
import { nodeLocalDnsJob, nodeLocalDnsSetupJob } from '../components/nodelocal-dns/scrape.ts';
import { hubbleJob, retinaJob } from '../components/retina/scrape.ts';

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
