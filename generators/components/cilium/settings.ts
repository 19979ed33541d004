import { CHART_VERSION, LINE, PORT } from '../../schema/formats.ts';
import { cpu, memory, SECTION } from '../../schema/settings.ts';
import { CLUSTER, MONITORS, SCRAPE } from '../../settings/general.ts';
import { type Slice } from '../../settings/section.ts';
import { CLOUD, FLOWS } from '../../traffic/settings.ts';
import { podNamespace } from '../../shared/settings.ts';

const AS_PROFILE = 'null: decided by the profile.';

/** A choice, or null for the profile's. */
const choice = <const Values extends readonly string[]>(values: Values, description: string) =>
  ({ enum: [...values, null], default: null, description: `${description} ${AS_PROFILE}` }) as const;

/** A boolean, or null for the profile's. */
const toggle = (description: string) =>
  ({ type: ['boolean', 'null'], default: null, description: `${description} ${AS_PROFILE}` }) as const;

/** Settings that need other settings to take effect. */
const withSwitch = <const S extends Readonly<Record<string, object>>>(requires: object, settings: S): S =>
  Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [
      name,
      { ...setting, requires: { ...requires, ...(setting as { readonly requires?: object }).requires } },
    ]),
  ) as S;

/** How agents reach the API server. */
const API_SERVER = {
  ...SECTION,
  description: 'How agents reach the API server when they replace kube-proxy.',
  properties: {
    host: {
      type: 'string',
      pattern: '^[a-zA-Z0-9.:-]*$',
      expected: 'a host name or address without https:// and port',
      default: '',
      description:
        'Host name or address. auto reads the ConfigMap cluster-info of kubeadm; only Helm itself can, not Argo CD.',
    },
    port: { ...PORT, type: ['integer', 'null'], default: null, description: 'Port; 443 on EKS.' },
    urls: {
      type: 'array',
      items: {
        type: 'string',
        pattern: '^https?://[a-zA-Z0-9.:[\\]-]+$',
        expected: 'an API server URL such as https://10.0.0.1:6443',
      },
      default: [],
      uniqueItems: true,
      description:
        'All API servers, in addition to the host, if they have no load balancer. Agents start with one that answers.',
    },
  },
} as const;

/** External traffic to Services. */
const LOAD_BALANCER = {
  ...SECTION,
  requires: { 'cilium.kubeProxyReplacement': [true] },
  description: 'External traffic to Services, if Cilium replaces kube-proxy.',
  properties: {
    mode: { enum: ['snat', 'dsr', 'hybrid'], default: 'snat', description: 'Path of replies.' },
    dispatch: {
      requires: { 'cilium.loadBalancer.mode': ['dsr', 'hybrid'] },
      enum: ['opt', 'geneve'],
      default: 'opt',
      description: 'How dsr passes the Service address to the other node.',
    },
    algorithm: { enum: ['random', 'maglev'], default: 'random', description: 'How an endpoint is selected.' },
    maglevTableSize: {
      requires: { 'cilium.loadBalancer.algorithm': ['maglev'] },
      enum: [251, 509, 1021, 2039, 4093, 8191, 16_381, 32_749, 65_521, 131_071],
      default: 16_381,
      description: 'Table entries per Service; at least 100 per endpoint.',
    },
  },
} as const;

