import { COMPONENTS, EXPORTERS, FLOW_SOURCES } from '../../generators/index.ts';
import { attempted, type Case, configOf } from '../shared/cases.ts';
import { networkCases } from './cases.ts';

const named = (name: string, given: Case['given']): Case => ({ name, given: { targets: ['helm-values'], ...given } });

const agents: readonly Case[] = [
  named('obi, packets', { flows: { source: 'obi', units: ['packets'] }, obi: { port: 9477, namespace: 'obi' } }),
  named('beyla, bytes of zones', {
    flows: { source: 'beyla', units: ['bytes'], granularity: 'zone' },
    beyla: { port: 9477 },
  }),
];

const nodeExporter: readonly Case[] = (['ethtool', 'all'] as const).flatMap((collectors) =>
  (['monitor', 'job'] as const).map((scrape) =>
    named(`prometheus-node-exporter, collectors ${collectors}, ${scrape}`, {
      flows: { source: 'none' },
      ethtool: { exporter: 'node-exporter' },
      nodeExporter: { collectors, scrape },
    }),
  ),
);

/** Both sides of chart 5.19.1, which moved the settings of the monitor. */
const kubeStateMetrics: readonly Case[] = ['5.19.0', '5.19.1', '8.4.0'].flatMap((version) =>
  [{ scrape: 'monitor' }, { scrape: 'job', replicas: 2 }].map((settings) =>
    named(`kube-state-metrics ${version}, ${settings.scrape}`, {
      kubeStateMetrics: { standalone: true, version, ...settings },
    }),
  ),
);

/** Both sides of chart 0.34.0, where lists of protections took the place of one setting for each. */
const descheduler: readonly Case[] = ['0.33.0', '0.34.0', '0.36.0'].flatMap((version) => [
  named(`descheduler ${version}`, {
    descheduler: { enabled: true, version, replicas: 2, namespaces: { include: ['shop'] } },
  }),
  named(`descheduler ${version}, CronJob`, {
    descheduler: {
      enabled: true,
      version,
      kind: 'CronJob',
      dryRun: true,
      protect: ['PodsWithPVC', 'PodsWithoutPDB'],
      namespaces: { exclude: ['kube-system'] },
    },
  }),
]);

/** Who runs the control plane decides which monitors of it are on. */
const controlPlanes: readonly Case[] = [
  ...(['none', 'aws', 'gcp', 'azure'] as const).map((provider) =>
    named(`kube-prometheus-stack, control plane of provider ${provider}`, {
      cloud: { provider },
      controlPlane: { alerts: true },
      targets: ['kube-prometheus-stack', 'manifests'],
    }),
  ),
  named('kube-prometheus-stack, Cilium in place of kube-proxy', {
    flows: { source: 'cilium-hubble' },
    cilium: { kubeProxyReplacement: true },
    targets: ['kube-prometheus-stack', 'helm-values'],
  }),
];

const stack: readonly Case[] = [
  ...controlPlanes,
  named('kube-prometheus-stack, scraped by PodMonitors', {
    monitors: { enabled: true },
    targets: ['kube-prometheus-stack', 'manifests'],
  }),
  named('kube-prometheus-stack, many sources, dashboards in a folder', {
    flows: { source: ['retina-hubble', 'obi'] },
    nodeLocalDns: { scrape: true },
    ethtool: { exporter: 'node-exporter' },
    kubeStateMetrics: { standalone: true, scrape: 'job' },
    grafana: { sidecar: { folder: 'Network' } },
    targets: ['kube-prometheus-stack', 'helm-values', 'grafana-sidecar'],
  }),
];

/** Settings `enabled` of components, each switched on by itself unless the configuration would be refused without other settings. */
const switches: readonly Case[] = COMPONENTS.flatMap(({ settings }) =>
  Object.entries(settings as Readonly<Record<string, { readonly properties?: object }>>)
    .filter(([, { properties = {} }]) => 'enabled' in properties)
    .map(([section]) => named(`${section}, switched on`, { [section]: { enabled: true } })),
).filter((one) => 'result' in attempted(() => configOf(one)));

/** Every flow source, exporter and switch of the registry, with nothing else set: each may come with a chart. */
const parts: readonly Case[] = [
  ...FLOW_SOURCES.map((source) => named(`${source}, defaults`, { flows: { source } })),
  ...EXPORTERS.map((exporter) => named(`${exporter}, defaults`, { flows: { source: 'none' }, ethtool: { exporter } })),
  ...switches,
];

/** Every case except the configuration of the repository and the examples. Together they cover the chart of every component. */
export const chartCases: readonly Case[] = [
  ...networkCases,
  ...agents,
  ...nodeExporter,
  ...kubeStateMetrics,
  ...descheduler,
  ...stack,
  ...parts,
];
