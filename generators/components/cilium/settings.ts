import { CHART_VERSION, LINE, PORT } from '../../schema/formats.ts';
import { cpu, memory, SECTION } from '../../schema/settings.ts';
import { CLUSTER, MONITORS, SCRAPE } from '../../settings/general.ts';
import { type Slice } from '../../settings/section.ts';
import { CLOUD, FLOWS } from '../../traffic/settings.ts';
import { podNamespace } from '../../shared/settings.ts';

const AS_PROFILE = 'null: as the profile says.';

/** One of several, or what the profile says. */
const choice = <const Values extends readonly string[]>(values: Values, description: string) =>
  ({ enum: [...values, null], default: null, description: `${description} ${AS_PROFILE}` }) as const;

/** Yes, no, or what the profile says. */
const toggle = (description: string) =>
  ({ type: ['boolean', 'null'], default: null, description: `${description} ${AS_PROFILE}` }) as const;

/** Settings that have an effect only with others. */
const withSwitch = <const S extends Readonly<Record<string, object>>>(requires: object, settings: S): S =>
  Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [
      name,
      { ...setting, requires: { ...requires, ...(setting as { readonly requires?: object }).requires } },
    ]),
  ) as S;

/** How agents reach the API server; part of the section `cilium`. */
const API_SERVER = {
  ...SECTION,
  description: 'How agents reach the API server when they stand in for kube-proxy.',
  properties: {
    host: {
      type: 'string',
      pattern: '^[a-zA-Z0-9.:-]*$',
      expected: 'a host or an address without https:// and port',
      default: '',
      description:
        'Host; auto where kubeadm left a ConfigMap cluster-info, and Helm itself installs: Argo CD cannot look it up.',
    },
    port: { ...PORT, type: ['integer', 'null'], default: null, description: 'Port, such as 443 on EKS.' },
    urls: {
      type: 'array',
      items: {
        type: 'string',
        pattern: '^https?://[a-zA-Z0-9.:[\\]-]+$',
        expected: 'the URL of an API server such as https://10.0.0.1:6443',
      },
      default: [],
      uniqueItems: true,
      description:
        'All API servers, beside the host: agents begin with one that answers. For several without a load balancer.',
    },
  },
} as const;

/** Services from outside; part of the section `cilium`. */
const LOAD_BALANCER = {
  ...SECTION,
  requires: { 'cilium.kubeProxyReplacement': [true] },
  description: 'Traffic from outside to Services, where Cilium stands in for kube-proxy.',
  properties: {
    mode: { enum: ['snat', 'dsr', 'hybrid'], default: 'snat', description: 'How replies find their way back.' },
    dispatch: {
      requires: { 'cilium.loadBalancer.mode': ['dsr', 'hybrid'] },
      enum: ['opt', 'geneve'],
      default: 'opt',
      description: 'How dsr tells the Service to the other node.',
    },
    algorithm: { enum: ['random', 'maglev'], default: 'random', description: 'How an endpoint is chosen.' },
    maglevTableSize: {
      requires: { 'cilium.loadBalancer.algorithm': ['maglev'] },
      enum: [251, 509, 1021, 2039, 4093, 8191, 16_381, 32_749, 65_521, 131_071],
      default: 16_381,
      description: 'Entries for a Service; at least a hundred for each endpoint.',
    },
  },
} as const;

