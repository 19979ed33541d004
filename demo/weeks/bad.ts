import {
  AGENTS,
  API_SERVERS,
  type At,
  blind,
  churning,
  CILIUM_AGENTS,
  CILIUM_OPERATORS,
  ciliumAgents,
  COREDNS,
  countedTwice,
  down,
  type Effect,
  ETHTOOL,
  exceeding,
  federated,
  inZone,
  KUBELETS,
  losing,
  memoryUsed,
  nodeLocalSetup,
  overwhelmed,
  ruleGroups,
  slowEtcd,
  STATE_METRICS,
  throttling,
  underLoad,
  unlabelled,
  unrouted,
  untracked,
  upstream,
  zonesOfNodes,
} from './effects.ts';
import { ciliumUpgrade } from './quiet.ts';
import { podMovedTo } from './shape.ts';
import type { Happening, Part } from './week.ts';

/** Something that is broken for a while, and who is to be told; or that looks like it, and nobody is. */
export interface Incident extends Happening {
  /** The alerts that it must raise, by name and severity, with the minutes within which each of them fires. */
  readonly raises: Readonly<Record<string, number>>;
  /** The node that its alerts name, by a pod that runs there when it begins. */
  readonly where?: At;
  /** Whether its alerts fire for several nodes or parts, once for each. */
  readonly several?: true;
}

const on = (workload: string, index = 0): At => ({ workload, index });
const part = (effect: Effect): readonly Part[] => [{ effect }];

/** Limits of nodes and pods. */
const NODES: readonly Incident[] = [
  {
    title: 'a backup is restored for 20 minutes',
    from: 10,
    lasts: 20,
    where: on('ledger'),
    parts: part(exceeding(on('ledger'), { bw_in: 14 })),
    raises: { 'BWINAllowanceExceeded warning': 13 },
  },
  {
    title: 'a pod copies more than its node may, both ways',
    from: 60,
    lasts: 50,
    where: on('cart'),
    parts: part(exceeding(on('cart'), { bw_in: 30, bw_out: 40 })),
    raises: {
      'BWINAllowanceExceeded warning': 13,
      'BWINAllowanceExceeded critical': 33,
      'BWOutAllowanceExceeded warning': 13,
      'BWOutAllowanceExceeded critical': 33,
    },
  },
  {
    title: 'a node sends small packets only',
    from: 140,
    lasts: 45,
    where: on('products'),
    parts: part(exceeding(on('products'), { pps: 25 })),
    raises: { 'PPSAllowanceExceeded warning': 13, 'PPSAllowanceExceeded critical': 33 },
  },
  {
    title: 'a pod leaks connections until none is left, 10 minutes later',
    from: 215,
    lasts: 25,
    where: on('gateway', 1),
    parts: [
      { until: 10, effect: untracked(on('gateway', 1), 0.05) },
      { after: 10, effect: untracked(on('gateway', 1), 0) },
      { after: 10, effect: exceeding(on('gateway', 1), { conntrack: 4 }) },
    ],
    raises: { 'ConntrackAllowanceLow warning': 7, 'ConntrackAllowanceExceeded critical': 12 },
  },
  {
    title: 'a pod asks for metadata all the time, on a node without CoreDNS',
    from: 270,
    lasts: 20,
    where: on('images', 2),
    parts: part(exceeding(on('images', 2), { linklocal: 1 })),
    raises: { 'LinkLocalAllowanceExceeded warning': 13, 'LinkLocalAllowanceExceeded critical': 13 },
  },
  {
    title: 'a pod leaks memory',
    from: 320,
    lasts: 30,
    parts: part(memoryUsed('images', 0.97)),
    raises: { 'WorkloadMemoryNearLimit warning': 17 },
  },
  {
    title: 'the ethtool exporter is gone',
    from: 380,
    lasts: 30,
    parts: part(down(ETHTOOL)),
    raises: { 'AllowanceSourceSilent warning': 22 },
  },
  {
    title: 'cAdvisor is not scraped any more',
    from: 430,
    lasts: 30,
    parts: part(down(KUBELETS)),
    raises: { 'ResourceSourceSilent warning': 22 },
  },
];

