import type { Warning } from '../../model/report.ts';
import { because } from '../../model/tree.ts';
import { not } from '../../promql/index.ts';
import { isChosen } from '../../shared/flows.ts';
import { fixedPort, instance, keepPort, node, scrapeJob } from '../../shared/scrape.ts';
import { BUFFER_BYTES, type EndLabels, type FlowSource, type Selection } from '../../traffic/index.ts';
import { component } from '../contract.ts';
import { AGENT_PORT, flowCollector, kinds } from './flow-collector.ts';
import { type NetobservConfig, READS, SETTINGS } from './settings.ts';

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
const source = {
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
  byteError: `${BUFFER_BYTES} Not measured for this source.`,
  deduplication:
    'Ingress and egress metrics describe the same packets from both ends; the rules read only one of them. Edges to and from Services do not count.',
  granularity: 'workload pair, zone included',
  blindSpots: [
    'Traffic from pods to addresses outside the cluster is only in the egress metrics.',
    'Packets that were not sampled: 1 in 50 is, unless spec.agent.ebpf.sampling says otherwise. Counters are not rescaled: with 1 in 50, bytes and cost are a fiftieth.',
    'Single pods: the metrics name workloads, so a pod that moved or shares an address cannot be distinguished.',
  ],
} as const satisfies FlowSource;

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
  flowSources: { netobserv: { adapter: () => source } },
  scrapeJobs: (config) => [
    scrapeJob(config, 'netobserv', {
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
    scrapeJob(config, 'netobserv-agent', {
      label: 'app=netobserv-ebpf-agent',
      namespace: `${config.netobserv.namespace}-privileged`,
      steps: [...fixedPort(AGENT_PORT, 'Agents use the host network and declare no port.'), instance, node],
    }),
  ],
  hostPorts: () => [{ port: AGENT_PORT, owner: "NetObserv's agent" }],
  warnings: sampled,
  manifests: (config) => [flowCollector(config, source)],
  kinds,
});
