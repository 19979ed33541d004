import type { Connection, Place, Service } from './model/connection.ts';
import type { Cilium } from './model/cilium.ts';
import type { ControlPlane } from './model/control-plane.ts';
import type { Dns } from './model/dns.ts';
import type { Node } from './model/node.ts';
import type { Observer } from './model/observer.ts';
import type { Pod, Workload } from './model/pod.ts';
import type { PodUsage } from './model/usage.ts';

export {
  addressOf,
  type Connection,
  type Endpoint,
  type Flow,
  flowsOf,
  hasVeth,
  isDirectOnOneNode,
  isIpv6,
  isOnOneNode,
  nodeNameOf,
  type Place,
  type Service,
  type Trouble,
} from './model/connection.ts';
export {
  addressesOfNode,
  isInCidr,
  overlayAddressesOfNode,
  ALLOWANCE_KINDS,
  type AllowanceKind,
  type NetworkInterface,
  type Node,
  zoneOfNode,
} from './model/node.ts';
export {
  addressesOfPod,
  type Controller,
  isCompleted,
  type Phase,
  PHASES,
  type Pod,
  topKnownOf,
  type Workload,
  workloadTypeOf,
} from './model/pod.ts';
export {
  isAliveAt,
  keyOfLabels,
  type Labels,
  type Lifetime,
  type MetricFamily,
  type Series,
  valueAt,
} from './model/series.ts';

export type { ContainerUsage, PodUsage } from './model/usage.ts';

/** A synthetic cluster: the single input of both the exposed series and the ground truth. */
export interface Cluster {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly workloads: readonly Workload[];
  /** All incarnations that the API server knows, running or not. */
  readonly pods: readonly Pod[];
  /** What pods use, by their uid; no pod uses anything by default. */
  readonly usage?: ReadonlyMap<string, PodUsage>;
  /** Labels of namespaces, by namespace; where they are given, kube-state-metrics exposes them all. */
  readonly namespaces?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Services with an address; none by default. */
  readonly services?: readonly Service[];
  readonly connections: readonly Connection[];
  /**
   * Set where nodes masquerade: what their pods send out of the cluster, but for these ranges, has the address of the node on its network
   * card, and so have the replies. The network leaves all addresses as they are by default.
   */
  readonly masquerade?: { readonly except: readonly string[] };
  /** The address of the API server, under which Retina's standard mode knows it; unknown to it by default. */
  readonly apiServer?: string;
  /** How DNS works, where it is exposed; the usual way by default. */
  readonly dns?: Dns;
  /** Cilium as the network of the cluster, whose agents and operators are exposed; none by default. */
  readonly cilium?: Cilium;
  /** What its control plane does, where it is exposed; unknown by default. */
  readonly controlPlane?: ControlPlane;
  /** How the agents that observe it are; well by default. The demo reads it. */
  readonly observer?: Observer;
  /** Pods that the descheduler evicts, where it is scraped; none by default. */
  readonly evictions?: readonly { readonly namespace: string; readonly node: string; readonly perHour: number }[];
  /** Addresses that only the configuration knows; none by default. */
  readonly places?: readonly Place[];
}
