import type { Manifest } from '../../model/bundle.ts';
import { because } from '../../model/tree.ts';
import { DNS_LABEL } from '../../schema/formats.ts';
import {
  closed,
  FLAG,
  type Kinds,
  listOf,
  object,
  oneOf,
  PORT_NUMBER,
  type Schema,
  SOME_TEXT,
  TEXT,
} from '../../schema/objects.ts';
import { applyCommand } from '../../shared/apply.ts';
import { type FlowSource, labelsRead, metricsRead } from '../../traffic/index.ts';
import type { NetobservConfig } from './settings.ts';

/**
 * What the Network Observability operator exports: the metrics by workload that the rules read. Their labels are the operator's;
 * only the zones are asked for.
 * Upstream: netobserv/network-observability-operator, api/flowcollector/v1beta2 and internal/pkg/metrics/predefined_metrics.go.
 */
export function flowCollector(config: NetobservConfig, source: FlowSource): Manifest {
  const { namespace, port, sampling } = config.netobserv;
  const needsZones = labelsRead(config.flows, source).some((label) => label.endsWith('K8S_Zone'));
  return {
    name: 'flow-collector',
    header:
      'The FlowCollector of the Network Observability operator. There is one in a cluster: if you have it already, take the settings of ' +
      'agent and processor into yours.\n' +
      `${applyCommand(config, 'manifests/flow-collector.yaml')}\n` +
      `Where the operator deploys its network policies, the namespace of Prometheus must be allowed into ${namespace}: see ` +
      'spec.networkPolicy.',
    content: {
      apiVersion: 'flows.netobserv.io/v1beta2',
      kind: 'FlowCollector',
      metadata: { name: 'cluster' },
      spec: {
        namespace: because('Cannot be changed later: delete the object first.', namespace),
        agent: {
          type: 'eBPF',
          ebpf: {
            sampling:
              sampling === 1
                ? because(
                    'Every packet. The default looks at 1 of 50; whether the counters make up for the others is unverified. Costs CPU on ' +
                      'the nodes: see netobserv.sampling.',
                    sampling,
                  )
                : because(
                    'Unverified: whether the counters make up for the packets that are not looked at. Compare with netobserv.sampling: 1 ' +
                      'before you trust bytes and cost; shares are right either way.',
                    sampling,
                  ),
          },
        },
        processor: {
          addZone: needsZones
            ? because('Adds the zone of both ends, by the label topology.kubernetes.io/zone of nodes.', true)
            : undefined,
          metrics: {
            server: { port: because('Where the scrape job netobserv reads.', port) },
            includeList: because(
              'Only what the rules read. The operator adds three labels that they do not: K8S_FlowLayer, SrcSubnetLabel and ' +
                'DstSubnetLabel, which follow from the others in all but external traffic.',
              metricsRead(config.flows, source).map(({ metric }) => metric.replace(/^netobserv_/, '')),
            ),
          },
        },
        loki: { enable: because('The rules need no Loki. On by default, and then the operator expects one.', false) },
      },
    },
  };
}

const LEVELS = ['namespace', 'node', 'workload'];
const MEASURES = ['bytes_total', 'packets_total'];

/** Upstream: network-observability-operator, api/flowcollector/v1beta2, the enumeration of includeList; those of traffic. */
const NETOBSERV_METRICS = LEVELS.flatMap((level) => [
  `${level}_flows_total`,
  ...['egress', 'ingress'].flatMap((direction) => MEASURES.map((measure) => `${level}_${direction}_${measure}`)),
]);

const FLOW_COLLECTOR: Schema = closed({
  namespace: DNS_LABEL,
  deploymentModel: oneOf('Service', 'Direct', 'Kafka'),
  agent: closed({
    'type!': oneOf('eBPF'),
    ebpf: closed({
      sampling: { type: 'integer', minimum: 0 },
      cacheActiveTimeout: TEXT,
      cacheMaxFlows: { type: 'integer', minimum: 1 },
      interfaces: listOf(SOME_TEXT),
      excludeInterfaces: listOf(SOME_TEXT),
      privileged: FLAG,
    }),
  }),
  processor: closed({
    addZone: FLAG,
    clusterName: TEXT,
    multiClusterDeployment: FLAG,
    metrics: closed({
      server: closed({ port: PORT_NUMBER }),
      includeList: { ...listOf({ enum: NETOBSERV_METRICS }), uniqueItems: true },
    }),
  }),
  loki: closed({ enable: FLAG }),
  networkPolicy: closed({ enable: FLAG, additionalNamespaces: listOf(DNS_LABEL) }),
});

/** Upstream: network-observability-operator, config/crd/bases, v1beta2. It exists once in a cluster. */
export const kinds: Kinds = {
  'flows.netobserv.io/v1beta2 FlowCollector': {
    schema: () => object(closed({ 'name!': oneOf('cluster') }), { 'spec!': FLOW_COLLECTOR }),
  },
};
