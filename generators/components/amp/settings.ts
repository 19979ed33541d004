import { KUBERNETES_NAME, LINE, PROMETHEUS_DURATION, SECRET_ARN, TOPIC_ARN } from '../../schema/formats.ts';
import { count, inUnit, list, orNull, section, value, when } from '../../schema/settings.ts';
import { RULES, TARGETS } from '../../settings/general.ts';
import { type Slice } from '../../settings/section.ts';
import { CLOUD } from '../../traffic/settings.ts';
import { ADOT } from '../adot/settings.ts';

const severities = <const S extends readonly string[]>(chosen: S, who: string) =>
  list({ enum: ['critical', 'warning', 'info'] }, chosen, `Severities that ${who} is told of.`, { minItems: 1 });

/**
 * Quotas of a workspace. AWS publishes 2,000 rules as the default; the other two were not verified. All can be raised, hence
 * settings.
 */
const QUOTAS = section('Quotas of the workspace, which the build checks; AWS raises them on request.', {
  rules: inUnit('rules', count(2000, 'Rules that the workspace takes.')),
  fileBytes: inUnit('bytes', count(1_000_000, 'Bytes of one rule file or Alertmanager definition. Unverified.')),
  interval: value(PROMETHEUS_DURATION, '30s', 'Shortest evaluation interval. Unverified.'),
});

const SNS = section('An SNS topic that is told of alerts.', {
  topicArn: value(TOPIC_ARN, null, 'The topic; null for none.'),
  subject: value(
    {
      type: 'string',
      pattern: '^[ -~]{1,100}$',
      expected: 'up to 100 ASCII characters, as SNS replaces any other subject by an error',
    },
    '{{ .Status }}: {{ .GroupLabels.alertname }} ({{ .CommonLabels.severity }})',
    'Subject of a message, an Alertmanager template; it too must come out in 100 ASCII characters.',
  ),
  severities: severities(['critical', 'warning', 'info'], 'the topic'),
});

const PAGERDUTY = section('A PagerDuty service that is told of alerts. Its key stays in AWS Secrets Manager.', {
  secretArn: value(SECRET_ARN, null, 'The secret that holds the key; null for none.'),
  secretKey: value({ ...LINE, minLength: 1 }, 'routing_key', "Name of the key inside the secret's JSON."),
  refreshInterval: value(PROMETHEUS_DURATION, '5m', 'How often the secret is read again.'),
  severities: severities(['critical'], 'the service'),
});

const ALERTMANAGER = section(
  'The Alertmanager definition of the workspace, of which there is one: it replaces what is there. Left out without a receiver.',
  {
    groupWait: value(PROMETHEUS_DURATION, '30s', 'How long a new group of alerts waits for more.'),
    groupInterval: value(PROMETHEUS_DURATION, '5m', 'How long a changed group waits for more.'),
    repeatInterval: value(
      PROMETHEUS_DURATION,
      '4h',
      'When what is still firing is told again; at most 5d, as AMP takes more for that.',
    ),
    sns: when({ 'amp.alertmanager.sns.topicArn': true }, SNS),
    pagerduty: when({ 'amp.alertmanager.pagerduty.secretArn': true }, PAGERDUTY),
  },
);

/** Settings of the packaging for Amazon Managed Service for Prometheus, through the AWS controllers for Kubernetes (ACK). */
export const AMP = section(
  'Amazon Managed Service for Prometheus, through its ACK controller: where the target amp puts rules.',
  {
    namespace: value(KUBERNETES_NAME, 'monitoring', 'Namespace of the ACK resources.'),
    workspaceId: value(
      orNull({
        type: 'string',
        pattern: '^[0-9A-Za-z][-.0-9A-Z_a-z]{0,63}$',
        expected: 'the ID of a workspace such as ws-12345678-abcd-1234-abcd-123456789012',
      }),
      null,
      'ID of the workspace, for one that exists already. Give this or workspace.name.',
    ),
    workspace: section('The workspace, where ACK manages it as a Workspace resource. Give this or workspaceId.', {
      name: value(orNull(KUBERNETES_NAME), null, 'Name of the Workspace resource.'),
      namespace: value(
        orNull(KUBERNETES_NAME),
        null,
        'Its namespace; null for amp.namespace, as other namespaces need permissions of their own.',
      ),
    }),
    tags: value(
      {
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
      },
      {},
      'AWS tags of the rule group namespaces.',
    ),
    quotas: QUOTAS,
    alertmanager: when('Alertmanager definition for AMP', ALERTMANAGER),
  },
);

/** Its own sections, the sections of others that it reads, and both with their values. */
export const SETTINGS = { amp: AMP };
export const READS = { adot: ADOT, targets: TARGETS, cloud: CLOUD, rules: RULES };
export type AmpConfig = Slice<typeof SETTINGS & typeof READS>;
