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
