import type { Case } from '../shared/cases.ts';

const named = (name: string, given: Case['given']): Case => ({
  name,
  // Values of kube-prometheus-stack are the same in most of these, and carry hundreds of rules.
  given: { targets: ['helm-values'], ...given },
});

/** Releases on both sides of each change that generators/components/retina knows of: 0.0.34, 1.0.0, 1.2.0 and 1.2.4. */
const retina: readonly Case[] = [
  ...['v0.0.31', 'v0.0.36', 'v1.0.0'].map((version) => named(`retina-hubble ${version}`, { retina: { version } })),
  ...['v1.2.3', 'v1.2.6'].map((version) =>
    named(`retina-hubble ${version}, high aggregation`, {
      retina: { version, dataAggregationLevel: 'high', hubblePort: 9970 },
    }),
  ),
  ...['v1.1.0', 'v1.2.3', 'v1.2.6'].map((version) =>
    named(`retina ${version}`, { flows: { source: 'retina-standard' }, retina: { version, namespace: 'retina' } }),
  ),
];

const KUBE_API = { host: 'k8s.example.com', port: 443 };

/** One Cilium chart of each minor version, from the oldest that is allowed on. */
const CILIUM = ['1.16.19', '1.17.6', '1.18.4', '1.19.5', '1.20.2'];

/** The first version with a map for each CPU. */
const hasDistributedLRU = (version: string): boolean => !version.startsWith('1.16.');

const cilium: readonly Case[] = CILIUM.flatMap((version) => {
  const full = (name: string, settings: object) =>
    named(`cilium ${version}, ${name}`, {
      flows: { source: 'cilium-hubble' },
      cilium: { values: 'full', version, ...(!hasDistributedLRU(version) && { distributedLRU: false }), ...settings },
    });
  return [
    named(`cilium ${version}, the block of Hubble`, { flows: { source: 'cilium-hubble' }, cilium: { version } }),
    named(`cilium ${version}, metrics of its health only`, { cilium: { health: 'always', version } }),
    full('large-cluster', { profile: 'large-cluster', kernel: '5.15', nodes: 1000 }),
    full('low-latency', {
      profile: 'low-latency',
      kernel: '6.8',
      nativeRoutingCIDR: '10.0.0.0/8',
      apiServer: KUBE_API,
    }),
  ];
});

const ADDRESS = { host: '10.0.0.1', port: 6443 };

/** What the profiles do not choose by themselves. */
const ciliumChoices: readonly Case[] = [
  named('cilium, eni', {
    flows: { source: 'none' },
    ethtool: { exporter: 'showmax' },
    cluster: { label: null },
    cilium: {
      values: 'full',
      version: '1.19.5',
      kernel: '6.8',
      ipam: 'eni',
      tunnel: 'disabled',
      kubeProxyReplacement: true,
      apiServer: KUBE_API,
      masquerade: 'bpf',
      hostRouting: 'bpf',
      bigTCP: 'ipv4',
      socketLB: 'host-namespace',
      bandwidthManager: 'fair-queue',
      relay: false,
      ui: false,
      hubblePort: 9970,
    },
  }),
  named('cilium, geneve and wireguard', {
    flows: { source: 'cilium-hubble' },
    cilium: {
      values: 'full',
      version: '1.19.5',
      kernel: '5.15',
      tunnel: 'geneve',
      kubeProxyReplacement: true,
      apiServer: ADDRESS,
      loadBalancer: { mode: 'hybrid', dispatch: 'geneve', algorithm: 'maglev' },
      encryption: 'wireguard',
      masquerade: 'bpf',
      egressGateway: true,
      ipam: 'kubernetes',
    },
  }),
  named('cilium, ipsec', {
    flows: { source: 'cilium-hubble' },
    cilium: {
      values: 'full',
      version: '1.19.5',
      kernel: '5.15',
      tunnel: 'disabled',
      nativeRoutingCIDR: '10.0.0.0/8',
      kubeProxyReplacement: true,
      apiServer: ADDRESS,
      encryption: 'ipsec',
      serviceMonitors: false,
    },
  }),
  named('cilium, ipv6 only', {
    flows: { source: 'cilium-hubble' },
    cilium: { values: 'full', version: '1.19.5', kernel: '6.8', ipv4: false, ipv6: true, ipam: 'kubernetes' },
  }),
];

/** Cases of the charts of Retina and Cilium. */
export const networkCases: readonly Case[] = [...retina, ...cilium, ...ciliumChoices];
