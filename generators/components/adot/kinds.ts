import { DNS_SUBDOMAIN, POSITIVE_INT32, PROMETHEUS_DURATION } from '../../schema/formats.ts';
import {
  closed,
  FLAG,
  IN_NAMESPACE,
  listOf,
  object,
  oneOf,
  RESOURCES,
  SOME_TEXT,
  type Schema,
} from '../../schema/objects.ts';
import { SCRAPE_CONFIGS } from '../../verify/kinds-prometheus.ts';

/** The collector's own configuration, of the components that we use. `target_allocator` is the operator's to add. */
const CONFIG: Schema = closed(
  {
    extensions: closed({ sigv4auth: closed({ region: SOME_TEXT, service: oneOf('aps') }, ['region', 'service']) }),
    receivers: closed(
      {
        prometheus: closed(
          {
            config: closed(
              {
                global: closed({ scrape_interval: PROMETHEUS_DURATION, scrape_timeout: PROMETHEUS_DURATION }),
                scrape_configs: SCRAPE_CONFIGS,
              },
              ['scrape_configs'],
            ),
          },
          ['config'],
        ),
      },
      ['prometheus'],
    ),
    processors: closed({ batch: closed({ timeout: PROMETHEUS_DURATION, send_batch_size: POSITIVE_INT32 }) }),
    exporters: closed(
      {
        prometheusremotewrite: closed(
          {
            endpoint: { type: 'string', pattern: '^https://', expected: 'a URL that begins with https://' },
            auth: closed({ authenticator: oneOf('sigv4auth') }, ['authenticator']),
            add_metric_suffixes: FLAG,
            target_info: closed({ enabled: FLAG }, ['enabled']),
          },
          ['endpoint', 'auth'],
        ),
      },
      ['prometheusremotewrite'],
    ),
    service: closed(
      {
        extensions: listOf(oneOf('sigv4auth')),
        pipelines: closed(
          {
            metrics: closed(
              {
                receivers: listOf(oneOf('prometheus')),
                processors: listOf(oneOf('batch')),
                exporters: listOf(oneOf('prometheusremotewrite')),
              },
              ['receivers', 'exporters'],
            ),
          },
          ['metrics'],
        ),
      },
      ['extensions', 'pipelines'],
    ),
  },
  ['extensions', 'receivers', 'exporters', 'service'],
);

const TARGET_ALLOCATOR: Schema = closed(
  {
    enabled: FLAG,
    allocationStrategy: oneOf('least-weighted', 'consistent-hashing'),
    serviceAccount: DNS_SUBDOMAIN,
    replicas: POSITIVE_INT32,
  },
  ['enabled'],
);

const COLLECTOR: Schema = {
  ...closed(
    {
      mode: oneOf('daemonset', 'deployment', 'sidecar', 'statefulset'),
      replicas: POSITIVE_INT32,
      image: SOME_TEXT,
      serviceAccount: DNS_SUBDOMAIN,
      resources: RESOURCES,
      targetAllocator: TARGET_ALLOCATOR,
      config: CONFIG,
    },
    ['config'],
  ),
  // The operator's webhook refuses a target allocator for any other mode.
  if: { required: ['targetAllocator'] },
  then: {
    properties: { mode: { const: 'statefulset', expected: 'statefulset beside a target allocator' } },
    required: ['mode'],
  },
};

/** Upstream: open-telemetry/opentelemetry-operator, config/crd/bases, v1beta1, and internal/webhook/collector_webhook.go. */
export const openTelemetryKinds = {
  'opentelemetry.io/v1beta1 OpenTelemetryCollector': () => object(IN_NAMESPACE, { spec: COLLECTOR }),
};
