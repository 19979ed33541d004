import { dsr, noTunnel, withoutKubeProxy, type Requirement } from './requirement.ts';
import { DATAPATH, PLATFORM } from './requirements-datapath.ts';
import { atLeast } from '../../shared/version.ts';

const eni: Requirement['when'] = ({ ipam }) => ipam === 'eni';

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
  withoutKubeProxy('loadBalancer', dsr, 'is about Services that Cilium handles'),
  withoutKubeProxy(
    'loadBalancer',
    ({ loadBalancer }) => loadBalancer.mode === 'snat' && loadBalancer.algorithm === 'maglev',
    'is about Services that Cilium handles',
  ),
  withoutKubeProxy('socketLB', ({ socketLB }) => socketLB === 'host-namespace', 'is part of it'),
  noTunnel(
    'loadBalancer',
    (facts) => dsr(facts) && facts.loadBalancer.dispatch === 'opt',
    'writes an IP option, which tunnels do not carry (dispatch: geneve works in Geneve tunnels)',
  ),
  {
    asks: 'loadBalancer',
    when: (facts) => dsr(facts) && facts.loadBalancer.dispatch === 'geneve',
    needs: 'tunnel',
    met: ({ tunnel }) => tunnel !== 'vxlan',
    expected: 'geneve or disabled',
    why: 'cannot be used with VXLAN',
  },
];

/** Of addresses, routes and the rest. Upstream: Cilium, Documentation/network/concepts/{routing,ipam}, egress-gateway.rst. */
const NETWORK: readonly Requirement[] = [
  noTunnel('ipam', eni, 'gives pods addresses of the VPC, which are routed, never tunnelled'),
  {
    asks: 'ipam',
    when: eni,
    needs: 'provider',
    met: ({ provider }) => provider === 'aws',
    expected: 'aws',
    why: 'asks EC2',
  },
  {
    asks: 'ipam',
    when: eni,
    needs: 'autoDirectNodeRoutes',
    met: ({ autoDirectNodeRoutes }) => !autoDirectNodeRoutes,
    expected: 'false',
    why: 'gives nodes no ranges of pods to route to',
  },
  // Upstream: Cilium, pkg/option/config.go, Validate; Documentation/network/concepts/ipam/eni.rst of 1.20.
  {
    asks: 'ipam',
    when: eni,
    needs: 'ipv6',
    met: ({ ipv6, version }) => !ipv6 || atLeast(`v${version}`, 'v1.20.0'),
    expected: 'false, or cilium.version 1.20.0',
    why: 'knows IPv4 only in older releases, whose agents end',
  },
  noTunnel('autoDirectNodeRoutes', (facts) => facts.autoDirectNodeRoutes, 'makes routes that tunnels do not use'),
  {
    // Upstream: Cilium, pkg/option/config.go: the agent ends.
    asks: 'skipUnreachableRoutes',
    when: (facts) => facts.skipUnreachableRoutes,
    needs: 'autoDirectNodeRoutes',
    met: ({ autoDirectNodeRoutes }) => autoDirectNodeRoutes,
    expected: 'true',
    why: 'leaves out some of its routes',
  },
  noTunnel(
    'nativeRoutingCIDR',
    (facts) => facts.nativeRoutingCIDR !== '',
    'is about networks that route to pods themselves',
  ),
  {
    asks: 'tunnel',
    when: (facts) => facts.tunnel === 'disabled' && !eni(facts) && facts.ipv4,
    needs: 'nativeRoutingCIDR',
    met: (facts) => facts.nativeRoutingCIDR !== '',
    expected: 'the range of the pods such as 10.0.0.0/8',
    why: 'leaves nothing that says which addresses the network routes by itself',
  },
  noTunnel(
    'nativeRoutingCIDRv6',
    (facts) => facts.nativeRoutingCIDRv6 !== '',
    'is about networks that route to pods themselves',
  ),
  {
    asks: 'nativeRoutingCIDRv6',
    when: (facts) => facts.nativeRoutingCIDRv6 !== '',
    needs: 'ipv6',
    met: ({ ipv6 }) => ipv6,
    expected: 'true',
    why: 'is about its packets',
  },
  {
    // Upstream: Cilium, install/kubernetes/cilium/templates/cilium-configmap.yaml, which fails in every mode of ipam.
    asks: 'tunnel',
    when: (facts) => facts.tunnel === 'disabled' && facts.ipv6,
    needs: 'nativeRoutingCIDRv6',
    met: (facts) => facts.nativeRoutingCIDRv6 !== '',
    expected: 'the range of the pods such as fd00::/8',
    why: 'leaves nothing that says which IPv6 addresses the network routes by itself',
  },
  {
    asks: 'ipv4',
    when: ({ ipv4 }) => !ipv4,
    needs: 'ipv6',
    met: ({ ipv6 }) => ipv6,
    expected: 'true',
    why: 'leaves pods without any address',
  },
  withoutKubeProxy('egressGateway', ({ egressGateway }) => egressGateway, 'rewrites addresses in the same programs'),
  {
    asks: 'egressGateway',
    when: ({ egressGateway }) => egressGateway,
    needs: 'masquerade',
    met: ({ masquerade }) => masquerade === 'bpf',
    expected: 'bpf',
    why: 'rewrites addresses in the same programs',
  },
  {
    asks: 'egressGateway',
    when: ({ egressGateway }) => egressGateway,
    needs: 'endpointSlices',
    met: ({ endpointSlices }) => !endpointSlices,
    expected: 'false',
    why: 'does not work with them',
  },
  {
    asks: 'ui',
    when: ({ ui }) => ui,
    needs: 'relay',
    met: ({ relay }) => relay,
    expected: 'true',
    why: 'reads from the relay',
  },
];

/** All of them. What is only known of some releases says so. */
export const CILIUM_REQUIREMENTS: readonly Requirement[] = [...PLATFORM, ...DATAPATH, ...SERVICES, ...NETWORK];
