import { firing } from '../../panels/firing.ts';
import type { PanelOf } from '../../panels/needs.ts';
import { inCluster, withHost } from '../../panels/shared.ts';
import { type Fragment, labels, type Matchers, matches, promql, type Query, selector } from '../../promql/index.ts';
import { TRAFFIC_ALERTS } from '../../shared/record-names.ts';
import { noRulerMetrics } from '../../shared/rulers.ts';
import { agentKey } from '../agents.ts';
import { pipelineAlerts } from '../alerts.ts';
import { pipelineNames } from '../names.ts';
import { noPackets } from '../packets.ts';
import { everywhere, queueing, scraped } from '../records.ts';
import type { PipelineConfig } from '../settings.ts';

/** A reason where a condition does not hold. */
const unless = (holds: boolean, reason: string): string | undefined => (holds ? undefined : reason);

/** What a panel requires, and why a configuration does not have it. */
export const MISSING = {
  coverage: (config: PipelineConfig) =>
    unless(everywhere(config).length > 0, 'nothing tells on which nodes the agents run'),
  scrapes: (config: PipelineConfig) => unless(scraped(config).length > 0, 'Prometheus scrapes none of the agents'),
  usage: ({ workloads }: PipelineConfig) => unless(workloads.resources, 'workloads.resources is false'),
  losses: ({ sources }: PipelineConfig) =>
    unless(
      sources.some(({ lost }) => lost !== undefined),
      'the source does not count what it loses',
    ),
  queue: (config: PipelineConfig) => unless(queueing(config).length > 0, 'the agents export no level of a queue'),
  ruler: noRulerMetrics,
  drops: (config: PipelineConfig) => noPackets(config, 'drops'),
  resets: (config: PipelineConfig) => noPackets(config, 'resets'),
  retransmits: (config: PipelineConfig) => noPackets(config, 'retransmits'),
  traffic: ({ inputs }: PipelineConfig) => unless(inputs.length > 0, 'flows.source is none'),
  twoViews: ({ inputs }: PipelineConfig) =>
    unless(
      inputs.some(({ peerView, source }) => peerView !== undefined || source.reporter !== undefined),
      'the source reports one end only',
    ),
} as const;

/** A panel that is built only if its needs are met. */
export type PipelinePanel = PanelOf<keyof typeof MISSING>;

export const PACKETS_PER_SECOND = 'suffix: p/s';

/** Agents that graphs show: those with the most. */
const MOST = 10;

/** The series that the panels read, with the matchers of the variables. */
export function pipelineSeries(config: PipelineConfig) {
  const names = pipelineNames(config);
  const cluster = inCluster(config);
  const onNodes: Matchers = { ...cluster, node: matches('$node') };
  const key: Fragment = labels(...agentKey(config));
  return {
    key,
    /** A record of agents on the nodes that are shown. */
    of: (record: keyof typeof names, where: Matchers = {}): Query => selector(names[record], { ...onNodes, ...where }),
    /** A record of a whole cluster. */
    ofCluster: (record: string, where: Matchers = {}): Query => selector(record, { ...cluster, ...where }),
    /** The agents with the most of something, with the short name of the node in `host`. */
    most: (query: Query): Query => withHost(promql`topk(${MOST}, ${query})`, 'node'),
    firing: firing(cluster, [...pipelineAlerts, ...TRAFFIC_ALERTS.map((alert) => ({ alert }))]),
  };
}

export type Series = ReturnType<typeof pipelineSeries>;
