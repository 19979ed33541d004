import { seconds } from '../promql/index.ts';
import { workspaceOfEndpoint } from '../shared/aws.ts';
import { problem, zeroDuration, type Check } from './check.ts';

/** AMP takes longer repeat intervals for this: https://docs.aws.amazon.com/prometheus, "alert manager configuration". */
const LONGEST_REPEAT = '5d';

/** ACK takes exactly one of the two; neither is a mistake only where the packaging is asked for. */
const workspace: Check = {
  reads: ['targets', 'amp.workspaceId', 'amp.workspace'],
  find: ({ targets, amp: { workspaceId, workspace: ref } }) => {
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
};

/** AMP evaluates rules over the series of their own workspace: those of the collector must come into it. */
const sameWorkspace: Check = {
  reads: ['targets', 'amp.workspaceId', 'adot'],
  find: ({ targets, amp: { workspaceId }, adot }) => {
    const written = workspaceOfEndpoint(adot.endpoint);
    if (!targets.includes('amp') || !adot.enabled || workspaceId === null || written === undefined) return [];
    const expected = `${written}, the workspace of adot.endpoint, as rules read the series of their own workspace only`;
    return written === workspaceId ? [] : [problem('amp.workspaceId', workspaceId, expected)];
  },
};

/** Settings whose only effect is a file of Helm values. */
const packaged: Check = {
  reads: [
    'targets',
    'amp.workspaceId',
    'amp.workspace',
    'descheduler.enabled',
    'kubeStateMetrics.standalone',
    'cilium.values',
  ],
  find: ({ targets, descheduler, kubeStateMetrics, cilium }) => {
    if (targets.includes('helm-values')) return [];
    return [
      { path: 'descheduler.enabled', on: descheduler.enabled },
      { path: 'kubeStateMetrics.standalone', on: kubeStateMetrics.standalone },
      { path: 'cilium.values', on: cilium.values === 'full' },
    ]
      .filter(({ on }) => on)
      .map(({ path }) => problem('targets', targets, `helm-values among them, as ${path} asks for some`));
  },
};

const interval: Check = {
  reads: ['targets', 'rules.interval', 'amp.quotas'],
  find: ({ targets, rules, amp: { quotas } }) =>
    targets.includes('amp') && seconds(rules.interval) < seconds(quotas.interval)
      ? [problem('rules.interval', rules.interval, `at least ${quotas.interval} for AMP (amp.quotas.interval)`)]
      : [],
};

const times: Check = {
  reads: ['amp.alertmanager'],
  find: ({ amp: { alertmanager } }) => {
    const { groupInterval, repeatInterval } = alertmanager;
    const zero = Object.entries({ groupInterval, repeatInterval })
      .filter(([, duration]) => seconds(duration) === 0)
      .map(([name, duration]) => zeroDuration(`amp.alertmanager.${name}`, duration));
    return seconds(repeatInterval) > seconds(LONGEST_REPEAT)
      ? [
          ...zero,
          problem('amp.alertmanager.repeatInterval', repeatInterval, `at most ${LONGEST_REPEAT}, as AMP repeats then`),
        ]
      : zero;
  },
};

const folders: Check = {
  reads: ['grafana.operator'],
  find: ({ grafana: { operator } }) => {
    const { folder, folderUID, folderRef } = operator;
    const given = Object.entries({ folder, folderUID, folderRef }).filter(([, value]) => value !== null);
    return given.length > 1
      ? [problem('grafana.operator', Object.fromEntries(given), 'at most one of folder, folderUID and folderRef')]
      : [];
  },
};

const gitSync: Check = {
  reads: ['targets', 'grafana.version'],
  find: ({ targets, grafana }) =>
    targets.includes('git-sync') && grafana.version < 12
      ? [
          problem(
            'grafana.version',
            grafana.version,
            '12 or newer for the target git-sync, which older ones do not have',
          ),
        ]
      : [],
};

/** Whether rules and dashboards can be packaged as asked. */
export const packagingChecks: readonly Check[] = [
  workspace,
  sameWorkspace,
  packaged,
  interval,
  times,
  folders,
  gitSync,
];
