import { atLeast } from '../../shared/version.ts';
import type { CiliumChoices } from './profiles.ts';
import type { CiliumConfig } from './settings.ts';

/** Cilium as it would be installed, with the profile filled in. */
export type CiliumFacts = Omit<CiliumConfig['cilium'], keyof CiliumChoices> &
  CiliumChoices & { readonly provider: CiliumConfig['cloud']['provider'] };

type Condition = (facts: CiliumFacts) => boolean;

/** One thing that needs another; the sentence of the message is "expected <expected>, as <asks> <why>". */
interface Requirement {
  readonly asks: keyof CiliumFacts;
  readonly when: Condition;
  readonly needs: keyof CiliumFacts;
  readonly met: Condition;
  readonly expected: string;
  readonly why: string;
}

/** Needs one of some values of another setting. */
const needs = <Key extends keyof CiliumFacts>(
  asks: keyof CiliumFacts,
  when: Condition,
  key: Key,
  allowed: readonly CiliumFacts[Key][],
  why: string,
): Requirement => ({
  asks,
  when,
  needs: key,
  met: (facts) => allowed.includes(facts[key]),
  expected: allowed.join(' or '),
  why,
});

/** Needs the kernel `least`. Releases of distributions with features of later ones are given as what they are equivalent to. */
const kernel = (asks: keyof CiliumFacts, when: Condition, least: string): Requirement => ({
  asks,
  when,
  needs: 'kernel',
  met: (facts) => atLeast(facts.kernel, least),
  expected: `${least} or newer`,
  why: 'needs that kernel on every node',
});

/** Needs the release `least` of Cilium. */
const release = (asks: keyof CiliumFacts, when: Condition, least: string, why: string): Requirement => ({
  asks,
  when,
  needs: 'version',
  met: ({ version }) => atLeast(version, least),
  expected: `${least} or newer`,
  why,
});

const always: Condition = () => true;
const netkit: Condition = ({ datapath }) => datapath === 'netkit';
const skipsHost: Condition = ({ hostRouting }) => hostRouting === 'bpf';
const big: Condition = ({ bigTCP }) => bigTCP !== 'none';
const bigIPv4: Condition = ({ bigTCP }) => bigTCP === 'ipv4' || bigTCP === 'both';
const bigIPv6: Condition = ({ bigTCP }) => bigTCP === 'ipv6' || bigTCP === 'both';
const paced: Condition = ({ bandwidthManager }) => bandwidthManager !== 'none';
const bbr: Condition = ({ bandwidthManager }) => bandwidthManager === 'bbr';
const eni: Condition = ({ ipam }) => ipam === 'eni';
const egress: Condition = ({ egressGateway }) => egressGateway;
/** Whether replies of endpoints go to clients directly. */
const dsr: Condition = ({ loadBalancer }) => loadBalancer.mode !== 'snat';

/** Of kernels and releases. Upstream: Cilium, Documentation/operations/{system_requirements,performance/tuning}.rst. */
const PLATFORM: readonly Requirement[] = [
  release('values', always, '1.16.0', 'writes keys that older charts do not read'),
  kernel('version', ({ version }) => !atLeast(version, '1.18.0'), '5.4'),
  kernel('version', ({ version }) => atLeast(version, '1.18.0'), '5.10'),
  kernel('hostRouting', skipsHost, '5.10'),
  kernel('datapath', netkit, '6.8'),
  kernel('bigTCP', bigIPv4, '6.3'),
  kernel('bigTCP', bigIPv6, '5.19'),
  kernel('bandwidthManager', bbr, '5.18'),
  kernel('encryption', ({ encryption }) => encryption === 'wireguard', '5.6'),
  // Memory was exhausted by maps that were made again and again. Upstream: cilium/cilium#39009, #38978.
  release(
    'distributedLRU',
    ({ distributedLRU }) => distributedLRU,
    '1.17.5',
    'makes nodes of older releases unavailable, or is not there',
  ),
  release('apiServer', ({ apiServer }) => apiServer.urls.length > 0, '1.18.0', 'is not known to older ones'),
];

