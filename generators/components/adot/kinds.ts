import { DNS_LABEL, DNS_SUBDOMAIN, POSITIVE_INT32, PROMETHEUS_DURATION, matching } from '../../schema/formats.ts';
import {
  closed,
  FLAG,
  IN_NAMESPACE,
  type Kinds,
  listOf,
  object,
  OF_CLUSTER,
  oneOf,
  RESOURCES,
  type Schema,
  SOME_TEXT,
  TEXT,
} from '../../schema/objects.ts';
import { type Problem, show } from '../../schema/problems.ts';
import { SCRAPE_CONFIGS } from '../../shared/scrape-schema.ts';

/** The collector's own configuration, limited to the components that we use. The operator adds `target_allocator`. */
const CONFIG: Schema = closed({
  'extensions!': closed({ sigv4auth: closed({ 'region!': SOME_TEXT, 'service!': oneOf('aps') }) }),
  'receivers!': closed({
    'prometheus!': closed({
      'config!': closed({
        global: closed({ scrape_interval: PROMETHEUS_DURATION }),
        'scrape_configs!': SCRAPE_CONFIGS,
      }),
    }),
  }),
  processors: closed({ batch: closed({}) }),
  'exporters!': closed({
    'prometheusremotewrite!': closed({
      'endpoint!': matching('^https://', 'a URL that begins with https://'),
      'auth!': closed({ 'authenticator!': oneOf('sigv4auth') }),
      add_metric_suffixes: FLAG,
      target_info: closed({ 'enabled!': FLAG }),
    }),
  }),
  'service!': closed({
    'extensions!': listOf(oneOf('sigv4auth')),
    'pipelines!': closed({
      'metrics!': closed({
        'receivers!': listOf(oneOf('prometheus')),
        processors: listOf(oneOf('batch')),
        'exporters!': listOf(oneOf('prometheusremotewrite')),
      }),
    }),
  }),
});

const TARGET_ALLOCATOR: Schema = closed({
  'enabled!': FLAG,
  allocationStrategy: oneOf('consistent-hashing'),
  serviceAccount: DNS_SUBDOMAIN,
});

const COLLECTOR: Schema = {
  ...closed({
    mode: oneOf('daemonset', 'deployment', 'sidecar', 'statefulset'),
    replicas: POSITIVE_INT32,
    image: SOME_TEXT,
    serviceAccount: DNS_SUBDOMAIN,
    resources: RESOURCES,
    targetAllocator: TARGET_ALLOCATOR,
    'config!': CONFIG,
  }),
  // The operator's webhook refuses a target allocator for any other mode.
  if: { required: ['targetAllocator'] },
  then: {
    properties: { mode: { const: 'statefulset', expected: 'statefulset with a target allocator' } },
    required: ['mode'],
  },
};

/** Role names are path segments. Upstream: Kubernetes, apimachinery/pkg/api/validation/path. */
const ROLE_NAME: Schema = {
  type: 'string',
  maxLength: 253,
  pattern: '^(?!\\.{1,2}$)[^/%]+$',
  expected: 'a role name: up to 253 characters, without slashes and percent signs',
};

/** Every string in a value, with its path. */
function textsIn(value: unknown, path: string): readonly { readonly path: string; readonly text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, `${path}.${key}`));
}

/** The collector expands $NAME and ${NAME}, so every dollar sign must be doubled. */
const variables = (document: object): readonly Problem[] =>
  textsIn((document as { readonly spec: { readonly config: unknown } }).spec.config, 'spec.config')
    .filter(({ text }) => text.replaceAll('$$', '').includes('$'))
    .map(({ path, text }) => ({
      path,
      message: `got ${show(text)}, expected every dollar sign doubled, as the collector expands variables`,
    }));

/**
 * Upstream: open-telemetry/opentelemetry-operator, config/crd/bases, v1beta1, and internal/webhook/collector_webhook.go; Kubernetes,
 * api/openapi-spec, the fields that we write.
 */
export const kinds: Kinds = {
  'opentelemetry.io/v1beta1 OpenTelemetryCollector': {
    schema: () => object(IN_NAMESPACE, { 'spec!': COLLECTOR }),
    check: variables,
  },
  'rbac.authorization.k8s.io/v1 ClusterRole': {
    schema: () =>
      object(OF_CLUSTER, {
        'rules!': listOf(
          // Paths such as /metrics belong to no API group.
          {
            ...closed({
              apiGroups: listOf(TEXT),
              resources: listOf(SOME_TEXT),
              nonResourceURLs: listOf(SOME_TEXT),
              'verbs!': listOf(SOME_TEXT),
            }),
            oneOf: [{ required: ['apiGroups', 'resources'] }, { required: ['nonResourceURLs'] }],
            expected: 'apiGroups with resources, or nonResourceURLs',
          },
        ),
      }),
  },
  'rbac.authorization.k8s.io/v1 ClusterRoleBinding': {
    schema: () =>
      object(OF_CLUSTER, {
        'roleRef!': closed({
          'apiGroup!': oneOf('rbac.authorization.k8s.io'),
          'kind!': oneOf('ClusterRole'),
          'name!': ROLE_NAME,
        }),
        'subjects!': listOf(
          closed({ 'kind!': oneOf('ServiceAccount'), 'name!': DNS_SUBDOMAIN, 'namespace!': DNS_LABEL }),
        ),
      }),
  },
};