/** Settings that apply only with `values: full`. */
const FULL = withSwitch({ 'cilium.values': ['full'] }, {
  profile: {
    enum: ['conservative', 'large-cluster', 'low-latency'],
    default: 'conservative',
    description: 'Base tuning; the settings below override it one by one.',
  },
  version: { ...CHART_VERSION, default: '1.19.5', description: 'Version of the chart cilium; 1.16.0 or newer.' },
  kernel: {
    type: 'string',
    pattern: '^[0-9]+\\.[0-9]+(\\.[0-9]+)?$',
    expected: 'a kernel release in quotes, numbers only, such as "6.8" (without quotes YAML reads 6.10 as 6.1)',
    default: '5.10',
    description: 'Oldest Linux kernel of the nodes, or its mainline equivalent.',
  },
  nodes: {
    requires: { 'cilium.profile': ['large-cluster'] },
    type: 'integer',
    minimum: 1,
    maximum: 5000,
    default: 100,
    description: 'Number of nodes, for rate limits.',
  },
  apiServer: API_SERVER,
  ipam: {
    enum: ['cluster-pool', 'kubernetes', 'eni'],
    default: 'cluster-pool',
    description: 'Source of pod addresses.',
  },
  ipv4: { type: 'boolean', default: true, description: 'Whether pods have IPv4 addresses.' },
  ipv6: { type: 'boolean', default: false, description: 'Whether pods have IPv6 addresses.' },
  nativeRoutingCIDR: {
    requires: { 'cilium.tunnel': ['disabled'] },
    ...LINE,
    pattern: '^$|^[0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,2}$',
    expected: 'an IPv4 CIDR such as 10.0.0.0/8',
    default: '',
    description: 'IPv4 CIDR that the network routes natively, if tunnel is disabled.',
  },
  nativeRoutingCIDRv6: {
    requires: { 'cilium.tunnel': ['disabled'] },
    ...LINE,
    pattern: '^$|^[0-9a-fA-F]*:[0-9a-fA-F:]*/[0-9]{1,3}$',
    expected: 'an IPv6 CIDR such as fd00::/8',
    default: '',
    description: 'The same for IPv6.',
  },
  autoDirectNodeRoutes: {
    requires: { 'cilium.tunnel': ['disabled'] },
    type: 'boolean',
    default: false,
    description: 'Install routes between nodes of one layer-2 network, if tunnel is disabled and the network has none.',
  },
  skipUnreachableRoutes: {
    type: 'boolean',
    default: false,
    description: 'Skip the routes of autoDirectNodeRoutes to nodes in other layer-2 networks, which a router handles.',
  },
  endpointRoutes: {
    type: 'boolean',
    default: false,
    description: 'One route per pod, bypassing cilium_host; always on with eni.',
  },
  tunnel: choice(['disabled', 'vxlan', 'geneve'], 'Encapsulation between nodes.'),
  datapath: choice(['veth', 'netkit'], 'Pod network devices.'),
  kubeProxyReplacement: toggle('Whether Cilium replaces kube-proxy.'),
  masquerade: choice(['iptables', 'bpf'], 'Masquerading of pod addresses.'),
  hostRouting: choice(['legacy', 'bpf'], "Whether packets pass the host's network stack and iptables, or skip them."),
  bigTCP: choice(['none', 'ipv4', 'ipv6', 'both'], 'Packets above 64 KiB inside a node.'),
  bandwidthManager: choice(['none', 'fair-queue', 'bbr'], 'Pacing of egress traffic.'),
  socketLB: {
    ...choice(['everywhere', 'host-namespace'], 'Where Services are resolved at connect().'),
    requires: { 'cilium.kubeProxyReplacement': [true] },
  },
  loadBalancer: LOAD_BALANCER,
  encryption: { enum: ['none', 'wireguard', 'ipsec'], default: 'none', description: 'Encryption between nodes.' },
  egressGateway: { type: 'boolean', default: false, description: 'Whether to enable egress gateways.' },
  endpointSlices: toggle('CiliumEndpointSlices: fewer events from the API server.'),
  distributedLRU: toggle('Per-CPU LRU lists in maps: less locking, but larger maps.'),
  mapDynamicSizeRatio: {
    type: ['number', 'null'],
    exclusiveMinimum: 0,
    maximum: 0.1,
    expected: 'a share of memory above 0, at most 0.1',
    default: null,
    description: `Share of node memory for maps. ${AS_PROFILE}`,
  },
  healthChecking: {
    type: 'boolean',
    default: true,
    description:
      'Whether agents probe every node and an endpoint on it, which shows unreachable nodes. Cost grows with the square of the node count.',
  },
  relay: { type: 'boolean', default: true, description: 'Hubble Relay, the cluster-wide API.' },
  ui: { type: 'boolean', default: true, description: 'The Hubble UI.' },
  serviceMonitors: { type: 'boolean', default: true, description: 'ServiceMonitors for the Prometheus Operator.' },
  resources: {
    ...SECTION,
    description: 'Resource requests of an agent. Memory grows with mapDynamicSizeRatio, endpoints and Services.',
    properties: { cpu: cpu('100m'), memory: memory('512Mi') },
  },
} as const);

/** The Cilium installation. */
export const CILIUM = {
  ...SECTION,
  description: 'The Cilium installation.',
  properties: {
    namespace: podNamespace('kube-system', 'the agents'),
    hubblePort: { ...PORT, default: 9965, description: 'Port of the Hubble metrics.' },
    values: {
      enum: ['hubble', 'full'],
      default: 'hubble',
      description: 'hubble: only the hubble block; full: a full installation from a profile.',
    },
    ...FULL,
  },
} as const;

/** Its own sections, those of other components that it reads, and the type of both. */
export const SETTINGS = { cilium: CILIUM };
export const READS = { cluster: CLUSTER, scrape: SCRAPE, flows: FLOWS, monitors: MONITORS, cloud: CLOUD };
export type CiliumConfig = Slice<typeof SETTINGS & typeof READS>;