/** Of one way of packets and another. Upstream: the same, and Cilium, pkg/kpr/initializer, pkg/datapath/linux/bigtcp. */
const DATAPATH: readonly Requirement[] = [
  needs('datapath', netkit, 'hostRouting', ['bpf'], 'needs eBPF host routing'),
  needs('bigTCP', big, 'hostRouting', ['bpf'], 'needs eBPF host routing'),
  needs(
    'bandwidthManager',
    bbr,
    'hostRouting',
    ['bpf'],
    'needs eBPF host routing, which keeps the socket of a packet until it leaves',
  ),
  needs('bigTCP', big, 'tunnel', ['disabled'], 'does not work in tunnels'),
  needs('bigTCP', big, 'encryption', ['none'], 'does not work with encryption'),
  {
    asks: 'bigTCP',
    when: (facts) => big(facts) && dsr(facts),
    needs: 'loadBalancer',
    met: ({ loadBalancer }) => loadBalancer.dispatch !== 'geneve',
    // Upstream: cilium/cilium#43938.
    expected: 'opt, or mode: snat',
    why: 'fails to set up the Geneve device of that dispatch',
  },
  needs('bigTCP', bigIPv4, 'ipv4', [true], 'is about its packets'),
  needs('bigTCP', bigIPv6, 'ipv6', [true], 'is about its packets'),
  needs('hostRouting', skipsHost, 'kubeProxyReplacement', [true], 'skips the iptables that kube-proxy needs'),
  needs('hostRouting', skipsHost, 'masquerade', ['bpf'], 'skips iptables'),
  {
    asks: 'hostRouting',
    when: skipsHost,
    needs: 'encryption',
    met: ({ encryption, version }) => encryption !== 'ipsec' || atLeast(version, '1.19.0'),
    expected: 'none, wireguard, or cilium.version 1.19.0',
    why: "skips the host's network stack, which encrypts with IPsec in older releases",
  },
  needs('masquerade', ({ masquerade }) => masquerade === 'bpf', 'kubeProxyReplacement', [true], 'is part of it'),
  needs('bandwidthManager', paced, 'kubeProxyReplacement', [true], 'is part of it'),
  // Upstream: Cilium, pkg/datapath/linux/bandwidth: agents say so in their log and go on without it.
  needs('bandwidthManager', paced, 'encryption', ['none', 'wireguard'], 'is silently left out beside IPsec'),
];

/** Of Services. Upstream: Cilium, Documentation/network/kubernetes/kubeproxy-free.rst, pkg/kpr/initializer. */
const SERVICES: readonly Requirement[] = [
  {
    asks: 'kubeProxyReplacement',
    when: ({ kubeProxyReplacement }) => kubeProxyReplacement,
    needs: 'apiServer',
    met: ({ apiServer: { host, port } }) => host !== '' && (host === 'auto' || port !== null),
    expected: 'host and port of the API server',
    why: 'leaves nobody who would resolve its Service for the agents',
  },
  needs('loadBalancer', dsr, 'kubeProxyReplacement', [true], 'is about Services that Cilium handles'),
  needs(
    'loadBalancer',
    ({ loadBalancer }) => loadBalancer.mode === 'snat' && loadBalancer.algorithm === 'maglev',
    'kubeProxyReplacement',
    [true],
    'is about Services that Cilium handles',
  ),
  needs('socketLB', ({ socketLB }) => socketLB === 'host-namespace', 'kubeProxyReplacement', [true], 'is part of it'),
  needs(
    'loadBalancer',
    (facts) => dsr(facts) && facts.loadBalancer.dispatch === 'opt',
    'tunnel',
    ['disabled'],
    'writes an IP option, which tunnels do not carry (dispatch: geneve works in Geneve tunnels)',
  ),
  needs(
    'loadBalancer',
    (facts) => dsr(facts) && facts.loadBalancer.dispatch === 'geneve',
    'tunnel',
    ['geneve', 'disabled'],
    'cannot be used with VXLAN',
  ),
];

