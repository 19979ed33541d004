import type { CiliumConfig } from './settings.ts';

type Settings = CiliumConfig['cilium'];

/** Settings that the profile fills in if they are null. */
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

/** Whether profiles decide this setting. */
export const isChoice = (key: string): key is Choice => CHOICES.some((choice) => choice === key);

/** The settings of a profile. */
export type CiliumChoices = { readonly [Key in Choice]: NonNullable<Settings[Key]> };

/** The chart's defaults: they work with every kernel that Cilium supports, and with kube-proxy. */
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
  // Less load on the API server and larger maps; the packet path stays.
  'large-cluster': { ...CONSERVATIVE, endpointSlices: true, distributedLRU: true, mapDynamicSizeRatio: 0.01 },
  // The shortest packet path: no encapsulation, no iptables, no second network stack.
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

/** The settings of the chosen profile, overridden by those of the configuration. */
export function ciliumChoices({ cilium }: Pick<CiliumConfig, 'cilium'>): CiliumChoices {
  const set = CHOICES.filter((key) => cilium[key] !== null).map((key) => [key, cilium[key]]);
  return { ...PROFILES[cilium.profile], ...(Object.fromEntries(set) as Partial<CiliumChoices>) };
}