/** Settings of Cilium's chart, used with `values: full` only. */
const FULL = withSwitch({ 'cilium.values': ['full'] }, {
  profile: {
    enum: ['conservative', 'large-cluster', 'low-latency'],
    default: 'conservative',
    description: 'Tuning to start from; the settings below change it one by one.',
  },
  version: { ...CHART_VERSION, default: '1.19.5', description: 'Version of the chart cilium; 1.16.0 or newer.' },
  kernel: {
    type: 'string',
    pattern: '^[0-9]+\\.[0-9]+(\\.[0-9]+)?$',
    expected: 'a kernel release in quotes, numbers only, such as "6.8" (without quotes YAML reads 6.10 as 6.1)',
    default: '5.10',
    description: 'The oldest Linux kernel among the nodes, or the mainline release that it is equivalent to.',
  },
  nodes: {
    requires: { 'cilium.profile': ['large-cluster'] },
    type: 'integer',
    minimum: 1,
    maximum: 5000,
    default: 100,
    description: 'Nodes, for rate limits.',
  },
  apiServer: API_SERVER,
  ipam: {
    enum: ['cluster-pool', 'kubernetes', 'eni'],
    default: 'cluster-pool',
    description: 'Where addresses come from.',
  },
  ipv4: { type: 'boolean', default: true, description: 'Whether pods have IPv4 addresses.' },
  ipv6: { type: 'boolean', default: false, description: 'Whether pods have IPv6 addresses.' },
  nativeRoutingCIDR: {
    requires: { 'cilium.tunnel': ['disabled'] },
    ...LINE,
    pattern: '^$|^[0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,2}$',
    expected: 'a range of IPv4 addresses such as 10.0.0.0/8',
    default: '',
    description: 'Addresses that the network routes by itself, where tunnel is disabled.',
  },
  nativeRoutingCIDRv6: {
    requires: { 'cilium.tunnel': ['disabled'] },
    ...LINE,
    pattern: '^$|^[0-9a-fA-F]*:[0-9a-fA-F:]*/[0-9]{1,3}$',
    expected: 'a range of IPv6 addresses such as fd00::/8',
    default: '',
    description: 'The same for IPv6, where pods have such addresses.',
  },
  autoDirectNodeRoutes: {
    requires: { 'cilium.tunnel': ['disabled'] },
    type: 'boolean',
    default: false,
    description: 'Routes between nodes of one layer-2 network, where tunnel is disabled and the network has none.',
  },
  skipUnreachableRoutes: {
    type: 'boolean',
    default: false,
    description:
      'Leave out the routes of autoDirectNodeRoutes to nodes of other layer-2 networks, which a router knows.',
  },
  endpointRoutes: {
    type: 'boolean',
    default: false,
    description: 'A route for each pod, past cilium_host; eni has them anyway.',
  },
  tunnel: choice(['disabled', 'vxlan', 'geneve'], 'Encapsulation between nodes.'),
  datapath: choice(['veth', 'netkit'], 'Devices of pods.'),
  kubeProxyReplacement: toggle('Whether Cilium stands in for kube-proxy.'),
  masquerade: choice(['iptables', 'bpf'], 'What hides addresses of pods from the outside.'),
  hostRouting: choice(
    ['legacy', 'bpf'],
    "Whether packets pass the host's network stack, or skip it with its iptables.",
  ),
  bigTCP: choice(['none', 'ipv4', 'ipv6', 'both'], 'Packets beyond 64 KiB inside a node.'),
  bandwidthManager: choice(['none', 'fair-queue', 'bbr'], 'Pacing of what leaves a node.'),
  socketLB: {
    ...choice(['everywhere', 'host-namespace'], 'Where Services are resolved at connect().'),
    requires: { 'cilium.kubeProxyReplacement': [true] },
  },
  loadBalancer: LOAD_BALANCER,
  encryption: { enum: ['none', 'wireguard', 'ipsec'], default: 'none', description: 'Encryption between nodes.' },
  egressGateway: { type: 'boolean', default: false, description: 'Whether egress gateways are used.' },
  endpointSlices: toggle('Endpoints in batches, for fewer events from the API server.'),
  distributedLRU: toggle('A part of the maps for each CPU, for fewer locks; needs larger maps.'),
  mapDynamicSizeRatio: {
    type: ['number', 'null'],
    exclusiveMinimum: 0,
    maximum: 0.1,
    expected: 'a share of memory above 0 and up to 0.1',
    default: null,
    description: `Share of a node's memory for maps. ${AS_PROFILE}`,
  },
  healthChecking: {
    type: 'boolean',
    default: true,
    description:
      'Whether nodes probe each other, and a pod of each: it shows which cannot be reached. Grows with the square of nodes.',
  },
  relay: { type: 'boolean', default: true, description: 'Hubble Relay, the API over all nodes.' },
  ui: { type: 'boolean', default: true, description: 'The Hubble UI.' },
  serviceMonitors: { type: 'boolean', default: true, description: 'ServiceMonitors, for Prometheus Operator.' },
  resources: {
    ...SECTION,
    description: 'What an agent asks for; its memory grows with mapDynamicSizeRatio, endpoints and Services.',
    properties: { cpu: cpu('100m'), memory: memory('512Mi') },
  },
} as const);

/** Settings of the Cilium installation. */
export const CILIUM = {
  ...SECTION,
  description: 'The Cilium installation.',
  properties: {
    namespace: podNamespace('kube-system', 'the agents'),
    hubblePort: { ...PORT, default: 9965, description: 'Port of the Hubble metrics.' },
    values: {
      enum: ['hubble', 'full'],
      default: 'hubble',
      description: 'hubble: the block of Hubble only; full: a whole installation, by a profile.',
    },
    ...FULL,
  },
} as const;

/** Its own sections, the sections of others that it reads, and both with their values. */
export const SETTINGS = { cilium: CILIUM };
export const READS = { cluster: CLUSTER, scrape: SCRAPE, flows: FLOWS, monitors: MONITORS, cloud: CLOUD };
export type CiliumConfig = Slice<typeof SETTINGS & typeof READS>;
