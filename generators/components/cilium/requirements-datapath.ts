import { dsr, hostRouting, kernel, noTunnel, release, withoutKubeProxy, type Requirement } from './requirement.ts';
import { atLeast } from '../../shared/version.ts';

type Condition = Requirement['when'];

const always: Condition = () => true;
const netkit: Condition = ({ datapath }) => datapath === 'netkit';
const skipsHost: Condition = (facts) => facts.hostRouting === 'bpf';
const bigTCP: Condition = (facts) => facts.bigTCP !== 'none';
const bigIPv4: Condition = (facts) => facts.bigTCP === 'ipv4' || facts.bigTCP === 'both';
const bigIPv6: Condition = (facts) => facts.bigTCP === 'ipv6' || facts.bigTCP === 'both';
const bbr: Condition = ({ bandwidthManager }) => bandwidthManager === 'bbr';

/** Of kernels and releases. Upstream: Cilium, Documentation/operations/{system_requirements,performance/tuning}.rst. */
export const PLATFORM: readonly Requirement[] = [
  release('values', always, '1.16.0', 'writes keys that older charts do not read'),
  kernel('version', ({ version }) => !atLeast(`v${version}`, 'v1.18.0'), '5.4'),
  kernel('version', ({ version }) => atLeast(`v${version}`, 'v1.18.0'), '5.10'),
  kernel('hostRouting', skipsHost, '5.10'),
  kernel('datapath', netkit, '6.8'),
  kernel('bigTCP', bigIPv4, '6.3'),
  kernel('bigTCP', bigIPv6, '5.19'),
  kernel('bandwidthManager', bbr, '5.18'),
  kernel('encryption', ({ encryption }) => encryption === 'wireguard', '5.6'),
  // Memory was exhausted by maps that were made again and again. Upstream: cilium/cilium#39009, #38978.
  release(
    'distributedLRU',
    (facts) => facts.distributedLRU,
    '1.17.5',
    'makes nodes of older releases unavailable, or is not there',
  ),
  release('apiServer', ({ apiServer }) => apiServer.urls.length > 0, '1.18.0', 'is not known to older ones'),
];

/** Of one way of packets and another. Upstream: the same, and Cilium, pkg/kpr/initializer, pkg/datapath/linux/bigtcp. */
export const DATAPATH: readonly Requirement[] = [
  hostRouting('datapath', netkit, 'needs eBPF host routing'),
  hostRouting('bigTCP', bigTCP, 'needs eBPF host routing'),
  hostRouting('bandwidthManager', bbr, 'needs eBPF host routing, which keeps the socket of a packet until it leaves'),
  noTunnel('bigTCP', bigTCP, 'does not work in tunnels'),
  {
    asks: 'bigTCP',
    when: bigTCP,
    needs: 'encryption',
    met: ({ encryption }) => encryption === 'none',
    expected: 'none',
    why: 'does not work with encryption',
  },
  {
    asks: 'bigTCP',
    when: (facts) => bigTCP(facts) && dsr(facts),
    needs: 'loadBalancer',
    met: ({ loadBalancer }) => loadBalancer.dispatch !== 'geneve',
    // Upstream: cilium/cilium#43938.
    expected: 'opt, or mode: snat',
    why: 'fails to set up the Geneve device of that dispatch',
  },
  {
    asks: 'bigTCP',
    when: bigIPv4,
    needs: 'ipv4',
    met: ({ ipv4 }) => ipv4,
    expected: 'true',
    why: 'is about its packets',
  },
  {
    asks: 'bigTCP',
    when: bigIPv6,
    needs: 'ipv6',
    met: ({ ipv6 }) => ipv6,
    expected: 'true',
    why: 'is about its packets',
  },
  withoutKubeProxy('hostRouting', skipsHost, 'skips the iptables that kube-proxy needs'),
  {
    asks: 'hostRouting',
    when: skipsHost,
    needs: 'masquerade',
    met: ({ masquerade }) => masquerade === 'bpf',
    expected: 'bpf',
    why: 'skips iptables',
  },
  {
    asks: 'hostRouting',
    when: skipsHost,
    needs: 'encryption',
    met: ({ encryption, version }) => encryption !== 'ipsec' || atLeast(`v${version}`, 'v1.19.0'),
    expected: 'none, wireguard, or cilium.version 1.19.0',
    why: "skips the host's network stack, which encrypts with IPsec in older releases",
  },
  withoutKubeProxy('masquerade', ({ masquerade }) => masquerade === 'bpf', 'is part of it'),
  withoutKubeProxy('bandwidthManager', ({ bandwidthManager }) => bandwidthManager !== 'none', 'is part of it'),
  {
    // Upstream: Cilium, pkg/datapath/linux/bandwidth: agents say so in their log and go on without it.
    asks: 'bandwidthManager',
    when: ({ bandwidthManager }) => bandwidthManager !== 'none',
    needs: 'encryption',
    met: ({ encryption }) => encryption !== 'ipsec',
    expected: 'none or wireguard',
    why: 'is silently left out beside IPsec',
  },
];
