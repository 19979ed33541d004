import type { Matchers } from '../promql/index.ts';

/** A gauge of what waits in a queue or map of an agent. */
export interface Queue {
  readonly metric: string;
  readonly matchers: Matchers;
  /** What waits, and where, in a few words. */
  readonly what: string;
}

/**
 * Pods that observe traffic or export what was observed: all of one DaemonSet or Deployment.
 * @example { name: 'retina-agent', namespace: 'kube-system', pods: 'retina-agent-.*', jobs: ['retina-pods'], onEveryNode: true }
 */
export interface FlowAgent {
  /** The name of its DaemonSet or Deployment: the label `agent` of the records. */
  readonly name: string;
  /** Its namespace, which only rules ask for; any where it is absent. */
  readonly namespace?: () => string;
  /** Regular expression (RE2, anchored) of the names of its pods. */
  readonly pods: string;
  /** The jobs that scrape it: all must answer, or it counts as down. Empty where it exports nothing: then only its CPU and memory are known. */
  readonly jobs: readonly string[];
  /** Whether each node must have one that answers scrapes, as traffic of the others is not seen. */
  readonly onEveryNode: boolean;
  /** How much waits in its queue, if it tells. */
  readonly queue?: Queue;
}

/** The labels that name a pod at one end of a packet. */
interface PodLabels {
  readonly namespace: string;
  readonly pod: string;
}

/** A counter of packets by the pods at their ends. */
export interface PacketCounter {
  readonly metric: string;
  readonly matchers: Matchers;
  /** The ends that it names. A packet belongs to the first end that is a pod. */
  readonly ends: readonly PodLabels[];
}

/** What a source counts of packets that go wrong. */
export interface PacketCounters {
  /** Dropped packets: each is counted on the node that drops it. */
  readonly drops?: PacketCounter & { readonly reason: string };
  /** Packets with the flag RST, by the pod that sends them. */
  readonly resets?: PacketCounter;
  /** TCP segments that are sent again, by the pod that sends them. */
  readonly retransmits?: PacketCounter;
}