/** DNS. */
const NAMES: readonly Incident[] = [
  {
    title: 'the resolver for few names does not answer',
    from: 20,
    lasts: 30,
    parts: part(upstream(0.02, { seconds: 5, failing: true })),
    raises: { 'CoreDNSUpstreamUnhealthy warning': 13, 'CoreDNSUpstreamUnhealthy critical': 20 },
  },
  {
    title: 'the resolver for most names does not answer',
    from: 80,
    lasts: 30,
    parts: part(upstream(0.6, { seconds: 5, failing: true })),
    raises: {
      'CoreDNSErrorsHigh warning': 13,
      'CoreDNSErrorsHigh critical': 15,
      'CoreDNSLatencyHigh warning': 13,
      'CoreDNSLatencyHigh critical': 15,
      'CoreDNSUpstreamUnhealthy warning': 13,
      'CoreDNSUpstreamUnhealthy critical': 20,
    },
  },
  {
    title: 'a resolver takes more than a second',
    from: 150,
    lasts: 25,
    parts: part(upstream(0.5, { seconds: 1.2 })),
    raises: { 'CoreDNSLatencyHigh warning': 13 },
  },
  {
    title: 'no CoreDNS pod answers',
    from: 210,
    lasts: 20,
    parts: part(down(COREDNS)),
    raises: { 'CoreDNSDown critical': 7 },
  },
  {
    title: 'CoreDNS asks more than its interface may',
    from: 255,
    lasts: 25,
    where: on('coredns'),
    parts: part(exceeding(on('coredns'), { linklocal: 3 })),
    raises: {
      'DNSThrottledAtInterface warning': 13,
      'DNSThrottledAtInterface critical': 13,
      'LinkLocalAllowanceExceeded warning': 13,
      'LinkLocalAllowanceExceeded critical': 13,
    },
  },
  {
    title: 'a rollout leaves two CoreDNS pods on one node',
    from: 290,
    lasts: 80,
    where: on('coredns'),
    moves: [
      [0, podMovedTo('coredns', 2, 'first')],
      [80, podMovedTo('coredns', 2, 'elsewhere')],
    ],
    raises: { 'CoreDNSReplicasColocated warning': 63 },
  },
  {
    title: 'NodeLocal DNSCache cannot set up its rules on a node',
    from: 320,
    lasts: 25,
    where: on('web', 1),
    parts: part(nodeLocalSetup({ at: on('web', 1), perSecond: 0.02 })),
    raises: { 'NodeLocalDNSSetupErrors warning': 15 },
  },
];

/** The traffic, and what the rules know about it. */
const TRAFFIC: readonly Incident[] = [
  {
    title: 'all agents are down',
    from: 15,
    lasts: 30,
    parts: part(down(AGENTS)),
    raises: { 'FlowSourceSilent warning': 22 },
  },
  {
    title: 'kube-state-metrics is down',
    from: 70,
    lasts: 25,
    parts: part(down(STATE_METRICS)),
    raises: { 'IdentitySourceSilent warning': 13 },
  },
  {
    title: 'an agent loses one event in twenty',
    from: 125,
    lasts: 30,
    parts: part(
      losing((target) => AGENTS(target) && target.labels['node']?.startsWith('ip-10-0-16-21.') === true, 0.05),
    ),
    raises: { 'FlowEventsLost warning': 20 },
  },
  {
    title: 'a third of the nodes has no zone',
    from: 180,
    lasts: 45,
    parts: part(zonesOfNodes(4, { zone: '', providerId: 'eks-hybrid:///eu-central-1/production/mi-0' })),
    raises: { 'TrafficUnattributed warning': 42, 'ZoneHintsPartial warning': 20 },
  },
  {
    title: 'the agents of clients report each packet twice',
    from: 255,
    lasts: 50,
    parts: part(countedTwice),
    raises: { 'TrafficCountedTwice warning': 42 },
  },
  {
    title: 'another Prometheus is federated, records included',
    from: 335,
    lasts: 20,
    parts: part(federated),
    raises: { 'TrafficLost warning': 13 },
  },
  {
    title: 'kube-state-metrics is scraped without the cluster label',
    from: 390,
    lasts: 25,
    parts: part(unlabelled(STATE_METRICS)),
    raises: { 'ClusterLabelMissing warning': 13, 'IdentitySourceSilent warning': 13 },
  },
  {
    title: 'a node joins under a zone that is none',
    from: 440,
    lasts: 50,
    parts: part(zonesOfNodes(1, { zone: '0', providerId: 'eks-hybrid:///eu-central-1/production/mi-1' })),
    raises: { 'ZoneInvalid info': 42, 'TrafficUnattributed warning': 42 },
  },
];

