import type { Cluster } from '../model.ts';
import type { Node } from './node.ts';

/** Events per second, and the mean seconds (or other size) of each. */
export interface Timed {
  readonly rate: number;
  readonly mean: number;
}

/** What a Cilium agent does; rates are per second. */
export interface CiliumAgent {
  /** When it began, in Unix seconds. */
  readonly startedAt: number;
  readonly endpoints: number;
  readonly identities: number;
  readonly policies: number;
  /** How full maps are, by their names without the prefix. */
  readonly maps: Readonly<Record<string, number>>;
  /** Packets that it drops, by reason. */
  readonly drops: Readonly<Record<string, number>>;
  readonly forwards: { readonly ingress: number; readonly egress: number };
  /** Objects that are not in the datapath, by reconciler. */
  readonly reconcilers: Readonly<Record<string, number>>;
  /** Parts that are degraded. */
  readonly degraded: readonly string[];
  readonly controllersFailing: number;
  readonly regenerations: Timed & { readonly failing: number };
  readonly policyChanges: { readonly success: number; readonly fail: number };
  readonly unreachable: { readonly nodes: number; readonly endpoints: number };
  readonly addresses: { readonly used: number; readonly capacity: number };
  readonly connections: {
    readonly tcp: number;
    readonly other: number;
    readonly gcRate: number;
    readonly gcSeconds: number;
  };
  /** Signals of the datapath; none by default of a healthy one. */
  readonly signals: Readonly<Record<string, number>>;
  /** Calls of its API: how many, how long they wait, and how many are refused. */
  readonly calls: Readonly<Record<string, Timed & { readonly refused: number }>>;
  /** Requests to the API server by method, and the wait for its own limit before each. */
  readonly requests: Readonly<Record<string, Timed>>;
  readonly clientWait: number;
  /** Operations on the kvstore by action; none without one. */
  readonly kvstore: Readonly<Record<string, Timed>>;
  /** Events that Hubble lost, by source. */
  readonly hubbleLost: Readonly<Record<string, number>>;
  /** Errors of IPsec; null where it is off. */
  readonly ipsecErrors: number | null;
  /** Answers that Envoy gets, by class of their code. */
  readonly answers: Readonly<Record<string, number>>;
  readonly connectFailures: number;
}

/** What its operators know. */
export interface CiliumOperator {
  /** How many run; the first one leads. */
  readonly replicas: number;
  /** Addresses of nodes and subnets; null where it does not hand them out. */
  readonly eni: {
    readonly nodes: (
      node: Node,
      index: number,
    ) => { readonly available: number; readonly used: number; readonly needed: number };
    readonly subnets: readonly { readonly id: string; readonly zone: string; readonly available: number }[];
  } | null;
  /** Slices that it writes; null without CiliumEndpointSlices. */
  readonly slices: {
    readonly syncs: number;
    readonly failing: number;
    readonly wait: number;
    readonly endpoints: number;
  } | null;
}

/** Modes and features of an installation. */
export interface CiliumFeatures {
  readonly network: string;
  readonly device: string;
  readonly ipam: string;
  readonly kubeProxyReplacement: boolean;
  readonly bandwidthManager: boolean;
  readonly bigTcp: string | null;
  readonly encryption: string | null;
}

/** A Cilium installation. */
export interface Cilium {
  /** Minor version: 1.16 has other names for some metrics and no features. */
  readonly version: '1.16' | '1.17' | '1.18' | '1.19';
  readonly agent: (node: Node, index: number) => CiliumAgent;
  readonly operator: CiliumOperator;
  readonly features: CiliumFeatures;
}

/** A healthy agent. */
export const USUAL_AGENT: CiliumAgent = {
  startedAt: 1_700_000_000,
  endpoints: 24,
  identities: 60,
  policies: 12,
  maps: {
    ct4_global: 0.11,
    ct_any4_global: 0.04,
    snat_v4_external: 0.06,
    lb4_services_v2: 0.31,
    lb4_backends_v3: 0.08,
    ipcache_v2: 0.02,
    lxc: 0.01,
  },
  drops: { 'Policy denied': 2, 'Stale or unroutable IP': 0.4 },
  forwards: { ingress: 4200, egress: 3900 },
  reconcilers: { 'agent.controlplane.loadbalancer-reconciler': 0 },
  degraded: [],
  controllersFailing: 0,
  regenerations: { rate: 0.4, mean: 0.35, failing: 0 },
  policyChanges: { success: 0.02, fail: 0 },
  unreachable: { nodes: 0, endpoints: 0 },
  addresses: { used: 26, capacity: 254 },
  connections: { tcp: 9000, other: 1500, gcRate: 0.05, gcSeconds: 0.04 },
  signals: {},
  calls: { 'endpoint-create': { rate: 0.05, mean: 0.01, refused: 0 } },
  requests: { GET: { rate: 0.6, mean: 0.02 }, PATCH: { rate: 0.3, mean: 0.03 } },
  clientWait: 0.002,
  kvstore: {},
  hubbleLost: {},
  ipsecErrors: null,
  answers: { '2': 14, '5': 0.02 },
  connectFailures: 0,
};

/** A usual installation; agents are healthy. */
export const USUAL_CILIUM: Cilium = {
  version: '1.19',
  agent: () => USUAL_AGENT,
  operator: { replicas: 2, eni: null, slices: null },
  features: {
    network: 'overlay-vxlan',
    device: 'veth',
    ipam: 'cluster-pool',
    kubeProxyReplacement: false,
    bandwidthManager: false,
    bigTcp: null,
    encryption: null,
  },
};

/** The nodes on which the operators run: the first ones. */
export const operatorNodes = ({ nodes, cilium }: Pick<Cluster, 'nodes' | 'cilium'>): readonly Node[] =>
  nodes.slice(0, cilium?.operator.replicas ?? 0);