/** Of addresses, routes and the rest. Upstream: Cilium, Documentation/network/concepts/{routing,ipam}, egress-gateway.rst. */
const NETWORK: readonly Requirement[] = [
  needs('ipam', eni, 'tunnel', ['disabled'], 'gives pods addresses of the VPC, which are routed, never tunnelled'),
  needs('ipam', eni, 'provider', ['aws'], 'asks EC2'),
  needs('ipam', eni, 'autoDirectNodeRoutes', [false], 'gives nodes no ranges of pods to route to'),
  // Upstream: Cilium, pkg/option/config.go, Validate; Documentation/network/concepts/ipam/eni.rst of 1.20.
  {
    asks: 'ipam',
    when: eni,
    needs: 'ipv6',
    met: ({ ipv6, version }) => !ipv6 || atLeast(version, '1.20.0'),
    expected: 'false, or cilium.version 1.20.0',
    why: 'knows IPv4 only in older releases, whose agents end',
  },
  needs(
    'autoDirectNodeRoutes',
    ({ autoDirectNodeRoutes }) => autoDirectNodeRoutes,
    'tunnel',
    ['disabled'],
    'makes routes that tunnels do not use',
  ),
  // Upstream: Cilium, pkg/option/config.go: the agent ends.
  needs(
    'skipUnreachableRoutes',
    ({ skipUnreachableRoutes }) => skipUnreachableRoutes,
    'autoDirectNodeRoutes',
    [true],
    'leaves out some of its routes',
  ),
  needs(
    'nativeRoutingCIDR',
    ({ nativeRoutingCIDR }) => nativeRoutingCIDR !== '',
    'tunnel',
    ['disabled'],
    'is about networks that route to pods themselves',
  ),
  {
    asks: 'tunnel',
    when: (facts) => facts.tunnel === 'disabled' && !eni(facts) && facts.ipv4,
    needs: 'nativeRoutingCIDR',
    met: ({ nativeRoutingCIDR }) => nativeRoutingCIDR !== '',
    expected: 'the range of the pods such as 10.0.0.0/8',
    why: 'leaves nothing that says which addresses the network routes by itself',
  },
  needs(
    'nativeRoutingCIDRv6',
    ({ nativeRoutingCIDRv6 }) => nativeRoutingCIDRv6 !== '',
    'tunnel',
    ['disabled'],
    'is about networks that route to pods themselves',
  ),
  needs(
    'nativeRoutingCIDRv6',
    ({ nativeRoutingCIDRv6 }) => nativeRoutingCIDRv6 !== '',
    'ipv6',
    [true],
    'is about its packets',
  ),
  // Upstream: Cilium, install/kubernetes/cilium/templates/cilium-configmap.yaml, which fails in every mode of ipam.
  {
    asks: 'tunnel',
    when: ({ tunnel, ipv6 }) => tunnel === 'disabled' && ipv6,
    needs: 'nativeRoutingCIDRv6',
    met: ({ nativeRoutingCIDRv6 }) => nativeRoutingCIDRv6 !== '',
    expected: 'the range of the pods such as fd00::/8',
    why: 'leaves nothing that says which IPv6 addresses the network routes by itself',
  },
  needs('ipv4', ({ ipv4 }) => !ipv4, 'ipv6', [true], 'leaves pods without any address'),
  needs('egressGateway', egress, 'kubeProxyReplacement', [true], 'rewrites addresses in the same programs'),
  needs('egressGateway', egress, 'masquerade', ['bpf'], 'rewrites addresses in the same programs'),
  needs('egressGateway', egress, 'endpointSlices', [false], 'does not work with them'),
  needs('ui', ({ ui }) => ui, 'relay', [true], 'reads from the relay'),
];

/** All of them. What is only known of some releases says so. */
export const CILIUM_REQUIREMENTS: readonly Requirement[] = [...PLATFORM, ...DATAPATH, ...SERVICES, ...NETWORK];
