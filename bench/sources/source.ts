import type { SourceName } from '../../generators/index.ts';
import type { Cluster, MetricFamily, Node } from '../model.ts';
import type { Observed, Unit } from '../truth/traffic.ts';
import type { ZoneReading } from '../truth/zones.ts';
import type { SeenEnd } from './seen.ts';

/** A flow source, by the name that the configuration has for it. */
export type SourceId = SourceName;

/** How sources are set up. Each ignores what it does not have. */
export interface SourceOptions {
  /**
   * Where Retina and Cilium report a packet: `low` at every veth and network card it passes, `high` at veths only.
   * By default `low` for Hubble, `high` for retina-standard, whose count is wrong with `low`.
   */
  readonly aggregation?: 'low' | 'high';
  /**
   * Hubble events for each packet with `high` aggregation, which reports changes of connections and about one event
   * every 30 seconds otherwise; 0.1 by default. A fixed share is a simplification: the same at both veths.
   */
  readonly eventsPerPacket?: number;
  /**
   * Which observation is counted: of the node that serves the connection or of its client's node (Hubble; retina-standard, with the
   * names ingress and egress), of the node that receives or that sends the packet (NetObserv). The first one by default, and what it misses.
   */
  readonly select?: 'server-side' | 'client-side' | 'ingress' | 'egress';
  /** Whether DNS is exposed: the counters of agents with Hubble, and the pods of CoreDNS; false by default, as few tests look at it. */
  readonly dns?: boolean;
  /** Native zone labels of retina-standard, OBI, Beyla and NetObserv; true by default. */
  readonly zones?: boolean;
  /** Which zones count, and in which form; for `observed` only. */
  readonly reading?: ZoneReading;
  /** Whether OBI and Beyla export addresses; false by default. */
  readonly addresses?: boolean;
  /** What an agent of OBI or Beyla has not found out about an end of a flow; by default it knows all of them. */
  readonly lacks?: (agent: Node, end: SeenEnd) => 'name' | 'zone' | undefined;
  /**
   * The share (0 to 1) of what it sees that an agent loses before it counts it; none by default. For `families` only: `observed` is
   * what agents count that lose nothing.
   */
  readonly losses?: (agent: Node) => number;
  /** How Cilium forwards: to other nodes natively (the default), in a tunnel or with eBPF host routing; or by the stack even within a node. */
  readonly routing?: 'native' | 'tunnel' | 'endpoint-routes' | 'host-routing';
  /**
   * The part of the cluster that kube-state-metrics reports, if not all of it; for `observed` only. Sources with
   * informers of their own know the rest nevertheless.
   */
  readonly known?: Pick<Cluster, 'nodes' | 'pods' | 'services'>;
}

interface AnySource {
  /** Value of the label `job`. */
  readonly job: string;
  /** Port of the exporter in the label `instance`; as in upstream's defaults where they are known, else made up. */
  readonly port: number;
  /** Start of the name of the exporter's pods. */
  readonly exporter: string;
  readonly units: readonly Unit[];
  /** What the source does not see, each of them left out of `observed` as well. */
  readonly blindSpots: readonly string[];
  /**
   * What the source counts once under its default selector (or the one in `options`), by unit. Computed from the connections
   * of the cluster and what its API server knows, never from the series.
   */
  observed(cluster: Cluster, options?: SourceOptions): Observed;
}

/** A source with an agent on every node. */
export interface NodeSource extends AnySource {
  readonly placement: 'node';
  /** What the agent on that node exposes. */
  families(cluster: Cluster, node: Node, options?: SourceOptions): MetricFamily[];
}

/** A source with one exporter for the cluster, whose labels win over those of its target (honor_labels). */
export interface CentralSource extends AnySource {
  readonly placement: 'central';
  /** What that exporter exposes. */
  families(cluster: Cluster, options?: SourceOptions): MetricFamily[];
}

/** A simulated flow source: what it exposes, and what of that is true. */
export type Simulator = NodeSource | CentralSource;
