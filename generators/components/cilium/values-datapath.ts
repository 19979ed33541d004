import type { CiliumChoices } from './profiles.ts';
import type { CiliumConfig } from './settings.ts';
import { atLeast } from '../../shared/version.ts';
import { because, type Tree } from '../../model/tree.ts';

/** Some keys of the values. */
export type Part = { readonly [key: string]: Tree | undefined };

/** Addresses of pods, and the way of their packets between nodes. */
export function routing({ cilium }: CiliumConfig, { tunnel }: CiliumChoices): Part {
  const { ipam, ipv4, ipv6, nativeRoutingCIDR, nativeRoutingCIDRv6, loadBalancer } = cilium;
  const { autoDirectNodeRoutes, skipUnreachableRoutes, endpointRoutes } = cilium;
  const native = tunnel === 'disabled';
  return {
    ipam: { mode: because('Never change it in a running cluster: pods would lose their addresses.', ipam) },
    eni: ipam === 'eni' ? { enabled: because('Addresses of pods are those of the VPC.', true) } : undefined,
    ipv4: { enabled: ipv4 },
    ipv6: { enabled: ipv6 },
    routingMode: native
      ? because('The network itself routes to pods: no encapsulation, and the whole MTU.', 'native')
      : because('Works in any network. Costs 50 bytes of each packet, and BIG TCP.', 'tunnel'),
    tunnelProtocol: native
      ? loadBalancer.mode !== 'snat' && loadBalancer.dispatch === 'geneve'
        ? because('Not for pods: it is how dsr hands a request to another node.', 'geneve')
        : undefined
      : tunnel,
    ipv4NativeRoutingCIDR:
      native && nativeRoutingCIDR !== ''
        ? because('Packets to these addresses keep the address of their pod.', nativeRoutingCIDR)
        : undefined,
    ipv6NativeRoutingCIDR:
      native && nativeRoutingCIDRv6 !== ''
        ? because('The same; the chart fails without it where pods have IPv6 addresses.', nativeRoutingCIDRv6)
        : undefined,
    autoDirectNodeRoutes: native
      ? autoDirectNodeRoutes
        ? because('Routes to the pods of the nodes of the same layer-2 network.', true)
        : false
      : undefined,
    directRoutingSkipUnreachable: skipUnreachableRoutes
      ? because('A router takes packets to nodes of other layer-2 networks: direct routes would go nowhere.', true)
      : undefined,
    endpointRoutes: endpointRoutes
      ? { enabled: because('Packets go to the device of the pod at once, which firewalls of the host see.', true) }
      : undefined,
  };
}

const BIG_TCP =
  'Larger packets inside a node, in one pass. Needs cards whose driver can (mlx4, mlx5, ice; not the ENA of EC2, of which the limit ' +
  'stays at 64 KiB). Pods must be restarted.';

/** What makes packets faster. */
export function acceleration({ bigTCP, bandwidthManager }: CiliumChoices): Part {
  const isBig = (family: 'ipv4' | 'ipv6') => bigTCP === family || bigTCP === 'both';
  return {
    enableIPv4BIGTCP: isBig('ipv4') ? because(BIG_TCP, true) : undefined,
    enableIPv6BIGTCP: isBig('ipv6') ? because(BIG_TCP, true) : undefined,
    bandwidthManager:
      bandwidthManager === 'none'
        ? undefined
        : {
            enabled: because('Queues that pace each flow, on every card of the node.', true),
            bbr: because(
              bandwidthManager === 'bbr'
                ? 'Congestion control by delay, for pods that talk to clients far away. Retransmits more, and takes room from CUBIC.'
                : 'Pods keep the congestion control of the kernel.',
              bandwidthManager === 'bbr',
            ),
          },
  };
}

/** Programs and maps in the kernel. */
export function bpf({ cilium }: CiliumConfig, choices: CiliumChoices): Tree {
  const { datapath, masquerade, hostRouting, distributedLRU, mapDynamicSizeRatio } = choices;
  const { version, profile } = cilium;
  return {
    datapathMode: because(
      datapath === 'netkit'
        ? 'Programs sit inside the device of the pod, which costs nothing more than the host itself. Never change it under running pods: ' +
            'take new nodes.'
        : 'Works with every kernel.',
      datapath,
    ),
    masquerade: because(
      masquerade === 'bpf' ? 'Without it, packets still pass iptables.' : 'By iptables, as the chart has it.',
      masquerade === 'bpf',
    ),
    hostLegacyRouting: because(
      hostRouting === 'bpf'
        ? "Packets skip the host's network stack: its iptables see none of them."
        : "Packets pass the host's network stack, with whatever iptables rules are there.",
      hostRouting === 'legacy',
    ),
    mapDynamicSizeRatio: because(
      'Share of memory that sizes the maps of connections, addresses and Services. When cilium_bpf_map_pressure comes near 1, connections ' +
        'are evicted: raise it. A change empties the maps.',
      mapDynamicSizeRatio,
    ),
    distributedLRU: atLeast(version, '1.17.0')
      ? {
          enabled: distributedLRU
            ? because(
                'A list for each CPU: no lock between them, but each is full earlier, hence the larger ratio.',
                true,
              )
            : false,
        }
      : undefined,
    monitorAggregation: because(
      'Events for each new connection, for TCP flags and every monitorInterval: what Hubble counts is in proportion to connections.',
      'medium',
    ),
    monitorInterval:
      profile === 'large-cluster'
        ? because(
            'Twice the default: half of the events of long connections, which is most of what Hubble must read.',
            '10s',
          )
        : '5s',
    preallocateMaps:
      profile === 'low-latency' ? because('No allocation on the way of a packet, for more memory.', true) : undefined,
  };
}
