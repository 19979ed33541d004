import { CHART_VERSION, LINE, PORT, matching } from '../../schema/formats.ts';
import { count, cpu, flag, inUnit, list, memory, section, value, when } from '../../schema/settings.ts';
import { CLUSTER, MONITORS, SCRAPE } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';
import { CLOUD } from '../../settings/cloud.ts';
import { CILIUM_FACTS } from '../../cilium/settings.ts';
import { DNS } from '../../dns/settings.ts';
import { FLOW_PIPELINE } from '../../flow-pipeline/settings.ts';
import { FLOWS } from '../../traffic/settings.ts';
import { CILIUM_API_SERVER, CILIUM_LOAD_BALANCER } from './settings-services.ts';

const AS_PROFILE = 'null: decided by the profile.';

/** One of several values, or that of the profile. */
const profiled = <const V extends readonly string[]>(values: V, description: string) =>
  value({ enum: [...values, null] }, null, `${description} ${AS_PROFILE}`);

/** Yes, no, or the value of the profile. */
const toggle = (description: string) => value({ type: ['boolean', 'null'] }, null, `${description} ${AS_PROFILE}`);

/** Settings that need other settings to take effect. */
const withSwitch = <const S extends Readonly<Record<string, object>>>(requires: object, settings: S): S =>
  Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [
      name,
      when({ ...requires, ...(setting as { readonly requires?: object }).requires }, setting),
    ]),
  ) as S;

const UNTUNNELLED = { 'cilium.tunnel': ['disabled'] };

/** Settings of Cilium's chart, used with `values: full` only. */
const FULL = withSwitch(
  { 'cilium.values': ['full'] },
  {
    version: value(CHART_VERSION, '1.19.5', 'Version of the chart cilium; 1.16.0 or newer.'),
    kernel: value(
      matching(
        '^[0-9]+\\.[0-9]+(\\.[0-9]+)?$',
        'a kernel release in quotes, numbers only, such as "6.8" (without quotes YAML reads 6.10 as 6.1)',
      ),
      '5.10',
      'Oldest Linux kernel of the nodes, or its mainline equivalent.',
    ),
    nodes: when(
      { 'cilium.profile': ['large-cluster'] },
      inUnit('nodes', count(100, 'Number of nodes, for rate limits.', { maximum: 5000 })),
    ),
    apiServer: CILIUM_API_SERVER,
    ipv4: flag(true, 'Whether pods have IPv4 addresses.'),
    ipv6: flag(false, 'Whether pods have IPv6 addresses.'),
    nativeRoutingCIDR: when(
      UNTUNNELLED,
      value(
        {
          ...LINE,
          pattern: '^$|^[0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,2}$',
          expected: 'an IPv4 CIDR such as 10.0.0.0/8',
        },
        '',
        'IPv4 CIDR that the network routes natively, if tunnel is disabled.',
      ),
    ),
    nativeRoutingCIDRv6: when(
      UNTUNNELLED,
      value(
        { ...LINE, pattern: '^$|^[0-9a-fA-F]*:[0-9a-fA-F:]*/[0-9]{1,3}$', expected: 'an IPv6 CIDR such as fd00::/8' },
        '',
        'The same for IPv6.',
      ),
    ),
    autoDirectNodeRoutes: when(
      UNTUNNELLED,
      flag(
        false,
        'Install routes between nodes of one layer-2 network, if tunnel is disabled and the network has none.',
      ),
    ),
    skipUnreachableRoutes: flag(
      false,
      'Skip the routes of autoDirectNodeRoutes to nodes in other layer-2 networks, which a router handles.',
    ),
    endpointRoutes: flag(false, 'One route per pod, bypassing cilium_host; always on with eni.'),
    tunnel: profiled(['disabled', 'vxlan', 'geneve'], 'Encapsulation between nodes.'),
    datapath: profiled(['veth', 'netkit'], 'Devices of pods.'),
    masquerade: profiled(['iptables', 'bpf'], 'How pod addresses are masqueraded on the way out of the cluster.'),
    hostRouting: profiled(
      ['legacy', 'bpf'],
      "Whether packets pass the host's network stack, or skip it with its iptables.",
    ),
    bigTCP: profiled(['none', 'ipv4', 'ipv6', 'both'], 'Packets larger than 64 KiB inside a node.'),
    bandwidthManager: profiled(['none', 'fair-queue', 'bbr'], 'Pacing of the traffic that leaves a node.'),
    socketLB: when(
      { 'cilium.kubeProxyReplacement': [true] },
      profiled(['everywhere', 'host-namespace'], 'Where Services are resolved at connect().'),
    ),
    loadBalancer: CILIUM_LOAD_BALANCER,
    egressGateway: flag(false, 'Whether to enable egress gateways.'),
    distributedLRU: toggle('An LRU list per CPU in each map, for less lock contention; needs larger maps.'),
    serviceMapEntries: inUnit(
      'entries',
      count(
        65_536,
        'Entries of each map of Services and backends (bpf.lbMapMax), which mapDynamicSizeRatio does not size: about one for each Service, port and endpoint of it.',
        { minimum: 1024, maximum: 16_777_216 },
      ),
    ),
    mapDynamicSizeRatio: value(
      {
        type: ['number', 'null'],
        exclusiveMinimum: 0,
        maximum: 0.1,
        expected: 'a share of memory above 0, at most 0.1',
      },
      null,
      `Share of a node's memory for maps. ${AS_PROFILE}`,
    ),
    relay: flag(true, 'Hubble Relay, the cluster-wide API.'),
    ui: flag(true, 'The Hubble UI.'),
    serviceMonitors: flag(true, 'ServiceMonitors for the Prometheus Operator.'),
    resources: section(
      'Resource requests of an agent. Memory grows with mapDynamicSizeRatio, endpoints and Services.',
      { cpu: cpu('100m'), memory: memory('512Mi') },
    ),
  },
);

const { namespace, values, health, expectedDrops, ...facts } = CILIUM_FACTS;

/** Labels that name both ends by address and workload. */
export const ENDS = [
  'source_ip',
  'source_namespace',
  'source_workload',
  'destination_ip',
  'destination_namespace',
  'destination_workload',
  'traffic_direction',
] as const;

export const CILIUM = section('The Cilium installation.', {
  namespace,
  hubblePort: value(PORT, 9965, 'Port of the Hubble metrics.'),
  values,
  health,
  hubbleMetrics: list(
    matching(
      '^[a-zA-Z0-9-]+(:[^\\s]+)?$',
      'a metric of Hubble with its options, such as drop or icmp:sourceContext=pod',
    ),
    ['drop', 'tcp', 'port-distribution', 'icmp', `httpV2:exemplars=true;labelsContext=${ENDS.join(',')}`],
    "Hubble's metrics beside flow and dns, as the chart takes them. The chart's list replaces yours, so name here all that you use.",
  ),
  expectedDrops,
  kubeProxyReplacement: toggle(
    'Whether Cilium replaces kube-proxy. With values: hubble, whether it does; then kube-prometheus-stack does not look for kube-proxy.',
  ),
  ...facts,
  ...FULL,
});

/** Its own sections, those of others that it reads, and the type of both. */
export const SETTINGS = { cilium: CILIUM };
export const READS = {
  cluster: CLUSTER,
  scrape: SCRAPE,
  flows: FLOWS,
  monitors: MONITORS,
  cloud: CLOUD,
  dns: DNS,
  flowPipeline: FLOW_PIPELINE,
};
export type CiliumConfig = Slice<typeof SETTINGS & typeof READS>;
