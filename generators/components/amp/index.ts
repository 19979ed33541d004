import type { Warning } from '../../model/report.ts';
import { seconds } from '../../promql/index.ts';
import { checkOf, problem, zeroDuration } from '../../settings/check.ts';
import { regionOfArn, workspaceOfEndpoint, workspaceRegion } from '../../shared/aws.ts';
import { problemIf } from '../../shared/checks.ts';
import { component } from '../contract.ts';
import { type AmpConfig, READS, SETTINGS } from './settings.ts';

/** AMP caps repeat intervals at this: https://docs.aws.amazon.com/prometheus, "alert manager configuration". */
const MAX_REPEAT = '5d';

const check = checkOf<AmpConfig>();

/** ACK takes exactly one of the two. Having neither is an error only if the output is written. */
const workspace = check(
  ['targets', 'amp.workspaceId', 'amp.workspace'],
  ({ targets, amp: { workspaceId, workspace: ref } }) => {
    const found = { workspaceId, 'workspace.name': ref.name };
    if (workspaceId !== null && ref.name !== null) {
      return [problem('amp', found, 'workspaceId or workspace.name, not both')];
    }
    if (ref.namespace !== null && ref.name === null) {
      return [problem('amp.workspace.namespace', ref.namespace, 'amp.workspace.name to be set as well')];
    }
    return problemIf(
      targets.includes('amp') && workspaceId === null && ref.name === null,
      'amp',
      found,
      'workspaceId or workspace.name, as targets includes amp',
    );
  },
);

/** AMP rules read only their own workspace, so the collector must write to it. */
const sameWorkspace = check(
  ['targets', 'amp.workspaceId', 'adot.enabled', 'adot.endpoint'],
  ({ targets, amp: { workspaceId }, adot }) => {
    const written = workspaceOfEndpoint(adot.endpoint);
    if (!targets.includes('amp') || !adot.enabled || workspaceId === null || written === undefined) return [];
    const expected = `${written}, the workspace of adot.endpoint, as rules read only the series of their own workspace`;
    return problemIf(written !== workspaceId, 'amp.workspaceId', workspaceId, expected);
  },
);

const interval = check(['targets', 'rules.interval', 'amp.quotas'], ({ targets, rules, amp: { quotas } }) =>
  problemIf(
    targets.includes('amp') && seconds(rules.interval) < seconds(quotas.interval),
    'rules.interval',
    rules.interval,
    `at least ${quotas.interval} for AMP (amp.quotas.interval)`,
  ),
);

const times = check(['amp.alertmanager'], ({ amp: { alertmanager } }) => {
  const { groupInterval, repeatInterval } = alertmanager;
  return [
    ...Object.entries({ groupInterval, repeatInterval })
      .filter(([, duration]) => seconds(duration) === 0)
      .map(([name, duration]) => zeroDuration(`amp.alertmanager.${name}`, duration)),
    ...problemIf(
      seconds(repeatInterval) > seconds(MAX_REPEAT),
      'amp.alertmanager.repeatInterval',
      repeatInterval,
      `at most ${MAX_REPEAT}, as AMP repeats by then anyway`,
    ),
  ];
});

/**
 * A topic in another region than the workspace. AWS documents that the topic must be in the same account and that `sigv4.region` must
 * be set (AMP user guide, "Managing and forwarding alerts" and "Configure alert manager to send messages to your Amazon SNS topic"). It
 * says nothing about regions, so this is a warning.
 */
function otherRegion(config: AmpConfig): readonly Warning[] {
  const { topicArn } = config.amp.alertmanager.sns;
  const at = workspaceRegion(config);
  if (topicArn === null || at === undefined) return [];
  const region = regionOfArn(topicArn);
  const reason =
    `the topic is in ${region}, the workspace in ${at.region} according to ${at.setting}; ` +
    'AWS does not document whether AMP publishes to other regions: send a test alert';
  return region === at.region
    ? []
    : [{ kind: 'doubtful', settings: ['amp.alertmanager.sns.topicArn', at.setting], reason }];
}

/** AMP evaluates the rules, and two of their alerts read metrics of a ruler that is not there. */
const otherRuler = ({ rules }: AmpConfig): readonly Warning[] =>
  rules.ruler === 'amp'
    ? []
    : [
        {
          kind: 'doubtful',
          settings: ['rules.ruler', 'targets'],
          reason: `AMP has no metrics of ${rules.ruler}, so RuleEvaluationFailing and RuleGroupSlow never fire: expected rules.ruler: amp`,
        },
      ];

/** Amazon Managed Service for Prometheus: the workspace of the output amp. */
export const amp = component({
  id: 'amp',
  settings: SETTINGS,
  reads: READS,
  checks: [workspace, sameWorkspace, interval, times],
  enabled: ({ targets }) => targets.includes('amp') || 'targets has no amp',
  warnings: (config) => [...otherRegion(config), ...otherRuler(config)],
});
