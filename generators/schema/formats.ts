import { DURATION } from '../promql/index.ts';
import { MAX_INT32 } from './limits.ts';

/**
 * Formats of strings and numbers, for schemas of settings and of documents. `expected` completes the message
 * "got X, expected ...".
 */

/** Text that matches a pattern. */
export const matching = (pattern: string, expected: string) => ({ type: 'string', pattern, expected }) as const;

/** A Prometheus duration. */
export const PROMETHEUS_DURATION = matching(DURATION.source, 'a duration such as 30s or 5m');

/** A Go duration, for fields of Go programs. */
export const GO_DURATION = matching('^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$', 'a Go duration such as 1h');

/** Unicode text without control characters and lone surrogates: safe between quotes in YAML, JSON and label values. */
export const LINE = matching('^[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]*$', 'text on one line');

/** A character of a URL: no space, and no brace, which would start a template. */
const URL_CHARACTER = '[^\\s{}"\\u0000-\\u001f\\u007f\\ud800-\\udfff]';

/** A URL with a scheme that does not run code, as `javascript:` does. */
const HTTP_URL = `https?://(?![/\\\\])${URL_CHARACTER}+`;

/** The start of links: a URL or a path. A colon in the first part of a path would make that a scheme. */
export const LINK = {
  ...matching(
    `^(?:${HTTP_URL}|(?![/\\\\]{2}|[^/?#]*:)${URL_CHARACTER}*)$`,
    'an http:// or https:// URL or a path, without spaces and braces',
  ),
  publicUrl: true,
} as const;

/** Where a program sends data; empty for nowhere. */
export const ENDPOINT = {
  ...matching(`^(?:${HTTP_URL})?$`, 'an http:// or https:// URL without spaces and braces'),
  publicUrl: true,
} as const;

/** A Prometheus label name. */
export const LABEL_NAME = matching('^[a-zA-Z_][a-zA-Z0-9_]*$', 'a Prometheus label name such as cluster');

/** A setting that names a Kubernetes object. Its length is checked only in generated documents. */
export const KUBERNETES_NAME = matching('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', 'a Kubernetes name such as kube-system');

/** RFC 1123: names of namespaces, Services, containers. Upstream: Kubernetes, apimachinery/pkg/util/validation. */
export const DNS_LABEL = matching(
  '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$',
  'a Kubernetes name of up to 63 characters such as kube-system',
);

/** RFC 1123: names of most other objects. */
export const DNS_SUBDOMAIN = {
  type: 'string',
  maxLength: 253,
  pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
  expected: 'a DNS name: up to 253 lower case letters, digits, dashes and dots',
} as const;

/** The key of a label or annotation: a name of up to 63 characters, behind an optional domain of up to 253. */
export const LABEL_KEY = matching(
  '^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$',
  'the key of a Kubernetes label such as release or example.com/team',
);

/** The value of a Kubernetes label. */
export const LABEL_VALUE = matching(
  '^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$',
  'the value of a Kubernetes label: up to 63 letters, digits, dashes, dots and underscores',
);

/** Labels of a Kubernetes object. As a setting, a given mapping replaces the default as a whole. */
export const LABELS = { type: 'object', propertyNames: LABEL_KEY, additionalProperties: LABEL_VALUE } as const;

/** A TCP port. */
export const PORT = { type: 'integer', minimum: 1, maximum: 65_535 } as const;

/** A positive int32. */
export const POSITIVE_INT32 = {
  type: 'integer',
  minimum: 1,
  maximum: MAX_INT32,
  expected: `a whole number from 1 to ${MAX_INT32}`,
} as const;

/** A quantity of CPU or memory in documents. Settings are stricter: 500 without a unit would request 500 bytes. */
export const QUANTITY = matching('^[0-9]+(\\.[0-9]+)?(m|[KMGT]i?)?$', 'a quantity in quotes such as "500m" or 100Mi');

/** A setting that is a quantity of CPU. */
export const CPU = matching('^([0-9]+(\\.[0-9]+)?|[0-9]+m)$', 'a CPU quantity in quotes such as "500m" or "2"');

/** A setting that is a quantity of memory. */
export const MEMORY = matching('^[0-9]+(Mi|Gi)$', 'a memory quantity such as 500Mi');

/** A container image, pinned. */
export const IMAGE = {
  type: 'string',
  // Without a tag or digest, a reference means :latest, which changes with every push.
  pattern:
    '^(?!.*:latest$)[a-z0-9][-a-z0-9._/]*(:[0-9]+/[-a-z0-9._/]+)?(:[A-Za-z0-9_][-A-Za-z0-9_.]{0,127}|@sha256:[0-9a-f]{64})$',
  expected: 'an image with a tag other than latest, or a digest',
} as const;

/** A chart version without its v. */
export const CHART_VERSION = matching('^[0-9]+\\.[0-9]+\\.[0-9]+$', 'a chart version such as 1.2.3');

/** The ARN of an SNS topic. Its fourth part is the region. */
export const TOPIC_ARN = {
  type: ['string', 'null'],
  pattern: '^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[-A-Za-z0-9_]{1,256}$',
  expected: 'the ARN of a standard SNS topic such as arn:aws:sns:ap-northeast-2:123456789012:alerts, or null',
} as const;

/** The ARN of a secret in AWS Secrets Manager. */
export const SECRET_ARN = {
  type: ['string', 'null'],
  pattern: '^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[-A-Za-z0-9/_+=.@]+$',
  expected: 'the ARN of a secret such as arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:pagerduty, or null',
} as const;
