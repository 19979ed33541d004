/** Strings of a fixed form that Kubernetes and AWS check, to be spread into a schema. */

/** The value of a Kubernetes label: up to 63 characters. */
export const LABEL_VALUE = {
  type: 'string',
  pattern: '^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$',
  expected: 'the value of a Kubernetes label: up to 63 letters, digits, dashes, dots and underscores',
} as const;

/** The key of a Kubernetes label or annotation, with an optional prefix that is a domain. */
export const LABEL_KEY = {
  type: 'string',
  pattern: '^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$',
  expected: 'the key of a Kubernetes label such as release or example.com/team',
} as const;

/** Labels of a Kubernetes object. A mapping that is given replaces the default as a whole. */
export const LABELS = {
  type: 'object',
  propertyNames: LABEL_KEY,
  additionalProperties: LABEL_VALUE,
} as const;

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
