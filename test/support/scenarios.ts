import { SOURCE_IDS } from '../../bench/sources/index.ts';
import { namedSchema } from '../../generators/index.ts';
import { EVERYTHING } from './everything.ts';
import { catalogue } from './generate.ts';
import { TARGETS } from './registry.ts';

const { properties: sections } = namedSchema(catalogue) as {
  readonly properties: Readonly<Record<string, { readonly properties?: Readonly<Record<string, unknown>> }>>;
};

/** Sections that are a switch away: those with a setting of this name. */
const switched = (name: string) =>
  Object.keys(sections).filter((key) => sections[key]?.properties?.[name] !== undefined);

/** Every flow source, everything that is switched on by itself, and every output, each alone: parts that are new are among them. */
const PARTS: readonly object[] = [
  ...SOURCE_IDS.map((source) => ({ flows: { source } })),
  ...switched('enabled')
    .filter((section) => section !== 'adot')
    .map((section) => ({ [section]: { enabled: true } })),
  ...TARGETS.filter((target) => target !== 'amp').map((target) => ({ targets: [target] })),
];

/**
 * Valid configurations in which different parts are there or not: every flow source and exporter, every chart, manifest and packaging on
 * its own, and all of them together.
 */
export const SCENARIOS: Readonly<Record<string, object>> = {
  ...Object.fromEntries(PARTS.map((given) => [JSON.stringify(given), given])),
  'the default': {},
  'no flows': { flows: { source: 'none' } },
  'no allowances': { ethtool: { exporter: 'none' } },
  'retina-standard, flows only by packets': {
    flows: { source: 'retina-standard', units: ['packets'] },
    targets: ['prometheus'],
  },
  'all of Cilium': { flows: { source: 'cilium-hubble' }, cilium: { values: 'full' } },
  'all of Cilium, large': {
    flows: { source: 'none' },
    cilium: {
      values: 'full',
      profile: 'large-cluster',
      kernel: '6.8',
      ipam: 'kubernetes',
      tunnel: 'disabled',
      nativeRoutingCIDR: '10.0.0.0/8',
      kubeProxyReplacement: true,
      apiServer: { host: 'api.example.com', port: 443 },
      loadBalancer: { mode: 'dsr', algorithm: 'maglev' },
    },
    targets: ['helm-values'],
  },
  beyla: { flows: { source: 'beyla' }, targets: ['helm-values'] },
  netobserv: { flows: { source: 'netobserv' }, targets: ['kube-prometheus-stack'] },
  'netobserv, manifests only': { flows: { source: 'netobserv' }, targets: ['manifests'] },
  'two sources and node_exporter': {
    flows: { source: ['retina-hubble', 'obi'] },
    ethtool: { exporter: 'node-exporter' },
    targets: ['kube-prometheus-stack', 'helm-values'],
  },
  'node_exporter with a ServiceMonitor': {
    ethtool: { exporter: 'node-exporter' },
    nodeExporter: { scrape: 'monitor' },
    targets: ['helm-values'],
  },
  'kube-state-metrics as a job': { kubeStateMetrics: { standalone: true, scrape: 'job' } },
  'kube-state-metrics only': { kubeStateMetrics: { standalone: true }, targets: ['helm-values'] },
  'the descheduler': { descheduler: { enabled: true }, targets: ['helm-values'] },
  'the descheduler as a CronJob': { descheduler: { enabled: true, kind: 'CronJob' }, targets: ['helm-values'] },
  routing: { routing: EVERYTHING.routing, kubernetes: EVERYTHING.kubernetes, targets: ['manifests', 'grafana'] },
  'kube-burner': { kubeBurner: { enabled: true }, targets: ['manifests'] },
  'NodeLocal DNSCache': { nodeLocalDns: { scrape: true }, targets: ['kube-prometheus-stack'] },
  'the exporter by us': { ethtool: { daemonSet: { enabled: true } }, targets: ['manifests', 'prometheus'] },
  'the collector': { adot: EVERYTHING.adot, cloud: EVERYTHING.cloud, targets: ['manifests'] },
  PodMonitors: { monitors: { enabled: true }, targets: ['manifests'] },
  everything: EVERYTHING,
  'the sidecar only': { targets: ['grafana-sidecar'], grafana: { sidecar: { folder: 'Network' } } },
  'values of obi only': { targets: ['helm-values'], flows: { source: 'obi' } },
  'AMP only': { targets: ['amp'], amp: EVERYTHING.amp },
  'AMP without a receiver': { targets: ['amp'], amp: { workspaceId: 'ws-1' } },
  'AMP with PagerDuty': {
    targets: ['amp'],
    amp: { workspace: { name: 'own' }, alertmanager: { pagerduty: EVERYTHING.amp.alertmanager.pagerduty } },
  },
  'one cluster': { cluster: { label: null }, targets: ['kube-prometheus-stack'] },
  'zones by provider': { zones: { from: ['provider-id'] }, targets: ['prometheus'] },
  'nobody bills': { flows: { source: 'obi' }, cloud: { provider: 'none' }, targets: ['prometheus'] },
};
