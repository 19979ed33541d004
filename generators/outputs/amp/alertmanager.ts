import { dump } from 'js-yaml';
import type { Severity } from '../../model/rules.ts';
import { because, type Tree } from '../../model/tree.ts';
import { clusterLabels } from '../../settings/general.ts';
import { regionOfArn } from '../../shared/aws.ts';
import { yamlDocument } from '../yaml.ts';
import type { AmpConfig } from './config.ts';

const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info'];

/** Whether anyone is to be told of alerts. */
export const hasReceiver = ({ amp: { alertmanager } }: AmpConfig): boolean =>
  alertmanager.sns.topicArn !== null || alertmanager.pagerduty.secretArn !== null;

/** The message of SNS: every alert of the group with its text and its runbook. */
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
      sigv4: because('AMP demands the region; it is that of the topic.', { region: regionOfArn(topicArn) }),
      subject: because('SNS takes 100 ASCII characters.', subject),
      message: MESSAGE,
    },
  ];
}

/** Upstream: the AMP user guide, "Configure alert manager to send alerts to PagerDuty"; Alertmanager itself takes text as the key. */
function pagerdutyConfigs({ amp: { alertmanager } }: AmpConfig): Tree | undefined {
  const { secretArn, secretKey, refreshInterval } = alertmanager.pagerduty;
  if (secretArn === null) return undefined;
  return [
    {
      routing_key: because("AMP's own form: the key stays in AWS Secrets Manager.", {
        aws_secrets_manager: { secret_arn: secretArn, secret_key: secretKey, refresh_interval: refreshInterval },
      }),
      severity: because('PagerDuty knows the same words.', '{{ .CommonLabels.severity }}'),
      description: '{{ .GroupLabels.alertname }}: {{ .CommonAnnotations.summary }}',
    },
  ];
}

/** A receiver that tells whoever wants to know of this severity, which may be nobody. */
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
      receiver: because('Alerts of others, with a severity that is none of ours or without one.', 'others'),
      group_by: because('One message for an alert, however many nodes it concerns.', [
        'alertname',
        ...clusterLabels(config),
      ]),
      group_wait: groupWait,
      group_interval: groupInterval,
      repeat_interval: because('AMP repeats after five days at the latest.', repeatInterval),
      routes: SEVERITIES.map((severity) => ({ receiver: severity, matchers: [`severity="${severity}"`] })),
    },
    receivers: [{ name: 'others', ...fallback }, ...SEVERITIES.map((severity) => receiver(config, severity))],
  };
}

/**
 * The document that an AlertManagerDefinition carries: its key `alertmanager_config` holds a second document, as text, in which
 * `route` and `receivers` are siblings. `amtool check-config` reads the second one.
 */
export const alertmanagerConfiguration = (config: AmpConfig): string =>
  dump(
    { alertmanager_config: yamlDocument('Alertmanager: routes by severity.', inner(config)) },
    { lineWidth: -1, noRefs: true },
  );