/** How Services are routed. */
const ROUTING: readonly Incident[] = [
  {
    title: 'a sync takes trafficDistribution out of a Service',
    from: 140,
    lasts: 35,
    parts: part(unrouted('ledger')),
    raises: { 'ServiceWithoutZoneHints info': 25 },
  },
  {
    title: 'a pod of a Service with hints leaves its zone',
    from: 95,
    lasts: 40,
    moves: [
      [0, podMovedTo('ledger', 2, 'first')],
      [40, podMovedTo('ledger', 2, 'elsewhere')],
    ],
    raises: { 'ZoneHintsPartial warning': 20, 'WorkloadZoneSkew warning': 25 },
  },
];

/** The evaluation of the rules. */
const RULES: readonly Incident[] = [
  {
    title: 'a rule fails',
    from: 115,
    lasts: 10,
    parts: part(ruleGroups({ 'azimuth-identity': { failures: 1 / 60 } })),
    raises: { 'RuleEvaluationFailing warning': 4 },
  },
  {
    title: 'a group of rules takes nearly as long as its interval',
    from: 160,
    lasts: 25,
    parts: part(ruleGroups({ 'azimuth-network-flows': { seconds: 55 } })),
    raises: { 'RuleGroupSlow warning': 17 },
  },
];

/** The agents that observe the traffic. */
const OBSERVERS: readonly Incident[] = [
  {
    title: 'the agent of one node does not answer',
    from: 110,
    lasts: 30,
    where: on('products', 3),
    parts: part(blind(on('products', 3))),
    raises: { 'FlowAgentDown warning': 18 },
  },
  {
    title: 'an agent waits for CPU a third of the time',
    from: 190,
    lasts: 35,
    where: on('checkout', 2),
    parts: part(throttling(on('checkout', 2), 0.35)),
    raises: { 'FlowAgentThrottled warning': 24 },
  },
  {
    title: 'pods live for seconds, and so do their series',
    from: 245,
    lasts: 60,
    parts: part(churning(AGENTS, 40)),
    raises: { 'FlowSeriesChurn warning': 40 },
  },
];

/** Something that is done on purpose, and raises nothing. */
const planned = (happening: Happening): Incident => ({ ...happening, raises: {} });

