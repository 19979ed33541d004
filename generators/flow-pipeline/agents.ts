import { type Matchers, matches, oneOf, type Query, withLabels } from '../promql/index.ts';
import type { FlowAgent } from '../shared/agents.ts';
import { clusterLabels } from '../settings/general.ts';
import type { PipelineConfig } from './settings.ts';

/** An agent with the reading that it belongs to: a flow source, or an exporter that observes traffic too. */
export interface Observer extends FlowAgent {
  /** The id of the source or exporter: the label `source` of the records. */
  readonly source: string;
}

/** All agents of a configuration, those of flow sources first. Of several exporters, each may run on some nodes only: those of its node group. */
export const observersOf = ({
  sources,
  exporters,
}: Pick<PipelineConfig, 'sources' | 'exporters'>): readonly Observer[] => [
  ...sources.flatMap(({ id, agents }) => agents.map((agent) => ({ ...agent, source: id }))),
  ...exporters.flatMap(({ id, agents = [] }) =>
    agents.map((agent) => ({ ...agent, source: id, onEveryNode: agent.onEveryNode && exporters.length === 1 })),
  ),
];

/** Why nothing is recorded; undefined if it is. */
export const noAgents = (config: Pick<PipelineConfig, 'flowPipeline' | 'sources' | 'exporters'>): string | undefined =>
  config.flowPipeline.enabled
    ? observersOf(config).length === 0
      ? 'flows.source is none'
      : undefined
    : 'flowPipeline.enabled is false';

/** The labels that name all agents of one kind in a cluster. */
export const kindKey = (config: PipelineConfig): readonly string[] => [...clusterLabels(config), 'source', 'agent'];

/** The labels of a record of agents. `node` is empty for those that may run anywhere. */
export const agentKey = (config: PipelineConfig): readonly string[] => [...kindKey(config), 'node'];

/** The labels that scrapes of agents have themselves. */
export const scrapeKey = (config: PipelineConfig): readonly string[] => [...clusterLabels(config), 'node'];

/** What all scrapes of an agent have in common. */
export const scrapesOf = ({ jobs }: FlowAgent): Matchers => {
  const [only = '', ...more] = jobs;
  return { job: more.length === 0 ? only : oneOf(jobs) };
};

/** The pods of an agent in records of pods. */
export const podsOf = ({ namespace, pods }: FlowAgent): Matchers => ({
  ...(namespace !== undefined && { namespace: namespace() }),
  pod: matches(pods),
});

/** Adds the labels by which records name an agent. */
export const named = ({ source, name }: Observer, query: Query): Query => withLabels(query, { source, agent: name });
