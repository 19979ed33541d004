import { allowancesDomain } from './allowances/index.ts';
import { ciliumDomain } from './cilium/index.ts';
import { adot } from './components/adot/index.ts';
import { amp } from './components/amp/index.ts';
import { cilium } from './components/cilium/index.ts';
import { cloudWatchAgent } from './components/cloudwatch-agent/index.ts';
import { coreDns } from './components/coredns/index.ts';
import { controlPlane } from './components/control-plane/index.ts';
import { descheduler } from './components/descheduler/index.ts';
import { beyla, obi } from './components/ebpf-instrumentation/index.ts';
import { ethtoolExporter } from './components/ethtool-exporter/index.ts';
import { kubeBurner } from './components/kube-burner/index.ts';
import { kubelet } from './components/kubelet/index.ts';
import { kubePrometheusStack } from './components/kube-prometheus-stack/index.ts';
import { kubeStateMetrics } from './components/kube-state-metrics/index.ts';
import { kubezonnet } from './components/kubezonnet/index.ts';
import { netobserv } from './components/netobserv/index.ts';
import { networkBenchmark } from './components/network-benchmark/index.ts';
import { networkFlowMonitor } from './components/network-flow-monitor/index.ts';
import { nodeExporter } from './components/node-exporter/index.ts';
import { nodeLocalDns } from './components/nodelocal-dns/index.ts';
import { prometheusOperator } from './components/prometheus-operator/index.ts';
import { retina } from './components/retina/index.ts';
import { topologyRouting } from './components/topology-routing/index.ts';
import { trafficCheck } from './components/traffic-check/index.ts';
import { controlPlaneDomain } from './control-plane/index.ts';
import { dnsDomain } from './dns/index.ts';
import { flowPipelineDomain } from './flow-pipeline/index.ts';
import { amp as ampOutput } from './outputs/amp/index.ts';
import { gitSync } from './outputs/git-sync/index.ts';
import { grafanaOperator } from './outputs/grafana-operator/index.ts';
import { grafanaSidecar } from './outputs/grafana-sidecar/index.ts';
import { grafana } from './outputs/grafana/index.ts';
import { helmValues } from './outputs/helm-values/index.ts';
import { kubePrometheusStack as stackOutput } from './outputs/kube-prometheus-stack/index.ts';
import { manifests } from './outputs/manifests/index.ts';
import { prometheusOperator as rulesOutput } from './outputs/prometheus-operator/index.ts';
import { prometheus } from './outputs/prometheus/index.ts';
import { CLUSTER, KEEP, KUBERNETES, PACKAGING, RULES, SCRAPE, TARGETS } from './settings/general.ts';
import { routingDomain } from './routing/index.ts';
import { ALERTS, DASHBOARDS } from './settings/overrides.ts';
import type { Both, Sections, Slice } from './settings/section.ts';
import { trafficDomain } from './traffic/index.ts';
import { workloadsDomain } from './workloads/index.ts';

/** All domains: subjects with records, alerts and dashboards. */
export const DOMAINS = [
  trafficDomain,
  allowancesDomain,
  workloadsDomain,
  dnsDomain,
  routingDomain,
  ciliumDomain,
  controlPlaneDomain,
  flowPipelineDomain,
] as const;

/** All components: things outside Azimuth that it configures or reads. Scrape jobs, values and problems appear in this order. */
export const COMPONENTS = [
  retina,
  cilium,
  obi,
  beyla,
  netobserv,
  kubezonnet,
  ethtoolExporter,
  nodeExporter,
  networkFlowMonitor,
  cloudWatchAgent,
  kubelet,
  controlPlane,
  kubeStateMetrics,
  descheduler,
  prometheusOperator,
  adot,
  topologyRouting,
  coreDns,
  nodeLocalDns,
  kubeBurner,
  trafficCheck,
  networkBenchmark,
  kubePrometheusStack,
  amp,
] as const;

/** All output formats, by their ids in `targets`. */
export const OUTPUTS = [
  prometheus,
  stackOutput,
  helmValues,
  manifests,
  grafana,
  rulesOutput,
  ampOutput,
  grafanaSidecar,
  grafanaOperator,
  gitSync,
] as const;

/** Sections that belong to no part, at the start and the end of the schema. */
const FIRST = { cluster: CLUSTER, kubernetes: KUBERNETES, scrape: SCRAPE, rules: RULES } satisfies Sections;
const LAST = {
  packaging: PACKAGING,
  targets: TARGETS,
  keep: KEEP,
  alerts: ALERTS,
  dashboards: DASHBOARDS,
} satisfies Sections;

type SettingsOf<Parts extends readonly { readonly settings: Sections }[]> = Both<Parts[number]['settings']>;

type AllSections = typeof FIRST &
  SettingsOf<typeof DOMAINS> &
  SettingsOf<typeof COMPONENTS> &
  SettingsOf<typeof OUTPUTS> &
  typeof LAST;

/** All sections of the configuration, in the order of the schema. */
export const SECTIONS: Sections = Object.assign(
  {},
  FIRST,
  ...[...DOMAINS, ...COMPONENTS, ...OUTPUTS].map(({ settings }) => settings),
  LAST,
) as Sections;

/** The id of a flow source, such as `retina-hubble` or `obi`. */
export type SourceName = Extract<keyof Both<(typeof COMPONENTS)[number]['flowSources']>, string>;

/** The id of an exporter of ENA counters. */
type ExporterName = Extract<keyof Both<(typeof COMPONENTS)[number]['exporters']>, string>;

/** The id of an output format, such as `prometheus` or `grafana`. */
export type OutputName = (typeof OUTPUTS)[number]['id'];

type Complete = Slice<AllSections>;

/** A complete and valid configuration: every setting has a value. Returned by `loadConfig` and `completeConfig`. */
export type Config = Omit<Complete, 'flows' | 'ethtool' | 'targets'> & {
  readonly flows: Omit<Complete['flows'], 'source' | 'select'> & {
    readonly source: SourceName | 'none' | readonly SourceName[];
    readonly select: string | Readonly<Partial<Record<SourceName, string>>>;
  };
  readonly ethtool: Omit<Complete['ethtool'], 'exporter'> & {
    readonly exporter: ExporterName | 'none' | readonly ExporterName[];
  };
  readonly targets: readonly OutputName[];
};

type Partly<T> = T extends readonly unknown[] ? T : T extends object ? { readonly [K in keyof T]?: Partly<T[K]> } : T;

/**
 * The content of a configuration file: every setting is optional.
 * @example export default { cluster: { name: 'staging' }, flows: { source: 'obi' } } satisfies ConfigInput;
 */
export type ConfigInput = Partly<Config>;
