import type { Warning } from '../../model/report.ts';
import { because } from '../../model/tree.ts';
import { escapeRegex, matches, not } from '../../promql/index.ts';
import type { Queue } from '../../shared/agents.ts';
import { isChosen } from '../../shared/flows.ts';
import { fixedPort, instance, keepPort, node, scrapeJob } from '../../shared/scrape.ts';
import { BUFFER_BYTES, type EndLabels, type FlowSource, type Selection } from '../../traffic/index.ts';
import { component } from '../contract.ts';
import { AGENT_PORT, flowCollector, kinds } from './flow-collector.ts';
import { type NetobservConfig, READS, SETTINGS } from './settings.ts';

/** Jobs of the agents, and of the pipeline that exports what they observe. */
const AGENT_JOB = 'netobserv-agent';
const PIPELINE_JOB = 'netobserv';

/** The operator runs the agents in a namespace of their own. */
const privileged = (namespace: string): string => `${namespace}-privileged`;

/**
 * Flows that the agent finds in its map each time that it empties it; agents before 1.8 call the map `hashmap-total`. How many fit is in no metric:
 * spec.agent.ebpf.cacheMaxFlows. Upstream: netobserv-ebpf-agent, pkg/metrics/metrics.go and pkg/tracer/tracer.go, 1.6 to 1.12.
 */
const FLOW_MAP: Queue = {
  metric: 'netobserv_agent_buffer_size',
  matchers: { name: matches('flowmap|hashmap-total') },
  what: 'flows in the map, which spec.agent.ebpf.cacheMaxFlows limits',
};

const selection = (direction: 'ingress' | 'egress'): Selection => ({
  metrics: {
    network_bytes: `netobserv_workload_${direction}_bytes_total`,
    network_packets: `netobserv_workload_${direction}_packets_total`,
  },
  // On the client's node, a call through a Service also appears as an edge to the Service, and its replies as one from there. Measured.
  matchers: { SrcK8S_Type: not('Service'), DstK8S_Type: not('Service') },
});

const end = (side: 'Src' | 'Dst'): EndLabels => ({
  namespace: `${side}K8S_Namespace`,
  kind: `${side}K8S_Type`,
  workload_type: `${side}K8S_OwnerType`,
  workload: `${side}K8S_OwnerName`,
  zone: `${side}K8S_Zone`,
});

/**
 * Network Observability operator, workload metrics. Zones need `spec.processor.addZone`.
 * Upstream: netobserv/network-observability-operator, docs/Metrics.md.
 */
const source = (config: Pick<NetobservConfig, 'netobserv'>): FlowSource => ({
  id: 'netobserv',
  selections: { ingress: selection('ingress'), egress: selection('egress') },
  ends: { source: end('Src'), destination: end('Dst') },
  peerViews: { ingress: 'egress', egress: 'ingress' },
  /**
   * On the port of the agents, not of the pipeline. `reason` is `CannotCreateFlowsHashMap` or `CannotUpdateFlowsHashMap` for a packet that
   * the map of flows did not take, `full` for a flow that the limiter dropped before the export. Lost DNS details change no flow. There
   * is no count of packets, so both stand beside the flows that left the map: a share of packets is an upper bound. What the exporter
   * or the pipeline loses is not in it.
   * Upstream: netobserv-ebpf-agent, bpf/flows.c, pkg/tracer/tracer.go, pkg/flow/limiter.go and tracer_map.go.
   */
  lost: {
    counters: [
      {
        metric: 'netobserv_agent_dropped_flows_total',
        matchers: { reason: not('CannotUpdateDNSHashMap') },
        type: { label: 'reason' },
        beginsWithLoss: true,
      },
    ],
    seen: { metric: 'netobserv_agent_evicted_flows_total', matchers: { source: 'hashmap' } },
    remedy:
      'raise spec.agent.ebpf.cacheMaxFlows of the FlowCollector; for type full, give the pipeline more CPU or replicas',
  },
  // Read with the rules only. The operator names both. Upstream: network-observability-operator, internal/controller/constants.
  get agents() {
    const { app } = config.netobserv;
    const namespace = () => config.netobserv.namespace;
    return [
      {
        name: 'netobserv-ebpf-agent',
        namespace: () => privileged(namespace()),
        pods: 'netobserv-ebpf-agent-.*',
        jobs: [AGENT_JOB],
        onEveryNode: true,
        queue: FLOW_MAP,
      },
      {
        name: 'flowlogs-pipeline',
        namespace,
        pods: `${escapeRegex(app)}-.*`,
        jobs: [PIPELINE_JOB],
        onEveryNode: false,
      },
    ];
  },
  packets: {
    reason:
      'netobserv counts drops with the feature PacketDrop only, which the generated FlowCollector does not turn on',
  },
  byteError: `${BUFFER_BYTES} Not measured for this source.`,
  deduplication:
    'Ingress and egress metrics describe the same packets from both ends; the rules read only one of them. Edges to and from Services do not count.',
  granularity: 'workload pair, zone included',
  blindSpots: [
    'Traffic from pods to addresses outside the cluster is only in the egress metrics.',
    'Packets that were not sampled: 1 in 50 is, unless spec.agent.ebpf.sampling says otherwise. Counters are not rescaled: with 1 in 50, bytes and cost are a fiftieth.',
    'Single pods: the metrics name workloads, so a pod that moved or shares an address cannot be distinguished.',
  ],
});

/** Figures that are too low by the sampling: no counter is rescaled. Measured: with 1 packet in 10, 10.8 % of the bytes counted. */
const sampled = ({ netobserv: { sampling } }: NetobservConfig): readonly Warning[] =>
  sampling === 1
    ? []
    : [
        {
          kind: 'doubtful',
          settings: ['netobserv.sampling'],
          reason: `1 packet in ${sampling} is counted and none rescaled, so bytes, packets and cost are ${sampling} times too low`,
        },
      ];

/** The Network Observability operator. */
export const netobserv = component({
  id: 'netobserv',
  settings: SETTINGS,
  reads: READS,
  enabled: (config) => isChosen(config, 'netobserv'),
  exports: { 'netobserv_agent_*': 'the NetObserv agents', 'netobserv_*': 'flowlogs-pipeline of NetObserv' },
  flowSources: { netobserv: { reads: ['netobserv.namespace', 'netobserv.app'], adapter: source } },
  scrapeJobs: (config) => [
    scrapeJob(config, PIPELINE_JOB, {
      label: `app=${config.netobserv.app}`,
      namespace: config.netobserv.namespace,
      steps: [
        because(
          'One of several ports. The instance stays the address: two pipeline pods may share a node, and each counts its own flows.',
          keepPort(config.netobserv.port),
        ),
      ],
    }),
    // The operator runs the agents in a namespace of their own. Upstream: network-observability-operator, internal/controller/constants.
    scrapeJob(config, AGENT_JOB, {
      label: 'app=netobserv-ebpf-agent',
      namespace: privileged(config.netobserv.namespace),
      steps: [...fixedPort(AGENT_PORT, 'Agents use the host network and declare no port.'), instance, node],
    }),
  ],
  hostPorts: () => [{ port: AGENT_PORT, owner: "NetObserv's agent" }],
  warnings: sampled,
  manifests: (config) => [flowCollector(config, source(config))],
  kinds,
});
