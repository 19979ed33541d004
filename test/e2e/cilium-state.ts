import { type Cilium, USUAL_AGENT } from '../../bench/model/cilium.ts';

/** Settings of a configuration whose dashboard has every panel but that of Hubble's own losses, which need its flows. */
export const CILIUM_CONFIG = {
  health: 'always',
  ipam: 'eni',
  encryption: 'ipsec',
  endpointSlices: true,
} as const;

/** Cilium in which every panel has something to show, and every node something else. Rates are high, as counters count whole things. */
export const STACK_CILIUM: Cilium = {
  version: '1.19',
  agent: (_, index) => ({
    ...USUAL_AGENT,
    endpoints: 20 + index,
    identities: 60 + index,
    policies: 10 + index,
    maps: { ct4_global: 0.1 + 0.01 * index, lb4_services_v2: 0.7 },
    drops: { 'Policy denied': 40 + index, 'Service backend not found': 20 + 3 * index, 'Traffic is unencrypted': 30 },
    forwards: { ingress: 4000 + 100 * index, egress: 3000 + 10 * index },
    reconcilers: { 'agent.controlplane.loadbalancer-reconciler': index, 'bandwidth-manager-reconciler': 0 },
    degraded: index < 3 ? ['agent.controlplane.loadbalancer'] : [],
    controllersFailing: index,
    regenerations: { rate: 50, mean: 0.3 + 0.02 * index, failing: 30 },
    policyChanges: { success: 40, fail: 20 },
    unreachable: { nodes: index === 0 ? 5 : 0, endpoints: index === 1 ? 2 : 0 },
    addresses: { used: 20 + index, capacity: 48 },
    connections: { tcp: 9000 + 100 * index, other: 1500, gcRate: 40, gcSeconds: 0.04 },
    signals: { ct_fill_up: 20 + index, nat_fill_up: 25 },
    calls: {
      'endpoint-create': { rate: 30, mean: 0.2 + 0.01 * index, refused: 25 },
      'endpoint-delete': { rate: 30, mean: 0.1 + 0.01 * index, refused: 0 },
    },
    requests: { GET: { rate: 60, mean: 0.02 }, PATCH: { rate: 30, mean: 0.03 } },
    clientWait: 0.2 + 0.01 * index,
    kvstore: { get: { rate: 40, mean: 0.02 }, set: { rate: 40, mean: 0.03 } },
    ipsecErrors: 7 + index,
    answers: { '2': 60, '5': 40 + index },
    connectFailures: 30,
  }),
  operator: {
    replicas: 2,
    eni: {
      nodes: (_, index) => ({ available: 58, used: 30 + index, needed: index }),
      subnets: [
        { id: 'subnet-0a', zone: 'ap-northeast-2a', available: 900 },
        { id: 'subnet-0b', zone: 'ap-northeast-2b', available: 40 },
      ],
    },
    slices: { syncs: 80, failing: 30, wait: 0.4, endpoints: 60 },
  },
  features: {
    network: 'direct-routing',
    device: 'netkit',
    ipam: 'eni',
    kubeProxyReplacement: true,
    bandwidthManager: true,
    bigTcp: 'ipv4-only',
    encryption: 'ipsec',
  },
};
