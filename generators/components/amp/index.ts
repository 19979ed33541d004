import type { Warning } from '../../model/report.ts';
import { seconds } from '../../promql/index.ts';
import { checkOf, problem, zeroDuration } from '../../settings/check.ts';
import { regionOfArn, workspaceOfEndpoint, workspaceRegion } from '../../shared/aws.ts';
import { problemIf } from '../../shared/checks.ts';
import { component } from '../contract.ts';
import { type AmpConfig, READS, SETTINGS } from './settings.ts';

/** AMP takes longer repeat intervals for this: https://docs.aws.amazon.com/prometheus, "alert manager configuration". */
const MAX_REPEAT = '5d';

const check = checkOf<AmpConfig>();

/** ACK takes exactly one of the two; neither is a mistake only where the output is asked for. */
const workspace = check(
  ['targets', 'amp.workspaceId', 'amp.workspace'],
  ({ targets, amp: { workspaceId, workspace: ref } }) => {
    const found = { workspaceId, 'workspace.name': ref.name };
    if (workspaceId !== null && ref.name !== null) {
      return [problem('amp', found, 'one of workspaceId and workspace.name, not both')];
    }
    if (ref.namespace !== null && ref.name === null) {
      return [
        problem('amp.workspace.namespace', ref.namespace, 'workspace.name beside it, as it is the namespace of that'),
      ];
    }
    return problemIf(
      targets.includes('amp') && workspaceId === null && ref.name === null,
      'amp',
      found,
      'workspaceId or workspace.name, as targets names amp',
    );
  },
);

/** AMP evaluates rules over the series of their own workspace: those of the collector must come into it. */
const sameWorkspace = check(
  ['targets', 'amp.workspaceId', 'adot.enabled', 'adot.endpoint'],
  ({ targets, amp: { workspaceId }, adot }) => {
    const written = workspaceOfEndpoint(adot.endpoint);
    if (!targets.includes('amp') || !adot.enabled || workspaceId === null || written === undefined) return [];
    const expected = `${written}, the workspace of adot.endpoint, as rules read the series of their own workspace only`;
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
      `at most ${MAX_REPEAT}, as AMP repeats then`,
    ),
  ];
});

/**
 * A topic in another region than the workspace. AWS documents that topics must be of the same account and that `sigv4.region` must be
 * given (AMP user guide, "Managing and forwarding alerts" and "Configure alert manager to send messages to your Amazon SNS topic"), and
 * says nothing about regions: so it is no mistake for sure.
 */
function otherRegion(config: AmpConfig): readonly Warning[] {
  const { topicArn } = config.amp.alertmanager.sns;
  const at = workspaceRegion(config);
  if (!config.targets.includes('amp') || topicArn === null || at === undefined) return [];
  const region = regionOfArn(topicArn);
  const reason =
    `the topic is in ${region}, the workspace in ${at.region} by ${at.setting}; ` +
    'AWS does not say whether AMP publishes to other regions: send a test alert';
  return region === at.region
    ? []
    : [{ kind: 'doubtful', settings: ['amp.alertmanager.sns.topicArn', at.setting], reason }];
}

/** Amazon Managed Service for Prometheus: the workspace that the output amp writes rules for. */
export const amp = component({
  id: 'amp',
  settings: SETTINGS,
  reads: READS,
  checks: [workspace, sameWorkspace, interval, times],
  enabled: ({ targets }) => targets.includes('amp') || 'targets has no amp',
  warnings: otherRegion,
});
