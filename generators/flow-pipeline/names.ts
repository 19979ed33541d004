import type { PipelineConfig } from './settings.ts';

/**
 * Names of the records. `flow_agent` is one agent: a source, its DaemonSet or Deployment, and the node. Those of packets have the workload that
 * a packet belongs to.
 */
export const pipelineNames = ({ rules }: Pick<PipelineConfig, 'rules'>) => ({
  up: 'flow_agent:up:min',
  expected: 'cluster_node:flow_agent_expected:info',
  missing: 'cluster_node:flow_agent_missing:info',
  coverage: 'cluster:flow_agent_coverage:ratio',
  series: 'flow_agent:series:sum',
  seriesAdded: `flow_agent:series_added:rate${rules.window}`,
  queued: 'flow_agent:queued:max',
  cpu: `flow_agent:cpu_usage_cores:rate${rules.window}`,
  memory: 'flow_agent:memory_working_set_bytes:sum',
  throttled: `flow_agent:cpu_throttled:ratio_rate${rules.window}`,
  dropsByReason: `cluster:packets_dropped:rate${rules.window}`,
  drops: `workload:packets_dropped:rate${rules.window}`,
  resets: `workload:tcp_resets:rate${rules.window}`,
  retransmits: `workload:tcp_retransmits:rate${rules.window}`,
});

/** Labels that the rules and the dashboard use and the cluster label must not have. */
export const PIPELINE_LABELS: readonly string[] = [
  ['source', 'agent', 'node', 'os_image', 'job', 'instance', 'host', 'type', 'reason', 'flag', 'name'],
  [
    'namespace',
    'pod',
    'workload_type',
    'workload',
    'rule_group',
    'user',
    'group',
    'file',
    'unit',
    'end',
    'place',
    'exported_*',
  ],
  ['source_*', 'destination_*'],
].flat();

/** So far back goes the share of the time in which an agent answered. */
export const REMEMBERED = '15m';
