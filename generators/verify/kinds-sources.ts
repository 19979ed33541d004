import { DNS_LABEL, GO_DURATION } from '../schema/formats.ts';
import {
  closed,
  FLAG,
  listOf,
  object,
  OF_CLUSTER,
  oneOf,
  PORT_NUMBER,
  SOME_TEXT,
  TEXT,
  type Schema,
} from '../schema/objects.ts';

/** Upstream: Retina, pkg/utils/metric_names.go, those of the module of advanced metrics. */
const RETINA_METRICS = [
  'forward_bytes',
  'forward_count',
  'drop_bytes',
  'drop_count',
  'tcp_flag_gauges',
  'tcp_retransmission_count',
  'dns_request_count',
  'dns_response_count',
  'node_apiserver_latency',
];

const RETINA_LABELS: Schema = {
  ...listOf(oneOf('ip', 'namespace', 'podname', 'workload', 'service', 'port', 'zone'), 0),
  uniqueItems: true,
};

const CONTEXT: Schema = closed(
  {
    metricName: { enum: RETINA_METRICS },
    sourceLabels: RETINA_LABELS,
    destinationLabels: RETINA_LABELS,
    additionalLabels: { ...listOf(oneOf('direction', 'is_reply'), 0), uniqueItems: true },
    ttl: GO_DURATION,
  },
  ['metricName'],
);

/** The API server takes each of them once. */
const SET_OF_NAMES: Schema = { ...listOf(DNS_LABEL), uniqueItems: true };

const RETINA_NAMESPACES: Schema = {
  ...closed({ include: SET_OF_NAMES, exclude: SET_OF_NAMES }),
  oneOf: [{ required: ['include'] }, { required: ['exclude'] }],
  expected: 'exactly one of include and exclude',
};

const LEVELS = ['namespace', 'node', 'workload'];
const MEASURES = ['bytes_total', 'packets_total'];

/** Upstream: network-observability-operator, api/flowcollector/v1beta2, the enumeration of includeList; those of traffic. */
const NETOBSERV_METRICS = LEVELS.flatMap((level) => [
  `${level}_flows_total`,
  ...['egress', 'ingress'].flatMap((direction) => MEASURES.map((measure) => `${level}_${direction}_${measure}`)),
]);

const FLOW_COLLECTOR: Schema = closed(
  {
    namespace: DNS_LABEL,
    deploymentModel: oneOf('Service', 'Direct', 'Kafka'),
    agent: closed(
      {
        type: oneOf('eBPF'),
        ebpf: closed({
          sampling: { type: 'integer', minimum: 0 },
          cacheActiveTimeout: TEXT,
          cacheMaxFlows: { type: 'integer', minimum: 1 },
          interfaces: listOf(SOME_TEXT),
          excludeInterfaces: listOf(SOME_TEXT),
          privileged: FLAG,
        }),
      },
      ['type'],
    ),
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
  },
  [],
);

/** Upstream: Retina, crd/api/v1alpha1; network-observability-operator, config/crd/bases, v1beta2. Both exist once in a cluster. */
export const sourceKinds = {
  'retina.sh/v1alpha1 MetricsConfiguration': () =>
    object(OF_CLUSTER, {
      spec: closed({ contextOptions: listOf(CONTEXT), namespaces: RETINA_NAMESPACES }, [
        'contextOptions',
        'namespaces',
      ]),
    }),
  'flows.netobserv.io/v1beta2 FlowCollector': () =>
    object(closed({ name: oneOf('cluster') }, ['name']), { spec: FLOW_COLLECTOR }),
};
