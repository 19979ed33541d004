import { atLeast } from '../../shared/version.ts';
import type { CiliumChoices } from './profiles.ts';
import type { CiliumConfig } from './settings.ts';

/** Cilium's settings with the profile filled in. */
export type CiliumFacts = Omit<CiliumConfig['cilium'], keyof CiliumChoices> &
  CiliumChoices & { readonly provider: CiliumConfig['cloud']['provider'] };

type Key = keyof CiliumFacts;
type Condition = (facts: CiliumFacts) => boolean;

/** A setting that needs another one. The message reads "expected <expected>, as <asks> <why>". */
interface Requirement {
  readonly asks: Key;
  readonly when: Condition;
  readonly needs: Key;
  readonly met: Condition;
  readonly expected: string;
  readonly why: string;
}

/** A setting has one of these values. */
const is =
  <K extends Key>(key: K, ...values: readonly CiliumFacts[K][]): Condition =>
  (facts) =>
    values.includes(facts[key]);

/** A range of natively routed addresses is set. */
const isSet =
  (key: 'nativeRoutingCIDR' | 'nativeRoutingCIDRv6'): Condition =>
  (facts) =>
    facts[key] !== '';

/** Needs another setting to have one of these values. */
const needs = <K extends Key>(
  asks: Key,
  when: Condition,
  key: K,
  allowed: readonly CiliumFacts[K][],
  why: string,
): Requirement => ({ asks, when, needs: key, met: is(key, ...allowed), expected: allowed.join(' or '), why });

/** Needs kernel `least` or newer. For distribution kernels with backports, users give the equivalent mainline release. */
const kernel = (asks: Key, when: Condition, least: string): Requirement => ({
  asks,
  when,
  needs: 'kernel',
  met: (facts) => atLeast(facts.kernel, least),
  expected: `${least} or newer`,
  why: 'needs that kernel on every node',
});

/** Needs Cilium `least` or newer. */
const release = (asks: Key, when: Condition, least: string, why: string): Requirement => ({
  asks,
  when,
  needs: 'version',
  met: ({ version }) => atLeast(version, least),
  expected: `${least} or newer`,
  why,
});

const always: Condition = () => true;
const netkit = is('datapath', 'netkit');
const native = is('tunnel', 'disabled');
const skipsHost = is('hostRouting', 'bpf');
const big = is('bigTCP', 'ipv4', 'ipv6', 'both');
const bigIPv4 = is('bigTCP', 'ipv4', 'both');
const bigIPv6 = is('bigTCP', 'ipv6', 'both');
const paced = is('bandwidthManager', 'fair-queue', 'bbr');
const bbr = is('bandwidthManager', 'bbr');
const eni = is('ipam', 'eni');
const egress = is('egressGateway', true);
/** Endpoints reply to clients directly. */
const dsr: Condition = ({ loadBalancer }) => loadBalancer.mode !== 'snat';

/** Kernels and releases. Upstream: Cilium, Documentation/operations/{system_requirements,performance/tuning}.rst. */
const PLATFORM: readonly Requirement[] = [
  release('values', always, '1.16.0', 'uses keys that older charts do not read'),
  kernel('version', ({ version }) => !atLeast(version, '1.18.0'), '5.4'),
  kernel('version', ({ version }) => atLeast(version, '1.18.0'), '5.10'),
  kernel('hostRouting', skipsHost, '5.10'),
  kernel('datapath', netkit, '6.8'),
  kernel('bigTCP', bigIPv4, '6.3'),
  kernel('bigTCP', bigIPv6, '5.19'),
  kernel('bandwidthManager', bbr, '5.18'),
  kernel('encryption', is('encryption', 'wireguard'), '5.6'),
  // Older agents kept recreating the maps until memory ran out. Upstream: cilium/cilium#39009, #38978.
  release(
    'distributedLRU',
    is('distributedLRU', true),
    '1.17.5',
    'makes nodes unavailable in older releases, or does not exist there',
  ),
  release('apiServer', ({ apiServer }) => apiServer.urls.length > 0, '1.18.0', 'does not exist in older releases'),
];

/** The packet path. Upstream: the same, and Cilium, pkg/kpr/initializer, pkg/datapath/linux/bigtcp. */
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
    why: 'fails to set up the Geneve device that this dispatch needs',
  },
  needs('bigTCP', bigIPv4, 'ipv4', [true], 'needs that address family'),
  needs('bigTCP', bigIPv6, 'ipv6', [true], 'needs that address family'),
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
  needs('masquerade', is('masquerade', 'bpf'), 'kubeProxyReplacement', [true], 'is part of kube-proxy replacement'),
  needs('bandwidthManager', paced, 'kubeProxyReplacement', [true], 'is part of kube-proxy replacement'),
  // Upstream: Cilium, pkg/datapath/linux/bandwidth: agents log a warning and continue without it.
  needs('bandwidthManager', paced, 'encryption', ['none', 'wireguard'], 'is silently disabled with IPsec'),
];

