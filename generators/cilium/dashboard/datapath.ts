import { graph } from '../../panels/needs.ts';
import { COLOURS, overTime } from '../../panels/shared.ts';
import { promql } from '../../promql/index.ts';
import { metric } from '../names.ts';
import { type CiliumPanel, PACKETS, PER_SECOND, type Series, topByNode } from './panel.ts';

const { bad } = COLOURS;

/** Maps, drops, connections. */
export const datapathPanels = ({ of, all, byNode, gauge, alive, orNone }: Series): readonly CiliumPanel[] => [
  graph('map-pressure', {
    title: 'How full maps are',
    description:
      'The ten fullest eBPF maps. ct and snat hold connections and evict the oldest when full; lb4_services_v2 and lb4_backends_v3 hold Services and refuse new ' +
      'entries: their size is the value bpf.lbMapMax.',
    targets: [topByNode(of('mapPressure'), '{{host}} {{map_name}}')],
    unit: 'percentunit',
  }),
  graph('drops-by-reason', {
    title: 'Dropped packets by reason',
    description: 'Packets that the datapath drops: the ten most frequent reasons, policies among them.',
    targets: [overTime(promql`topk(10, sum by (reason) (${of('drops')}))`, '{{reason}}')],
    unit: PACKETS,
  }),
  graph('packets', {
    title: 'Packets',
    description: 'Packets that the datapath forwards, by direction, and those that it drops.',
    targets: [
      overTime(promql`sum by (direction) (${of('forwards')})`, '{{direction}}'),
      overTime(promql`sum(${of('drops')})`, 'dropped'),
    ],
    unit: PACKETS,
    colours: { dropped: bad },
  }),
  graph('connections', {
    title: 'Connections tracked',
    description: 'Entries that the last garbage collection left alive, by node: the ten nodes with the most.',
    targets: [topByNode(byNode(gauge(alive, 'family', 'protocol')))],
    unit: 'short',
  }),
  graph('conntrack-seconds', {
    title: 'Garbage collection of connections',
    description: 'How long a run takes: one in a hundred takes this long or longer. Long runs mean large maps.',
    targets: [overTime(promql`max by (family) (${all('conntrackSeconds', { quantile: '0.99' })})`, '{{family}}')],
    unit: 's',
  }),
  graph('signals', {
    title: 'Signals of the datapath',
    description:
      'ct_fill_up and nat_fill_up: a map was full for a new connection, and the agent cleaned it at once. auth_required: a connection waits for authentication.',
    targets: [overTime(promql`sum by (signal) (${of('signals')})`, '{{signal}}'), ...orNone(of('signals'))],
    unit: PER_SECOND,
  }),
];

/** Who is not reached. */
export const reachPanels = ({ of }: Series): readonly CiliumPanel[] => [
  graph(
    'unreachable',
    {
      title: 'Nodes that an agent does not reach',
      description:
        'Nodes (kind node) and endpoints on them (kind endpoint) that the health checks of an agent do not reach: the ten agents with the most. One node that is gone is ' +
        'missed by all others; a node that cannot reach anyone stands out.',
      targets: [topByNode(of('unreachable'), '{{host}} {{kind}}')],
      unit: 'none',
    },
    { needs: ['healthChecking'] },
  ),
];

/** Addresses of pods. */
export const addressPanels = ({ of, inCluster }: Series): readonly CiliumPanel[] => [
  graph('addresses-by-node', {
    title: 'Addresses in use by node',
    description: 'Share of the pod addresses of a node that is in use: the ten nodes with the fewest left.',
    targets: [topByNode(of('addresses'), '{{host}} {{family}}')],
    unit: 'percentunit',
  }),
  graph(
    'subnet-addresses',
    {
      title: 'Addresses left in subnets',
      description:
        'Addresses that a subnet still has for network interfaces: the ten with the fewest. At 0, no node there gets more.',
      targets: [
        overTime(
          promql`bottomk(10, max by (subnet_id, availability_zone) (${metric('cilium_operator_ipam_available_ips_per_subnet', inCluster)}))`,
          '{{subnet_id}} {{availability_zone}}',
        ),
      ],
      unit: 'short',
      first: 'smallest',
    },
    { needs: ['eni'] },
  ),
  graph(
    'addresses-needed',
    {
      title: 'Addresses that nodes wait for',
      description:
        'Addresses that the operator should give a node and has not yet: the ten nodes with the most. It should fall within a minute.',
      targets: [
        overTime(
          promql`topk(10, max by (target_node) (${metric('cilium_operator_ipam_needed_ips', inCluster)}))`,
          '{{target_node}}',
        ),
      ],
      unit: 'none',
    },
    { needs: ['eni'] },
  ),
];

/** Encryption between nodes. WireGuard itself has no metrics in Cilium: what is not encrypted is dropped in strict mode, with a reason. */
export const encryptionPanels = ({ of, gauge, orNone, onNode }: Series): readonly CiliumPanel[] => [
  graph(
    'encryption-errors',
    {
      title: 'Encryption',
      description:
        'Packets that strict mode drops as they are not encrypted, and errors of IPsec by kind (a gauge that the kernel counts up). Both should stand still.',
      targets: [
        overTime(promql`sum(${of('drops', { reason: 'Traffic is unencrypted' })})`, 'unencrypted, packets/s'),
        overTime(
          promql`topk(10, sum by (type, error) (${gauge(metric('cilium_ipsec_xfrm_error', onNode), 'type', 'error')}) > 0)`,
          'IPsec {{type}} {{error}}',
        ),
        ...orNone(of('drops', { reason: 'Traffic is unencrypted' })),
      ],
      unit: 'short',
      colours: { 'unencrypted, packets/s': bad },
    },
    { needs: ['encryption'] },
  ),
];
