import type { CiliumConfig } from './settings.ts';

type Settings = CiliumConfig['cilium'];

/** Settings that a profile fills in where the configuration leaves them null. */
export const CHOICES = [
  'tunnel',
  'datapath',
  'kubeProxyReplacement',
  'masquerade',
  'hostRouting',
  'bigTCP',
  'bandwidthManager',
  'socketLB',
  'endpointSlices',
  'distributedLRU',
  'mapDynamicSizeRatio',
] as const satisfies readonly (keyof Settings)[];

type Choice = (typeof CHOICES)[number];

/** Whether a profile decides this. */
export const isChoice = (key: string): key is Choice => CHOICES.some((choice) => choice === key);

/** What a profile decides. */
export type CiliumChoices = { readonly [Key in Choice]: NonNullable<Settings[Key]> };

/** The chart's own defaults: works with every kernel that Cilium supports, beside kube-proxy. */
const CONSERVATIVE: CiliumChoices = {
  tunnel: 'vxlan',
  datapath: 'veth',
  kubeProxyReplacement: false,
  masquerade: 'iptables',
  hostRouting: 'legacy',
  bigTCP: 'none',
  bandwidthManager: 'none',
  socketLB: 'everywhere',
  endpointSlices: false,
  distributedLRU: false,
  mapDynamicSizeRatio: 0.0025,
};

/** The profiles of `cilium.profile`. Upstream: Cilium, Documentation/operations/performance. */
const PROFILES: Readonly<Record<Settings['profile'], CiliumChoices>> = {
  conservative: CONSERVATIVE,
  // For the API server and for maps that hold more; packets take the ways they took.
  'large-cluster': { ...CONSERVATIVE, endpointSlices: true, distributedLRU: true, mapDynamicSizeRatio: 0.01 },
  // For packets: no encapsulation, no iptables, no second network stack on their way.
  'low-latency': {
    ...CONSERVATIVE,
    tunnel: 'disabled',
    datapath: 'netkit',
    kubeProxyReplacement: true,
    masquerade: 'bpf',
    hostRouting: 'bpf',
    bandwidthManager: 'bbr',
    distributedLRU: true,
    mapDynamicSizeRatio: 0.01,
  },
};

/** Cilium as the configuration wants it: its profile, changed by what it sets itself. */
export function ciliumChoices({ cilium }: Pick<CiliumConfig, 'cilium'>): CiliumChoices {
  const set = CHOICES.filter((key) => cilium[key] !== null).map((key) => [key, cilium[key]]);
  return { ...PROFILES[cilium.profile], ...(Object.fromEntries(set) as Partial<CiliumChoices>) };
}
