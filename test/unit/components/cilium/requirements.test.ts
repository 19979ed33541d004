import { describe, expect, test } from '@jest/globals';
import { complaints } from '../../../support/problems.ts';

const config = (cilium: object, more: object = {}) => ({
  flows: { source: 'cilium-hubble' },
  ...more,
  cilium: { values: 'full', ...cilium },
});
const found = (cilium: object, more: object = {}) => complaints(config(cilium, more));

const API = { apiServer: { host: 'auto' } };
const KPR = { kubeProxyReplacement: true, ...API };
const NATIVE = { tunnel: 'disabled', nativeRoutingCIDR: '10.0.0.0/8' };
const NATIVE6 = { ipv6: true, nativeRoutingCIDRv6: 'fd00::/8' };
const FAST = { ...KPR, masquerade: 'bpf', hostRouting: 'bpf' };
const LOW_LATENCY = { profile: 'low-latency', kernel: '6.8', nativeRoutingCIDR: '10.0.0.0/8', ...API };

describe('profiles without contradiction', () => {
  test.each([{}, { profile: 'large-cluster' }, LOW_LATENCY])('%j', (given) => {
    expect(found(given)).toEqual([]);
  });
});

/** Feature, the kernel or release that is just new enough and the one that is just too old. */
const GATES: readonly (readonly [
  what: string,
  given: object,
  setting: 'kernel' | 'version',
  enough: string,
  old: string,
])[] = [
  ['Cilium before 1.18', { version: '1.17.9' }, 'kernel', '5.4', '5.3.99'],
  ['Cilium from 1.18 on', { version: '1.18.0' }, 'kernel', '5.10', '5.4.300'],
  ['eBPF host routing', { ...FAST, version: '1.17.9' }, 'kernel', '5.10.0', '5.9'],
  ['netkit', { ...FAST, datapath: 'netkit' }, 'kernel', '6.8', '6.7.12'],
  ['IPv4 BIG TCP', { ...FAST, ...NATIVE, bigTCP: 'ipv4' }, 'kernel', '6.3', '6.2.16'],
  ['IPv6 BIG TCP', { ...FAST, ...NATIVE, ...NATIVE6, bigTCP: 'ipv6' }, 'kernel', '5.19', '5.18.19'],
  ['BIG TCP of both', { ...FAST, ...NATIVE, ...NATIVE6, bigTCP: 'both' }, 'kernel', '6.3', '6.2'],
  ['BBR', { ...FAST, bandwidthManager: 'bbr' }, 'kernel', '5.18', '5.17.15'],
  ['WireGuard', { encryption: 'wireguard', version: '1.17.9' }, 'kernel', '5.6', '5.5.19'],
  ['the profile low-latency', LOW_LATENCY, 'kernel', '6.8', '6.7'],
  ['the chart', { kernel: '5.10' }, 'version', '1.16.0', '1.15.19'],
  ['distributed maps', { distributedLRU: true }, 'version', '1.17.5', '1.17.3'],
  ['the profile large-cluster', { profile: 'large-cluster' }, 'version', '1.17.5', '1.16.9'],
  ['several API servers', { apiServer: { urls: ['https://10.0.0.1:6443'] } }, 'version', '1.18.0', '1.17.9'],
  ['IPsec with eBPF host routing', { ...FAST, encryption: 'ipsec' }, 'version', '1.19.0', '1.18.10'],
];

describe('minimum kernels and releases, from both sides', () => {
  test.each(GATES)('%s: %j', (_what, given, setting, enough, old) => {
    expect(found({ ...given, [setting]: enough })).toEqual([]);
    const refused = found({ ...given, [setting]: old });
    expect(refused).toHaveLength(1);
    expect(refused[0]).toContain(
      old === '1.18.10' ? 'cilium.encryption: got "ipsec"' : `cilium.${setting}: got "${old}", expected `,
    );
  });

  test('10 is more than 9, and a patch release counts', () => {
    expect(found({ ...FAST, datapath: 'netkit', kernel: '6.10' })).toEqual([]);
    expect(found({ ...FAST, datapath: 'netkit', kernel: '10.0' })).toEqual([]);
    expect(found({ ...FAST, datapath: 'netkit', kernel: '6.8.0' })).toEqual([]);
  });
});

