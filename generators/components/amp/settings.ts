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
    description: `Severities that ${who} is told of.`,
  }) as const;

/**
 * Quotas of a workspace. AWS publishes 2,000 rules as the default; the other two were not verified. All can be raised, hence
 * settings.
 */
const QUOTAS = {
  ...SECTION,
  description: 'Quotas of the workspace, which the build checks; AWS raises them on request.',
  properties: {
    rules: { type: 'integer', minimum: 1, default: 2000, description: 'Rules that the workspace takes.' },
    fileBytes: {
      type: 'integer',
      minimum: 1,
      default: 1_000_000,
      description: 'Bytes of one rule file or Alertmanager definition. Unverified.',
    },
    interval: { ...PROMETHEUS_DURATION, default: '30s', description: 'Shortest evaluation interval. Unverified.' },
  },
} as const;

const ALERTMANAGER = {
  ...SECTION,
  requires: 'Alertmanager definition for AMP',
  description:
    'The Alertmanager definition of the workspace, of which there is one: it replaces what is there. Left out without a receiver.',
  properties: {
    groupWait: {
      ...PROMETHEUS_DURATION,
      default: '30s',
      description: 'How long a new group of alerts waits for more.',
    },
    groupInterval: { ...PROMETHEUS_DURATION, default: '5m', description: 'How long a changed group waits for more.' },
    repeatInterval: {
      ...PROMETHEUS_DURATION,
      default: '4h',
      description: 'When what is still firing is told again; at most 5d, as AMP takes more for that.',
    },
    sns: {
      ...SECTION,
      requires: { 'amp.alertmanager.sns.topicArn': true },
      description: 'An SNS topic that is told of alerts.',
      properties: {
        topicArn: { ...TOPIC_ARN, default: null, description: 'The topic; null for none.' },
        subject: {
          type: 'string',
          pattern: '^[ -~]{1,100}$',
          expected: 'up to 100 ASCII characters, as SNS replaces any other subject by an error',
          default: '{{ .Status }}: {{ .GroupLabels.alertname }} ({{ .CommonLabels.severity }})',
          description: 'Subject of a message, an Alertmanager template; it too must come out in 100 ASCII characters.',
        },
        severities: severities(['critical', 'warning', 'info'], 'the topic'),
      },
    },
    pagerduty: {
      ...SECTION,
      requires: { 'amp.alertmanager.pagerduty.secretArn': true },
      description: 'A PagerDuty service that is told of alerts. Its key stays in AWS Secrets Manager.',
      properties: {
        secretArn: { ...SECRET_ARN, default: null, description: 'The secret that holds the key; null for none.' },
        secretKey: {
          ...LINE,
          minLength: 1,
          default: 'routing_key',
          description: "Name of the key inside the secret's JSON.",
        },
        refreshInterval: { ...PROMETHEUS_DURATION, default: '5m', description: 'How often the secret is read again.' },
        severities: severities(['critical'], 'the service'),
      },
    },
  },
} as const;

/** Settings of the packaging for Amazon Managed Service for Prometheus, through the AWS controllers for Kubernetes (ACK). */
export const AMP = {
  ...SECTION,
  description: 'Amazon Managed Service for Prometheus, through its ACK controller: where the target amp puts rules.',
  properties: {
    namespace: { ...KUBERNETES_NAME, default: 'monitoring', description: 'Namespace of the ACK resources.' },
    workspaceId: {
      type: ['string', 'null'],
      pattern: '^[0-9A-Za-z][-.0-9A-Z_a-z]{0,63}$',
      expected: 'the ID of a workspace such as ws-12345678-abcd-1234-abcd-123456789012, or null',
      default: null,
      description: 'ID of the workspace, for one that exists already. Give this or workspace.name.',
    },
    workspace: {
      ...SECTION,
      description: 'The workspace, where ACK manages it as a Workspace resource. Give this or workspaceId.',
      properties: {
        name: { ...NAME_OR_NULL, description: 'Name of the Workspace resource.' },
        namespace: {
          ...NAME_OR_NULL,
          description: 'Its namespace; null for amp.namespace, as other namespaces need permissions of their own.',
        },
      },
    },
    tags: {
      type: 'object',
      propertyNames: {
        type: 'string',
        pattern: '^(?![aA][wW][sS]:)[-A-Za-z0-9 _.:/=+@]{1,128}$',
        expected: 'the key of an AWS tag such as team, which does not begin with aws:',
      },
      additionalProperties: {
        type: 'string',
        pattern: '^[-A-Za-z0-9 _.:/=+@]{0,256}$',
        expected: 'the value of an AWS tag: up to 256 letters, digits, spaces and _.:/=+-@',
      },
      default: {},
      description: 'AWS tags of the rule group namespaces.',
    },
    quotas: QUOTAS,
    alertmanager: ALERTMANAGER,
  },
} as const;

/** Its own sections, the sections of others that it reads, and both with their values. */
export const SETTINGS = { amp: AMP };
export const READS = { adot: ADOT, targets: TARGETS, cloud: CLOUD, rules: RULES };
export type AmpConfig = Slice<typeof SETTINGS & typeof READS>;
