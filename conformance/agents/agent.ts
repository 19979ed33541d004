import type { Bundle, Config, ConfigInput, SourceName } from '../../generators/index.ts';
import type { TrafficCase } from './cases.ts';
import type { LabNode } from './network.ts';
import type { KubeObject } from './objects.ts';

/** A program that an agent consists of. */
export interface AgentProgram {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Folders to mount first, by where they are expected; a copy for each node, as some agents write beside their sources. */
  readonly mounts?: Readonly<Record<string, string>>;
}

/** What the programs of an agent are started with. */
export interface AgentContext {
  /** The user's folder of the agent. */
  readonly binaries: string;
  /** Path and text of the configuration of every client of the API server. */
  readonly kubeconfig: string;
  readonly kubeconfigText: string;
  /** What Azimuth generates for the agent: its settings are the users' own. */
  readonly generated: Pick<Bundle, 'helmValues' | 'manifests'>;
  readonly aggregation: TrafficCase['aggregation'];
  /** Writes a file of this run, below a folder of the agent, and gives its path. */
  readonly write: (path: string, text: string) => string;
}

/** An agent that can be run: its files, how it is started, and what its numbers mean. */
export interface Agent {
  /** Name of its folder, and of the option. */
  readonly id: string;
  readonly source: SourceName;
  /** Executables and folders that its folder must hold, each with what it is. */
  readonly files: Readonly<Record<string, string>>;
  /** Further programs that must be on PATH, each with where to get it. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Whether it reports connections differently with Retina's dataAggregationLevel. */
  readonly hasAggregation?: boolean;
  /** Whether the bytes that it counts include the Ethernet header. */
  readonly bytes: 'ethernet' | 'ip';
  readonly config: (aggregation: TrafficCase['aggregation']) => ConfigInput;
  /** Objects that it reads, besides nodes, pods and Services. */
  readonly objects?: (context: AgentContext) => readonly KubeObject[];
  /** Programs beside the API server, started before the agents. */
  readonly central?: (context: AgentContext) => readonly AgentProgram[];
  readonly onNode: (context: AgentContext, node: LabNode) => readonly AgentProgram[];
  /** Ports of metrics: of every node's agent, or of the central program. */
  readonly ports: (config: Config) => readonly number[];
  readonly isCentral?: boolean;
  /** Counters of what it lost, as patterns of `metric{labels}`: any change makes a case inconclusive. */
  readonly losses: readonly RegExp[];
  /** How long it may keep what it saw before it exports it. */
  readonly delaySeconds: number;
}