describe('contradictions', () => {
  test.each([
    [
      { kernel: '6.8', datapath: 'netkit' },
      'cilium.hostRouting: got "legacy" of the profile conservative, expected bpf, as cilium.datapath: netkit needs eBPF host routing',
    ],
    [
      { ...LOW_LATENCY, bandwidthManager: 'none', hostRouting: 'legacy' },
      'cilium.hostRouting: got "legacy", expected bpf, as cilium.datapath: netkit of the profile low-latency needs eBPF host routing',
    ],
    [
      { ...FAST, kernel: '6.3', bigTCP: 'ipv4', tunnel: 'geneve' },
      'cilium.tunnel: got "geneve", expected disabled, as cilium.bigTCP: ipv4 does not work in tunnels',
    ],
    [
      { ...FAST, kernel: '6.3', bigTCP: 'ipv4' },
      'cilium.tunnel: got "vxlan" of the profile conservative, expected disabled, as cilium.bigTCP: ipv4 does not work in tunnels',
    ],
    [
      { ...FAST, ...NATIVE, kernel: '6.3', bigTCP: 'ipv4', encryption: 'wireguard' },
      'cilium.encryption: got "wireguard", expected none, as cilium.bigTCP: ipv4 does not work with encryption',
    ],
    [
      { ...FAST, ...NATIVE, kernel: '6.3', bigTCP: 'both' },
      'cilium.ipv6: got false, expected true, as cilium.bigTCP: both needs that address family',
    ],
    [
      { ...FAST, ...NATIVE6, tunnel: 'disabled', kernel: '6.3', bigTCP: 'ipv4', ipv4: false },
      'cilium.ipv4: got false, expected true, as cilium.bigTCP: ipv4 needs that address family',
    ],
    [
      { ...FAST, ...NATIVE, kernel: '6.3', bigTCP: 'ipv4', loadBalancer: { mode: 'dsr', dispatch: 'geneve' } },
      'cilium.loadBalancer.dispatch: got "geneve", expected opt, or mode: snat, as cilium.bigTCP: ipv4 fails to set up the Geneve device that this dispatch needs',
    ],
    [
      { bandwidthManager: 'fair-queue' },
      'cilium.kubeProxyReplacement: got false of the profile conservative, expected true, as ' +
        'cilium.bandwidthManager: fair-queue is part of kube-proxy replacement',
    ],
    [
      { ...KPR, kernel: '5.18', bandwidthManager: 'bbr', hostRouting: 'legacy' },
      'cilium.hostRouting: got "legacy", expected bpf, as cilium.bandwidthManager: bbr needs eBPF host routing, which keeps the socket of ' +
        'a packet until it leaves',
    ],
    [
      { masquerade: 'bpf', kubeProxyReplacement: false },
      'cilium.kubeProxyReplacement: got false, expected true, as cilium.masquerade: bpf is part of kube-proxy replacement',
    ],
    [
      { ...KPR, hostRouting: 'bpf', masquerade: 'iptables' },
      'cilium.masquerade: got "iptables", expected bpf, as cilium.hostRouting: bpf skips iptables',
    ],
    [
      { kubeProxyReplacement: true },
      'cilium.apiServer.host: got "", expected host and port of the API server, as cilium.kubeProxyReplacement: true leaves nothing ' +
        'that resolves its Service for the agents',
    ],
    [
      { kubeProxyReplacement: true, apiServer: { host: '10.0.0.1' } },
      'cilium.apiServer.port: got null, expected host and port of the API server, as cilium.kubeProxyReplacement: true leaves nothing ' +
        'that resolves its Service for the agents',
    ],
    [
      { tunnel: 'geneve', loadBalancer: { mode: 'dsr', dispatch: 'geneve' } },
      'cilium.kubeProxyReplacement: got false of the profile conservative, expected true, as ' +
        'cilium.loadBalancer: { mode: dsr, dispatch: geneve, algorithm: random } only concerns Services that Cilium handles',
    ],
    [
      { loadBalancer: { algorithm: 'maglev' } },
      'cilium.kubeProxyReplacement: got false of the profile conservative, expected true, as ' +
        'cilium.loadBalancer: { mode: snat, dispatch: opt, algorithm: maglev } only concerns Services that Cilium handles',
    ],
    [
      { socketLB: 'host-namespace' },
      'cilium.kubeProxyReplacement: got false of the profile conservative, expected true, as ' +
        'cilium.socketLB: host-namespace is part of kube-proxy replacement',
    ],
    [
      { ...KPR, tunnel: 'geneve', loadBalancer: { mode: 'hybrid' } },
      'cilium.tunnel: got "geneve", expected disabled, as cilium.loadBalancer: { mode: hybrid, dispatch: opt, algorithm: random } writes an ' +
        'IP option, which tunnels do not carry (dispatch: geneve works in Geneve tunnels)',
    ],
    [
      { ...KPR, tunnel: 'vxlan', loadBalancer: { mode: 'dsr', dispatch: 'geneve' } },
      'cilium.tunnel: got "vxlan", expected geneve or disabled, as cilium.loadBalancer: { mode: dsr, dispatch: geneve, algorithm: random } ' +
        'cannot be used with VXLAN',
    ],
    [
      { ipam: 'eni', tunnel: 'vxlan' },
      'cilium.tunnel: got "vxlan", expected disabled, as cilium.ipam: eni gives pods VPC addresses, which are routed, never tunnelled',
    ],
    [
      { ipam: 'eni', tunnel: 'disabled', autoDirectNodeRoutes: true },
      'cilium.autoDirectNodeRoutes: got true, expected false, as cilium.ipam: eni assigns no pod CIDRs to nodes, so there is nothing to route to',
    ],
    [
      { ...NATIVE, skipUnreachableRoutes: true },
      'cilium.autoDirectNodeRoutes: got false, expected true, as cilium.skipUnreachableRoutes: true skips some of its routes',
    ],
    [
      { tunnel: 'vxlan', autoDirectNodeRoutes: true },
      'cilium.tunnel: got "vxlan", expected disabled, as cilium.autoDirectNodeRoutes: true adds routes that tunnels do not use',
    ],
    [
      { tunnel: 'vxlan', nativeRoutingCIDR: '10.0.0.0/8' },
      'cilium.tunnel: got "vxlan", expected disabled, as cilium.nativeRoutingCIDR: 10.0.0.0/8 only concerns networks that route to pods natively',
    ],
    [
      { tunnel: 'disabled' },
      'cilium.nativeRoutingCIDR: got "", expected the pod CIDR such as 10.0.0.0/8, as cilium.tunnel: disabled needs to know which ' +
        'addresses the network routes natively',
    ],
    [
      { ...NATIVE, ipv6: true },
      'cilium.nativeRoutingCIDRv6: got "", expected the pod CIDR such as fd00::/8, as cilium.tunnel: disabled needs to know which ' +
        'IPv6 addresses the network routes natively',
    ],
    [
      { ...NATIVE6, tunnel: 'geneve' },
      'cilium.tunnel: got "geneve", expected disabled, as cilium.nativeRoutingCIDRv6: fd00::/8 only concerns networks that route to pods natively',
    ],
    [
      { ...NATIVE, ...NATIVE6, ipv6: false },
      'cilium.ipv6: got false, expected true, as cilium.nativeRoutingCIDRv6: fd00::/8 needs that address family',
    ],
    [
      { ...NATIVE6, ipam: 'eni', tunnel: 'disabled', version: '1.19.9' },
      'cilium.ipv6: got true, expected false, or cilium.version 1.20.0, as cilium.ipam: eni supports only IPv4 in older releases, where the agent exits',
    ],
    [
      { ...KPR, bandwidthManager: 'fair-queue', encryption: 'ipsec' },
      'cilium.encryption: got "ipsec", expected none or wireguard, as cilium.bandwidthManager: fair-queue is silently disabled with IPsec',
    ],
    [{ ipv4: false }, 'cilium.ipv6: got false, expected true, as cilium.ipv4: false leaves pods without an address'],
    [
      { ...KPR, masquerade: 'bpf', egressGateway: true, endpointSlices: true },
      'cilium.endpointSlices: got true, expected false, as cilium.egressGateway: true does not work with CiliumEndpointSlices',
    ],
    [
      { ...KPR, egressGateway: true },
      'cilium.masquerade: got "iptables" of the profile conservative, expected bpf, as cilium.egressGateway: true relies on ' +
        'the same eBPF programs',
    ],
    [{ relay: false }, 'cilium.relay: got false, expected true, as cilium.ui: true reads from the relay'],
    [
      { hubblePort: 9962 },
      'cilium.hubblePort: got 9962, expected a port that Cilium does not use itself, such as 9965 (this one belongs to the agent metrics)',
    ],
  ])('%j', (given, expected) => {
    expect(found(given)).toEqual([expected]);
  });

  test('ENI outside of AWS', () => {
    expect(found({ ipam: 'eni', tunnel: 'disabled' }, { cloud: { provider: 'gcp' } })).toEqual([
      'cloud.provider: got "gcp", expected aws, as cilium.ipam: eni uses the EC2 API',
    ]);
  });

  test("Retina's Hubble on the same nodes", () => {
    expect(found({}, { flows: { source: 'retina-hubble' } })).toEqual([
      'cilium.values: got "full", expected hubble, or flows.source: cilium-hubble, as the Hubble of retina-hubble uses the same port 4244 on ' +
        'every node and the same Deployments hubble-relay and hubble-ui',
      'cilium.hubblePort: got 9965, expected a port that is free on the network of the host (this one is that of retina.hubblePort)',
    ]);
    expect(found({}, { flows: { source: 'retina-standard' } })).toEqual([]);
  });

  test('are reported all at once', () => {
    expect(found({ profile: 'low-latency' }).map((line) => line.split(':')[0])).toEqual([
      'cilium.kernel',
      'cilium.kernel',
      'cilium.apiServer.host',
      'cilium.nativeRoutingCIDR',
    ]);
  });

  test('are not checked for the hubble block alone, which has no tuning', () => {
    expect(complaints({ cilium: { relay: false, version: '1.0.0' } })).toEqual([]);
    expect(complaints({ cilium: { profile: 'low-latency', datapath: 'netkit' } })).toEqual([
      'cilium.values: got "hubble", expected full, as cilium.datapath, cilium.profile has no effect otherwise',
    ]);
  });
});

