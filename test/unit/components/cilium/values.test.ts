import { describe, expect, test } from '@jest/globals';
import { chartsOf, chartValues, leaves } from '../../../support/chart-values.ts';
import { CILIUM_KEYS } from '../../../support/cilium-keys.ts';

/** The settings that each profile requires. */
const FULL: Readonly<Record<string, object>> = {
  conservative: {},
  'large-cluster': { nodes: 2000 },
  'low-latency': {
    kernel: '6.8',
    nativeRoutingCIDR: '10.0.0.0/8',
    apiServer: { host: 'api.example.com', port: 443 },
  },
};
/** Settings that use every key. */
const EVERYTHING = {
  ...FULL['low-latency'],
  profile: 'low-latency',
  ipv6: true,
  nativeRoutingCIDRv6: 'fd00::/8',
  bigTCP: 'both',
  autoDirectNodeRoutes: true,
  skipUnreachableRoutes: true,
  endpointRoutes: true,
  healthChecking: false,
  apiServer: { host: 'api.example.com', port: 443, urls: ['https://10.0.0.1:6443', 'https://10.0.0.2:6443'] },
  socketLB: 'host-namespace',
  loadBalancer: { mode: 'hybrid', algorithm: 'maglev', maglevTableSize: 65_521 },
};
const NATIVE6 = { tunnel: 'disabled', nativeRoutingCIDR: '10.0.0.0/8', nativeRoutingCIDRv6: 'fd00::/8' };
const SOURCE = { flows: { source: 'cilium-hubble' } };
const config = (cilium: object = {}, more: object = SOURCE) => ({ ...more, cilium: { values: 'full', ...cilium } });
const values = (cilium: object = {}, more: object = SOURCE) => chartValues('cilium', config(cilium, more));
const profile = (name: string, cilium: object = {}) => values({ profile: name, ...FULL[name], ...cilium });

describe('the values', () => {
  test('are absent without Cilium, only metrics for its flows, and everything for a full installation', () => {
    expect(chartsOf({})).not.toContain('cilium');
    expect(Object.keys(chartValues('cilium', SOURCE))).toEqual(['prometheus', 'operator', 'envoy', 'hubble']);
    expect(chartsOf(config({}, { flows: { source: 'obi' } }))).toContain('cilium');
    expect(chartsOf(config()).filter((chart) => chart === 'cilium')).toHaveLength(1);
    expect(Object.keys(values()).length).toBeGreaterThan(10);
  });
});

describe('every key is one of the chart', () => {
  test.each([
    ...Object.entries(FULL).map(([name, given]) => ({ profile: name, ...given })),
    EVERYTHING,
    { ...EVERYTHING, bigTCP: 'none', loadBalancer: { mode: 'dsr', dispatch: 'geneve' } },
    { ipam: 'eni', tunnel: 'disabled', relay: false, ui: false, serviceMonitors: false },
    { encryption: 'wireguard' },
    {
      ...FULL['low-latency'],
      kubeProxyReplacement: true,
      masquerade: 'bpf',
      egressGateway: true,
      nativeRoutingCIDR: '',
    },
  ])('%j', (given) => {
    expect(leaves(values(given), CILIUM_KEYS).filter((path) => !CILIUM_KEYS.has(path))).toEqual([]);
  });
});

