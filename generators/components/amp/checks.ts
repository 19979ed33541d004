import { checkOf, problem, zeroDuration, type Check } from '../../settings/check.ts';
import { seconds } from '../../promql/index.ts';
import type { RULES, TARGETS } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';
import { workspaceOfEndpoint } from '../../shared/aws.ts';
import type { ADOT } from '../adot/settings.ts';
import type { AMP } from './settings.ts';

/** AMP takes longer repeat intervals for this: https://docs.aws.amazon.com/prometheus, "alert manager configuration". */
const MAX_REPEAT = '5d';

const check = checkOf<Slice<{ amp: typeof AMP; targets: typeof TARGETS; rules: typeof RULES; adot: typeof ADOT }>>();

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
    return targets.includes('amp') && workspaceId === null && ref.name === null
      ? [problem('amp', found, 'workspaceId or workspace.name, as targets names amp')]
      : [];
  },
);

/** AMP evaluates rules over the series of their own workspace: those of the collector must come into it. */
const sameWorkspace = check(
  ['targets', 'amp.workspaceId', 'adot.enabled', 'adot.endpoint'],
  ({ targets, amp: { workspaceId }, adot }) => {
    const written = workspaceOfEndpoint(adot.endpoint);
    if (!targets.includes('amp') || !adot.enabled || workspaceId === null || written === undefined) return [];
    const expected = `${written}, the workspace of adot.endpoint, as rules read the series of their own workspace only`;
    return written === workspaceId ? [] : [problem('amp.workspaceId', workspaceId, expected)];
  },
);

const interval = check(['targets', 'rules.interval', 'amp.quotas'], ({ targets, rules, amp: { quotas } }) =>
  targets.includes('amp') && seconds(rules.interval) < seconds(quotas.interval)
    ? [problem('rules.interval', rules.interval, `at least ${quotas.interval} for AMP (amp.quotas.interval)`)]
    : [],
);

const times = check(['amp.alertmanager'], ({ amp: { alertmanager } }) => {
  const { groupInterval, repeatInterval } = alertmanager;
  const zero = Object.entries({ groupInterval, repeatInterval })
    .filter(([, duration]) => seconds(duration) === 0)
    .map(([name, duration]) => zeroDuration(`amp.alertmanager.${name}`, duration));
  return seconds(repeatInterval) > seconds(MAX_REPEAT)
    ? [
        ...zero,
        problem('amp.alertmanager.repeatInterval', repeatInterval, `at most ${MAX_REPEAT}, as AMP repeats then`),
      ]
    : zero;
});

/** Whether AMP takes rules and alerts as asked. */
export const checks: readonly Check[] = [workspace, sameWorkspace, interval, times];
