/** Kinds of Kubernetes that own pods, and custom resources whose name is told by the name of what they own. */
type WorkloadKind =
  | ('Deployment' | 'StatefulSet' | 'DaemonSet' | 'CronJob' | 'Job' | 'ReplicaSet' | 'Rollout' | 'Pod')
  | ('EphemeralRunner' | 'Workflow' | 'CronWorkflow' | 'KnativeService' | 'GitLabRunner' | 'StrimziPodSet')
  | ('SparkApplication' | 'ScheduledSparkApplication');

/** What a pod belongs to, after following its controllers to the top. A bare or static pod is its own workload. */
export interface Workload {
  readonly namespace: string;
  readonly kind: WorkloadKind;
  readonly name: string;
}

/** The immediate controller of a pod: a ReplicaSet, a Job, the Node of a static pod, or the workload itself. */
export interface Controller {
  readonly kind: string;
  readonly name: string;
}

/** The phases of a pod; one that has completed is Succeeded or Failed. */
export const PHASES = ['Pending', 'Succeeded', 'Failed', 'Unknown', 'Running'] as const;

/** One of those phases. */
export type Phase = (typeof PHASES)[number];

/**
 * One incarnation of a pod: a StatefulSet pod that moves is two of them, with the same name and different uids. A
 * cluster lists those that the API server (and so kube-state-metrics) knows; a connection may have others, long gone.
 */
export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Its own first address, or the node's for a host-network pod; '' while the pod waits for a node. */
  readonly ip: string;
  /** The second address of a dual-stack pod. */
  readonly ipv6?: string;
  /** Name of the node it runs on; '' while the pod waits for one. */
  readonly node: string;
  readonly workload: Workload;
  /** Undefined for a bare pod. */
  readonly controller: Controller | undefined;
  /** The top of the controllers that kube-state-metrics and agents tell of, if that is not the workload. */
  readonly topKnown?: Controller;
  /** Owners besides the controller, each with an ownerReference of its own. */
  readonly otherOwners?: readonly Controller[];
  /** Unix time in seconds. */
  readonly createdAt: number;
  readonly hostNetwork: boolean;
  /** Running by default. Completed pods keep their address, which a running pod may have by now. */
  readonly phase?: Phase;
}

/** The top of the controllers that kube-state-metrics and agents tell of. */
export const topKnownOf = ({ topKnown, workload }: Pod): Controller => topKnown ?? workload;

/** Whether a pod has ended for good. */
export function isCompleted({ phase }: Pod): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}

/** The addresses of a pod: none while it is Pending without a node. */
export function addressesOfPod({ ip, ipv6 }: Pod): string[] {
  return [ip, ipv6 ?? ''].filter((address) => address !== '');
}

/** The kind of the workload as the rules name it: as is, or `StaticPod`. */
export function workloadTypeOf({ workload, controller }: Pod): string {
  return controller?.kind === 'Node' ? 'StaticPod' : workload.kind;
}
