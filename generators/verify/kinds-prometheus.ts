import { DNS_LABEL, LABEL_NAME, PROMETHEUS_DURATION } from '../schema/formats.ts';
import {
  closed,
  COUNT,
  FLAG,
  IN_NAMESPACE,
  listOf,
  mapOf,
  object,
  oneOf,
  PORT_NUMBER,
  SELECTOR,
  SOME_TEXT,
  TEXT,
  type Schema,
} from '../schema/objects.ts';

const RULE_LABELS = mapOf(TEXT, LABEL_NAME);

const RULE: Schema = {
  ...closed(
    {
      record: { type: 'string', pattern: '^[a-zA-Z_:][a-zA-Z0-9_:]*$', expected: 'a metric name' },
      alert: SOME_TEXT,
      expr: SOME_TEXT,
      for: PROMETHEUS_DURATION,
      keep_firing_for: PROMETHEUS_DURATION,
      labels: RULE_LABELS,
      annotations: RULE_LABELS,
    },
    ['expr'],
  ),
  oneOf: [{ required: ['record'] }, { required: ['alert'] }],
  expected: 'exactly one of record and alert',
};

/** Groups as every ruler reads them. `query_offset` needs Prometheus 2.53, `labels` of a group 3.0: neither is written. */
export const RULE_GROUPS: Schema = closed(
  {
    groups: listOf(
      closed(
        {
          name: SOME_TEXT,
          interval: PROMETHEUS_DURATION,
          limit: COUNT,
          partial_response_strategy: oneOf('abort', 'warn'),
          rules: listOf(RULE),
        },
        ['name', 'rules'],
      ),
    ),
  },
  ['groups'],
);

const ACTIONS = oneOf(
  'replace',
  'keep',
  'drop',
  'hashmod',
  'labelmap',
  'labeldrop',
  'labelkeep',
  'lowercase',
  'uppercase',
  'keepequal',
  'dropequal',
);

const relabelling = (camel: boolean): Schema =>
  listOf(
    closed({
      action: ACTIONS,
      regex: TEXT,
      replacement: TEXT,
      separator: TEXT,
      modulus: COUNT,
      [camel ? 'sourceLabels' : 'source_labels']: listOf(LABEL_NAME),
      [camel ? 'targetLabel' : 'target_label']: SOME_TEXT,
    }),
  );

/** Of an endpoint, what both monitors have; left out is what takes secrets, of which we write none. */
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
  selector: SELECTOR,
  podTargetLabels: listOf(SOME_TEXT),
  sampleLimit: COUNT,
};

const endpoints = (more: Readonly<Record<string, Schema>>): Schema => listOf(closed({ ...ENDPOINT, ...more }));

/** Upstream: prometheus-operator, example/prometheus-operator-crd, monitoring.coreos.com_*.yaml, v1. */
export const prometheusOperatorKinds = {
  'monitoring.coreos.com/v1 PrometheusRule': () => object(IN_NAMESPACE, { spec: RULE_GROUPS }),
  'monitoring.coreos.com/v1 PodMonitor': () =>
    object(IN_NAMESPACE, {
      spec: closed({ ...MONITOR, podMetricsEndpoints: endpoints({ portNumber: PORT_NUMBER }) }, [
        'selector',
        'podMetricsEndpoints',
      ]),
    }),
  'monitoring.coreos.com/v1 ServiceMonitor': () =>
    object(IN_NAMESPACE, {
      spec: closed({ ...MONITOR, targetLabels: listOf(SOME_TEXT), endpoints: endpoints({}) }, [
        'selector',
        'endpoints',
      ]),
    }),
};

/** The scrape jobs of a Prometheus, as far as ours go: pods are discovered and nothing else. */
export const SCRAPE_CONFIGS: Schema = listOf(
  closed(
    {
      job_name: SOME_TEXT,
      scrape_interval: PROMETHEUS_DURATION,
      scrape_timeout: PROMETHEUS_DURATION,
      metrics_path: SOME_TEXT,
      honor_labels: FLAG,
      kubernetes_sd_configs: listOf(
        closed(
          {
            role: oneOf('pod'),
            namespaces: closed({ names: listOf(DNS_LABEL) }, ['names']),
            selectors: listOf(closed({ role: oneOf('pod'), label: SOME_TEXT, field: SOME_TEXT }, ['role'])),
          },
          ['role'],
        ),
      ),
      relabel_configs: relabelling(false),
      metric_relabel_configs: relabelling(false),
    },
    ['job_name', 'kubernetes_sd_configs'],
  ),
);
