import { DNS_LABEL, GO_DURATION } from '../../schema/formats.ts';
import { closed, type Kinds, listOf, object, OF_CLUSTER, oneOf, type Schema } from '../../schema/objects.ts';

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

const CONTEXT: Schema = closed({
  'metricName!': { enum: RETINA_METRICS },
  sourceLabels: RETINA_LABELS,
  destinationLabels: RETINA_LABELS,
  additionalLabels: { ...listOf(oneOf('direction', 'is_reply'), 0), uniqueItems: true },
  ttl: GO_DURATION,
});

/** The API server takes each of them once. */
const SET_OF_NAMES: Schema = { ...listOf(DNS_LABEL), uniqueItems: true };

const RETINA_NAMESPACES: Schema = {
  ...closed({ include: SET_OF_NAMES, exclude: SET_OF_NAMES }),
  oneOf: [{ required: ['include'] }, { required: ['exclude'] }],
  expected: 'exactly one of include and exclude',
};

/** Upstream: Retina, crd/api/v1alpha1. It exists once in a cluster. */
export const kinds: Kinds = {
  'retina.sh/v1alpha1 MetricsConfiguration': {
    schema: () =>
      object(OF_CLUSTER, {
        'spec!': closed({ 'contextOptions!': listOf(CONTEXT), 'namespaces!': RETINA_NAMESPACES }),
      }),
  },
};
