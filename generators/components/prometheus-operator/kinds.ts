import { DNS_LABEL, PROMETHEUS_DURATION } from '../../schema/formats.ts';
import {
  closed,
  COUNT,
  FLAG,
  IN_NAMESPACE,
  type Kinds,
  listOf,
  object,
  oneOf,
  PORT_NUMBER,
  type Schema,
  SELECTOR,
  SOME_TEXT,
} from '../../schema/objects.ts';
import { relabelling } from '../../shared/scrape-schema.ts';

/** Endpoint fields that both monitors have, without those that take secrets: we write none. */
const ENDPOINT = {
  port: SOME_TEXT,
  path: SOME_TEXT,
  scheme: oneOf('http', 'https'),
  interval: PROMETHEUS_DURATION,
  scrapeTimeout: PROMETHEUS_DURATION,
  honorLabels: FLAG,
  honorTimestamps: FLAG,
  filterRunning: FLAG,
  relabelings: relabelling(true),
  metricRelabelings: relabelling(true),
};

const NAMESPACES: Schema = {
  ...closed({ any: FLAG, matchNames: listOf(DNS_LABEL) }),
  oneOf: [{ required: ['any'] }, { required: ['matchNames'] }],
  expected: 'exactly one of any and matchNames',
};

const MONITOR = {
  jobLabel: SOME_TEXT,
  namespaceSelector: NAMESPACES,
  'selector!': SELECTOR,
  podTargetLabels: listOf(SOME_TEXT),
  sampleLimit: COUNT,
};

const endpoints = (more: Readonly<Record<string, Schema>>): Schema => listOf(closed({ ...ENDPOINT, ...more }));

/** Upstream: prometheus-operator, example/prometheus-operator-crd, monitoring.coreos.com_*.yaml, v1. */
export const kinds: Kinds = {
  'monitoring.coreos.com/v1 PodMonitor': {
    schema: () =>
      object(IN_NAMESPACE, {
        'spec!': closed({ ...MONITOR, 'podMetricsEndpoints!': endpoints({ portNumber: PORT_NUMBER }) }),
      }),
  },
  'monitoring.coreos.com/v1 ServiceMonitor': {
    schema: () =>
      object(IN_NAMESPACE, {
        'spec!': closed({ ...MONITOR, targetLabels: listOf(SOME_TEXT), 'endpoints!': endpoints({}) }),
      }),
  },
};