/** Services. Upstream: Cilium, Documentation/network/kubernetes/kubeproxy-free.rst, pkg/kpr/initializer. */
const SERVICES: readonly Requirement[] = [
  {
    asks: 'kubeProxyReplacement',
    when: is('kubeProxyReplacement', true),
    needs: 'apiServer',
    met: ({ apiServer: { host, port } }) => host !== '' && (host === 'auto' || port !== null),
    expected: 'host and port of the API server',
    why: 'leaves nothing that resolves its Service for the agents',
  },
  needs(
    'loadBalancer',
    (facts) => dsr(facts) || facts.loadBalancer.algorithm === 'maglev',
    'kubeProxyReplacement',
    [true],
    'only concerns Services that Cilium handles',
  ),
  needs(
    'socketLB',
    is('socketLB', 'host-namespace'),
    'kubeProxyReplacement',
    [true],
    'is part of kube-proxy replacement',
  ),
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

const ROUTED_ONLY = 'only concerns networks that route to pods natively';

/** Addresses, routes and the rest. Upstream: Cilium, Documentation/network/concepts/{routing,ipam}, egress-gateway.rst. */
const NETWORK: readonly Requirement[] = [
  needs('ipam', eni, 'tunnel', ['disabled'], 'gives pods VPC addresses, which are routed, never tunnelled'),
  needs('ipam', eni, 'provider', ['aws'], 'uses the EC2 API'),
  needs('ipam', eni, 'autoDirectNodeRoutes', [false], 'assigns no pod CIDRs to nodes, so there is nothing to route to'),
  // Upstream: Cilium, pkg/option/config.go, Validate; Documentation/network/concepts/ipam/eni.rst of 1.20.
  {
    asks: 'ipam',
    when: eni,
    needs: 'ipv6',
    met: ({ ipv6, version }) => !ipv6 || atLeast(version, '1.20.0'),
    expected: 'false, or cilium.version 1.20.0',
    why: 'supports only IPv4 in older releases, where the agent exits',
  },
  needs(
    'autoDirectNodeRoutes',
    is('autoDirectNodeRoutes', true),
    'tunnel',
    ['disabled'],
    'adds routes that tunnels do not use',
  ),
  // Upstream: Cilium, pkg/option/config.go: the agent exits.
  needs(
    'skipUnreachableRoutes',
    is('skipUnreachableRoutes', true),
    'autoDirectNodeRoutes',
    [true],
    'skips some of its routes',
  ),
  needs('nativeRoutingCIDR', isSet('nativeRoutingCIDR'), 'tunnel', ['disabled'], ROUTED_ONLY),
  {
    asks: 'tunnel',
    when: (facts) => native(facts) && !eni(facts) && facts.ipv4,
    needs: 'nativeRoutingCIDR',
    met: isSet('nativeRoutingCIDR'),
    expected: 'the pod CIDR such as 10.0.0.0/8',
    why: 'needs to know which addresses the network routes natively',
  },
  needs('nativeRoutingCIDRv6', isSet('nativeRoutingCIDRv6'), 'tunnel', ['disabled'], ROUTED_ONLY),
  needs('nativeRoutingCIDRv6', isSet('nativeRoutingCIDRv6'), 'ipv6', [true], 'needs that address family'),
  // Upstream: Cilium, install/kubernetes/cilium/templates/cilium-configmap.yaml, which fails in every IPAM mode.
  {
    asks: 'tunnel',
    when: (facts) => native(facts) && facts.ipv6,
    needs: 'nativeRoutingCIDRv6',
    met: isSet('nativeRoutingCIDRv6'),
    expected: 'the pod CIDR such as fd00::/8',
    why: 'needs to know which IPv6 addresses the network routes natively',
  },
  needs('ipv4', is('ipv4', false), 'ipv6', [true], 'leaves pods without an address'),
  needs('egressGateway', egress, 'kubeProxyReplacement', [true], 'relies on the same eBPF programs'),
  needs('egressGateway', egress, 'masquerade', ['bpf'], 'relies on the same eBPF programs'),
  needs('egressGateway', egress, 'endpointSlices', [false], 'does not work with CiliumEndpointSlices'),
  needs('ui', is('ui', true), 'relay', [true], 'reads from the relay'),
];

/** All requirements. Those of certain releases check the version. */
export const CILIUM_REQUIREMENTS: readonly Requirement[] = [...PLATFORM, ...DATAPATH, ...SERVICES, ...NETWORK];
