import {
  DNS_LABEL,
  KUBERNETES_NAME,
  LINE,
  PROMETHEUS_DURATION,
  SECRET_ARN,
  TOPIC_ARN,
  matching,
} from '../../schema/formats.ts';
import { count, inUnit, list, namespace, orNull, section, value, when } from '../../schema/settings.ts';
import { RULES, TARGETS } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';
import { CLOUD } from '../../settings/cloud.ts';
import { ADOT } from '../adot/settings.ts';

const severities = <const S extends readonly string[]>(chosen: S, who: string) =>
  list({ enum: ['critical', 'warning', 'info'] }, chosen, `Severities that ${who} receives.`, { minItems: 1 });

/**
 * Quotas of a workspace. AWS publishes 2,000 rules as the default; the other two were not verified. All can be raised, hence
 * settings.
 */
const QUOTAS = section('Quotas of the workspace, checked by the build. AWS raises them on request.', {
  rules: inUnit('rules', count(2000, 'Maximum number of rules.')),
  fileBytes: inUnit('bytes', count(1_000_000, 'Maximum bytes of a rule file or Alertmanager definition. Unverified.')),
  interval: value(PROMETHEUS_DURATION, '30s', 'Minimum evaluation interval. Unverified.'),
});

const SNS = section('An SNS topic that receives alerts.', {
  topicArn: value(TOPIC_ARN, null, 'ARN of the topic; null for none.'),
  subject: value(
    matching('^[ -~]{1,100}$', 'up to 100 ASCII characters, as SNS replaces any other subject with an error'),
    '{{ .Status }}: {{ .GroupLabels.alertname }} ({{ .CommonLabels.severity }})',
    'Message subject, an Alertmanager template. The result must also fit 100 ASCII characters.',
  ),
  severities: severities(['critical', 'warning', 'info'], 'the topic'),
});

const PAGERDUTY = section('A PagerDuty service that receives alerts. Its key stays in AWS Secrets Manager.', {
  secretArn: value(SECRET_ARN, null, 'ARN of the secret with the key; null for none.'),
  secretKey: value({ ...LINE, minLength: 1 }, 'routing_key', "Name of the key in the secret's JSON."),
  refreshInterval: value(PROMETHEUS_DURATION, '5m', 'How often the secret is re-read.'),
  severities: severities(['critical'], 'the service'),
});

const ALERTMANAGER = section(
  'The Alertmanager definition of the workspace. There is only one, so it replaces yours. Skipped without a receiver.',
  {
    groupWait: value(PROMETHEUS_DURATION, '30s', 'How long a new alert group waits for more alerts.'),
    groupInterval: value(PROMETHEUS_DURATION, '5m', 'How long a changed group waits for more alerts.'),
    repeatInterval: value(
      PROMETHEUS_DURATION,
      '4h',
      'How often a firing alert is repeated; at most 5d, as AMP treats longer values as 5d.',
    ),
    sns: when({ 'amp.alertmanager.sns.topicArn': true }, SNS),
    pagerduty: when({ 'amp.alertmanager.pagerduty.secretArn': true }, PAGERDUTY),
  },
);

/** The ID of a workspace. */
export const WORKSPACE_ID = matching(
  '^[0-9A-Za-z][-.0-9A-Z_a-z]{0,63}$',
  'a workspace ID such as ws-12345678-abcd-1234-abcd-123456789012',
);

/** Amazon Managed Service for Prometheus, through the AWS controllers for Kubernetes (ACK). */
export const AMP = section(
  'Amazon Managed Service for Prometheus, through its ACK controller: settings of the output amp.',
  {
    namespace: namespace('monitoring', 'the ACK resources'),
    workspaceId: value(orNull(WORKSPACE_ID), null, 'ID of an existing workspace. Set this or workspace.name.'),
    workspace: section('A workspace that ACK manages as a Workspace resource. Set this or workspaceId.', {
      name: value(orNull(KUBERNETES_NAME), null, 'Name of the Workspace resource.'),
      namespace: value(
        orNull(DNS_LABEL),
        null,
        'Its namespace; null means amp.namespace. Other namespaces need extra permissions.',
      ),
    }),
    tags: value(
      {
        type: 'object',
        propertyNames: matching(
          '^(?![aA][wW][sS]:)[-A-Za-z0-9 _.:/=+@]{1,128}$',
          'an AWS tag key such as team, without the prefix aws:',
        ),
        additionalProperties: matching(
          '^[-A-Za-z0-9 _.:/=+@]{0,256}$',
          'an AWS tag value: up to 256 letters, digits, spaces and _.:/=+-@',
        ),
      },
      {},
      'AWS tags of the rule group namespaces.',
    ),
    quotas: QUOTAS,
    alertmanager: when('Alertmanager definition for AMP', ALERTMANAGER),
  },
);

/** Its own sections, those of others that it reads, and the type of both. */
export const SETTINGS = { amp: AMP };
export const READS = { adot: ADOT, targets: TARGETS, cloud: CLOUD, rules: RULES };
export type AmpConfig = Slice<typeof SETTINGS & typeof READS>;
