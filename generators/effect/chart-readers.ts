import { ciliumChoices } from '../components/cilium/profiles.ts';
import type { Config } from '../settings/index.ts';
import { readsFrom } from '../sources/index.ts';
import { deschedulerMetrics } from '../components/descheduler/values.ts';
import { neitherValuesNorJobs, noJobs, noValues, sourceIs, when, within, type Reader } from './readers.ts';

/** What a setting of Cilium comes to, and whether the profile says so. */
function choiceIs(config: Config, key: 'tunnel' | 'kubeProxyReplacement'): string {
  const { profile } = config.cilium;
  const from = config.cilium[key] === null ? `, by the profile ${profile}` : '';
  return `cilium.${key} is ${String(ciliumChoices(config)[key])}${from}`;
}

/** What only a whole installation has. */
const FULL = within(
  'cilium',
  'profile version kernel nodes apiServer ipam ipv4 ipv6 nativeRoutingCIDR nativeRoutingCIDRv6 ' +
    'autoDirectNodeRoutes skipUnreachableRoutes endpointRoutes tunnel datapath kubeProxyReplacement ' +
    'masquerade hostRouting bigTCP bandwidthManager socketLB loadBalancer encryption egressGateway ' +
    'endpointSlices distributedLRU mapDynamicSizeRatio healthChecking relay ui serviceMonitors resources',
);

const CILIUM: readonly Reader[] = [
  {
    settings: [...within('cilium', 'namespace hubblePort'), ...FULL],
    missing: (config) =>
      when(
        config.cilium.values !== 'full' && !readsFrom(config, 'cilium-hubble'),
        `${sourceIs(config)} and cilium.values is hubble`,
      ),
  },
  { settings: FULL, missing: ({ cilium }) => when(cilium.values !== 'full', 'cilium.values is hubble') },
  { settings: within('cilium', 'namespace hubblePort'), missing: neitherValuesNorJobs },
  {
    settings: ['cilium.nodes'],
    missing: ({ cilium }) => when(cilium.profile !== 'large-cluster', `cilium.profile is ${cilium.profile}`),
  },
  {
    settings: within('cilium', 'nativeRoutingCIDR nativeRoutingCIDRv6 autoDirectNodeRoutes'),
    missing: (config) => when(ciliumChoices(config).tunnel !== 'disabled', choiceIs(config, 'tunnel')),
  },
  {
    settings: within('cilium', 'socketLB loadBalancer'),
    missing: (config) => when(!ciliumChoices(config).kubeProxyReplacement, choiceIs(config, 'kubeProxyReplacement')),
  },
  {
    settings: ['cilium.loadBalancer.dispatch'],
    missing: ({ cilium }) => when(cilium.loadBalancer.mode === 'snat', 'cilium.loadBalancer.mode is snat'),
  },
  {
    settings: ['cilium.loadBalancer.maglevTableSize'],
    missing: ({ cilium }) =>
      when(
        cilium.loadBalancer.algorithm !== 'maglev',
        `cilium.loadBalancer.algorithm is ${cilium.loadBalancer.algorithm}`,
      ),
  },
];

const notStandalone = ({ kubeStateMetrics }: Config): string | undefined =>
  when(!kubeStateMetrics.standalone, 'kubeStateMetrics.standalone is false');

const KUBE_STATE_METRICS: readonly Reader[] = [
  { settings: within('kubeStateMetrics', 'version replicas scrape resources'), missing: notStandalone },
  {
    // The collector scrapes it, whoever installs it.
    settings: within('kubeStateMetrics', 'namespace interval'),
    missing: (config) => (config.adot.enabled && config.flows.source !== 'none' ? undefined : notStandalone(config)),
  },
];

const kindIs = ({ descheduler }: Config, kind: Config['descheduler']['kind']): string | undefined =>
  when(descheduler.kind === kind, `descheduler.kind is ${kind}`);

const DESCHEDULER: readonly Reader[] = [
  {
    settings: within(
      'descheduler',
      'version namespace kind schedule interval replicas metrics dryRun constraints nodeFit minReplicas ' +
        'maxEvictionsPerNode maxEvictionsPerNamespace protect evictPodsWithLocalStorage namespaces',
    ),
    missing: ({ descheduler }) => when(!descheduler.enabled, 'descheduler.enabled is false'),
  },
  { settings: ['descheduler.schedule'], missing: (config) => kindIs(config, 'Deployment') },
  {
    settings: within('descheduler', 'interval replicas metrics'),
    missing: (config) => kindIs(config, 'CronJob'),
  },
];

/** Whether the values of a chart ask for a ServiceMonitor, which carries the labels of `monitors.labels`. */
export const hasServiceMonitor = (config: Config): boolean => {
  const { kubeStateMetrics, ethtool, nodeExporter, descheduler, cilium } = config;
  return (
    noValues(config) === undefined &&
    ((kubeStateMetrics.standalone && kubeStateMetrics.scrape === 'monitor') ||
      (ethtool.exporter === 'node-exporter' && nodeExporter.scrape === 'monitor') ||
      (descheduler.enabled && deschedulerMetrics(config)) ||
      (cilium.values === 'full' && cilium.serviceMonitors))
  );
};

const COLLECTION: readonly Reader[] = [
  {
    settings: ['monitors.namespace'],
    missing: ({ monitors }) => when(!monitors.enabled, 'monitors.enabled is false'),
  },
  {
    settings: ['monitors.labels'],
    missing: (config) =>
      when(
        !config.monitors.enabled && !hasServiceMonitor(config),
        'monitors.enabled is false, and no chart is to have a ServiceMonitor',
      ),
  },
  {
    settings: within(
      'adot',
      'name namespace serviceAccount region endpoint image mode targetAllocator replicas cpu memory',
    ),
    missing: ({ adot }) => when(!adot.enabled, 'adot.enabled is false'),
  },
  {
    settings: within('nodeLocalDns', 'namespace app'),
    missing: ({ nodeLocalDns }) => when(!nodeLocalDns.scrape, 'nodeLocalDns.scrape is false'),
  },
  { settings: ['nodeLocalDns'], missing: noJobs },
];

/** Charts beside those of the sources, and what collects series. */
export const chartReaders: readonly Reader[] = [...CILIUM, ...KUBE_STATE_METRICS, ...DESCHEDULER, ...COLLECTION];
