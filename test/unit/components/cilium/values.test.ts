import { describe, expect, test } from '@jest/globals';
import { chartsOf, chartValues, leaves, type Data } from '../../../support/chart-values.ts';
import { CILIUM_KEYS } from '../../../support/cilium-keys.ts';
import { readLabels } from '../../../support/exported.ts';
import { generate } from '../../../support/generate.ts';
import { scrapeJobs } from '../../../support/values.ts';

/** By its profile, what a configuration must say beside. */
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

const metricsOf = (given: Data) => (given as { hubble: { metrics: { enabled: string[] } } }).hubble.metrics.enabled;

describe('which file there is', () => {
  test('none without Cilium, the block of Hubble for its flows, all on demand', () => {
    expect(chartsOf({})).not.toContain('cilium');
    expect(Object.keys(chartValues('cilium', SOURCE))).toEqual(['hubble']);
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
  test('conservative is what the chart does by itself, said aloud, and Hubble', () => {
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

  test('large-cluster spares the API server and has larger maps; packets go as they went', () => {
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

  // The chart 1.16 knows one limit for operator and agents, and ignores the operator's.
  test.each([
    ['1.16.19', false],
    ['1.17.0', true],
  ])('large-cluster of %s has a limit of the operator: %s', (version, has) => {
    const given = profile('large-cluster', { version, distributedLRU: false });
    expect('k8sClientRateLimit' in given).toBe(has);
  });

  test('low-latency has no tunnel, no iptables and no second stack on the way of a packet', () => {
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

  test('are where settings start from', () => {
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

describe('Hubble', () => {
  const ENDS =
    'labelsContext=source_ip,source_namespace,source_workload,destination_ip,destination_namespace,destination_workload,traffic_direction';

  test('has the metrics, entries without spaces', () => {
    const metrics = metricsOf(values());
    expect(metrics.map((entry) => entry.split(':')[0])).toEqual([
      'dns',
      'drop',
      'tcp',
      'flow',
      'port-distribution',
      'icmp',
      'httpV2',
    ]);
    expect(metrics.filter((entry) => /\s/.test(entry))).toEqual([]);
    expect(metrics).toContain(`httpV2:exemplars=true;${ENDS}`);
    expect(values()).toMatchObject({ hubble: { metrics: { enableOpenMetrics: true } } });
  });

  test('puts exactly the labels on flows that the rules read', () => {
    const { hubble_flows_processed_total: read = [] } = readLabels(generate(config()));
    const given = new Set(['protocol', 'type', 'subtype', 'verdict']);
    const flow = metricsOf(values()).find((entry) => entry.startsWith('flow:')) ?? '';
    expect(flow.replace('flow:labelsContext=', '').split(',').toSorted()).toEqual(
      read.filter((label) => !given.has(label)),
    );
  });

  test('puts both ends on flows that no rule reads', () => {
    expect(metricsOf(values({}, { flows: { source: 'obi' } }))).toContain(`flow:${ENDS}`);
  });

  test('is scraped once', () => {
    const monitor = (given: Data) =>
      (given as { hubble: { metrics: { serviceMonitor: { enabled: boolean } } } }).hubble.metrics.serviceMonitor
        .enabled;
    const names = (given: object) => scrapeJobs(given).map(({ job_name: name }) => name);
    expect([monitor(values()), names(config()).includes('cilium-hubble')]).toEqual([false, true]);
    const other = { flows: { source: 'obi' } };
    expect([monitor(values({}, other)), names(config({}, other)).includes('cilium-hubble')]).toEqual([true, false]);
    // --reuse-values would keep a ServiceMonitor that is there already.
    expect([monitor(chartValues('cilium', SOURCE)), names(SOURCE).includes('cilium-hubble')]).toEqual([false, true]);
  });
});

describe('monitors', () => {
  test('name node and cluster, and are selected by their labels', () => {
    const given = values(
      {},
      { ...SOURCE, cluster: { label: 'k8s', name: 'a$1' }, monitors: { labels: { team: 'net' } } },
    );
    const serviceMonitor = {
      enabled: true,
      labels: { team: 'net' },
      interval: '30s',
      relabelings: [
        { action: 'replace', sourceLabels: ['__meta_kubernetes_pod_node_name'], targetLabel: 'node' },
        { action: 'replace', sourceLabels: ['__meta_kubernetes_pod_node_name'], targetLabel: 'instance' },
        { action: 'replace', targetLabel: 'k8s', replacement: 'a$$1' },
      ],
    };
    expect(given).toMatchObject({
      prometheus: { enabled: true, port: 9962, serviceMonitor },
      operator: { prometheus: { enabled: true, port: 9963, serviceMonitor } },
      envoy: { prometheus: { serviceMonitor } },
    });
  });

  test('may be left out', () => {
    expect(values({ serviceMonitors: false })).toMatchObject({
      prometheus: { enabled: true, serviceMonitor: { enabled: false } },
    });
  });
});
