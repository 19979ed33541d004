import { alertsFor } from '../alerts/spec.ts';
import { type Built, domain } from '../domain.ts';
import type { Rule, RuleFile } from '../model/rules.ts';
import type { Skipped } from '../model/report.ts';
import { slower } from '../settings/general.ts';
import { controlPlaneAlerts, etcdAlerts, fairnessAlerts, placeAlerts, requestAlerts } from './alerts.ts';
import { clusterScale } from './dashboard/index.ts';
import { processRules, requestRules } from './records/api-server.ts';
import { fairnessRules } from './records/fairness.ts';
import { CONTROL_PLANE_LABELS } from './records/names.ts';
import { placeRules, RUN_LABELS, runRules, startRules } from './records/nodes.ts';
import { memberRules, queueRules } from './records/queues.ts';
import { costRules, etcdRules } from './records/storage.ts';
import { type ControlPlaneConfig, noMembers, noQueues, READS, SETTINGS } from './settings.ts';

export { CONTROL_PLANE, isManaged, JOBS, noMembers, noQueues } from './settings.ts';
export { labelsOf, type Metric, type MetricName, METRICS } from './metrics.ts';
export { controlPlaneNames } from './records/names.ts';
export { type ControlPlaneQuery, controlPlaneQueries } from './queries.ts';

const OFF = 'controlPlane.enabled is false';

const skipped = (reason: string | undefined, what: string): readonly Skipped[] =>
  reason === undefined ? [] : [{ kind: `records of ${what}`, reason }];

function ruleFiles(config: ControlPlaneConfig): Built<RuleFile> {
  const { controlPlane, rules } = config;
  if (!controlPlane.enabled) return { built: [], skipped: [{ kind: 'rules on the control plane', reason: OFF }] };
  const group = (name: string, groupRules: readonly Rule[], interval = rules.interval) => ({
    name: `azimuth-control-plane-${name}`,
    interval,
    rules: groupRules,
  });
  // Buckets by verb and resource are many, and objects change little within a minute.
  const slow = slower(rules, 2, 120);
  const [queues, members] = [noQueues(config), noMembers(config)];
  return {
    built: [
      {
        name: 'control-plane',
        header: 'The control plane under load: records and alerts.',
        groups: [
          group(
            'requests',
            [...requestRules(config), ...processRules(config), ...alertsFor(config, requestAlerts)],
            slow,
          ),
          group('fairness', [...fairnessRules(config), ...alertsFor(config, fairnessAlerts)]),
          group('storage', [...costRules(config), ...etcdRules(config), ...alertsFor(config, etcdAlerts)], slow),
          ...(queues === undefined ? [group('queues', queueRules(config))] : []),
          ...(members === undefined ? [group('etcd', memberRules(config))] : []),
          group('places', [...placeRules(config), ...alertsFor(config, placeAlerts)], slow),
          group('pods', [...startRules(config), ...(controlPlane.runs ? runRules(config) : [])]),
        ],
      },
    ],
    skipped: [...skipped(queues, 'scheduler and controllers'), ...skipped(members, 'members of etcd')],
  };
}

/** The control plane under load: what the API server, etcd, the scheduler, controllers and kubelets do, and how many pods fit on a node. */
export const controlPlaneDomain = domain({
  id: 'control-plane',
  settings: SETTINGS,
  reads: READS,
  enabled: ({ controlPlane }) => controlPlane.enabled || OFF,
  ruleFiles,
  stateMetrics: ({ controlPlane }) => ({
    resources: ['nodes', 'pods', ...(controlPlane.runs ? ['namespaces'] : [])],
    labels: controlPlane.runs ? { namespaces: RUN_LABELS } : {},
  }),
  alerts: controlPlaneAlerts,
  dashboards: [
    {
      uid: 'cluster-scale',
      build: (config) => (config.controlPlane.enabled ? clusterScale(config) : { reason: OFF }),
    },
  ],
  labels: CONTROL_PLANE_LABELS,
});
