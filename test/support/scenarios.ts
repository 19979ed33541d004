import { EXPORTERS } from '../../generators/index.ts';
import { EVERYTHING } from './everything.ts';
import { problemsOf } from './problems.ts';
import { SOURCES, SWITCHES, TARGETS } from './registry.ts';

const named = (names: readonly string[], given: (name: string) => object): Readonly<Record<string, object>> =>
  Object.fromEntries(names.map((name) => [name, given(name)]));

/** Every part of the registry on its own; what needs other settings beside its switch is below. */
const PARTS: Readonly<Record<string, object>> = {
  ...named(SOURCES, (source) => ({ flows: { source } })),
  ...named(EXPORTERS, (exporter) => ({ flows: { source: 'none' }, ethtool: { exporter } })),
  ...Object.fromEntries(
    TARGETS.map((id) => [`${id} only`, { targets: [id], ...(id === 'amp' && { amp: EVERYTHING.amp }) }]),
  ),
  ...Object.fromEntries(
    Object.entries(SWITCHES)
      .filter(([, given]) => problemsOf(given).length === 0)
      .map(([path, given]) => [`${path} only`, given]),
  ),
};

/**
 * Valid configurations in which different parts are there or not: every flow source, exporter, output and switch of the registry on its
 * own, all of them together, and what their settings change.
 */
export const SCENARIOS: Readonly<Record<string, object>> = {
  ...PARTS,
  'the default': {},
  'no flows': { flows: { source: 'none' } },
  'no allowances': { ethtool: { exporter: 'none' } },
  'workloads only': { flows: { source: 'none' }, ethtool: { exporter: 'none' } },
  'no workloads': { workloads: { resources: false } },
  'no flows and no workloads': { flows: { source: 'none' }, workloads: { resources: false } },
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
  'the health of Cilium': {
    flows: { source: 'none' },
    cilium: { health: 'always', kubeProxyReplacement: true, ipam: 'eni', endpointSlices: true },
    targets: ['prometheus', 'kube-prometheus-stack', 'helm-values'],
  },
  'netobserv, manifests only': { flows: { source: 'netobserv' }, targets: ['manifests'] },
  'two sources and two exporters': {
    flows: { source: ['retina-hubble', 'obi'] },
    ethtool: { exporter: ['network-flow-monitor', 'node-exporter'] },
    targets: ['kube-prometheus-stack', 'helm-values'],
  },
  'node_exporter with a ServiceMonitor': {
    ethtool: { exporter: 'node-exporter' },
    nodeExporter: { scrape: 'monitor' },
    targets: ['helm-values'],
  },
  'kube-state-metrics as a job': { kubeStateMetrics: { standalone: true, scrape: 'job' } },
  'kube-state-metrics only': { kubeStateMetrics: { standalone: true }, targets: ['helm-values'] },
  'the descheduler as a CronJob': { descheduler: { enabled: true, kind: 'CronJob' }, targets: ['helm-values'] },
  routing: { routing: EVERYTHING.routing, kubernetes: EVERYTHING.kubernetes, targets: ['manifests', 'grafana'] },
  'NodeLocal DNSCache': { nodeLocalDns: { scrape: true }, targets: ['kube-prometheus-stack'] },
  'the exporter by us': { ethtool: { daemonSet: { enabled: true } }, targets: ['manifests', 'prometheus'] },
  'the collector': { adot: EVERYTHING.adot, cloud: EVERYTHING.cloud, targets: ['manifests'] },
  everything: EVERYTHING,
  'the sidecar with a folder': { targets: ['grafana-sidecar'], grafana: { sidecar: { folder: 'Network' } } },
  'values of obi only': { targets: ['helm-values'], flows: { source: 'obi' } },
  'AMP without a receiver': { targets: ['amp'], amp: { workspaceId: 'ws-1' } },
  'AMP with PagerDuty': {
    targets: ['amp'],
    amp: { workspace: { name: 'own' }, alertmanager: { pagerduty: EVERYTHING.amp.alertmanager.pagerduty } },
  },
  'one cluster': { cluster: { label: null }, targets: ['kube-prometheus-stack'] },
  'zones by provider': { zones: { from: ['provider-id'] }, targets: ['prometheus'] },
  'ranges of every kind': {
    flows: {
      source: 'retina-standard',
      external: [{ name: 'orders-db', kind: 'database', zone: 'eu-west-1b', cidrs: ['10.0.9.7/32'] }],
    },
    cluster: { cidrs: ['10.0.0.0/16', 'fd00:10::/48'] },
    nodes: { addresses: [{ node: 'worker-a.*', cidrs: ['10.0.64.0/20'] }] },
    zones: { subnets: [{ zone: 'eu-west-1a', region: 'eu-west-1', cidrs: ['10.1.0.0/16'] }] },
    cloud: { region: 'eu-west-1' },
    targets: ['prometheus'],
  },
  'nobody bills': { flows: { source: 'obi' }, cloud: { provider: 'none' }, targets: ['prometheus'] },
};
