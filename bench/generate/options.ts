/** What to generate. Everything but the seed has a default. */
export interface GenerateOptions {
  /** Whole number that decides everything left to chance. */
  readonly seed: number;
  /** Cluster name, `synthetic` by default. */
  readonly name?: string;
  /** Number of nodes, 6 by default. */
  readonly nodes?: number;
  /** Zones, to which nodes are dealt in turn; ap-northeast-2a, b and c by default. */
  readonly zones?: readonly string[];
  /** Number of pods, 60 by default, including two DaemonSet pods on every node. */
  readonly pods?: number;
  /** Number of namespaces, kube-system included; 4 by default. */
  readonly namespaces?: number;
  /** Mean number of connections opened by a pod, 4 by default. Small clusters may get fewer: pairs never repeat. */
  readonly connectionsPerPod?: number;
  /** Addresses outside the cluster, each of which calls a pod and is called by one; 3 by default. */
  readonly externalPeers?: number;
  /** Nodes without zone label whose provider id still names the zone; 0 by default. */
  readonly unlabelledNodes?: number;
  /** Hybrid nodes: neither zone label nor zone in the provider id; 0 by default. */
  readonly hybridNodes?: number;
  /** A Service for every workload that serves, called by three of four of its clients; false by default. */
  readonly services?: boolean;
  /** Share of pods, from 0 to 1, with an IPv6 address besides; half of what two of them say is IPv6. 0 by default. */
  readonly dualStackShare?: number;
  /** Share of the ends of connections, from 0 to 1, of which sources know the address only; 0 by default. */
  readonly missingNamesShare?: number;
  /** Traffic from and to a host-network pod of each node; false by default. */
  readonly hostNetworkTraffic?: boolean;
  /** Traffic from each node to its pods, as of kubelets, and to each node from a pod; false by default. */
  readonly nodeTraffic?: boolean;
  /** CPU, memory and network that every pod uses; false by default. */
  readonly usage?: boolean;
  /** Pods of Retina's agent on every node, and connections in trouble; false by default. */
  readonly pipeline?: boolean;
}

/** Options with every default filled in. */
export type ResolvedOptions = { readonly [Key in keyof GenerateOptions]-?: NonNullable<GenerateOptions[Key]> };

/** The defaults: a small cluster in three zones. */
export const DEFAULTS: Omit<ResolvedOptions, 'seed'> = {
  name: 'synthetic',
  nodes: 6,
  zones: ['ap-northeast-2a', 'ap-northeast-2b', 'ap-northeast-2c'],
  pods: 60,
  namespaces: 4,
  connectionsPerPod: 4,
  externalPeers: 3,
  unlabelledNodes: 0,
  hybridNodes: 0,
  services: false,
  dualStackShare: 0,
  missingNamesShare: 0,
  hostNetworkTraffic: false,
  nodeTraffic: false,
  usage: false,
  pipeline: false,
};

/** The fewest pods with which every kind of workload exists and every node has two pods that can talk. */
export function minimumPods(nodes: number): number {
  return 2 * nodes + Math.max(6, nodes);
}

/** Fills in the defaults. Throws a RangeError that names the option when a cluster of that shape cannot be built. */
export function resolveOptions(options: GenerateOptions): ResolvedOptions {
  const resolved = { ...DEFAULTS, ...options };

  requireWhole('seed', resolved.seed, 0, 2 ** 32 - 1);
  requireWhole('zones', resolved.zones.length, 1, 15);
  requireWhole('nodes', resolved.nodes, resolved.zones.length, 3_000, ` in ${resolved.zones.length} zones`);
  requireWhole('pods', resolved.pods, minimumPods(resolved.nodes), 60_000, ` on ${resolved.nodes} nodes`);
  requireWhole('namespaces', resolved.namespaces, 2, 200);
  requireWhole('connectionsPerPod', resolved.connectionsPerPod, 1, 1_000);
  requireWhole('externalPeers', resolved.externalPeers, 0, 200);
  requireWhole('unlabelledNodes', resolved.unlabelledNodes, 0, resolved.nodes);
  requireWhole('hybridNodes', resolved.hybridNodes, 0, resolved.nodes - resolved.unlabelledNodes);
  requireShare('dualStackShare', resolved.dualStackShare);
  requireShare('missingNamesShare', resolved.missingNamesShare);
  return resolved;
}

function requireWhole(option: string, value: number, min: number, max: number, context = ''): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(`${option}: got ${value}, expected a whole number from ${min} to ${max}${context}`);
}

function requireShare(option: string, value: number): void {
  if (value >= 0 && value <= 1) return;
  throw new RangeError(`${option}: got ${value}, expected a share from 0 to 1`);
}

/** A bit of everything that makes resolving ends hard: nodes without zone, Services, IPv6, addresses without names, traffic of hosts. */
export const VARIED = {
  unlabelledNodes: 1,
  hybridNodes: 1,
  services: true,
  dualStackShare: 0.3,
  missingNamesShare: 0.1,
  hostNetworkTraffic: true,
  nodeTraffic: true,
} as const satisfies Partial<GenerateOptions>;
