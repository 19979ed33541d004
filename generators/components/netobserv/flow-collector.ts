import type { Manifest } from '../../model/bundle.ts';
import { because } from '../../model/tree.ts';
import { DNS_LABEL } from '../../schema/formats.ts';
import {
  closed,
  COUNT,
  FLAG,
  type Kinds,
  listOf,
  object,
  oneOf,
  PORT_NUMBER,
  type Schema,
} from '../../schema/objects.ts';
import { applyCommand } from '../../shared/apply.ts';
import { type FlowSource, labelsRead, metricsRead } from '../../traffic/index.ts';
import type { NetobservConfig } from './settings.ts';

/** Port of the agents' own metrics, on the host network; the operator's default. */
export const AGENT_PORT = 9400;

/**
 * The FlowCollector, which limits the Network Observability operator to the workload metrics that the rules read. The operator decides
 * their labels, except for zones.
 * Upstream: netobserv/network-observability-operator, api/flowcollector/v1beta2 and internal/pkg/metrics/predefined_metrics.go.
 */
export function flowCollector(config: NetobservConfig, source: FlowSource): Manifest {
  const { namespace, port, sampling } = config.netobserv;
  const needsZones = labelsRead(config.flows, source).some((label) => label.endsWith('K8S_Zone'));
  return {
    name: 'flow-collector',
    header:
      'The FlowCollector of the Network Observability operator. There is one per cluster: if you already have it, copy the settings of ' +
      'agent and processor.\n' +
      `${applyCommand(config, 'manifests/flow-collector.yaml')}\n` +
      `If the operator deploys its network policies, allow the namespace of Prometheus to reach ${namespace}: see ` +
      'spec.networkPolicy.',
    content: {
      apiVersion: 'flows.netobserv.io/v1beta2',
      kind: 'FlowCollector',
      metadata: { name: 'cluster' },
      spec: {
        namespace: because('Immutable: to change it, delete the object first.', namespace),
        agent: {
          type: 'eBPF',
          ebpf: {
            metrics: because(
              'netobserv_agent_dropped_flows_total counts what the agent could not store; FlowEventsLost reads it. If it rises, raise ' +
                'spec.agent.ebpf.cacheMaxFlows. Scraped by the job netobserv-agent.',
              { enable: true, server: { port: AGENT_PORT } },
            ),
            sampling:
              sampling === 1
                ? because(
                    'Samples every packet. The default samples 1 in 50, and counters are not rescaled: bytes and cost would be a fiftieth. Costs CPU on ' +
                      'the nodes: see netobserv.sampling.',
                    sampling,
                  )
                : because(
                    'Counters are not rescaled for skipped packets: bytes and cost are too low by this factor, shares are right on average. Set ' +
                      'netobserv.sampling: 1 for figures to bill by.',
                    sampling,
                  ),
          },
        },
        processor: {
          addZone: needsZones
            ? because('Adds the zones of both ends, from the node label topology.kubernetes.io/zone.', true)
            : undefined,
          metrics: {
            server: { port: because('Scraped by the job netobserv.', port) },
            includeList: because(
              'Only metrics that the rules read. The operator adds three labels that they do not read: K8S_FlowLayer, SrcSubnetLabel and ' +
                'DstSubnetLabel. Except for external traffic, they follow from the other labels.',
              metricsRead(config.flows, source).map(({ metric }) => metric.replace(/^netobserv_/, '')),
            ),
          },
        },
        loki: {
          enable: because('The rules do not need Loki. It is on by default, and the operator would expect one.', false),
        },
      },
    },
  };
}

/** Upstream: network-observability-operator, api/flowcollector/v1beta2, the enumeration of includeList. */
const WORKLOAD_METRIC = oneOf(
  ...['egress', 'ingress'].flatMap((direction) =>
    ['bytes', 'packets'].map((unit) => `workload_${direction}_${unit}_total`),
  ),
);

const FLOW_COLLECTOR: Schema = closed({
  namespace: DNS_LABEL,
  agent: closed({
    'type!': oneOf('eBPF'),
    ebpf: closed({ metrics: closed({ enable: FLAG, server: closed({ port: PORT_NUMBER }) }), sampling: COUNT }),
  }),
  processor: closed({
    addZone: FLAG,
    metrics: closed({
      server: closed({ port: PORT_NUMBER }),
      includeList: { ...listOf(WORKLOAD_METRIC), uniqueItems: true },
    }),
  }),
  loki: closed({ enable: FLAG }),
});

/** The fields that we write. Upstream: network-observability-operator, config/crd/bases, v1beta2. One per cluster. */
export const kinds: Kinds = {
  'flows.netobserv.io/v1beta2 FlowCollector': {
    schema: () => object(closed({ 'name!': oneOf('cluster') }), { 'spec!': FLOW_COLLECTOR }),
  },
};
