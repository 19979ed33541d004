import { KUBERNETES_NAME, LINE, PROMETHEUS_DURATION, SECRET_ARN, TOPIC_ARN } from '../../schema/formats.ts';
import { SECTION } from '../../schema/settings.ts';
import { RULES, TARGETS } from '../../settings/general.ts';
import { type Slice } from '../../settings/section.ts';
import { CLOUD } from '../../traffic/settings.ts';
import { ADOT } from '../adot/settings.ts';

const NAME_OR_NULL = {
  ...KUBERNETES_NAME,
  type: ['string', 'null'],
  expected: `${KUBERNETES_NAME.expected}, or null`,
  default: null,
} as const;

const severities = <const S extends readonly string[]>(chosen: S, who: string) =>
  ({
    type: 'array',
    items: { enum: ['critical', 'warning', 'info'] },
    default: chosen,
    minItems: 1,
    uniqueItems: true,
    description: `Severities that ${who} receives.`,
  }) as const;

/** Quotas of a workspace: settings, as AWS can raise them. AWS publishes 2,000 rules as the default; the other two are unverified. */
const QUOTAS = {
  ...SECTION,
  description: 'Quotas of the workspace, checked by the build. AWS raises them on request.',
  properties: {
    rules: { type: 'integer', minimum: 1, default: 2000, description: 'Maximum number of rules.' },
    fileBytes: {
      type: 'integer',
      minimum: 1,
      default: 1_000_000,
      description: 'Maximum bytes of a rule file or Alertmanager definition. Unverified.',
    },
    interval: { ...PROMETHEUS_DURATION, default: '30s', description: 'Minimum evaluation interval. Unverified.' },
  },
} as const;

const ALERTMANAGER = {
  ...SECTION,
  requires: 'Alertmanager definition for AMP',
  description:
    'The Alertmanager definition of the workspace. There is only one, so it replaces yours. Skipped without a receiver.',
  properties: {
    groupWait: {
      ...PROMETHEUS_DURATION,
      default: '30s',
      description: 'How long a new alert group waits for more alerts.',
    },
    groupInterval: {
      ...PROMETHEUS_DURATION,
      default: '5m',
      description: 'How long a changed group waits for more alerts.',
    },
    repeatInterval: {
      ...PROMETHEUS_DURATION,
      default: '4h',
      description: 'How often a firing alert is repeated; at most 5d, as AMP treats longer values as 5d.',
    },
    sns: {
      ...SECTION,
      requires: { 'amp.alertmanager.sns.topicArn': true },
      description: 'An SNS topic that receives alerts.',
      properties: {
        topicArn: { ...TOPIC_ARN, default: null, description: 'ARN of the topic; null for none.' },
        subject: {
          type: 'string',
          pattern: '^[ -~]{1,100}$',
          expected: 'up to 100 ASCII characters, as SNS replaces any other subject with an error',
          default: '{{ .Status }}: {{ .GroupLabels.alertname }} ({{ .CommonLabels.severity }})',
          description: 'Message subject, an Alertmanager template. The result must also fit 100 ASCII characters.',
        },
        severities: severities(['critical', 'warning', 'info'], 'the topic'),
      },
    },
    pagerduty: {
      ...SECTION,
      requires: { 'amp.alertmanager.pagerduty.secretArn': true },
      description: 'A PagerDuty service that receives alerts. Its key stays in AWS Secrets Manager.',
      properties: {
        secretArn: { ...SECRET_ARN, default: null, description: 'ARN of the secret with the key; null for none.' },
        secretKey: {
          ...LINE,
          minLength: 1,
          default: 'routing_key',
          description: "Name of the key in the secret's JSON.",
        },
        refreshInterval: { ...PROMETHEUS_DURATION, default: '5m', description: 'How often the secret is re-read.' },
        severities: severities(['critical'], 'the service'),
      },
    },
  },
} as const;

/** Amazon Managed Service for Prometheus, through the AWS controllers for Kubernetes (ACK). */
export const AMP = {
  ...SECTION,
  description: 'Amazon Managed Service for Prometheus, through its ACK controller: settings of the target amp.',
  properties: {
    namespace: { ...KUBERNETES_NAME, default: 'monitoring', description: 'Namespace of the ACK resources.' },
    workspaceId: {
      type: ['string', 'null'],
      pattern: '^[0-9A-Za-z][-.0-9A-Z_a-z]{0,63}$',
      expected: 'a workspace ID such as ws-12345678-abcd-1234-abcd-123456789012, or null',
      default: null,
      description: 'ID of an existing workspace. Set this or workspace.name.',
    },
    workspace: {
      ...SECTION,
      description: 'A workspace that ACK manages as a Workspace resource. Set this or workspaceId.',
      properties: {
        name: { ...NAME_OR_NULL, description: 'Name of the Workspace resource.' },
        namespace: {
          ...NAME_OR_NULL,
          description: 'Its namespace; null means amp.namespace. Other namespaces need extra permissions.',
        },
      },
    },
    tags: {
      type: 'object',
      propertyNames: {
        type: 'string',
        pattern: '^(?![aA][wW][sS]:)[-A-Za-z0-9 _.:/=+@]{1,128}$',
        expected: 'an AWS tag key such as team, without the prefix aws:',
      },
      additionalProperties: {
        type: 'string',
        pattern: '^[-A-Za-z0-9 _.:/=+@]{0,256}$',
        expected: 'an AWS tag value: up to 256 letters, digits, spaces and _.:/=+-@',
      },
      default: {},
      description: 'AWS tags of the rule group namespaces.',
    },
    quotas: QUOTAS,
    alertmanager: ALERTMANAGER,
  },
} as const;

/** Its own sections, those of other components that it reads, and the type of both. */
export const SETTINGS = { amp: AMP };
export const READS = { adot: ADOT, targets: TARGETS, cloud: CLOUD, rules: RULES };
export type AmpConfig = Slice<typeof SETTINGS & typeof READS>;