describe('profiles', () => {
  test('conservative spells out the defaults of the chart, and adds Hubble', () => {
    expect(profile('conservative')).toMatchObject({
      routingMode: 'tunnel',
      tunnelProtocol: 'vxlan',
      kubeProxyReplacement: 'false',
      bpf: { datapathMode: 'veth', masquerade: false, hostLegacyRouting: true, mapDynamicSizeRatio: 0.0025 },
      ciliumEndpointSlice: { enabled: false },
      hubble: { enabled: true, relay: { enabled: true }, ui: { enabled: true } },
      operator: { replicas: 2 },
    });
    for (const key of ['enableIPv4BIGTCP', 'bandwidthManager', 'loadBalancer', 'scheduling', 'k8sServiceHost']) {
      expect(profile('conservative')).not.toHaveProperty(key);
    }
  });

  test('large-cluster reduces the load on the API server and enlarges the maps; the packet path stays', () => {
    expect(profile('large-cluster')).toMatchObject({
      routingMode: 'tunnel',
      kubeProxyReplacement: 'false',
      ciliumEndpointSlice: { enabled: true },
      bpf: {
        datapathMode: 'veth',
        distributedLRU: { enabled: true },
        mapDynamicSizeRatio: 0.01,
        monitorInterval: '10s',
      },
      k8sClientRateLimit: { operator: { qps: 200, burst: 400 } },
      scheduling: { mode: 'kube-scheduler' },
      hubble: { eventQueueSize: 32_768 },
    });
    expect(profile('large-cluster', { nodes: 500 })).not.toHaveProperty('k8sClientRateLimit');
  });

  // The chart 1.16 has one limit for operator and agents, and ignores the operator's.
  test.each([
    ['1.16.19', false],
    ['1.17.0', true],
  ])('large-cluster with %s limits the operator: %s', (version, has) => {
    const given = profile('large-cluster', { version, distributedLRU: false });
    expect('k8sClientRateLimit' in given).toBe(has);
  });

  test('low-latency has no tunnel, no iptables and no second network stack in the packet path', () => {
    expect(profile('low-latency')).toMatchObject({
      routingMode: 'native',
      ipv4NativeRoutingCIDR: '10.0.0.0/8',
      kubeProxyReplacement: 'true',
      k8sServiceHost: 'api.example.com',
      k8sServicePort: 443,
      bpf: { datapathMode: 'netkit', masquerade: true, hostLegacyRouting: false, preallocateMaps: true },
      bandwidthManager: { enabled: true, bbr: true },
    });
    // Cards of EC2 cannot do it: amzn/amzn-drivers#319.
    expect(profile('low-latency')).not.toHaveProperty('enableIPv4BIGTCP');
    expect(profile('low-latency')).not.toHaveProperty('tunnelProtocol');
  });

  test('can be overridden one setting at a time', () => {
    expect(profile('low-latency', { datapath: 'veth', bandwidthManager: 'fair-queue' })).toMatchObject({
      bpf: { datapathMode: 'veth', masquerade: true },
      bandwidthManager: { enabled: true, bbr: false },
    });
    expect(values({ endpointSlices: true, mapDynamicSizeRatio: 0.02 })).toMatchObject({
      ciliumEndpointSlice: { enabled: true },
      bpf: { mapDynamicSizeRatio: 0.02 },
    });
  });
});

describe('settings', () => {
  test.each([
    ['ipv4', true, undefined],
    ['ipv6', undefined, true],
    ['both', true, true],
    ['none', undefined, undefined],
  ])('bigTCP: %s', (bigTCP, ipv4, ipv6) => {
    const given = profile('low-latency', { bigTCP, ipv6: true, nativeRoutingCIDRv6: 'fd00::/8' });
    expect([given['enableIPv4BIGTCP'], given['enableIPv6BIGTCP']]).toEqual([ipv4, ipv6]);
  });

  test('dsr through Geneve names the protocol, in native routing too', () => {
    const dsr = { loadBalancer: { mode: 'dsr', dispatch: 'geneve' } };
    expect(profile('low-latency', dsr)).toMatchObject({
      routingMode: 'native',
      tunnelProtocol: 'geneve',
      loadBalancer: { mode: 'dsr', dsrDispatch: 'geneve', algorithm: 'random' },
    });
  });

  test('eni, encryption, egress gateway', () => {
    expect(values({ ipam: 'eni', tunnel: 'disabled' })).toMatchObject({
      ipam: { mode: 'eni' },
      eni: { enabled: true },
      routingMode: 'native',
    });
    expect(values({ ipv6: true, ...NATIVE6 })).toMatchObject({
      ipv6: { enabled: true },
      ipv6NativeRoutingCIDR: 'fd00::/8',
    });
    expect(values({ ipv6: true })).not.toHaveProperty('ipv6NativeRoutingCIDR');
    expect(values({ encryption: 'ipsec' })).toMatchObject({ encryption: { enabled: true, type: 'ipsec' } });
    expect(values()).not.toHaveProperty('encryption');
  });

  test.each([
    ['1.16.0', false, false],
    ['1.17.5', false, true],
    ['1.18.0', true, true],
    ['1.20.1', true, true],
  ])('%s: back-off %s, distributed maps %s', (version, backOff, distributed) => {
    const given = values({ version });
    expect('k8sClientExponentialBackoff' in given).toBe(backOff);
    expect('distributedLRU' in Object(given['bpf'])).toBe(distributed);
  });

  test('the chart takes kubeProxyReplacement as text', () => {
    expect(typeof values()['kubeProxyReplacement']).toBe('string');
  });
});
