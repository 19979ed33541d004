import type { Values } from '../contract.ts';
import type { CiliumChoices } from './profiles.ts';
import type { CiliumConfig } from './settings.ts';
import { describedSizes } from './map-sizes.ts';
import { atLeast } from '../../shared/version.ts';
import { because, type Tree } from '../../model/tree.ts';

/** Pod addresses, and the packet path between nodes. */
export function routing({ cilium }: CiliumConfig, { tunnel }: CiliumChoices): Values {
  const { ipam, ipv4, ipv6, nativeRoutingCIDR, nativeRoutingCIDRv6, loadBalancer } = cilium;
  const { autoDirectNodeRoutes, skipUnreachableRoutes, endpointRoutes } = cilium;
  const native = tunnel === 'disabled';
  return {
    ipam: { mode: because('Never change this in a running cluster: pods would lose their addresses.', ipam) },
    eni: ipam === 'eni' ? { enabled: because('Pods get VPC addresses.', true) } : undefined,
    ipv4: { enabled: ipv4 },
    ipv6: { enabled: ipv6 },
    routingMode: native
      ? because('The network routes to pods: no encapsulation, full MTU.', 'native')
      : because('Works in any network. Costs 50 bytes per packet and rules out BIG TCP.', 'tunnel'),
    tunnelProtocol: native
      ? loadBalancer.mode !== 'snat' && loadBalancer.dispatch === 'geneve'
        ? because('Not for pod traffic: dsr uses it to forward requests to other nodes.', 'geneve')
        : undefined
      : tunnel,
    ipv4NativeRoutingCIDR:
      native && nativeRoutingCIDR !== ''
        ? because('Packets to these addresses keep their pod address.', nativeRoutingCIDR)
        : undefined,
    ipv6NativeRoutingCIDR:
      native && nativeRoutingCIDRv6 !== ''
        ? because('The same; the chart requires it if pods have IPv6 addresses.', nativeRoutingCIDRv6)
        : undefined,
    autoDirectNodeRoutes: native
      ? autoDirectNodeRoutes
        ? because('Adds routes to pods on nodes of the same layer-2 network.', true)
        : false
      : undefined,
    directRoutingSkipUnreachable: skipUnreachableRoutes
      ? because(
          'A router forwards packets to nodes in other layer-2 networks; direct routes would not reach them.',
          true,
        )
      : undefined,
    endpointRoutes: endpointRoutes
      ? { enabled: because('Packets go straight to the pod device, visible to host firewalls.', true) }
      : undefined,
  };
}

const BIG_TCP =
  'Larger packets inside a node. Needs a driver that supports it (mlx4, mlx5, ice; not the ENA of EC2, whose limit stays at 64 KiB). ' +
  'Pods must be restarted.';

/** BIG TCP and the bandwidth manager. */
export function acceleration({ bigTCP, bandwidthManager }: CiliumChoices): Values {
  const isBig = (family: 'ipv4' | 'ipv6') => bigTCP === family || bigTCP === 'both';
  return {
    enableIPv4BIGTCP: isBig('ipv4') ? because(BIG_TCP, true) : undefined,
    enableIPv6BIGTCP: isBig('ipv6') ? because(BIG_TCP, true) : undefined,
    bandwidthManager:
      bandwidthManager === 'none'
        ? undefined
        : {
            enabled: because('Paces each flow on every network card of the node.', true),
            bbr: because(
              bandwidthManager === 'bbr'
                ? 'Delay-based congestion control, for pods with distant clients. Retransmits more, and takes bandwidth from CUBIC flows.'
                : 'Pods keep the default congestion control of the kernel.',
              bandwidthManager === 'bbr',
            ),
          },
  };
}

/** eBPF programs and maps. */
export function bpf({ cilium }: CiliumConfig, choices: CiliumChoices): Tree {
  const { datapath, masquerade, hostRouting, distributedLRU, mapDynamicSizeRatio } = choices;
  const { version, profile } = cilium;
  return {
    datapathMode: because(
      datapath === 'netkit'
        ? 'Programs run inside the pod device, as fast as on the host itself. Never change this under running pods: use new nodes.'
        : 'Works with every supported kernel.',
      datapath,
    ),
    masquerade: because(
      masquerade === 'bpf'
        ? 'Without it, packets still traverse iptables.'
        : 'Left to iptables, the default of the chart.',
      masquerade === 'bpf',
    ),
    hostLegacyRouting: because(
      hostRouting === 'bpf'
        ? "Packets skip the host's network stack and its iptables."
        : "Packets pass the host's network stack and all its iptables rules.",
      hostRouting === 'legacy',
    ),
    mapDynamicSizeRatio: because(
      'Share of node memory for the maps of connections and translations. If cilium_bpf_map_pressure approaches 1, connections are ' +
        `evicted: raise it. A change empties the maps. On a node with ${describedSizes(mapDynamicSizeRatio)}` +
        `${distributedLRU ? ', in multiples of its CPUs' : ''}.`,
      mapDynamicSizeRatio,
    ),
    lbMapMax: because(
      'The maps of Services do not grow with memory: about one entry for each Service, port and endpoint of it. When they are full, agents cannot add ' +
        'backends, and packets are dropped with "Service backend not found". A change breaks connections while agents fill the maps again.',
      cilium.serviceMapEntries,
    ),
    distributedLRU: atLeast(version, '1.17.0')
      ? {
          enabled: distributedLRU
            ? because('One LRU list per CPU: no shared lock, but each fills up earlier, hence the larger ratio.', true)
            : false,
        }
      : undefined,
    monitorAggregation: because(
      'Events per new connection, per TCP flag and every monitorInterval, so Hubble counts are proportional to connections.',
      'medium',
    ),
    monitorInterval:
      profile === 'large-cluster'
        ? because(
            'Twice the default: halves the events of long connections, which are most of the load on Hubble.',
            '10s',
          )
        : '5s',
    preallocateMaps:
      profile === 'low-latency' ? because('No allocation in the packet path, at the cost of memory.', true) : undefined,
  };
}