describe('settings without contradiction', () => {
  test.each([
    { ipam: 'eni', tunnel: 'disabled' },
    { ...KPR, tunnel: 'geneve', loadBalancer: { mode: 'dsr', dispatch: 'geneve' } },
    { ...KPR, ...NATIVE, loadBalancer: { mode: 'dsr', algorithm: 'maglev' } },
    { ...KPR, ...NATIVE, loadBalancer: { mode: 'hybrid', dispatch: 'geneve' } },
    { ...NATIVE, autoDirectNodeRoutes: true, skipUnreachableRoutes: true, endpointRoutes: true },
    { ...NATIVE6, tunnel: 'disabled', ipv4: false },
    { ...NATIVE6, ipam: 'eni', tunnel: 'disabled', version: '1.20.0' },
    { ...KPR, bandwidthManager: 'fair-queue', encryption: 'wireguard' },
    { ipv6: true },
    { kubeProxyReplacement: true, apiServer: { host: 'x.eks.amazonaws.com', port: 443 } },
    { ...FAST, kernel: '6.8', datapath: 'netkit' },
    { ...FAST, ...NATIVE, ...NATIVE6, kernel: '6.8', datapath: 'netkit', bigTCP: 'both' },
    { ...FAST, encryption: 'wireguard' },
    { ...KPR, bandwidthManager: 'fair-queue' },
    { ...KPR, masquerade: 'bpf', egressGateway: true },
    { ui: false, relay: false },
    { encryption: 'ipsec', version: '1.16.0' },
    { hubblePort: 9970 },
  ])('%j', (given) => {
    expect(found(given)).toEqual([]);
  });
});