/** Cilium. */
const CILIUM: readonly Incident[] = [
  ...ciliumUpgrade('', 10).map(planned),
  {
    title: 'the Cilium agent of a node does not come back',
    from: 40,
    lasts: 25,
    where: on('products', 3),
    parts: part(blind(on('products', 3), CILIUM_AGENTS)),
    raises: { 'CiliumAgentDown warning': 13 },
  },
  {
    title: 'the Cilium agents of a zone do not come back',
    from: 465,
    lasts: 20,
    several: true,
    parts: part(down(inZone(CILIUM_AGENTS, 0))),
    raises: { 'CiliumAgentDown warning': 13, 'CiliumAgentDown critical': 8 },
  },
  {
    title: "no operator of Cilium's answers",
    from: 110,
    lasts: 25,
    parts: part(down(CILIUM_OPERATORS)),
    raises: { 'CiliumOperatorDown critical': 18 },
  },
  {
    title: 'Services do not reach the datapath of a node',
    from: 150,
    lasts: 30,
    where: on('checkout', 2),
    parts: part(ciliumAgents({ reconcilers: { 'agent.controlplane.loadbalancer-reconciler': 14 } }, on('checkout', 2))),
    raises: { 'CiliumReconcilerFailing warning': 13, 'CiliumReconcilerFailing critical': 18 },
  },
  {
    title: "a node's map of Services is full",
    from: 195,
    lasts: 30,
    where: on('web', 1),
    parts: part(ciliumAgents({ maps: { lb4_services_v2: 0.99 } }, on('web', 1))),
    raises: { 'CiliumBPFMapPressure warning': 18, 'CiliumBPFMapPressure critical': 18 },
  },
  {
    title: 'a node drops packets to Services without backends',
    from: 240,
    lasts: 30,
    where: on('cart'),
    parts: part(ciliumAgents({ drops: { 'Service backend not found': 150 } }, on('cart'))),
    raises: { 'CiliumDropsHigh warning': 13, 'CiliumDropsHigh critical': 15 },
  },
  {
    title: 'programs of pods do not compile on a node',
    from: 285,
    lasts: 30,
    where: on('gateway'),
    parts: part(ciliumAgents({ regenerations: { rate: 0.4, mean: 0.35, failing: 0.8 } }, on('gateway'))),
    raises: { 'CiliumEndpointRegenerationFailing warning': 15, 'CiliumEndpointRegenerationFailing critical': 23 },
  },
  {
    title: 'the CNI plugin waits for the agent of a node',
    from: 330,
    lasts: 30,
    where: on('images'),
    parts: part(ciliumAgents({ calls: { 'endpoint-create': { rate: 0.05, mean: 12, refused: 0.01 } } }, on('images'))),
    raises: { 'CiliumAPIRateLimited warning': 13, 'CiliumAPIRateLimited critical': 15 },
  },
  {
    title: 'half of the nodes do not reach the endpoints of each other',
    from: 375,
    lasts: 30,
    parts: part(ciliumAgents({ unreachable: { nodes: 0, endpoints: 6 } })),
    raises: { 'CiliumNodesUnreachable warning': 20, 'CiliumNodesUnreachable critical': 15 },
  },
  {
    title: 'a node has no pod addresses left',
    from: 420,
    lasts: 30,
    where: on('ledger', 1),
    parts: part(ciliumAgents({ addresses: { used: 254, capacity: 254 } }, on('ledger', 1))),
    raises: { 'CiliumIPAMExhausted warning': 18, 'CiliumIPAMExhausted critical': 13 },
  },
];

/** The control plane. */
const CONTROL_PLANE: readonly Incident[] = [
  {
    title: 'a load test with kube-burner, which creates and deletes pods',
    from: 20,
    lasts: 8,
    parts: [
      { until: 5, effect: underLoad(0.95, 60) },
      { after: 5, effect: underLoad(0.7, 20) },
    ],
    // Its own requests wait, which it is there to find out.
    raises: { 'APIServerRequestsQueued warning': 14 },
  },
  planned({
    title: 'the API servers are replaced',
    from: 50,
    lasts: 1,
    parts: [{ after: -4, until: 5, effect: underLoad(0.1, 0) }],
    restarts: API_SERVERS,
  }),
  {
    title: 'a load test overwhelms the API servers for half an hour',
    from: 105,
    lasts: 35,
    several: true,
    parts: [{ effect: underLoad(1, 60) }, { effect: overwhelmed(4) }],
    raises: {
      'APIServerLatencyHigh warning': 14,
      'APIServerLatencyHigh critical': 16,
      'APIServerRequestsQueued warning': 14,
      'APIServerRequestsQueued critical': 16,
      'EtcdSlow warning': 14,
    },
  },
  {
    title: 'the disks of etcd are slow',
    from: 205,
    lasts: 30,
    several: true,
    parts: [{ effect: underLoad(0.1, 0) }, { effect: slowEtcd(1.5) }],
    raises: { 'EtcdSlow warning': 14, 'EtcdSlow critical': 16 },
  },
  {
    title: 'nodes are full of pods',
    from: 285,
    lasts: 30,
    several: true,
    parts: part(underLoad(0.1, 60, 10)),
    raises: { 'NodePodsNearLimit warning': 18 },
  },
];

/** A week of incidents. Those of one list do not overlap; those of different lists do, as they break different things. */
export const BAD: readonly Incident[] = [NODES, NAMES, TRAFFIC, ROUTING, RULES, OBSERVERS, CILIUM, CONTROL_PLANE]
  .flat()
  .toSorted((one, other) => one.from - other.from);

/** Minutes of the bad week. */
export const BAD_LASTS = 515;
