import { dump } from 'js-yaml';
import type { Severity } from '../../model/rules.ts';
import { because, type Tree } from '../../model/tree.ts';
import { clusterLabels } from '../../settings/general.ts';
import { regionOfArn } from '../../shared/aws.ts';
import { yamlDocument } from '../yaml.ts';
import type { AmpConfig } from './config.ts';

const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info'];

/** Whether the configuration has a receiver for alerts. */
export const hasReceiver = ({ amp: { alertmanager } }: AmpConfig): boolean =>
  alertmanager.sns.topicArn !== null || alertmanager.pagerduty.secretArn !== null;

/** The SNS message: all alerts of the group, with text and links. */
const MESSAGE = [
  '{{ range .Alerts }}{{ .Status }}: {{ .Labels.alertname }} ({{ .Labels.severity }})',
  '{{ .Annotations.summary }}',
  '{{ .Annotations.description }}',
  '{{ with .Annotations.runbook_url }}Runbook: {{ . }}{{ end }}',
  '{{ with .Annotations.dashboard_url }}Dashboard: {{ . }}{{ end }}',
  '{{ end }}',
].join('\n');

function snsConfigs({ amp: { alertmanager } }: AmpConfig): Tree | undefined {
  const { topicArn, subject } = alertmanager.sns;
  if (topicArn === null) return undefined;
  return [
    {
      topic_arn: topicArn,
      sigv4: because('AMP requires the region; it is the region of the topic.', { region: regionOfArn(topicArn) }),
      subject: because('SNS accepts up to 100 ASCII characters.', subject),
      message: MESSAGE,
    },
  ];
}

/** Upstream: the AMP user guide, "Configure alert manager to send alerts to PagerDuty"; Alertmanager itself expects the key as text. */
function pagerdutyConfigs({ amp: { alertmanager } }: AmpConfig): Tree | undefined {
  const { secretArn, secretKey, refreshInterval } = alertmanager.pagerduty;
  if (secretArn === null) return undefined;
  return [
    {
      routing_key: because('Specific to AMP: the key stays in AWS Secrets Manager.', {
        aws_secrets_manager: { secret_arn: secretArn, secret_key: secretKey, refresh_interval: refreshInterval },
      }),
      severity: because('PagerDuty uses the same severities.', '{{ .CommonLabels.severity }}'),
      description: '{{ .GroupLabels.alertname }}: {{ .CommonAnnotations.summary }}',
    },
  ];
}

/** The receiver of one severity; it may notify nobody. */
function receiver(config: AmpConfig, severity: Severity): Tree {
  const { sns, pagerduty } = config.amp.alertmanager;
  return {
    name: severity,
    sns_configs: sns.severities.includes(severity) ? snsConfigs(config) : undefined,
    pagerduty_configs: pagerduty.severities.includes(severity) ? pagerdutyConfigs(config) : undefined,
  };
}

/** Alertmanager's configuration: routes by severity. */
function inner(config: AmpConfig): Tree {
  const { groupWait, groupInterval, repeatInterval, sns } = config.amp.alertmanager;
  const fallback =
    sns.topicArn === null ? { pagerduty_configs: pagerdutyConfigs(config) } : { sns_configs: snsConfigs(config) };
  return {
    route: {
      receiver: because('Alerts that are not from Azimuth, with another severity or without one.', 'others'),
      group_by: because('One message per alert, however many nodes it affects.', [
        'alertname',
        ...clusterLabels(config),
      ]),
      group_wait: groupWait,
      group_interval: groupInterval,
      repeat_interval: because('AMP repeats after at most five days.', repeatInterval),
      routes: SEVERITIES.map((severity) => ({ receiver: severity, matchers: [`severity="${severity}"`] })),
    },
    receivers: [{ name: 'others', ...fallback }, ...SEVERITIES.map((severity) => receiver(config, severity))],
  };
}

/**
 * The document in an AlertManagerDefinition. Its key `alertmanager_config` holds Alertmanager's configuration as text, which
 * `amtool check-config` can check.
 */
export const alertmanagerConfiguration = (config: AmpConfig): string =>
  dump(
    { alertmanager_config: yamlDocument('Alertmanager: routes by severity.', inner(config)) },
    { lineWidth: -1, noRefs: true },
  );
