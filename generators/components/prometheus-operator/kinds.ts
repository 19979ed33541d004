import { DNS_LABEL, PROMETHEUS_DURATION } from '../../schema/formats.ts';
import {
  closed,
  FLAG,
  IN_NAMESPACE,
  type Kind,
  type Kinds,
  listOf,
  object,
  oneOf,
  type Schema,
  SELECTOR,
  SOME_TEXT,
} from '../../schema/objects.ts';
import { relabelling } from '../../shared/scrape-schema.ts';

const NAMESPACES: Schema = {
  ...closed({ any: FLAG, matchNames: listOf(DNS_LABEL) }),
  oneOf: [{ required: ['any'] }, { required: ['matchNames'] }],
  expected: 'exactly one of any and matchNames',
};

/** A monitor with its endpoints under this key. */
const monitor = (
  endpoints: string,
  more: Readonly<Record<string, Schema>> = {},
  ofSpec: Readonly<Record<string, Schema>> = {},
): Kind => ({
  schema: () =>
    object(IN_NAMESPACE, {
      'spec!': closed({
        namespaceSelector: NAMESPACES,
        'selector!': SELECTOR,
        ...ofSpec,
        [`${endpoints}!`]: listOf(
          closed({ interval: PROMETHEUS_DURATION, honorLabels: FLAG, relabelings: relabelling(true), ...more }),
        ),
      }),
    }),
});

/** Upstream: prometheus-operator, example/prometheus-operator-crd, monitoring.coreos.com_*.yaml, v1. */
export const kinds: Kinds = {
  'monitoring.coreos.com/v1 PodMonitor': monitor('podMetricsEndpoints'),
  'monitoring.coreos.com/v1 ServiceMonitor': monitor(
    'endpoints',
    {
      port: SOME_TEXT,
      scheme: oneOf('https'),
      path: SOME_TEXT,
      trackTimestampsStaleness: FLAG,
      bearerTokenFile: SOME_TEXT,
      tlsConfig: closed({ caFile: SOME_TEXT, serverName: SOME_TEXT, insecureSkipVerify: FLAG }),
      metricRelabelings: relabelling(true),
    },
    { jobLabel: SOME_TEXT },
  ),
};
