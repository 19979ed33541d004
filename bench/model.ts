/** The labels of one series, by name. */
export type Labels = Readonly<Record<string, string>>;

/**
 * One series of an exporter as a straight line: its value `t` seconds after the start is `start + perSecond * t`.
 * Counters have a `perSecond` of 0 or more and floor to an integer when exposed; gauges have a `perSecond` of 0.
 */
export interface Series {
  /** Metric name, equal to the family's. */
  readonly metric: string;
  readonly labels: Labels;
  /** Value at the start. */
  readonly start: number;
  /** Growth, in units of the metric per second. */
  readonly perSecond: number;
}

/** All series of one metric, with the HELP and TYPE lines an exporter writes above them. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'untyped';
  readonly series: readonly Series[];
}

/** The ENA allowances that have an `_allowance_exceeded` counter. */
export const ALLOWANCE_KINDS = ['bw_in', 'bw_out', 'pps', 'conntrack', 'linklocal'] as const;

/** One of those allowances. */
export type AllowanceKind = (typeof ALLOWANCE_KINDS)[number];

/** A network interface of a node. */
export interface NetworkInterface {
  /** Device name, such as `ens5` or `eth0`. */
  readonly device: string;
  /** Packets per second queued or dropped above each allowance; 0 when within it. */
  readonly exceeded: Readonly<Record<AllowanceKind, number>>;
  /** Connections that can still be tracked. */
  readonly conntrackAvailable: number;
}

/** A Kubernetes node on EC2. */
export interface Node {
  readonly name: string;
  /** Value of the label topology.kubernetes.io/zone, or '' when the node has no such label. */
  readonly zone: string;
  /** Such as `aws:///ap-northeast-2a/i-0abc`; names the zone as well, except for hybrid nodes. */
  readonly providerId: string;
  readonly internalIp: string;
  /** Unix time in seconds. */
  readonly createdAt: number;
  readonly interfaces: readonly NetworkInterface[];
}

/** What a pod belongs to, after following its controllers to the top. A bare or static pod is its own workload. */
export interface Workload {
  readonly namespace: string;
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'CronJob' | 'Pod';
  readonly name: string;
}

/** The immediate controller of a pod: a ReplicaSet, a Job, the Node of a static pod, or the workload itself. */
export interface Controller {
  readonly kind: string;
  readonly name: string;
}

/** A running pod. */
export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Its own address, or the node's for a host-network pod. */
  readonly ip: string;
  /** Name of the node it runs on. */
  readonly node: string;
  readonly workload: Workload;
  /** Undefined for a bare pod. */
  readonly controller: Controller | undefined;
  /** Unix time in seconds. */
  readonly createdAt: number;
  readonly hostNetwork: boolean;
}

/** One end of a connection: a pod of the cluster, or an address outside of it. */
export type Endpoint = { readonly kind: 'pod'; readonly pod: Pod } | { readonly kind: 'external'; readonly ip: string };

/**
 * Steady traffic from a client that opened the connection to a server. A cluster has at most one connection for each
 * ordered pair of endpoints: a second one would expose the same series twice.
 */
export interface Connection {
  readonly client: Endpoint;
  readonly server: Endpoint;
  /** UDP connections are DNS and show up as L7 events, too. */
  readonly protocol: 'TCP' | 'UDP';
  /** Packets per second from client to server. */
  readonly requests: number;
  /** Packets per second from server to client. */
  readonly replies: number;
}

/** A synthetic cluster: the single input of both the exposed series and the ground truth. */
export interface Cluster {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly workloads: readonly Workload[];
  readonly pods: readonly Pod[];
  readonly connections: readonly Connection[];
}
