import { join } from 'node:path';
import { plain } from '../../../generators/index.ts';
import type { Agent, AgentContext } from '../agent.ts';
import { at, environmentOf } from './shared.ts';

/** Counters of the agent itself, losses among them. */
const AGENT_PORT = 9400;

/** The FlowCollector that Azimuth generates. */
const collectorOf = ({ generated }: AgentContext): unknown =>
  plain(generated.manifests.find(({ name }) => name === 'flow-collector')?.content ?? {});

/** Labels of the operator's workload metrics. Upstream: network-observability-operator, internal/pkg/metrics/predefined_metrics.go. */
const WORKLOAD_LABELS = [
  'K8S_ClusterName',
  'SrcK8S_Zone',
  'DstK8S_Zone',
  ...['Namespace', 'OwnerName', 'OwnerType', 'Type'].flatMap((field) => [`SrcK8S_${field}`, `DstK8S_${field}`]),
];

/**
 * The pipeline that the operator configures for these metrics.
 * Upstream: network-observability-operator, internal/controller/flp/flp_pipeline_builder.go; flowlogs-pipeline, pkg/api.
 */
function pipeline(context: AgentContext): unknown {
  const collector = collectorOf(context);
  const names = at(collector, 'spec', 'processor', 'metrics', 'includeList') as readonly string[];
  const metrics = names.map((name) => ({
    name,
    type: 'counter',
    valueKey: name.includes('_bytes_') ? 'Bytes' : 'Packets',
    // 0 is ingress, 1 egress, 2 within the node.
    filters: [{ key: 'FlowDirection', value: name.includes('ingress') ? '0|2' : '1|2', type: 'match_regex' }],
    labels: WORKLOAD_LABELS,
    remap: {},
    flatten: [],
    buckets: [],
  }));
  const side = (prefix: string) => ({
    type: 'add_kubernetes',
    kubernetes: {
      ipField: `${prefix}Addr`,
      macField: `${prefix}Mac`,
      interfacesField: 'Interfaces',
      output: `${prefix}K8S`,
      add_zone: at(collector, 'spec', 'processor', 'addZone') === true,
    },
  });
  return {
    'log-level': 'info',
    metricsSettings: { port: at(collector, 'spec', 'processor', 'metrics', 'server', 'port'), prefix: 'netobserv_' },
    pipeline: [
      { name: 'enrich', follows: 'preset-ingester' },
      { name: 'prometheus', follows: 'enrich' },
    ],
    parameters: [
      {
        name: 'enrich',
        transform: {
          type: 'network',
          network: {
            rules: [side('Src'), side('Dst'), { type: 'reinterpret_direction' }],
            directionInfo: {
              reporterIPField: 'AgentIP',
              srcHostField: 'SrcK8S_HostIP',
              dstHostField: 'DstK8S_HostIP',
              flowDirectionField: 'FlowDirection',
            },
            kubeConfig: { configPath: context.kubeconfig, trackedKinds: ['ReplicaSet', 'Deployment', 'Gateway'] },
          },
        },
      },
      // Two minutes is the operator's default, too; here nothing may expire within a run.
      { name: 'prometheus', encode: { type: 'prom', prom: { prefix: 'netobserv_', expiryTime: '1h', metrics } } },
    ],
  };
}

/** NetObserv: the agent with its pipeline in one process, which upstream calls direct-flp. */
export const netobserv: Agent = {
  id: 'netobserv',
  source: 'netobserv',
  files: { 'netobserv-ebpf-agent': 'the agent' },
  bytes: 'ethernet',
  config: () => ({ flows: { source: 'netobserv' }, netobserv: { sampling: 1 } }),
  onNode: (context, node) => [
    {
      name: 'netobserv',
      argv: [join(context.binaries, 'netobserv-ebpf-agent')],
      env: {
        ...environmentOf(context, node),
        EXPORT: 'direct-flp',
        FLP_CONFIG: JSON.stringify(pipeline(context)),
        AGENT_IP: node.address.ipv4,
        SAMPLING: String(at(collectorOf(context), 'spec', 'agent', 'ebpf', 'sampling')),
        METRICS_ENABLE: 'true',
        METRICS_PREFIX: 'netobserv_agent_',
        METRICS_SERVER_PORT: String(AGENT_PORT),
      },
    },
  ],
  ports: (config) => [config.netobserv.port, AGENT_PORT],
  losses: [/^netobserv_agent_dropped_flows_total/, /^netobserv_agent_errors_total/],
  delaySeconds: 10,
};
